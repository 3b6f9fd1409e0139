"""Owns the cases of names in Russian prose: whose trade it is (genitive), who does it (nominative), by and to whom."""

from __future__ import annotations

_INSTRUMENTAL = ("ом", "ем", "ой", "ей", "ью", "ым", "им", "ами")
_UNDECLINED = ("о", "и", "у", "э", "е")
_SHORT = 3  # letters of an abbreviation, which has no cases


def case(word: str, nominatives: frozenset[str]) -> str:
    """Give the case that the ending of a name shows: nom, gen, dat, ins; "" where it may be several."""
    if len(word) <= _SHORT:
        return ""
    if word in nominatives:
        return "" if word.endswith(_UNDECLINED) else "nom"
    if word.endswith(_INSTRUMENTAL):
        return "ins"
    stem, ending = word[:-1], word[-1]
    masculine = {stem, stem + "й", stem + "ь"} & nominatives
    if ending in "ыи" or (masculine and ending in "ая"):
        return "gen"
    return "dat" if masculine and ending in "ую" else ""
