"""Owns the stretch of text around an amount: where the words that are its own begin and end."""

from __future__ import annotations

import re

from sources.press.govern import converted, tight, worth
from sources.press.scene import Scene
from sources.press.vocabulary import TIME_FIRST, VERB_LAST


def left_end(view: Scene, index: int) -> int:
    """Give where the stretch before an amount begins: behind what belongs to the amount before."""
    if not index:
        return 0
    limit = right_end(view, index - 1)
    start, before = view.amounts[index].start, view.amounts[index - 1]
    if limit < start:
        return limit
    own = tight(view, before)
    if own is None or own.end >= start or view.words.language in VERB_LAST:
        return before.end
    # 5 bn were exports from Poland and 3 bn imports: Poland belongs to the exports
    cut = [m.end() for m in view.words.pattern(r",|(?<!\w)<and>(?!\w)").finditer(view.text, own.end, start)]  # fmt: skip
    return cut[-1] if cut else before.end


def right_end(view: Scene, index: int) -> int:
    """Give where the stretch after an amount ends: the next amount, the next noun of a flow, the clause."""
    amount = view.amounts[index]
    limit = view.clause(amount.start)[1]
    following = index + 1
    while following < len(view.amounts) and (converted(view, following) or worth(view, following)):
        following += 1
    if following < len(view.amounts):
        limit = min(limit, view.amounts[following].start)
        if view.words.language in TIME_FIRST:
            comma = re.search(r"[,;、，](?!\d)", view.text[amount.end : limit])
            limit = amount.end + comma.start() if comma else limit
    for noun in view.nouns:
        if amount.end + 3 < noun.start < limit and noun is not tight(view, amount):
            cut = max((m.start() for m in re.finditer(r",(?!\d)|[،，、]|(?<!\w)(?:and|и|et|und|y|e|ve|va|و)(?!\w)", view.text[amount.end : noun.start])), default=-1)  # fmt: skip
            if cut >= 0:
                limit = amount.end + cut
                break
    return limit
