"""Owns lists that are printed line by line: the line that heads them, and what a line leaves to it."""

from __future__ import annotations

import re

from sources.press.meaning import settle
from sources.press.scene import OPPOSITE, Context, Scene
from sources.press.vocabulary import AGGLUTINATIVE

_LONG = 60  # characters; what stands before the amount of a line that only names something
_MARK = 5  # characters: 12. or a dash
_GAP = re.compile(r"[^\d;]{0,16}")


def label(view: Scene, context: Context) -> bool:
    """Tell whether a line is one of a list, and tie the country that opens it to its amount: 2. Turkey - $510 million."""
    if not context.listing or not view.amounts or any(not n.weak for n in view.nouns):
        return False
    start = view.amounts[0].start
    ahead = [m for m in view.parties if m.end <= start]
    if not ahead:
        return start < _LONG and bool(view.words.find("product", view.text[:start]))
    near = _GAP.fullmatch(view.text[ahead[-1].end : start]) is not None
    if len(ahead) > 1 or ahead[0].start > _MARK or not near:
        return False
    view.labels = {**view.labels, start: ahead[0]}
    return True


def head(view: Scene, context: Context, told: bool) -> None:
    """Keep that a line opens a list, whose list it is and of what: Kenya's top export markets in 2023 were:."""
    flow = _flow(view, context) if view.text.rstrip().endswith(":") else ""
    context.listing = (context.listing and told) or flow != ""
    if not context.listing or told or view.amounts:
        return
    owners = {m.code for m in view.parties if m.role != "in" and m.kind != "city"}
    weak = all(n.weak for n in view.nouns)
    turned = context.story and weak and OPPOSITE.get(flow) == context.last[2]
    # Its exports were 5 bn. Nearly all buyers took more:
    context.flow, context.fresh = context.last[2] if turned and not owners else flow, True
    dated = [w for w in view.times if w.year or w.shift is not None]
    if len(dated) == 1:
        when = settle(dated[0], context.published, "", context.year, context.home)
        context.period = when or context.period
    if len(owners) == 1:
        context.national, context.pair, context.anchor = owners.pop(), ("", ""), ""


def _flow(view: Scene, context: Context) -> str:
    """Give the one flow that a heading names, "" for none or several; a verb goes on with that of the text."""
    flows = {n.flow for n in view.nouns if n.flow and (not n.weak or n.kind == "rank")}
    flows = flows or {code for _, _, code in view.words.find("rank_flow", view.text) if code}
    verbs = {n.flow for n in view.nouns if n.flow and view.words.language in AGGLUTINATIVE}
    flows = flows or (verbs if verbs == {context.flow} else set())
    bought = {n.flow for n in view.nouns if OPPOSITE.get(n.flow) == context.last[2] and n.weak}
    flows = flows or (bought if context.story and not view.parties else set())
    return flows.pop() if len(flows) == 1 else ""
