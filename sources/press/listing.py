"""Owns the parties of amounts that share a sentence: one of a list of partners, and what the claim before it leaves to the next."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from sources import areas
from sources.press import carry
from sources.press.choosing import Chosen
from sources.press.naming import Mention
from sources.press.pairing import Sides, pair
from sources.press.roles import does
from sources.press.scene import Context, Scene
from sources.press.vocabulary import (
    ADJECTIVE_LAST,
    UNSPACED,
)


@dataclass
class Item:
    """One amount of a list of areas: its area, who else the sentence names, and what their roles say."""

    view: Scene
    sides: Sides
    context: Context
    mine: Mention
    listed: set[str]  # the areas of the list
    rest: list[Mention]  # who else is named before the amount
    rep: str
    par: str

    @property
    def noun(self) -> tuple[int, int]:
        """Give where the noun of the amount stands."""
        return self.sides.noun_start, self.sides.noun_end

    @property
    def bare(self) -> bool:
        """Tell whether the area stands without a word that shows its role."""
        return self.mine.role == "bare"


def in_list(view: Scene, sides: Sides, mine: Mention, context: Context) -> tuple[str, str, str]:
    """Give the parties of an amount whose partner stands in a list: China ($30bn), Russia ($27bn).

    As a rule each area of the list is a partner; the first rule that knows it as a reporter has the word.
    """
    listed = {m.code for m in (*view.labels.values(), *view.dealt.values())}
    rest = [m for m in view.parties if m.code not in listed and m.role != "in"]
    rest = [m for m in rest if not _by_share(view, m)]
    noun = (sides.noun_start, sides.noun_end)
    if mine.role in ("own", "adj") and mine not in view.labels.values():
        return mine.code, pair(view, sides.flow, rest, noun)[1] or "WORLD", ""
    rest = [m for m in rest if m.start < sides.amount_start]
    item = Item(view, sides, context, mine, listed, rest, *pair(view, sides.flow, rest, noun))
    for rule in _REPORTERS:
        end = rule(item)
        if end:
            return mine.code, end, ""
    rep = _of_list(item)
    if rep:
        return ("" if rep == mine.code else rep), mine.code, ""
    rep = context.national or context.home or context.pair[0]
    if context.anchor and context.anchor == context.last[1]:
        rep = context.anchor
    if not sides.noun_end and context.last[1:] == (rep, sides.flow) and rep != mine.code:
        return mine.code, rep, ""  # most was bought by Russia; next come Italy (3 bn), Iran (2)
    return ("" if rep == mine.code else rep), mine.code, "reporter" if rep else ""


def _aimed(item: Item) -> str:
    """China sold 5 bn in Algeria, ahead of France (3 bn); the leader in purchases of Turkish goods was Iraq (13 bn)."""
    mine, par = item.mine, item.par
    if not par or item.rep or par == mine.code:
        return ""
    aims = [m.role for m in item.rest if m.code == par and m.role in ("to", "from")]
    # To the USA 77 million were exported, to China 54: it stands where the first one stood.
    aimed = bool(aims) and mine.role not in aims
    if aimed and (item.view.words.language in ADJECTIVE_LAST or mine.case == "nom"):
        return par
    goods = all(m.kind == "adj" for m in item.rest if m.code == par)
    return par if item.sides.flow == "imports" and item.bare and goods else ""


def _after_buyer(item: Item) -> str:
    """Most of it Russia bought, for 454 m, after it come Turkey (278 m)."""
    buyer = _buyers(item.view, item.sides, item.context)
    return buyer if item.bare and item.mine.code != buyer and not item.rep else ""


def _after_verb(item: Item) -> str:
    """China bought 6 bn from the kingdom, ahead of Japan with 5; the Arabic verb stands first."""
    view, sides = item.view, item.sides
    if view.words.language != "ar" or sides.flow != "imports" or not sides.previous:
        return ""
    verb = view.words.starting("verb", view.text[slice(*item.noun)]) is not None
    behind = [m for m in item.rest if 0 <= m.start - item.noun[1] <= 1]
    buyer, seller, _ = sides.previous
    if not verb or not behind or not item.bare or seller == "WORLD":
        return ""
    return seller if buyer in {behind[0].code, *(m.code for m in view.labels.values())} else ""


def _with_doers(item: Item) -> str:
    """The USA imported 5 bn of it, Germany 3 bn."""
    previous, mine, flow = item.sides.previous, item.mine, item.sides.flow
    doers = [m for m in item.rest if m.role == "bare" and does(item.view, m, item.noun)]
    siblings = {m.code for m in doers} | (item.listed if item.bare else set())
    if not doers or not previous or previous[0] not in siblings:
        return ""
    second = previous[1]
    alike = any(m.code == second and m.role == mine.role for m in item.rest)  # to Lisbon, to Paris
    subject = item.bare or (mine.role == "to" and flow == "imports" and not alike)
    return second if subject and (flow == "imports" or second == "WORLD") else ""


def _to_shared_end(item: Item) -> str:
    """Turkmenistan sold China gas. Russia is second with 4 bn."""
    shared = carry.shared_end(item.sides.flow, item.context) if not item.sides.noun_end else ""
    return shared if item.bare and item.mine.code != shared and not (item.rep or item.par) else ""


def _after_leader(item: Item) -> str:
    """First in purchases of Turkish goods was Iraq. Next come Bulgaria, Iran."""
    leads, end, _ = item.context.last
    told = not item.sides.noun_end and leads == item.context.leads != ""
    return end if told and item.bare and item.mine.code not in (leads, end) else ""


def _next_in_list(item: Item) -> str:
    """Give the end of a list of reporters that the sentence goes on with."""
    told, last = item.sides.previous, item.context.last
    if told is None or item.sides.noun_end or told[1:] != last[1:] or told[0] == last[0]:
        return ""
    return told[1] if told[1] not in ("WORLD", item.mine.code) else ""


# Each gives the partner of an area that the list has as a reporter, "" where it is none.
_REPORTERS: tuple[Callable[[Item], str], ...] = (
    _aimed, _after_buyer, _after_verb, _with_doers, _to_shared_end, _after_leader, _next_in_list,
)  # fmt: skip


def _of_list(item: Item) -> str:
    """Give the reporter whose partners a list gives, from its own words or the amount before; "" for none."""
    rep, previous, pair_told = item.rep, item.sides.previous, item.context.pair
    passed = {m.code for m in item.rest if m.role == "obj"} & set(pair_told)
    if (
        passed and item.sides.flow == "turnover"
    ):  # Türkiye'yi 1,8 milyar dolarla Rusya izledi (followed Turkey)
        rep = next((code for code in pair_told if code not in passed), "")
    if not rep or rep == item.mine.code or _took(item.view, item.sides, item.rest, rep):
        rep = previous[0] if previous else ""
    return rep or _beside_group(item.mine, item.context)


def _of_goods(view: Scene, own: list[Mention]) -> bool:
    """Tell whether a country stands right before goods, as where they are from: 日本水产品."""
    behind = view.text[own[0].end :]
    goods = any(view.words.starting(kind, behind) is not None for kind in ("product", "goods"))
    return view.words.language in UNSPACED and len(own) == 1 and goods


def _by_share(view: Scene, mention: Mention) -> bool:
    """Tell whether a place of a list stands with its share only: 中国が48%を占めて最も多く、ASEANが218億ドル."""
    if view.words.language not in UNSPACED or mention.role not in ("bare", "to", "from", "partner"):
        return False
    stop = re.search("[,、;。]", view.text[mention.end :])
    end = mention.end + stop.start() if stop else len(view.text)
    return any(mention.end <= start < end for start, _, _ in view.words.find("share", view.text))


def _took(view: Scene, sides: Sides, rest: list[Mention], rep: str) -> bool:
    """Tell whether a country named before only took its part: the Emirates took 5 bn, sent to Kuwait were 3."""
    if view.words.language != "ar" or sides.previous is None or rep != sides.previous[1]:
        return False
    return all(m.role == "bare" and m.start < sides.left for m in rest if m.code == rep)


def with_its_own(view: Scene, sides: Sides, context: Context) -> tuple[str, str] | None:
    """Give the parties of trade that a country is placed by: روسيا في المرتبة الثانية بصادرات (with exports of 5 bn)."""
    if (
        view.words.language != "ar"
        or sides.flow not in ("exports", "imports")
        or not sides.noun_end
    ):
        return None
    if not view.text[sides.noun_start :].startswith("ب") or sides.noun_start < sides.left:
        return None
    ahead = [m for m in view.parties if sides.left <= m.start and m.end <= sides.noun_start]
    doers = {m.code for m in ahead if m.role == "bare" and m.kind == "name"}
    ranked = {code for _, _, code in view.words.find("rank_flow", view.text)}
    if len(doers) != 1 or sides.flow in ranked or "turnover" in ranked:
        return None  # the first market with exports of 5 bn: it bought them
    doer = doers.pop()
    others = {m.code for m in sides.own if m.role in ("to", "from", "own", "adj")} - {doer}
    end = others.pop() if len(others) == 1 else context.ends[sides.flow == "exports"]
    return (doer, end) if end not in ("", doer) else None


def _beside_group(mine: Mention, context: Context) -> str:
    """Give the one whose trade with a group was told before one of its members: China's with Central Asia, Kazakhstan first."""
    for group, other in itertools.permutations(context.last[:2]):
        told = len(group) > len("KGZ") and group != "WORLD" and len(other) == len("KGZ")
        if told and mine.code in areas.members(group, None):
            return other
    return ""


def _buyers(view: Scene, sides: Sides, context: Context) -> str:
    """Give the seller that the text told of where the first country of a list stands as subject at a verb of buying."""
    spelt = view.text[sides.noun_start :]
    buys = sides.flow == "imports" and view.words.starting("buys", spelt) is not None
    if not buys or view.words.starting("verb", spelt) is None or context.last[2] != "exports":
        return ""
    first = min(view.labels.values(), key=lambda m: m.start, default=None)
    acts = first is not None and first.case == "nom" and 0 <= first.start - sides.noun_end <= 1
    return context.last[0] if acts else ""


def _subject(view: Scene, sides: Sides, mention: Mention, first: str, second: str) -> bool:
    """Tell whether a country in a list stands in the reporter's place: Iran sold 5 tonnes there, Angola 3."""
    said = {m.code for m in view.parties if m is not mention and m.end <= sides.left}
    if sides.flow == "turnover" or "carry" not in view.words.rows:
        return False
    bought = [
        m
        for m in view.parties
        if m.code == first and m.role == "bare" and m.end <= sides.noun_start
    ]
    noun = (sides.noun_start, sides.noun_end)
    acting = any(m.role == "bare" and does(view, m, noun) for m in view.parties)
    if acting and any(m.code == first and m.role == "bare" and m.start >= noun[1] for m in view.parties):  # fmt: skip
        bought = bought or [mention]  # the USA bought 3 tonnes, Germany 2 and Japan 1
    if bought and view.words.language in ADJECTIVE_LAST:
        return mention.role in ("bare", "to")  # Spain bought 2 tonnes and Holland 1; a Holanda
    spelt = view.text[sides.noun_start : sides.noun_end]
    verb = any(view.words.starting(kind, spelt) is not None for kind in ("verb", "doing"))
    return first in said and (second not in said or verb)


def _of_those(view: Scene, sides: Sides, own: list[Mention]) -> bool:
    """Tell whether a country says where other imports are from than those spoken of: as dos EUA, celles de Chine."""
    if sides.flow != "imports" or len(own) != 1 or own[0].role != "own":
        return False
    return view.words.pattern(r"(?<!\w)<those> ?$").search(view.text[: own[0].start]) is not None


def beside(
    view: Scene, sides: Sides, own: list[Mention], rep: str, par: str,
    previous: tuple[str, str, str],
) -> tuple[str, str]:  # fmt: skip
    """Complete the parties of a later claim of a sentence from the claim before it."""
    first, second, _ = previous
    text = view.text
    if not own:
        return first, second
    if _of_those(view, sides, own) and second not in ("", "WORLD"):
        return first, own[0].code  # imports from Brazil were 10 bn, those from the USA 1
    compared = view.words.ending("against", text[: sides.amount_start]) is not None
    if compared and len(own) == 1 and own[0].start >= sides.amount_end and own[0].code != second:
        return own[0].code, second  # above the 9.9 bn foreseen for Chile
    if len(own) == 1 and view.words.ending("follows", text[: own[0].start]) is not None:
        own = [replace(own[0], role="bare")]  # followed by Turkey, which took 6 tonnes
    if len(own) == 1 and own[0].role in ("bare", "adj") and own[0].code not in (first,):
        mention = own[0]
        gap = text[sides.left : mention.start]
        tail = text[mention.end : sides.amount_start]
        fresh = sides.noun_start >= sides.left
        if (
            mention.role == "bare"
            and not fresh
            and second
            and second != "WORLD"
            and len(gap) <= 24
            and len(tail) <= 16
        ):
            if second != mention.code and _subject(view, sides, mention, first, second):
                return mention.code, second
            return first, mention.code  # one in a list of partners
    if rep and not par:
        if (
            rep == second
            and first
            and sides.flow == previous[2] == "imports"
            and _of_goods(view, own)
        ):
            return first, second  # 自日本进口农产品26万吨,其中日本水产品进口量2万吨
        if rep == second and first:
            return rep, first
        if {sides.flow, previous[2]} == {"exports", "imports"} and first and rep != first:
            return rep, first  # exports of milk to Russia were 2 bn, Kazakhstan bought for 1 bn
        return rep, second if second != rep else first
    if par and not rep:
        twins = {m.code for m in sides.shared if len(own) == 1 and m.role == own[0].role}
        if first in twins and second and second not in (par, "WORLD"):
            return (
                second,
                par,
            )  # it stands where the first one stood: with Moscow 44, with the EU 64
        if first and first != par:
            return first, par
        alike = {m.role for m in sides.shared if m.code == second}
        if second and second not in (par, "WORLD") and own[0].role not in alike:
            return second, par
    return rep, par


def dealt_out(view: Scene, chosen: list[Chosen]) -> dict[int, Mention]:
    """Give the party of amounts dealt out in order: trade with China and Russia was 5 and 3 bn respectively."""
    dealt = dict(view.labels)
    if len(chosen) < 2 or not view.words.find("each", view.text):
        return dealt
    first = chosen[0][1].start
    groups: list[list[Mention]] = []
    for mention in (m for m in view.parties if m.end <= first):
        if mention.joined and groups:
            groups[-1].append(mention)
        else:
            groups.append([mention])
    same = [c for c in chosen if c[2] is chosen[0][2]]
    for listed in groups:
        group = listed
        if len(group) == len(same) + 1 > 2 and _trades_with(view, group):
            group = group[1:]  # 我国与德国、法国的贸易额: the first one trades with each
        elif len(group) == len(same) + 1 > 2 and group[-1].role == "with":
            group = group[:-1]  # 东盟、欧盟、美国与我国的贸易额: the last one trades with each
        if len(group) == len(same) >= 2:
            dealt |= {c[1].start: m for c, m in zip(same, group, strict=True)}
    return dealt | _later_deals(view, chosen)


def _trades_with(view: Scene, group: list[Mention]) -> bool:
    """Tell whether the first of a list is the one that trades with the others, the only one parted by "with"."""
    gaps = [view.text[a.end : b.start] for a, b in itertools.pairwise(group)]
    return view.words.language in UNSPACED and gaps[0] in ("与", "同", "跟") and "、" in gaps


def _later_deals(view: Scene, chosen: list[Chosen]) -> dict[int, Mention]:
    """Deal out a list of parties that stands behind other amounts: Germany took 2, the USA and Iraq 1.3 and 1.2."""
    dealt: dict[int, Mention] = {}
    starts = [m for m in view.parties if not m.joined]
    for at, first in enumerate(starts):
        end = starts[at + 1].start if at + 1 < len(starts) else len(view.text)
        group = [m for m in view.parties if first.start <= m.start < end]
        mine = [c[1].start for c in chosen if group[-1].end <= c[1].start < end]
        between = view.text[group[-1].end : mine[0]] if mine else ""
        last = next((a.end for a in view.amounts if mine and a.start == mine[-1]), end)
        far = 16 if view.words.language in UNSPACED else 24
        behind = view.text[last : last + far]  # came to 1.3 and 1.2 bn respectively
        if len(group) == len(mine) >= 2 and view.words.find("each", f"{between} {behind}"):
            dealt |= dict(zip(mine, group, strict=True))
    return dealt
