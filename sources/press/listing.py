"""Owns the parties of amounts that share a sentence: one of a list of partners, and what the claim before it leaves to the next."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from sources import areas
from sources.press import carry
from sources.press.choosing import Chosen
from sources.press.pairing import Sides, pair
from sources.press.parties import Mention
from sources.press.roles import does
from sources.press.scene import Context, Scene
from sources.press.vocabulary import (
    ADJECTIVE_LAST,
    UNSPACED,
)


def in_list(view: Scene, sides: Sides, mine: Mention, context: Context) -> tuple[str, str, str]:
    """Give the parties of an amount whose partner stands in a list: China ($30bn), Russia ($27bn)."""
    listed = {m.code for m in (*view.labels.values(), *view.dealt.values())}
    rest = [m for m in view.parties if m.code not in listed and m.role != "in"]
    rest = [m for m in rest if not _by_share(view, m)]
    noun = (sides.noun_start, sides.noun_end)
    if mine.role in ("own", "adj") and mine not in view.labels.values():
        return mine.code, pair(view, sides.flow, rest, noun)[1] or "WORLD", ""
    rest = [m for m in rest if m.start < sides.amount_start]
    rep, par = pair(view, sides.flow, rest, noun)
    aims = [m.role for m in rest if m.code == par and m.role in ("to", "from")]
    # To the USA 77 million were exported, to China 54: it stands where the first one stood.
    aimed = bool(aims) and mine.role not in aims
    acts = view.words.language in ADJECTIVE_LAST or mine.case == "nom"
    if par and not rep and par != mine.code and aimed and acts:
        return mine.code, par, ""  # China sold 5 bn in Algeria, ahead of France (3 bn)
    if par and not rep and par != mine.code and sides.flow == "imports" and mine.role == "bare" and all(m.kind == "adj" for m in rest if m.code == par):  # fmt: skip
        return mine.code, par, ""  # the leader in purchases of Turkish goods was Iraq (13 bn)
    buyer = _buyers(view, sides, context)
    if buyer and mine.role == "bare" and mine.code != buyer and not rep:
        return (
            mine.code,
            buyer,
            "",
        )  # most of it Russia bought, for 454 m, after it come Turkey (278 m)
    verb = view.words.starting("verb", view.text[slice(*noun)]) is not None
    behind = [m for m in rest if 0 <= m.start - noun[1] <= 1]  # the Arabic verb stands first
    if (
        verb
        and behind
        and view.words.language == "ar"
        and sides.flow == "imports"
        and sides.previous
    ):
        buyer, seller, _ = sides.previous
        before = {m.code for m in view.labels.values()} | {behind[0].code}
        if mine.role == "bare" and buyer in before and seller not in ("", "WORLD"):
            return (
                mine.code,
                seller,
                "",
            )  # China bought 6 bn from the kingdom, ahead of Japan with 5
    doers = [m for m in rest if m.role == "bare" and does(view, m, noun)]
    siblings = {m.code for m in doers} | (listed if mine.role == "bare" else set())
    if doers and sides.previous and sides.previous[0] in siblings and sides.previous[1]:
        second = sides.previous[1]
        alike = any(m.code == second and m.role == mine.role for m in rest)  # to Lisbon, to Paris
        subject = mine.role == "bare" or (mine.role == "to" and sides.flow == "imports" and not alike)  # fmt: skip
        if subject and (sides.flow == "imports" or second == "WORLD"):
            return mine.code, second, ""  # the USA imported 5 bn of it, Germany 3 bn
    shared = carry.shared_end(sides.flow, context) if not sides.noun_end else ""
    if shared and mine.role == "bare" and mine.code != shared and not (rep or par):
        return mine.code, shared, ""  # Turkmenistan sold China gas. Russia is second with 4 bn
    leads, end, _ = context.last
    if not sides.noun_end and leads == context.leads != "" and mine.role == "bare" and mine.code not in (leads, end):  # fmt: skip
        return (
            mine.code,
            end,
            "",
        )  # first in purchases of Turkish goods was Iraq. Next come Bulgaria, Iran
    told = sides.previous
    listed_on = told is not None and told[1:] == context.last[1:] and told[0] != context.last[0]
    if told and listed_on and not sides.noun_end and mine.code != told[1] not in ("", "WORLD"):
        return mine.code, told[1], ""  # the next one in that list
    guessed = ""
    passed = {m.code for m in rest if m.role == "obj"} & set(context.pair)
    if (
        passed and sides.flow == "turnover"
    ):  # Türkiye'yi 1,8 milyar dolarla Rusya izledi (followed Turkey)
        rep = next((code for code in context.pair if code not in passed), "")
    if not rep or rep == mine.code or _took(view, sides, rest, rep):
        rep = sides.previous[0] if sides.previous else ""
    rep = rep or _beside_group(mine, context)
    if not rep:
        rep = context.national or context.home or context.pair[0]
        if context.anchor and context.anchor == context.last[1]:
            rep = context.anchor
        if not sides.noun_end and context.last[1:] == (rep, sides.flow) and rep != mine.code:
            return mine.code, rep, ""  # most was bought by Russia; next come Italy (3 bn), Iran (2)
        guessed = "reporter" if rep else ""
    return ("" if rep == mine.code else rep), mine.code, guessed


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
        behind = view.text[last : last + 16]  # came to 1.3 and 1.2 bn respectively
        if len(group) == len(mine) >= 2 and view.words.find("each", f"{between} {behind}"):
            dealt |= dict(zip(mine, group, strict=True))
    return dealt
