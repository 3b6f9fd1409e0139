"""Owns what a sentence takes over from those before it: pronouns for countries, and figures that go on without a noun."""

from __future__ import annotations

from dataclasses import replace

from sources.press.parties import Mention
from sources.press.scene import Claim, Context, Scene

_NEAR = 60  # characters between a relative pronoun and the country that it stands for


def point(view: Scene, context: Context) -> None:
    """Give countries the roles that pronouns for them have: Turkey, trade with which ...; sent there, too."""
    for start, end, role in view.words.find("pointer", view.text):
        role, _, relative = role.partition(" ")
        before = [m for m in view.parties if m.end <= start and m.kind in ("name", "adj")]
        if relative:
            last = before[-1] if before else None
            if last is not None and start - last.end < _NEAR and last.role in ("bare", "own"):
                view.parties[view.parties.index(last)] = replace(last, role=role)
            continue
        code = _meant(role, before, context)
        if code and all(m.code != code for m in view.parties):
            view.parties.append(Mention(start, end, code, "name", role))
            view.parties.sort(key=lambda m: m.start)


def _meant(role: str, before: list[Mention], context: Context) -> str:
    """Give the country that a pronoun means, "" where it may be several."""
    if role in ("to", "from"):
        towards = context.ends[0] if role == "from" else context.ends[1]
        if not towards:  # trade with China was 5 bn, goods from there made up 3 bn
            near = {m.code for m in before} - {context.home, context.national}
            return near.pop() if len(near) == 1 else ("" if near else context.other)
        return towards if all(m.code != towards for m in before) else ""
    named = [c for c in context.named if c != context.home]
    if before:
        return ""
    return named[0] if len(named) == 1 else ""


def goes_on(view: Scene, context: Context) -> bool:
    """Tell whether a sentence without a noun goes on with the figures before it: Brazil took 156 million."""
    if "carry" not in view.words.rows or not context.fresh or not context.flow or view.nouns:
        return False
    units = {a.code for a in view.amounts} - {""}
    if units and not units & context.units:
        return False
    words = view.words
    if words.find("carry", view.text) or words.find("rank", view.text) or view.labels:
        return bool(view.parties or view.times)
    return bool(view.parties) and units == {"tonne"}


def sides(own: list[Mention], context: Context) -> tuple[str, str]:
    """Give (reporter, partner) of a figure that goes on: the country named takes the partner's place."""
    codes = list(dict.fromkeys(m.code for m in own))
    reporter, partner, flow = context.last
    if len(codes) != 1:
        return (reporter, partner) if not codes else ("", "")
    if codes[0] == reporter:
        return reporter, partner
    if flow == "turnover" and len(partner) == 3 and codes[0] != partner:
        reporter = context.anchor or (context.home if context.home in (reporter, partner) else "")
    return ("" if reporter == codes[0] else reporter), codes[0]


def remember(context: Context, actual: list[Claim]) -> None:
    """Keep of a sentence's figures what a sentence without a noun may go on with."""
    last = actual[-1]
    context.last = (last.reporter, last.partner, last.flow)
    context.units = {c.currency for c in actual}
    ends = [c for c in actual if c.flow in ("exports", "imports") and c.partner != "WORLD"]
    if ends:
        origin, target = ends[-1].reporter, ends[-1].partner
        context.ends = (origin, target) if ends[-1].flow == "exports" else (target, origin)


def worth(view: Scene, index: int) -> bool:
    """Tell whether an amount says in money what the mass before it was worth, or the other way: 5 tonnes for 3 million."""
    if not index:
        return False
    before, amount = view.amounts[index - 1], view.amounts[index]
    if (before.code == "tonne") == (amount.code == "tonne") or not before.code:
        return False
    gap = view.text[before.end : amount.start]
    named = any(before.end <= m.start < amount.start for m in (*view.parties, *view.times))
    nouns = any(before.end <= n.start < amount.start for n in view.nouns)
    return not nouns and not named and view.words.pattern(r"\W*(?:\w+ ){0,2}<worth>\W*(?:<approx>)?\W*|\s?[(]\W*(?:<approx>)?\W*").fullmatch(gap) is not None  # fmt: skip
