"""Owns the parties that the words beside an amount leave open: from lists, the sentence, and what the text spoke of."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from sources.press import carry
from sources.press.listing import beside, in_list
from sources.press.pairing import Sides, does, pair
from sources.press.parties import Mention
from sources.press.scene import Context, Scene
from sources.press.vocabulary import (
    ADJECTIVE_LAST,
    AGGLUTINATIVE,
    UNSPACED,
)


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
    for mention in sides.own:
        if any(m is mention and at != sides.amount_start for at, m in view.labels.items()):
            continue
        following = [a for a in view.amounts if a.start >= mention.end]
        label = following and re.fullmatch(
            r"'?\w{0,3}\s?[-(（:,]\s?(?:\W|\w{1,8} )?", view.text[mention.end : following[0].start]
        )
        if label and following[0].start != sides.amount_start:
            continue
        # in France it was 410 million, and in Spain 174: the second place is of the amount behind
        alike = any(m.start < sides.amount_start and m.role == mention.role for m in sides.own)
        listed = mention.role in ("bare", "own") or (alike and following and view.words.language in ADJECTIVE_LAST)  # fmt: skip
        behind = early and mention.start > sides.amount_end and listed
        if behind and re.search(r"[,;，；、،؛]", view.text[sides.amount_end : mention.start]):
            continue  # the subject of what follows
        if behind and following and _opens(view, mention, following[0].start):
            continue
        rest = view.text[sides.amount_end : mention.start]
        if following and ":" in rest and view.words.language in ADJECTIVE_LAST:
            continue  # milk brought 77 million: sales to Algeria were 24
        if mention.start > sides.amount_end and view.words.find("part", rest):
            continue  # 1.1亿吨,其中九成销往中国: where a part of it went
        kept.append(mention)
    return kept


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


def settle_sides(view: Scene, sides: Sides, context: Context) -> tuple[str, str, str]:
    """Give (reporter, partner, field read by assumption) of a claim; "" for what the text does not settle."""
    text, words, flow = view.text, view.words, sides.flow
    noun = (sides.noun_start, sides.noun_end)
    # 45 tonnes were brought into Kyrgyzstan: the ending tells it from a partner in a list.
    backwards = {"imports": "to", "exports": "from"}.get(flow)
    declined = words.language in AGGLUTINATIVE
    listed = sides.dealt is not None and not (declined and sides.dealt.role == backwards)
    if sides.dealt is not None and listed and not _both_named(view, sides):
        return in_list(view, sides, sides.dealt, context)
    # trade between Tashkent and Beijing: both capitals stand for their countries
    linked = [one for one, two in itertools.pairwise(sides.own) if two.joined and two.kind == one.kind == "city" and two.role in ("with", "between")]  # fmt: skip
    own = [
        m
        for m in _owned(view, sides)
        if _party(m, "with", "between", "own", "adj")
        or m in linked
        or (m.kind == "city" and _sells(view, m, (sides.noun_start, sides.noun_end)))
        or (m.kind == "city" and words.language == "ar" and 0 <= m.start - sides.noun_end <= 1)
    ]
    if (
        not sides.noun_end
        and not own
        and not sides.carried
        and context.fresh
        and not context.anchor
        and all(context.last[:2])
    ):
        return context.last[0], context.last[1], ""  # a year before it was 5 bn
    if (
        not own
        and not sides.noun_end
        and sides.previous is None
        and context.national != ""
        and (context.anchor == context.national or _by_goods(view, context))
    ):
        return context.national, "WORLD", ""  # after several of its partners: the aim is 50 bn
    if sides.carried and not own and sides.previous is not None:
        return sides.previous[0], sides.previous[1], ""  # Brazil sold 27.5 m, against 22.3 m before
    if sides.carried:
        return (*carry.sides(view, own, context), "")
    if not own and not sides.noun_end and context.last[2] == flow and all(context.last[:2]):
        return context.last[0], context.last[1], ""  # that figure is one of the same trade
    own += _capital(view, sides, own)
    behind = {m.role for m in own if m.start >= sides.amount_end}
    if sides.previous:  # 123 bn with Vietnam and 171 bn with Mexico
        own = [m for m in own if m.code != sides.previous[1] or m.end > sides.amount_start or m.role not in behind]  # fmt: skip
    taker = carry.part_taken(view, sides, own)
    if taker and sides.previous:
        return sides.previous[0], taker, ""
    given = carry.given(view, own, flow, context)
    if all(given):
        return (*given, "")
    groups = {m.code for m in own if len(m.code) > len("KGZ")}
    between = all(m.role != "with" for m in own)  # not: mutual trade with the EAEU
    if flow == "turnover" and between and len(groups) == len({m.code for m in own}) == 1 and words.find("mutual", text):  # fmt: skip
        return own[0].code, own[0].code, ""  # the members of the EAEU traded with each other
    if not own and flow in ("turnover", "balance"):  # Moscow and New Delhi aim at a trade of 100 bn
        acting = [m for m in sides.own if m.kind == "city" and m.role == "bare"]
        own = acting if len(acting) == 2 and acting[1].joined else own
    rep, par = pair(view, flow, own, noun)
    teller, before = (sides.previous or context.last)[:2]
    told_of = before not in ("", "WORLD", rep) and teller not in ("", rep) and context.national in ("", teller)  # fmt: skip
    if rep and not par and told_of and _of_partner(view, sides, own):
        rep, par = teller, rep
    told = sides.previous is not None and sides.previous[1] not in ("", "WORLD")
    if not rep and not par and not told and context.named and words.find("this_one", text):
        first = context.national or context.pair[0]  # trade with this country: the one named last
        return ("" if first == context.named[-1] else first), context.named[-1], ""
    stretch = text[min(sides.left, sides.noun_start) : sides.amount_end + 30]
    several = [m for m in own if m.joined and m.role in ("with", "to", "from", "partner")]
    if not par and several and not view.labels and not view.dealt:
        first = rep or (sides.previous[0] if sides.previous else "")
        if first or flow in ("exports", "imports"):
            lead = context.lead if words.find("our", text) and context.lead != "-" else ""
            first = first or context.national or context.home or context.pair[0] or lead
            return first, "", ""  # with Mexico and Canada: no one partner
    both = bool(words.find("two", stretch)) or bool(
        words.find("two", text) and not (sides.previous and any(sides.previous[:2]))
    )
    world = bool(words.find("world", stretch))
    if flow == "turnover" and world and par and not rep and {m.role for m in own} == {"to"}:
        rep, par = par, ""  # foreign trade in Kyrgyzstan
    guessed = ""
    if rep and par and rep != par:
        return rep, par, ""
    previous = sides.previous
    if previous is not None:
        rep, par = beside(view, sides, own, rep, par, previous)
        if rep and par:
            return rep, par, ""
    shared = [m for m in sides.shared if _party(m, "with", "between", "own")]
    if (not rep or not par) and shared and (previous is not None or sides.noun_start < sides.left):
        first, second = pair(view, flow, shared, noun)
        if not rep and first and first != par:
            rep = first
        if not par and second and second != rep:
            par = second
    named_own = [code for _, _, code in words.find("our", text)]
    our = any(code != "the" for code in named_own)  # "the" country may be the one spoken of
    if rep and not par:
        par = _other(rep, both, world, sides, view, context)
    elif par and not rep:
        seller, buyer, spoken = context.last
        if spoken == flow and buyer == context.home != "" and seller not in ("", par, "WORLD"):
            rep = seller  # a story of what others sell to the country that the text speaks from
        elif par in context.pair and not world:
            rep = context.pair[0] if context.pair[1] == par else context.pair[1]
        elif context.anchor and context.anchor != par:
            rep = context.anchor
        elif our and context.home and context.home != par:
            rep = context.home
        elif our and context.lead not in ("", "-", par):
            rep, guessed = context.lead, "reporter"  # Chile's growers worried. The country sold ...
        elif context.national and context.national != par:
            rep = context.national
        elif _foreign(context):
            rep = context.leader if context.leader != par else ""
        elif context.home and context.home != par:
            rep, guessed = context.home, "reporter"
        elif context.pair[0] and context.pair[0] != par:
            rep, guessed = context.pair[0], "reporter"
        else:
            topic = [c for c in context.topic if c != par]
            if len(topic) == 1:
                rep, guessed = topic[0], "reporter"
    elif not rep and not par:
        part = "part" if "part" in words.rows else "figure"
        latest = _countries(context.topic)[-2:]
        said = list(dict.fromkeys(m.code for m in view.named))
        if both and len(_countries(said)) == len(said) == 2 and not all(context.pair):
            rep, par = _at_home(said[0], said[1], context)  # the envoy of India in Moscow: both ...
        elif both and len(context.named) == 2 and set(context.named) != set(context.pair):
            rep, par = _at_home(*context.named, context)
        elif both and len(context.named) > 2 and not all(context.pair):
            pass  # two of the several countries of the sentence before
        elif both:
            if all(context.pair) and "WORLD" not in context.pair:
                rep, par = context.pair
            elif len(latest) == 2:
                rep, par = _at_home(latest[0], latest[1], context)
            elif not latest[1:] and len(context.topic) == 2:  # one of them a group
                rep, par = _at_home(context.topic[0], context.topic[1], context)
            elif len(latest) == 1 and context.home not in ("", *latest):
                rep, par = context.home, latest[0]
        elif context.national and (context.worldwide or world or not all(context.pair)):
            rep, par = context.national, "WORLD"
        elif context.national == context.pair[0] != "" and not words.find(part, text):
            rep, par = context.national, "WORLD"  # back from one partner to the whole trade
        elif _restated(view, context) and not both and not words.find(part, text):
            rep, par = context.pair[0], "WORLD"
        elif all(context.pair) and not world and not named_own:
            rep, par = context.pair
            if flow == context.last[2] != "turnover" and set(context.last[:2]) == {rep, par}:
                rep, par = context.last[:2]  # Tajikistan sold us 5 bn. A year before it was 3
            done = words.starting("finite", text[slice(*noun)]) is not None
            if done and flow in ("exports", "imports") and context.subject == par:
                rep, par = par, rep  # China is Spain's main supplier: it sold it goods for 45 bn
        elif world and context.pair[0] and not context.home:
            rep, par = context.pair[0], "WORLD"
        elif flow == "turnover" and not world and len(_countries(context.topic)) == 2:
            rep, par = _at_home(latest[0], latest[1], context)
        elif (
            not our
            and len(context.topic) == 1
            and context.home not in context.topic
            and context.topic[0] != context.last[1]  # only the partner so far
        ):
            rep, par, guessed = context.topic[0], "WORLD", "reporter"  # it speaks of nobody else
        elif context.home:
            rep, par = context.home, "WORLD"
            guessed = "" if our else "reporter"
        elif context.national:
            rep, par = context.national, "WORLD"
        elif len(context.topic) == 1:
            rep, par, guessed = context.topic[0], "WORLD", "reporter"
    return ("" if rep == par else rep), par, guessed


def _foreign(context: Context) -> bool:
    """Tell whether a text is about the trade of two other countries than the one it speaks from."""
    pair = all(context.pair) and "WORLD" not in context.pair
    return pair and bool(context.home) and context.home not in (*context.pair, *context.topic)


def _by_goods(view: Scene, context: Context) -> bool:
    """Tell whether a sentence turns from a partner of a country's trade to its goods: 品目別では緑茶が720億円."""
    goods = any(code == "goods" for _, _, code in view.words.find("carry", view.text))
    return goods and context.national == context.last[0] and not view.words.find("part", view.text)


def _restated(view: Scene, context: Context) -> bool:
    """Tell whether an office opens the trade of its country anew after that with one partner: the ministry said ..."""
    offices = [s for s, _, _, area in view.credits if area and area == context.pair[0]]
    first = view.amounts[0].start if view.amounts else 0
    both = {"exports", "imports"} <= {n.flow for n in view.nouns}
    return bool(offices) and offices[0] < first and both and context.last[2] in ("exports", "imports")  # fmt: skip


def _at_home(first: str, second: str, context: Context) -> tuple[str, str]:
    """Put the country that a text speaks from first."""
    return (second, first) if second == context.home else (first, second)


def _countries(codes: list[str]) -> list[str]:
    return [c for c in codes if len(c) == 3 and c != "CIS"]


def _other(rep: str, both: bool, world: bool, sides: Sides, view: Scene, context: Context) -> str:
    """Give the partner of a claim that names only its reporter: the other party of the text, or the world."""
    if world and not both:
        return "WORLD"
    last = context.last
    parallel = sides.shipped and sides.flow == last[2] and rep not in last and len(last[1]) == 3
    if parallel and view.words.language in (*ADJECTIVE_LAST, *AGGLUTINATIVE):
        return last[1]  # China bought 5 tonnes from Brazil, and Spain bought 2
    if _of_the_country(view, sides) and not both:
        return "WORLD"
    hub = carry.hub(rep, sides.flow, sides.shipped, view, context)
    if hub:
        return hub
    again = (rep, sides.flow) == (context.last[0], context.last[2]) and not view.words.find("part", view.text)  # fmt: skip
    if again and "part" in view.words.rows and not context.mutual and not both:
        return "WORLD"  # exports to China were 5 m tonnes, exports of beef 2 m
    if (
        not both
        and {sides.flow, last[2]} == {"exports", "imports"}
        and rep == last[1]
        and not sides.shipped
    ):
        owner = [m for m in sides.own if m.code == rep and m.role == "own"]
        if owner and view.words.language in AGGLUTINATIVE:
            return "WORLD"  # Russia sold Turkey wheat for 189 m. Food imports of Turkey were 20 bn
    if rep in context.pair and all(context.pair) and "WORLD" not in context.pair:
        return context.pair[0] if context.pair[1] == rep else context.pair[1]
    if both:
        others = [c for c in _countries(context.topic) if c != rep]
        if not others and context.home not in ("", rep):
            return context.home  # the envoy of Tajikistan said that trade of the two countries ...
        at_home = context.home if context.home in others else ""
        return others[0] if len(others) == 1 else at_home
    if {sides.flow, context.flow} == {"exports", "imports"} and context.national not in ("", rep):
        return context.national  # the text is about its exports, and this is who bought them
    does = view.words.pattern("<deal>").fullmatch(view.text[sides.noun_start : sides.noun_end])
    acts = view.words.starting("verb", view.text[sides.noun_start : sides.noun_end]) is not None
    # Brazil shipped 6 m tonnes. The USA shipped 4
    alike = acts and "buys" in view.words.rows and last[1:] == ("WORLD", sides.flow)
    turned = (
        bool(does) and not alike
    ) or sides.flow != context.flow  # Russia exported 38 tonnes, America 27: no pair
    if sides.shipped and turned and sides.flow in ("exports", "imports"):
        others = [c for c in _countries(context.topic) if c != rep]
        if context.teller not in ("", rep):
            return (
                context.teller
            )  # who buys and supplies in a story of exports deals with their country
    return "WORLD"


def _of_the_country(view: Scene, sides: Sides) -> bool:
    """Tell whether a flow is said to be the whole country's: Irish firms lifted the country's exports to 160 bn."""
    if sides.flow not in ("exports", "imports") or sides.previous is not None:
        return False
    ahead = view.text[: sides.noun_start].rstrip()
    return sides.noun_end > 0 and view.words.ending("national", ahead) is not None


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
