"""Owns the two parties of a claim: who reports and who is the partner, from the roles in one stretch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources.press.naming import Mention
from sources.press.roles import TWO_WAY, Beside, beside, does, role_of
from sources.press.vocabulary import AGGLUTINATIVE

if TYPE_CHECKING:
    from sources.press.scene import Scene


@dataclass(frozen=True)
class Sides:
    """What the parties of one claim may be read from."""

    own: list[Mention]  # named between the amount before and the end of the claim's stretch
    shared: list[Mention]  # named before the first amount that the noun governs
    previous: (
        tuple[str, str, str] | None
    )  # reporter, partner and flow of the claim before in the sentence
    flow: str
    noun_start: int
    noun_end: int
    amount_start: int
    amount_end: int
    left: int
    dealt: Mention | None = None  # the party that a list beside its amounts gives this one
    carried: bool = False  # no noun says what it is: it goes on with the figure before
    shipped: bool = False  # a mass, or a word of delivery: goods that have a destination


def _codes(found: list[Mention]) -> list[str]:
    return list(dict.fromkeys(m.code for m in found))


def _without_lists(text: str, found: list[Mention]) -> list[Mention]:
    """Drop the members that a group is spelt out into: Central Asia - Kazakhstan, Kyrgyzstan, Tajikistan."""
    out: list[Mention] = []
    at = 0
    while at < len(found):
        run = 1
        while at + run < len(found) and found[at + run].joined:
            run += 1
        if run >= 3:
            before = out[-1] if out else None
            if re.match(r"\s?[-(（:]", text[found[at].end : found[at + 1].start]):
                out.append(found[at])
                at += run
                continue
            if (
                before is not None
                and re.search(r"[-(（:]", text[before.end : found[at].start])
                and found[at].start - before.end < 30
            ):
                at += run
                continue
            if found[at].role in ("to", "from", "with", "between", "partner"):
                out.append(
                    Mention(found[at].start, found[at + run - 1].end, "", "name", found[at].role)
                )
            at += run
            continue
        out.extend(found[at : at + run])
        at += run
    return out


def pair(view: Scene, flow: str, found: list[Mention], noun: tuple[int, int]) -> tuple[str, str]:
    """Give (reporter, partner) by the roles in one stretch; "" for what it does not settle."""
    hyphened = [m for m in found if m.kind == "pair"]
    if hyphened:
        return _hyphened(hyphened[-1], found)
    at = beside(view, flow, _without_lists(view.text, found), noun)
    owners, aims, loose = _parted(at)
    two_way = flow in TWO_WAY
    if not two_way:  # 米国の政策の影響で、米国向けの輸出は: where it goes, not whose it is
        owners = [m for m in owners if all(m.code != o.code for o in aims)]
    strong = [m for m in owners if m.role in ("own", "between", at.backwards)]
    doer = [m for m in loose if m.kind in ("name", "city") and does(view, m, noun)]
    if doer and doer[-1].joined and flow in TWO_WAY:
        doer = [m for m in loose if m.end <= noun[0]][-2:]  # o Brasil e a China trocaram bens
    doer += [m for m in aims if m.role == "with" and view.words.pattern(r" <while>").fullmatch(view.text[m.end : noun[0]].rstrip())]  # fmt: skip
    aims = [m for m in aims if not any(m is d for d in doer)]
    if doer and not at.placed:
        loose, strong = [], doer  # o Brasil exportou 5 bn, whatever is Chinese in the sentence
        owners = [*doer, *(m for m in owners if m.role != "adj")]
    taker = [m for m in loose if _takes(view, m, noun)]
    if flow == "exports" and not aims and len(taker) == 1 and owners:
        aims, loose = taker, []  # a China absorveu 2 bn das exportações angolanas
    touching = [
        m for m in owners if m.role == "adj" and -1 <= max(m.start - noun[1], noun[0] - m.end) <= 1
    ]
    if touching and not two_way and len(_codes(touching)) == 1:
        strong = touching  # Brazilian exports, whoever else is named before
    return _chosen(at, owners, strong, aims, loose)


def _hyphened(both: Mention, found: list[Mention]) -> tuple[str, str]:
    """Give the sides of a hyphened pair, the owner of the trade first: China-Africa trade, of Africa."""
    first, second = both.code.split("-")
    named = (m for m in found if m.kind != "pair" and m.role in ("own", "bare"))
    owner = next((m.code for m in named if m.code in (first, second)), "")
    return (second, first) if owner == second else (first, second)


def _parted(at: Beside) -> tuple[list[Mention], list[Mention], list[Mention]]:
    """Part the parties of a stretch into owners of the trade, partners, and those whose words show no role."""
    owners: list[Mention] = []
    aims: list[Mention] = []
    loose: list[Mention] = []
    goals = {at.towards, "partner", "with", *(("to", "from") if at.flow in TWO_WAY else ())}
    for m in at.found:
        role = role_of(at, m)
        if role in goals:
            aims.append(m)
        elif role == "between":
            (aims if any(o.role == "between" for o in owners) else owners).append(m)
        elif role in ("own", "adj", at.backwards):
            owners.append(m)
        elif role == "bare":
            loose.append(m)
    return owners, aims, loose


def _chosen(
    at: Beside, owners: list[Mention], strong: list[Mention], aims: list[Mention], loose: list[Mention]
) -> tuple[str, str]:  # fmt: skip
    """Choose reporter and partner among the owners, the partners, and those without a role."""
    view, flow, found, noun = at.view, at.flow, at.found, at.noun
    text, words = view.text, view.words
    two_way = flow in TWO_WAY
    rep = _codes(strong) or _codes(owners)
    par = _codes(aims)
    if two_way and len(rep) == 2 and not par:
        return rep[0], rep[1]
    linked = {m.role for m in found} <= {
        "with",
        "between",
        "bare",
    } or words.language in AGGLUTINATIVE
    ranked = at.ranked and {len(rep), len(par)} == {1}  # X is first among the partners of Y
    if flow == "turnover" and len(found) == 2 and linked and not ranked:
        codes = _codes(found)  # A with B between: the first one named reports
        if len(codes) == 2:
            return codes[0], codes[1]
    if len(rep) == 2 and not par and owners[1].role in ("own", "adj") and not owners[1].joined:
        rep = rep[:1] if not two_way else rep
    if not rep and loose:
        rest = [c for c in _codes(loose) if c not in par]
        rep = rest[:1] if len(rest) == 1 or not loose[1:2] or not loose[1].joined else rest
        if not par and len(rest) == 2 and two_way:
            return rest[0], rest[1]
        if not par and len(rest) == 2 and not loose[1].joined:
            return rest[0], ""
    if not par and flow == "exports" and len(rep) == 1 and loose:
        last = loose[-1]  # The Americas took 6 bn of Pakistani exports
        ahead = last.end <= noun[0]
        took = ahead and bool(words.find("carry", text[last.end : noun[0]]))
        if words.language == "ar" and ahead:  # there the verb stands first
            took = took or words.ending("carry", text[: last.start]) is not None
        par = [last.code] if took and last.code not in rep else []
    if not par and rep and loose and two_way:
        rest = [c for c in _codes(loose) if c not in rep]
        par = rest[:1] if len(rest) == 1 else []
    par = [c for c in par if c not in rep] if len(rep) == 1 else par
    if two_way and not rep and len(par) == 2 and {m.role for m in aims} != {"with"}:
        return par[0], par[1]
    if len(par) > 1:
        near = [m for m in aims if not m.joined and m.code != ""]
        if any(m.joined for m in aims) or "" in par:
            return (rep[0] if len(rep) == 1 else ""), ""
        par = [min(near, key=lambda m: min(abs(m.start - noun[1]), abs(m.end - noun[0]))).code]
    if len(rep) > 1:
        if any(m.joined for m in (*owners, *loose)) and not two_way:
            return "", par[0] if par else ""
        close = [m for m in (strong or owners) if m.code not in par]
        rep = (
            [min(close, key=lambda m: min(abs(m.start - noun[1]), abs(m.end - noun[0]))).code]
            if close
            else rep
        )
    return (rep[0] if rep else ""), (par[0] if par else "")


def _takes(view: Scene, mention: Mention, noun: tuple[int, int]) -> bool:
    """Tell whether a country bought of the exports named behind: China absorbed 2 bn of Angola's exports."""
    between = view.words.find("flow", view.text[mention.end : noun[0]])
    return bool(between) and between[0][2] == "imports" and between[0][0] < 4
