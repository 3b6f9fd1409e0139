"""Owns which amounts are changes of trade, not levels: rose by 3 billion, 3 billion more than a year before."""

from __future__ import annotations

import re

from sources.press.numerals import Amount
from sources.press.scene import Scene
from sources.press.vocabulary import AGGLUTINATIVE

_NEAR = 40  # characters between two amounts that share a verb


def is_change(view: Scene, amount: Amount) -> bool:
    """Tell whether an amount is a change, not a level: rose by 12 bn, 3 bn more than a year before."""
    lo = view.clause(amount.start)[0]
    aside = r"\([^()]*\)| - [^-]{3,60} - "  # the surplus (the difference between both) grew to 5 bn
    before = view.text[max(0, amount.start - 48) : amount.start]
    words = view.words
    if words.ending("level", before) is not None:
        return False  # rose above 5 bn
    if words.find("void", re.sub(aside, " ", view.text[lo : amount.start])):
        return True
    earlier = [a for a in view.amounts if a.end <= amount.start]
    if earlier and words.rows.get("level") and words.ending("and", before) is not None:
        gap = view.text[earlier[-1].end : amount.start]
        if not words.find("level", gap) and len(gap) < 40 and is_change(view, earlier[-1]):
            return True  # an increase of 9 bn in goods and 4 bn in services
    if re.search(r"\+\s?$|[(（]\s?-\s?$", before):
        return True
    last = amount.end
    if words.language in AGGLUTINATIVE:  # the case of the last word tells "to" from "by"
        last = view.text.rfind(" ", amount.start, amount.end) + 1 or amount.end
    after = view.text[last : last + 60]
    if re.search(r"[%％](?: \w+)? ?[(（]\s?$", view.text[: amount.start]):
        held = (
            "_" if words.language in AGGLUTINATIVE else ""
        )  # there a word with its case stands first
        after = re.sub(r"^[^()（）]{0,8}[)）]", held, after)  # by 26 % ($8.7 bn) more
    if words.starting("change_after", after) is not None:
        return True
    if words.language in AGGLUTINATIVE and _with_next(view, amount):
        return True
    approx = words.compiled("approx", "end")
    trimmed = before
    for _ in range(2):
        hit = approx.search(trimmed) if approx else None
        trimmed = trimmed[: hit.start()] if hit and hit.end() == len(trimmed) else trimmed
    if words.ending("level", trimmed) is not None:
        return False  # rose to about 5 bn
    return any(words.ending("change_before", part) is not None for part in {before, trimmed})


def _with_next(view: Scene, amount: Amount) -> bool:
    """Tell whether an amount shares its case and the verb of a change with the next one: 12 тоннага, 5 млн долларга азайган."""
    later = [a for a in view.amounts if a.start >= amount.end][:1]
    if not later or (later[0].code == "tonne") == (amount.code == "tonne"):
        return False
    gap = view.text[amount.end : later[0].start]
    alike = view.text[amount.end - 2 : amount.end] == view.text[later[0].end - 2 : later[0].end]
    between = [*(n.start for n in view.nouns), *(m.start for m in view.parties)]
    apart = any(amount.end <= start < later[0].start for start in between)
    return alike and len(gap) < _NEAR and not apart and is_change(view, later[0])
