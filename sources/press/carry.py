"""Owns what a sentence takes over from those before it: pronouns for countries, and figures that go on without a noun."""

from __future__ import annotations

import re
from dataclasses import replace

from sources.press.naming import Mention
from sources.press.numerals import Amount
from sources.press.pairing import Sides
from sources.press.scene import OPPOSITE, Claim, Context, Noun, Scene
from sources.press.vocabulary import AGGLUTINATIVE, UNSPACED

_FEW = 2  # amounts of a sentence that says no more than when: in the same month it was 5 billion
_GOES = {"turnover": "with", "exports": "to", "imports": "from"}  # the role of a partner
_HEAD = 3  # characters before a time that opens its sentence
_NEAR = 60  # characters between a relative pronoun and the country that it stands for


def point(view: Scene, context: Context) -> None:
    """Give countries the roles that pronouns for them have: Turkey, trade with which ...; sent there, too."""
    for start, end, role in view.words.find("pointer", view.text):
        role, _, relative = role.partition(" ")
        if relative == "group":  # with the region
            groups = [c for c in context.topic if len(c) != 3]
            if groups and all(m.code not in groups for m in view.parties):
                view.parties.append(Mention(start, end, groups[-1], "name", role))
                view.parties.sort(key=lambda m: m.start)
            continue
        before = [m for m in view.parties if m.end <= start and m.kind in ("name", "adj")]
        if relative:
            last = before[-1] if before else None
            if last is not None and start - last.end < _NEAR and last.role in ("bare", "own"):
                view.parties[view.parties.index(last)] = replace(last, role=role)
            continue
        near = [m for m in before if m.role == "bare" and m.code != context.home]
        alone = len(near) == len(before) == 1
        apart = alone and re.search("[:;]", view.text[near[0].end : start]) is not None
        if alone and (role == "with" or apart):  # Russia is second, trade with it was 5 bn
            view.parties[view.parties.index(near[0])] = replace(near[0], role=role)
            continue
        acting: set[str] = set()
        if role in ("to", "from"):  # Iraq, having sent there 3 tonnes, is not where they went
            doers = [m for m in before if m.role == "bare"]
            acting = {
                m.code for m in doers if _acts(view, m, start) or _right_before(view, m, start)
            }
            before = [m for m in before if m.code not in acting or m.role != "bare"]
        turned = any(n.flow == OPPOSITE.get(context.last[2]) for n in view.nouns)
        code = _meant(role, before, context, turned, acting)
        loose = [m for m in before if m.code == code and m.role in ("bare", "own")]
        if loose:  # the market of Iran opened, there went 791 thousand tonnes
            view.parties[view.parties.index(loose[-1])] = replace(loose[-1], role=role)
        since = max([a.end for a in view.amounts if a.end <= start], default=0)
        if code and all(m.code != code or m.end <= since for m in view.parties):
            view.parties.append(Mention(start, end, code, "name", role))
            view.parties.sort(key=lambda m: m.start)


def _right_before(view: Scene, mention: Mention, place: int) -> bool:
    """Tell whether a country right before a pronoun is who acts: Türkiye bu ülkeye (Turkey to this country)."""
    return view.words.language in AGGLUTINATIVE and place - mention.end == 1


def _acts(view: Scene, mention: Mention, place: int) -> bool:
    """Tell whether a word of trade stands between a country and a place: it is what that country did."""
    done = [n for n in view.nouns if n.flow and mention.end <= n.start < place]
    if any(n.weak and n.flow and 0 < mention.start - n.end <= len(" die ") for n in view.nouns):  # fmt: skip
        return True  # im Juni kaufte die Volksrepublik dort Waren
    # Hauptabnehmer bleibt Italien, auch wenn die Exporte dorthin: a noun is printed with a capital.
    return any(
        n.end < place - 1 or not view.sentence.printed(n.start, n.end).istitle() for n in done
    )


def _meant(
    role: str, before: list[Mention], context: Context, turned: bool, acting: set[str]
) -> str:
    """Give the country that a pronoun means, "" where it may be several."""
    near = {m.code for m in before} - {context.home, context.national}
    if role in ("to", "from") and len(near) == 1 and (context.home or context.national):
        return near.pop()  # trade with China was 5 bn, goods from there made up 3 bn
    if role in ("to", "from"):
        told = {m.code for m in before if m.role in ("bare", "partner")}
        told -= {context.home, context.national, context.teller}
        if len(told) == 1:  # the largest market was France: sent there were goods for 3 bn
            return told.pop()
        known = {context.teller, context.leader, context.home} | acting
        pair = [c for c in context.pair if c not in acting]
        if not before and len(pair) == 1 and pair[0] not in ("", "WORLD"):
            return pair[0]  # trade with Bosnia was 1 bn. Turkey sold this country goods for 720 m
        rest = [c for c in context.named if c not in known]
        if not before and len(rest) == 1:
            return rest[0]  # Iran was a one-way street. Purchases from there ...
        if not before and set(context.named) == set(context.pair):
            return context.pair[1]  # Dushanbe traded with Astana: goods for 5 bn went there
        alone = not before and len(context.named) == 2 and context.subject in context.named
        if alone:  # Poland matters to German firms: sent there were goods for 90 bn
            return context.subject
        towards = context.ends[0] if role == "from" else context.ends[1]
        if turned and towards == context.teller and not before:  # sold it 5 bn, from there came 3
            towards = next((c for c in context.ends if c != towards), "")
        if not towards:
            return "" if near else context.other
        return towards if all(m.code != towards for m in before) else ""
    named = [c for c in context.named if c != context.home]
    if role == "bare":
        named = named or list(context.named)  # the Asian giant may be where the text is from
    if before:
        return ""
    return named[0] if len(named) == 1 else ""


def unsaid_flow(view: Scene, context: Context) -> str:
    """Give the flow with which a sentence goes on that has no word of trade for its amounts, "" for none.

    It then reached 5 billion; the largest buyer was Italy with 2 billion; wheat accounted for 3 billion.
    """
    ranked = {code for _, _, code in view.words.find("rank_flow", view.text)}
    fits = bool(view.parties) and all(
        n.kind == "earning" or (n.weak and not n.flow) for n in view.nouns
    )
    turned = OPPOSITE.get(context.flow)
    own = context.home and context.home == context.last[0]  # Germany's exports, imports, markets
    if turned in ranked and context.last[1] not in ("", "WORLD") and not own:
        return ""  # the EU bought Russian gas, the largest buyer was France: not the EU's exports
    if (
        ranked
        and fits
        and (context.story or "turnover" in ranked or len({m.code for m in view.parties}) > 1)
    ):
        return ranked.pop() if len(ranked) == 1 else ""  # suppliers sell to the reporter
    if not context.flow or view.words.find("firm", view.text):
        return ""
    told = {code for _, _, code in view.words.find("figure", view.text)}
    if told - {"fresh"} or (
        told and context.fresh and not context.mixed and all(n.flow for n in view.nouns)
    ):
        return context.flow  # that figure; right after a figure also: the aim is 15 bn
    if goes_on(view, context):
        return "" if _unsettled(view, context) else context.flow
    if _dated_level(view, context):
        return context.flow
    if not context.fresh or any(n.kind != "earning" for n in view.nouns):
        return ""
    if view.times and len(view.amounts) <= _FEW:
        return context.flow
    if context.mixed:
        return ""  # shares of exports, or of imports?
    listed = len(view.labels) > 1 or bool(view.words.find("share", view.text))
    ranks = bool(view.words.find("rank", view.text)) and all(a.start in view.labels for a in view.amounts)  # fmt: skip
    return context.flow if listed or ranks else ""


def _dated_level(view: Scene, context: Context) -> bool:
    """Tell whether a sentence only gives the figure told before for another time: 1月には463億ドルまで落ち込んでいた."""
    if view.words.language not in UNSPACED or not context.story or context.mixed:
        return False
    plain = not view.nouns and not view.parties and len(view.amounts) <= _FEW
    fronted = bool(view.times) and view.times[0].start < _HEAD and bool(view.times[0].first)
    return plain and fronted and {a.code for a in view.amounts} <= context.units


def _unsettled(view: Scene, context: Context) -> bool:
    """Tell whether nobody says of which of two flows goods are a part: exports were 75 bn, imports 70. Copper brought 36 bn."""
    goods = bool(view.words.find("product", view.text)) and not view.parties
    balance = context.flow.startswith("balance")  # the surplus was 13 bn. Coffee brought 4
    shared = context.mixed or (balance and view.words.language not in UNSPACED)
    return shared and goods and "product" in view.words.rows


def goes_on(view: Scene, context: Context) -> bool:
    """Tell whether an amount of a sentence goes on with the figures before it."""
    return any(carried(view, a, context) for a in view.amounts)


def carried(view: Scene, amount: Amount, context: Context) -> bool:
    """Tell whether an amount without a noun goes on with the figures before it: Brazil took 156 million."""
    words = view.words
    if "carry" not in words.rows or not context.flow:
        return False
    aimed = len(view.amounts) == 1 and bool(words.find("reach", view.text))
    if not context.story and not aimed:
        return False
    lo, hi = view.clause(amount.start)
    if len(view.amounts) == 1:
        lo = 0  # shrimp grew, too, but stayed at 298 million
    if any(n.kind != "earning" and _governs(view, n, amount, lo, hi) for n in view.nouns):
        return False
    units = {a.code for a in view.amounts if lo <= a.start < hi} - {""}
    if units and not units & context.units:
        return False
    if aimed:
        return True  # in three years the aim is to reach 2 billion
    named = [m for m in view.parties if lo <= m.start < hi]
    clause = view.text[lo:hi]
    told = words.find("carry", clause)
    if told or words.find("rank", clause) or view.labels:
        goods = any(code == "goods" for _, _, code in told)  # frozen meat was 25 tonnes
        return goods or bool(named or view.times or words.find("product", clause))
    if any(m.role in (_GOES.get(context.flow), "partner") for m in named):
        return True  # with Kyrgyzstan it was 850 million, with Tajikistan 700
    return bool(named) and units == {"tonne"}


def _governs(view: Scene, noun: Noun, amount: Amount, lo: int, hi: int) -> bool:
    """Tell whether a noun may say what an amount is: in its clause before it, or after it without a comma."""
    if lo <= noun.start < amount.start:
        return True
    return amount.end <= noun.start < hi and not re.search("[,;:،؛]", view.text[amount.end : noun.start])  # fmt: skip


def sides(view: Scene, own: list[Mention], context: Context) -> tuple[str, str]:
    """Give (reporter, partner) of a figure that goes on: the country named takes the partner's place."""
    codes = list(dict.fromkeys(m.code for m in own))
    reporter, partner, flow = context.last
    if len(codes) == 2 and reporter in codes and any(m.code == reporter and m.role == "own" for m in own):  # fmt: skip
        codes.remove(reporter)  # the largest buyer of Vietnam's fruit was China, with 147 m
        own = [m for m in own if m.code != reporter]
    if not codes and not reporter and len(context.topic) == 1:
        return context.topic[0], "WORLD"  # Brazil shipped 4 million bags. The proceeds were 1.2 bn
    if len(codes) == 2 and reporter in codes and flow in OPPOSITE:
        return reporter, next(
            c for c in codes if c != reporter
        )  # the EU took German goods for 7 bn
    if len(codes) != 1:
        return (reporter, partner) if not codes else ("", "")
    if codes[0] == reporter:
        return reporter, partner
    if context.market and flow == "exports" and own[0].role == "bare" and codes[0] != partner:
        return reporter, codes[
            0
        ]  # the USA is its largest market with 96 bn. China came second with 47
    if context.leads == reporter and len(partner) == 3 and own[0].role == "bare" and codes[0] != partner:  # fmt: skip
        return codes[
            0
        ], partner  # first in purchases of Turkish goods was Iraq. Next comes Bulgaria
    led = bool(view.words.find("follows", view.text)) and context.subject == reporter
    if led and len(partner) == 3 and own[0].role == "bare":
        return codes[0], partner  # Mexico sold to the USA for 44 bn. Canada followed with 36
    if (context.anchor and context.anchor == partner != "WORLD") or shared_end(flow, context):
        return codes[0], partner  # China sold Algeria 5 bn, and Italy 3
    if flow == "turnover" and len(partner) == 3 and codes[0] != partner:
        # Two countries traded with each other: which of them with the third is said by the text, or nowhere.
        known = (context.anchor, context.leader, context.national, context.home)
        reporter = next((c for c in known if c in (reporter, partner)), "")
    return ("" if reporter == codes[0] else reporter), codes[0]


def shared_end(flow: str, context: Context) -> str:
    """Give the third country that several reporters of a list sell to, or buy from: suppliers of gas to China."""
    reporter, partner, spoken = context.last
    if spoken != flow or flow not in ("exports", "imports") or len(partner) != len("CHN"):
        return ""
    led = partner == context.lead and reporter not in (context.home, context.national)
    shared = partner == context.anchor or led
    return partner if shared and reporter not in ("", partner) else ""


def hub(rep: str, flow: str, shipped: bool, view: Scene, context: Context) -> str:
    """Give the partner that several reporters of a story share: China bought from Iraq, and Iran shipped 3 tonnes."""
    if flow not in ("exports", "imports") or "carry" not in view.words.rows:
        return ""
    if rep in context.last[:2]:
        return ""
    if context.last[2] == flow and view.words.find("also", view.text):
        return context.last[1] if context.last[1] != "WORLD" else ""
    end = context.ends[flow == "exports"]
    return end if shipped and context.anchor and end == context.anchor != rep else ""


def remember(view: Scene, context: Context, actual: list[Claim]) -> None:
    """Keep of a sentence's figures what a sentence without a noun may go on with."""
    last = actual[-1]
    # Uzbekistan traded with Kazakhstan: the story is of the first, trade between the two is of both.
    led = any(m.role == "with" and m.code == last.partner for m in view.parties)
    context.leader = (
        last.reporter if led else context.leader if context.leader == last.reporter else ""
    )
    before = set(context.last[:2]) - {"", "WORLD"}
    pairs = {frozenset((c.reporter, c.partner)) - {"", "WORLD"} for c in actual}
    now = next(iter(pairs)) if len(pairs) == 1 else frozenset()
    if len(now) == len(before) == 2 and len(now & before) == 1:
        context.anchor = next(iter(now & before))
    if context.last[1] == "WORLD" and {last.partner} == before and last.reporter not in before:
        context.anchor = last.partner  # it exported 5 bn of fruit, most of it Russia bought, for 2
    goes_on = (last.reporter, last.flow) == (context.last[0], context.last[2])
    before = context.units if goes_on else set()  # 5 tonnes for 3 m: of them 2 tonnes went to Spain
    context.units = {c.currency for c in actual} | before
    context.last = (last.reporter, last.partner, last.flow)
    ends = [c for c in actual if c.flow in ("exports", "imports") and c.partner != "WORLD"]
    if ends:
        origin, target = ends[-1].reporter, ends[-1].partner
        context.ends = (origin, target) if ends[-1].flow == "exports" else (target, origin)


def without_asides(view: Scene, actual: list[Claim]) -> list[Claim]:
    """Give the figures that a sentence leaves in mind, without those in brackets beside them: 上回ったサウジ(8596万トン)."""
    plain = [c for c in actual if view.text[: c.amount.start][-1:] != "("]
    return plain if plain and view.words.language in UNSPACED else actual


def given(view: Scene, own: list[Mention], flow: str, context: Context) -> tuple[str, str]:
    """Give the sides where a partner is said to give its part of the trade: the EAEU provided 3 bn of turnover."""
    codes = list(dict.fromkeys(m.code for m in own))
    gives = any(code == "gives" for _, _, code in view.words.find("carry", view.text))
    if not gives or flow == "balance" or len(codes) != 1 or any(m.role != "bare" for m in own):
        return "", ""
    teller = context.teller or context.last[0]
    return (teller, codes[0]) if teller and teller != codes[0] else ("", "")


def resumed(view: Scene, amount: Amount, noun: Noun) -> bool:
    """Tell whether an amount is the figure before in another measure, not of the clause behind: 金額では606億ドルで、輸入総額の半分."""
    told = [end for _, end, _ in view.words.find("figure", view.text) if end <= amount.start]
    if noun.start < amount.end or not told or view.words.language not in UNSPACED:
        return False
    return bool(re.search("[,、]", view.text[amount.end : noun.start]))


def part_taken(view: Scene, sides: Sides, own: list[Mention]) -> str:
    """Give the partner that took a part of the trade just given: 出口3730万吨,其中中国买走2860万吨."""
    if view.words.language not in UNSPACED or sides.flow not in ("exports", "imports"):
        return ""
    if len(own) != 1 or own[0].role != "bare" or not sides.previous:
        return ""
    taker, (first, second, flow) = own[0], sides.previous
    opened = view.words.ending("part", view.text[: taker.start].rstrip(",、はで"))
    said_again = any(taker.end <= n.start and n.flow == sides.flow for n in view.nouns)
    if opened is None or said_again or flow != sides.flow or second != "WORLD":
        return ""
    return taker.code if first and taker.code != first else ""
