"""Owns what stands beside an amount: about or over, goods or services, and the product."""

from __future__ import annotations

import re

from sources.press.scene import Claim, Noun, Scene


def qualify(view: Scene, claim: Claim, noun: Noun, left: int, right: int) -> None:
    """Set the qualifier, concept and product of a claim from the words beside its amount."""
    words, text, amount = view.words, view.text, claim.amount
    if amount.high:
        claim.approx = "range"
    else:
        before = words.ending("approx", text[max(0, amount.start - 40) : amount.start])
        after = words.starting("approx_after", text[amount.end : amount.end + 24])
        # The verb may stand before its subject: exceeded the exports of Iraq 2 billion.
        verb = words.ending("approx", text[max(0, noun.start - 16) : noun.start])
        claim.approx = before or after or (verb or "" if left <= noun.start < amount.start else "")
    floor = max([n.end for n in view.nouns if n.end <= noun.start] + [noun.start - 30, 0])
    first = min([a.start for a in view.amounts if a.start >= noun.end] + [noun.end + 40])
    near = text[max(left, floor) : max(first, amount.start)]
    if noun.start < left:
        near = text[floor:first]
    beside = text[max(left, noun.start - 30) : max(first, amount.start)]
    concept = words.find("concept", near if noun.start < left else beside)
    claim.concept = concept[0][2] if concept else ""
    behind = text[max(left, amount.start - 60) : noun.end + 20]
    base = near if noun.start < amount.start else behind
    product = words.find("product", base)
    if product:
        claim.commodity = base[product[0][0] : product[0][1]].strip()
    item = _item(view, claim, noun, left)
    claim.commodity = item or claim.commodity


_BRACKETED = re.compile(r"([^\d%()（）,;:，；：、]{3,60}) ?[(（] ?$")


def _item(view: Scene, claim: Claim, noun: Noun, left: int) -> str:
    """Give the product that labels an amount: telecom instruments ($6.5 bn), beef grew to 8.8 bn."""
    text, amount = view.text, claim.amount
    if amount.start in view.labels or amount.start < noun.end:
        return ""
    words = view.words
    if noun.start < left:
        named = words.find("product", text[left : amount.start])
        if named:
            start, end, _ = named[-1]
            return text[left + start : left + end].strip()
    if not text.startswith((")", "）"), amount.end) or text.count("(") + text.count("（") < 2:
        return ""
    head = _BRACKETED.search(text[max(0, noun.end) : amount.start])
    if not head:
        return ""
    label = words.pattern(r"^(?:.*(?<!\w)(?:includ\w+|were|are|with|<and>)(?!\w))").sub("", head[1])
    if (
        not label.strip()
        or words.find("flow", label)
        or any(
            m.start >= max(0, amount.start - len(head[0])) and m.end <= amount.start
            for m in view.parties
        )
    ):
        return ""
    return label.strip()
