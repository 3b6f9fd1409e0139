"""Owns the parties of an amount: the rules that read them, in order, from a list, its own words, the claim before, the text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace

from sources import areas
from sources.press import carry
from sources.press.leaning import Case, Parties, partner_of, reporter_of, unnamed
from sources.press.listing import beside, in_list, with_its_own
from sources.press.naming import Mention
from sources.press.numerals import Amount
from sources.press.pairing import Sides, pair
from sources.press.roles import does
from sources.press.scene import Context, Scene
from sources.press.vocabulary import ADJECTIVE_LAST, AGGLUTINATIVE, UNSPACED


def _sells(view: Scene, mention: Mention, noun: tuple[int, int]) -> bool:
    """Tell whether a capital buys or sells for its country, or is sold to: Brasília vendeu a Pequim."""
    if does(view, mention, noun):
        return True
    cities = [m for m in view.parties if m.kind == "city" and does(view, m, noun)]
    return bool(cities) and mention.role in ("to", "from") and 0 <= mention.start - noun[1] < 8


def _owned(view: Scene, sides: Sides) -> list[Mention]:
    """Give the parties of a claim without those that label another amount: Turkey - 53 million, China (30)."""
    kept = []
    early = any(m.start < sides.amount_start for m in sides.own)
    for mention in (m for m in sides.own if m.role != "peer"):
        if any(m is mention and at != sides.amount_start for at, m in view.labels.items()):
            continue
        following = [a for a in view.amounts if a.start >= mention.end]
        label = following and re.fullmatch(
            r"'?\w{0,3}\s?[-(（:,]\s?(?:\W|\w{1,8} )?", view.text[mention.end : following[0].start]
        )
        compared = (
            label and view.words.ending("against", view.text[: following[0].start]) is not None
        )
        if label and following[0].start != sides.amount_start and not compared:
            continue  # sold 5 bn to Africa, against 4 bn: it is where the first 5 went
        # in France it was 410 million, and in Spain 174: the second place is of the amount behind
        alike = any(m.start < sides.amount_start and m.role == mention.role for m in sides.own)
        listed = mention.role in ("bare", "own") or (alike and following and view.words.language in (*ADJECTIVE_LAST, "ar"))  # fmt: skip
        behind = early and mention.start > sides.amount_end and listed
        if behind and re.search(r"[,;，；、،؛]", view.text[sides.amount_end : mention.start]):
            continue  # the subject of what follows
        if behind and following and _opens(view, mention, following[0].start):
            continue
        rest = view.text[sides.amount_end : mention.start]
        if following and ":" in rest and view.words.language in ADJECTIVE_LAST:
            continue  # milk brought 77 million: sales to Algeria were 24
        if _behind_those(view, sides, mention, following):
            continue  # with Mexico it reached 172 bn, and that with Vietnam 123
        if mention.start > sides.amount_end and view.words.find("mostly", rest):
            continue  # 1.6 m tonnes, most of it by rail to Romania
        if mention.start > sides.amount_end and view.words.find("of_it", rest):
            continue  # imports were 5 bn, of them 2 from the EU
        if mention.start > sides.amount_end and view.words.find("part", rest):
            continue  # 1.1亿吨,其中九成销往中国: where a part of it went
        if _goes_on(view, rest, mention):
            continue
        kept.append(mention)
    return kept


def _goes_on(view: Scene, rest: str, mention: Mention) -> bool:
    """Tell whether a country behind an amount and a comma is only its chief market: 出口额46.9亿美元,主要买家是欧盟."""
    if view.words.language not in UNSPACED or not re.search("[,、;]", rest):
        return False
    stop = re.search("[,、;。]|$", view.text[mention.end :])
    said = rest + view.text[mention.end : mention.end + (stop.start() if stop else 0)]
    return any(view.words.find(kind, said) for kind in ("mostly", "rank"))


def _behind_those(view: Scene, sides: Sides, mention: Mention, following: list[Amount]) -> bool:
    """Tell whether a pronoun for other trade stands between an amount and a country named behind it."""
    if not following or mention.start < sides.amount_end or "those" not in view.words.rows:
        return False
    return view.words.pattern(r",? (?:<and>|<clause>) <those> \w+ ").search(view.text, sides.amount_end, mention.start) is not None  # fmt: skip


def _both_named(view: Scene, sides: Sides) -> bool:
    """Tell whether the clause names subject and partner of its own: 中国はドイツから90億,ドイツは中国から150億."""
    ahead = [m for m in sides.own if m.end <= sides.amount_start]
    roles = [m.role for m in ahead]
    return view.words.language in UNSPACED and roles in (["bare", "from"], ["bare", "to"])


def _party(mention: Mention, *as_city: str) -> bool:
    """Tell whether a mention is a party: not a place, and a city only in roles in which it acts for its country."""
    return mention.role in as_city if mention.kind == "city" else mention.role != "in"


def _opens(view: Scene, mention: Mention, amount_start: int) -> bool:
    """Tell whether a country opens the next amount of a list: Canada sold 36 bn and China 35."""
    if view.words.language not in ADJECTIVE_LAST:
        return False
    near = view.words.pattern(r",? (?:(?:<role>|<worth>) )?(?:<approx> ?)?").fullmatch(view.text[mention.end : amount_start])  # fmt: skip
    ahead = view.words.pattern(r"(?<!\w)<and> (?:<article> ?)?$").search(view.text[: mention.start])
    return near is not None and ahead is not None


def settle_sides(view: Scene, sides: Sides, context: Context) -> Parties:
    """Give (reporter, partner, field read by assumption) of a claim; "" for what the text does not settle.

    The first rule that knows both parties has the word; what no rule settles is leant on the text so far.
    """
    placed = with_its_own(view, sides, context)
    if placed:
        return (*placed, "")
    if _listed(view, sides) and sides.dealt is not None:
        return in_list(view, sides, sides.dealt, context)
    case = Case(view, sides, context, _beside_amount(view, sides))
    for rule in _GOING_ON:
        found = rule(case)
        if found:
            return found
    case.own = _named_here(case)
    for rule in _SAID:
        found = rule(case)
        if found:
            return found
    case.own = case.own or _two_capitals(case)
    case.rep, case.par = pair(view, sides.flow, case.own, case.noun)
    for rule in _PAIRED:
        found = rule(case)
        if found:
            return found
    rep, par, guessed = case.rep, case.par, ""
    if rep and not par:
        par = partner_of(case)
    elif par and not rep:
        rep, guessed = reporter_of(case)
    elif not rep and not par:
        rep, par, guessed = unnamed(case)
    return ("" if rep == par else rep), par, guessed


def _listed(view: Scene, sides: Sides) -> bool:
    """Tell whether an amount is one of a list of countries, and nothing of its own says more."""
    if sides.dealt is None:
        return False
    # 45 tonnes were brought into Kyrgyzstan: the ending tells it from a partner in a list.
    backwards = {"imports": "to", "exports": "from"}.get(sides.flow)
    declined = view.words.language in AGGLUTINATIVE and sides.dealt.role == backwards
    return not declined and not _both_named(view, sides)


def _beside_amount(view: Scene, sides: Sides) -> list[Mention]:
    """Give the parties in the stretch of an amount: countries, and cities where they act for theirs."""
    noun = (sides.noun_start, sides.noun_end)
    # trade between Tashkent and Beijing: both capitals stand for their countries
    linked = [one for one, two in itertools.pairwise(sides.own) if two.joined and two.kind == one.kind == "city" and two.role in ("with", "between")]  # fmt: skip

    def acts(m: Mention) -> bool:
        if _party(m, "with", "between", "own", "adj") or m in linked:
            return True
        owned = view.words.language == "ar" and 0 <= m.start - sides.noun_end <= 1
        return m.kind == "city" and (owned or _sells(view, m, noun))

    return [m for m in _owned(view, sides) if acts(m)]


def _without_fields(own: list[Mention]) -> list[Mention]:
    """Leave out the group in which a country has its place: Iraq was first of the Arab countries with 10 bn."""
    bare = {m.code for m in own if m.role == "bare"}
    fields = {c for c in bare if len(c) != len("KGZ") and bare & set(areas.members(c, None))}
    return [m for m in own if m.code not in fields or m.role != "bare"]


def _named_here(case: Case) -> list[Mention]:
    """Give the parties beside an amount, with a capital that acts and without the partner of the amount before."""
    sides = case.sides
    own = case.own + _capital(case.view, sides, case.own)
    own = _without_fields(own) if case.said("rank") else own
    if not sides.previous:
        return own
    behind = {m.role for m in own if m.start >= sides.amount_end}
    before = sides.previous[1]  # 123 bn with Vietnam and 171 bn with Mexico
    return [m for m in own if m.code != before or m.end > sides.amount_start or m.role not in behind]  # fmt: skip


def _two_capitals(case: Case) -> list[Mention]:
    """Give two capitals named as the sides of a trade both ways: Moscow and New Delhi aim at a trade of 100 bn."""
    if case.sides.flow not in ("turnover", "balance"):
        return []
    acting = [m for m in case.sides.own if m.kind == "city" and m.role == "bare"]
    return acting if len(acting) == 2 and acting[1].joined else []


# What goes on with figures before it, and names nobody.


def _a_year_before(case: Case) -> Parties | None:
    """Read a figure without a noun as the one before it: a year before it was 5 bn."""
    context = case.context
    bare = not case.sides.noun_end and not case.own and not case.sides.carried
    told = context.fresh and not context.anchor and all(context.last[:2])
    return (context.last[0], context.last[1], "") if bare and told else None


def _back_to_the_country(case: Case) -> Parties | None:
    """Read a figure without a noun after several partners of a country as of its whole trade: the aim is 50 bn."""
    context = case.context
    bare = not case.own and not case.sides.noun_end and case.sides.previous is None
    if not bare or not context.national:
        return None
    back = context.anchor == context.national or _by_goods(case.view, context)
    if case.view.words.language in UNSPACED and context.last[0] != context.national:
        return None  # Russia sold Kazakhstan 18 bn, China 15: then it reached 17, China's
    return (context.national, "WORLD", "") if back else None


def _carried_on(case: Case) -> Parties | None:
    """Read a figure that goes on with one before it: Brazil sold 27.5 m, against 22.3 m before."""
    if not case.sides.carried:
        return None
    if not case.own and case.sides.previous is not None:
        return (*case.sides.previous[:2], "")
    if len({m.code for m in case.own}) == 2 and case.said("rank_flow"):
        return None  # France was the main supplier of Algeria, with 5 tonnes
    return (*carry.sides(case.view, case.own, case.context), "")


def _of_that(case: Case) -> Parties | None:
    """Read exports or imports said to be of the trade just given as between its two parties: shundan 1,3 mlrd eksport."""
    said = case.view.words.find("of_it", case.view.text[:_OPENING])
    first, second, flow = case.context.last
    parted = flow == "turnover" and case.sides.flow in ("exports", "imports") and not case.own
    if not said or not parted or not first or second in ("", "WORLD", first):
        return None
    return (first, second, "")


def _same_figure(case: Case) -> Parties | None:
    """Read a figure without a noun or a country as one of the trade last told: that figure was 5 bn."""
    last = case.context.last
    bare = not case.own and not case.sides.noun_end
    return (last[0], last[1], "") if bare and last[2] == case.sides.flow and all(last[:2]) else None


# What the words of the amount say outright.


def _part_taken(case: Case) -> Parties | None:
    """Read the country that took a part of the trade just given as its partner."""
    taker = carry.part_taken(case.view, case.sides, case.own)
    return (case.sides.previous[0], taker, "") if taker and case.sides.previous else None


def _took_of_those(case: Case) -> Parties | None:
    """Read who took a part of the exports just told as their partner: استحوذ العراق على 2.6 مليار من هذه الصادرات."""
    view, (first, _, flow) = case.view, case.context.last
    if view.words.language != "ar" or len(case.own) != 1 or flow != case.sides.flow != "turnover":
        return None
    taker = case.own[0]
    those = view.words.ending("those", view.text[: case.sides.noun_start])
    took = view.words.ending("carry", view.text[: taker.start])
    goes_on = case.sides.previous is not None and case.sides.previous[0] == first  # and Turkey 1
    told = first not in ("", taker.code) and those is not None and (took is not None or goes_on)
    return (first, taker.code, "") if told and taker.role == "bare" else None


def _given(case: Case) -> Parties | None:
    """Read the country that provided its part of a trade as the partner."""
    given = carry.given(case.view, case.own, case.sides.flow, case.context)
    return (*given, "") if all(given) else None


def _within_group(case: Case) -> Parties | None:
    """Read mutual trade of a group as that of its members with each other; not: mutual trade with the EAEU."""
    own = case.own
    groups = {m.code for m in own if len(m.code) > len("KGZ") or areas.members(m.code, None)}
    alone = len(groups) == len({m.code for m in own}) == 1 and all(m.role != "with" for m in own)
    if case.sides.flow != "turnover" or not alone or not case.said("mutual"):
        return None
    return own[0].code, own[0].code, ""


# What the roles of the parties say, completed from the claim before and the head of the sentence.


def _from_the_partner(case: Case) -> None:
    """Complete imports of a country that are those from it: Brazil sold China 5 bn. Importações da Argentina, 2 bn."""
    teller, before = (case.sides.previous or case.context.last)[:2]
    told = before not in ("", "WORLD", case.rep) and teller not in ("", case.rep)
    told = told and case.context.national in ("", teller)
    if case.rep and not case.par and told and _of_partner(case.view, case.sides, case.own):
        case.rep, case.par = teller, case.rep


def _with_this_one(case: Case) -> Parties | None:
    """Read trade with this country as trade with the one named last."""
    context, previous = case.context, case.sides.previous
    told = previous is not None and previous[1] not in ("", "WORLD")
    if case.rep or case.par or told or not context.named or not case.said("this_one"):
        return None
    first = context.national or context.pair[0]
    return ("" if first == context.named[-1] else first), context.named[-1], ""


def _for_another(case: Case) -> Parties | None:
    """Read trade set beside that with one partner as with another: with China 27 bn, compared with 26 bn for Australia."""
    previous, own, sides = case.sides.previous, case.own, case.sides
    if previous is None or {previous[2], sides.flow} != {"turnover"} or len(own) != 1:
        return None
    behind = (
        own[0].role == "to" and own[0].start >= sides.amount_end and sides.noun_end < sides.left
    )
    roles = {m.role for m in case.view.parties if m.code == previous[1] and m.end <= own[0].start}
    led = bool(roles) and roles <= {"with", "to"}
    return (previous[0], own[0].code, "") if behind and led and previous[0] != own[0].code else None


def _with_several(case: Case) -> Parties | None:
    """Leave the partner of a figure open that is shared by several: with Mexico and Canada it was 5 bn."""
    view, context, previous = case.view, case.context, case.sides.previous
    several = any(m.joined and m.role in ("with", "to", "from", "partner") for m in case.own)
    if case.par or not several or view.labels or view.dealt:
        return None
    first = case.rep or (previous[0] if previous else "")
    if not first and case.sides.flow not in ("exports", "imports"):
        return None
    lead = context.lead if case.said("our") and context.lead != "-" else ""
    first = first or context.national or context.home or context.pair[0] or lead
    return first, "", ""


def _both_read(case: Case) -> Parties | None:
    """Give the parties where the words beside the amount name both."""
    roles = {m.role for m in case.own}
    if case.sides.flow == "turnover" and case.world and case.par and not case.rep and roles == {"to"}:  # fmt: skip
        case.rep, case.par = case.par, ""  # foreign trade in Kyrgyzstan
    return (case.rep, case.par, "") if case.rep and case.par and case.rep != case.par else None


def _as_beside(case: Case) -> Parties | None:
    """Complete the parties from the claim before in the sentence."""
    previous = case.sides.previous
    if previous is not None:
        case.rep, case.par = beside(case.view, case.sides, case.own, case.rep, case.par, previous)
    return (case.rep, case.par, "") if previous is not None and case.rep and case.par else None


def _as_headed(case: Case) -> None:
    """Complete the parties from those named before the first amount of the sentence."""
    sides = case.sides
    shared = [m for m in sides.shared if _party(m, "with", "between", "own")]
    apart = sides.previous is not None or sides.noun_start < sides.left
    if (case.rep and case.par) or not shared or not apart:
        return
    first, second = pair(case.view, sides.flow, shared, case.noun)
    if not case.rep and first != case.par:
        case.rep = first
    if not case.par and second != case.rep:
        case.par = second


_OPENING = 20  # characters in which a sentence says what it is a part of
Rule = Callable[[Case], Parties | None]
_GOING_ON: tuple[Rule, ...] = (
    _a_year_before,
    _of_that,
    _back_to_the_country,
    _carried_on,
    _same_figure,
)
_SAID: tuple[Rule, ...] = (_part_taken, _took_of_those, _given, _within_group, _for_another)
_PAIRED: tuple[Rule, ...] = (
    _from_the_partner, _with_this_one, _with_several, _both_read, _as_beside, _as_headed
)  # fmt: skip


def _by_goods(view: Scene, context: Context) -> bool:
    """Tell whether a sentence turns from a partner of a country's trade to its goods: 品目別では緑茶が720億円."""
    goods = any(code == "goods" for _, _, code in view.words.find("carry", view.text))
    return goods and context.national == context.last[0] and not view.words.find("part", view.text)


def _capital(view: Scene, sides: Sides, own: list[Mention]) -> list[Mention]:
    """Give the capital that acts for its country: Tashkent traded 7 bn with China."""
    if not own or "carry" not in view.words.rows or {m.role for m in own} - {"with", "to", "from"}:
        return []
    acting = [m for m in sides.own if m.kind == "city" and m.role == "bare"]
    acting = [m for m in acting if m.code not in {o.code for o in own}]
    return [replace(acting[0], role="own")] if len(acting) == 1 else []


def _of_partner(view: Scene, sides: Sides, own: list[Mention]) -> bool:
    """Tell whether imports of a country may be those from it: Brazil sold China 5 bn. Importações da Argentina, 2 bn."""
    if view.words.language not in ADJECTIVE_LAST or sides.flow != "imports" or len(own) != 1:
        return False
    owned = own[0].role == "own" and own[0].kind == "name"
    return owned and 0 < own[0].start - sides.noun_end <= len(" de los ")
