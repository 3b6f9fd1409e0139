"""What Comtrade's area codes mean here: one area of ISO alpha-3, or no single partner at all."""

from __future__ import annotations

import re

from sources import geography

# Comtrade's codes that are no single partner (UN Comtrade, list of partner areas)
UNALLOCATED = {
    "0": "World", "World": "World", "W00": "World", "WLD": "World",
    "97": "European Union", "EU2": "European Union", "EUN": "European Union", "EUR": "European Union",
    "899": "Areas, nes", "_X": "Areas, nes", "ANS": "Areas, nes", "UNS": "Areas, nes",
    "837": "Bunkers", "X1": "Bunkers", "838": "Free zones", "X2": "Free zones",
    "839": "Special categories", "XX": "Special categories",
    "568": "Other Europe, nes", "E19": "Other Europe, nes", "577": "Other Africa, nes",
    "F19": "Other Africa, nes", "636": "Rest of America, nes", "527": "Oceania, nes",
    "O19": "Oceania, nes", "637": "North and Central America, nes", "A59": "North and Central America, nes",
    "473": "LAIA, nes", "A79": "Rest of America or LAIA, nes", "471": "CACM, nes", "R91": "CACM, nes",
    "472": "Africa CAMEU, nes", "_AC": "Africa CAMEU, nes", "129": "Caribbean, nes",
    "A49": "Caribbean, nes", "221": "Eastern Europe, nes", "E29": "Eastern Europe, nes",
    "697": "EFTA, nes", "R20": "EFTA, nes", "492": "Europe EU, nes", "290": "Northern Africa, nes",
    "F49": "Northern Africa, nes", "879": "Western Asia, nes", "F97": "Western Asia, nes",
    "536": "Neutral zone", "975": "ASEAN", "80": "Antarctica and other territories",
}  # fmt: skip
# Comtrade's codes whose area is reported under another code, or a composite that stands for one
SAME = {
    "490": "TWN", "S19": "TWN", "58": "BEL", "200": "CZE", "280": "DEU", "841": "USA",
    "842": "USA", "840": "USA", "251": "FRA", "250": "FRA", "381": "ITA", "380": "ITA", "579": "NOR",
    "578": "NOR", "757": "CHE", "756": "CHE", "699": "IND", "356": "IND", "711": "ZAF", "ZA1": "ZAF",
    "736": "SDN", "729": "SDN", "891": "SRB", "SCG": "SRB", "810": "RUS", "SUN": "RUS", "DDR": "DEU",
    "ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "SER": "SRB", "MNT": "MNE",
    "886": "YEM", "278": "DEU", "230": "ETH", "530": "CUW", "ANT": "CUW", "590": "PAN", "588": "PAK",
    "868": "VNM", "658": "KNA", "890": "SRB", "YUG": "SRB", "_KS": "XKX", "CSK": "CZE",
}  # fmt: skip
COMPOSITE = {
    "490", "S19", "58", "280", "200", "711", "ZA1", "736", "891", "SCG", "810", "SUN", "DDR",
}  # fmt: skip


def plain(text: str) -> str:
    """A code without blanks and, where it is a number, without leading zeros (`004` is 4)."""
    text = text.strip()
    return text.lstrip("0") or "0" if text.isdigit() else text


def resolve(
    texts: set[str], reporters: set[str], known: frozenset[str]
) -> tuple[dict[str, str], set[str]]:
    """(text -> ISO alpha-3 for single areas, codes kept although no list knows them).

    Kept are reporters of three letters or digits and partners of three letters; a partner's unknown code with
    digits is Comtrade's way to write a rest of a continent.
    """
    numbers = geography.numbers()
    found: dict[str, str] = {}
    odd = set()
    for text in texts:
        code = plain(text)
        if not code or code in UNALLOCATED:
            continue
        one = SAME.get(code) or (code if code in known else None) or numbers.get(code)
        if one is None and re.fullmatch(
            "[A-Z][A-Z0-9]{2}" if text in reporters else "[A-Z]{3}", code
        ):
            one = code
            odd.add(code)
        if one is not None:
            found[text] = one
    return found, odd
