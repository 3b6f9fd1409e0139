"""Owns which amounts of a sentence are levels that another one is told from: set against it, or come from it."""

from __future__ import annotations

from sources.press.numerals import Amount
from sources.press.scene import Claim, Noun, Scene
from sources.press.vocabulary import AGGLUTINATIVE, UNSPACED


def set_against(view: Scene, amount: Amount) -> bool:
    """Tell whether an amount is an earlier level that the one before is compared with: against a gap of 12 bn."""
    words = view.words
    before = view.text[max(0, amount.start - 60) : amount.start].rstrip("- ")
    if words.starting("credit", view.text[amount.end :]) is not None:
        return False  # 66 bn by one office, against 95 bn by another
    approx = words.compiled("approx", "end")
    hit = approx.search(before) if approx else None
    return words.ending("against", before[: hit.start()] if hit else before) is not None


def ends_of(view: Scene) -> tuple[str, str] | None:
    """Give the two years that a sentence says a move took from one to the other: from 2010 to 2016."""
    words = view.words
    if words.language in UNSPACED:
        hit = words.pattern(r"(20\d\d|19\d\d)年?(?:<range>|<to_month>)(20\d\d|19\d\d)年").search(
            view.text
        )
        return (hit[1], hit[2]) if hit else None
    if "moved" not in words.rows:
        return None
    hit = words.pattern(r"(?<!\w)(?:<from_level>|<between>) (20\d\d|19\d\d) (?:<to_level>|<and>) (20\d\d|19\d\d)(?!\d)").search(view.text)  # fmt: skip
    return (hit[1], hit[2]) if hit else None


def came_from(view: Scene, claim: Claim, before: Claim) -> bool:
    """Tell whether an amount is an earlier level without a time: rose to 7 bn in 2023 from 6 bn."""
    if view.words.language not in ("en", "ru", "ar") or claim.flow != before.flow:
        return False
    text = view.text[: claim.amount.start]
    reached = view.words.ending("to_level", view.text[: before.amount.start]) is not None
    return reached and view.words.ending("from_level", text) is not None


def is_origin(view: Scene, amount: Amount) -> bool:
    """Tell whether an amount is the level that a later one of the sentence came from: from 6 to 7 bn."""
    if not followed(view, amount):
        return False
    if view.words.language in AGGLUTINATIVE:
        if view.words.starting("approx_after", view.text[amount.end :]) is not None:
            return False  # exceeded 5 bn: the word is in the same case
        return view.words.ending("ablative", view.text[amount.start : amount.end]) is not None
    if view.words.language == "ja":  # 4億8700万ドルから7800万ドルに減った
        rest = view.text[amount.end :]
        behind = view.words.pattern("(?:<currency>)?(?:<ablative>)").match(rest) is not None
        return behind and bool(view.words.find("to_level", rest))
    before = view.text[max(0, amount.start - 16) : amount.start]
    later = [a.start for a in view.amounts if a.start > amount.start]
    plain = [at for at in later if view.text.rfind("(", 0, at) <= view.text.rfind(")", 0, at)]
    following = (plain or later)[0]  # from 130 thousand tonnes (worth 18 m) to 191
    gap = view.text[amount.end : following]
    trimmed = view.words.pattern(r"(?:<approx>)\s?$").sub("", before)  # from about 5 bn
    if "level_note" in view.words.rows:  # from a revised 5 bn, from September's record 5 bn
        ahead = view.text[max(0, amount.start - 40) : amount.start]
        trimmed = view.words.pattern(r"(?:(?<!\w)(?:<level_note>)\s){1,3}$").sub("", ahead)
    if any(amount.end <= n.start < following for n in view.nouns):
        return False  # of 5 bn; the gap rose to 3 bn
    if view.words.find("figure", gap) and view.words.find("status", gap):
        return False  # it was close to 12 bn, and this figure is to be raised to 15 bn
    if view.clause(amount.start)[1] < following:
        return False  # showed a gap of 5 bn, while the other one fell to 3 bn
    gap = view.words.pattern(r"\s?(?:<sign>)\s?$").sub("", gap)  # from US$ 4 bn to US$ 5 bn
    comes = any(view.words.ending("from_level", text) is not None for text in (before, trimmed))
    return comes and len(gap) < 70 and view.words.ending("to_level", gap) is not None


def left_level(view: Scene, amount: Amount, noun: Noun) -> bool:
    """Tell whether the noun of an amount is what a country moved away from: from a deficit of 5 bn to a surplus."""
    if (
        not {"article", "number"} <= view.words.rows.keys()
        or not followed(view, amount)
        or noun.end > amount.start
    ):
        return False
    ahead = view.words.pattern(r" (?:<article>|<number>) ?$").sub("", view.text[: noun.start])
    return view.words.ending("from_level", ahead) is not None


def was_level(view: Scene, amount: Amount) -> bool:
    """Tell whether an amount is the level that its noun had before: 5 milyar dolar olan ihracat 6 milyara (rose to 6)."""
    earlier = view.words.starting("earlier", view.text[amount.end :]) is not None
    return earlier and followed(view, amount)


def followed(view: Scene, amount: Amount) -> bool:
    """Tell whether another amount follows in the sentence."""
    return any(a.start > amount.start for a in view.amounts)
