"""Measures the reading of prose against sentences with gold labels: precision, recall and F1.

Run: python -m benchmarks.extract [rules|kept|news|news1 ...|FILE.csv ...] [--errors] [--speed]
A claim is right as a whole when value, currency, flow, parties and period are right; an empty field is right
only where the text leaves it open, but no more than incomplete in the row "nothing wrong", which counts the claims
of which no field is filled wrongly. The parties of a turnover count in either order. In the claims of a table of one's own `a/b` allows two readings of a field, and a claim behind `?` counts neither way.
"""

from __future__ import annotations

import csv
import itertools
import sys
import time
from collections import Counter
from pathlib import Path

from sources.press import extract
from sources.press.meaning import write

GOLD = Path(__file__).with_name("extract_gold.csv")  # sentences of the rules' authors
NEWS = Path(__file__).with_name(
    "extract_news.csv"
)  # reports retold by others, one set after the other
NOTHING_WRONG = "nothing wrong"
FIELDS = ("value", "currency", "flow", "reporter", "partner", "parties", "period")
SCALES = {"trillion": 1e12, "billion": 1e9, "million": 1e6, "thousand": 1e3}
Claim = dict[str, object]


def gold(split: str) -> list[tuple[str, str, str, list[Claim]]]:
    """Give (language, published, text, claims) of one half of the gold table."""
    out = []
    path = Path(split) if split.endswith(".csv") else NEWS if split.startswith("news") else GOLD
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row.get("half", split) != split:
                continue
            parts = filter(None, map(str.strip, row["claims"].split("|")))
            language = row.get("language") or path.stem
            out.append((language, row["published"], row["text"], [_wanted(p) for p in parts]))
    return out


def sets() -> list[str]:
    """Give the names of the sets of news, in the order in which they were written."""
    with NEWS.open(encoding="utf-8", newline="") as handle:
        return sorted({row["half"] for row in csv.DictReader(handle)})


def _wanted(part: str) -> Claim:
    """Read one claim of a table; a field with a stroke keeps all its readings."""
    words = part.removeprefix("?").split()
    readings = []
    for reporter, partner, flow, period, value, code in itertools.product(
        *(word.split("/") for word in words)
    ):
        readings.append(_claim(reporter, partner, flow, _named(period), float(value), code))
    claim = readings[0]
    claim["readings"] = readings
    claim["open"] = part.startswith("?")
    return claim


def _named(period: str) -> str:
    """Write months that make a quarter, a half or a year by its name: 2016-07..2016-09 is 2016-Q3."""
    first, last = period[:7].split("-") if ".." in period else ("", ""), period[-7:].split("-")
    if not first[0] or first[0] != last[0]:
        return period
    return write(int(first[0]), int(first[1]), int(last[1]))


def _right(found: Claim, wanted: Claim, fields: tuple[str, ...]) -> bool:
    """Tell whether a claim has all these fields as one reading of the wanted claim has them."""
    readings = wanted["readings"]
    assert isinstance(readings, list)
    return any(all(found[f] == one[f] for f in fields) for one in readings)


def _nothing_wrong(found: Claim, wanted: Claim) -> bool:
    """Tell whether no field of a claim is filled otherwise than in one reading of the wanted claim."""
    readings = wanted["readings"]
    assert isinstance(readings, list)
    blank = ("reporter", "partner", "period")
    filled = [f for f in FIELDS if f not in (*blank, "parties")]
    for one in readings:
        sides = [found["reporter"], found["partner"]]
        told = [one["reporter"], one["partner"]]
        if found["flow"] == "turnover" and sides[0] in ("", told[1]) and sides[1] in ("", told[0]):
            sides.reverse()
        same = all(found[f] == one[f] for f in filled)
        open_or_same = zip([*sides, found["period"]], [*told, one["period"]], strict=True)
        if same and all(a in ("", b) for a, b in open_or_same):
            return True
    return False


def _claim(reporter: str, partner: str, flow: str, period: str, value: float, code: str) -> Claim:
    empty = {"-": "", "EU": "EU27"}
    reporter, partner = empty.get(reporter, reporter), empty.get(partner, partner)
    sides = tuple(sorted((reporter, partner))) if flow == "turnover" else (reporter, partner)
    return {
        "value": f"{value:.6g}", "currency": code, "flow": flow, "reporter": reporter,
        "partner": partner, "parties": sides, "period": empty.get(period, period),
    }  # fmt: skip


def read(text: str, published: str) -> list[Claim]:
    """Give the claims that the reader finds in a text."""
    out = []
    for row in extract(text, published=published or None).figures.to_dict("records"):
        scale, _, code = str(row["unit"]).rpartition(" ")
        value = float(row["value"]) * SCALES.get(scale, 1.0)
        sides = (str(row["reporter"]) or "-", str(row["partner"]) or "-")
        out.append(_claim(*sides, str(row["flow"]), str(row["period"]) or "-", value, code))
    return out


def paired(found: list[Claim], wanted: list[Claim]) -> list[tuple[Claim, Claim]]:
    """Pair found claims with wanted ones, those that share most fields first."""

    def likeness(pair: tuple[Claim, Claim]) -> int:
        same = sum(_right(*pair, (name,)) for name in FIELDS)
        return same + 10 * _right(*pair, ("value",))

    left, right, out = list(found), list(wanted), []
    for one, other in sorted(itertools.product(found, wanted), key=likeness, reverse=True):
        if any(one is x for x in left) and any(other is x for x in right):
            left = [x for x in left if x is not one]
            right = [x for x in right if x is not other]
            out.append((one, other))
    return out


def score(split: str, errors: bool = False) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Count (right, found, wanted) for each language (and "all") and field."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    tests = {name: (name,) for name in FIELDS}
    tests["value+currency"] = ("value", "currency")
    tests["claim"] = ("value", "currency", "flow", "parties", "period")
    for language, published, text, wanted in gold(split):
        found = read(text, published)
        pairs = paired(found, wanted)
        spare = [a for a, b in pairs if b["open"]]
        found = [claim for claim in found if not any(claim is one for one in spare)]
        pairs = [pair for pair in pairs if not pair[1]["open"]]
        wanted = [claim for claim in wanted if not claim["open"]]
        for name, fields in tests.items():
            right = sum(_right(a, b, fields) for a, b in pairs)
            for key in ((language, name), ("all", name)):
                counts.setdefault(key, Counter()).update(
                    right=right, found=len(found), wanted=len(wanted)
                )
        kept = sum(_nothing_wrong(a, b) for a, b in pairs)
        for key in ((language, NOTHING_WRONG), ("all", NOTHING_WRONG)):
            counts.setdefault(key, Counter()).update(
                right=kept, found=len(found), wanted=len(wanted)
            )
        whole = sum(_right(a, b, tests["claim"]) for a, b in pairs)
        if errors and (whole < len(wanted) or whole < len(found)):
            print(f"\n{language}: {text}")
            for label, claims in (("wanted", wanted), ("found ", found)):
                for claim in claims:
                    print(
                        "  ",
                        label,
                        " ".join(str(claim[f]) or "-" for f in FIELDS if f != "parties"),
                    )
    return {key: (c["right"], c["found"], c["wanted"]) for key, c in counts.items()}


def rates(right: int, found: int, wanted: int) -> tuple[float, float, float]:
    """Give precision, recall and F1; 1 where there is nothing to find and nothing was found."""
    precision = right / found if found else float(not wanted)
    recall = right / wanted if wanted else float(not found)
    return precision, recall, 2 * right / (found + wanted) if found + wanted else 1.0


def table(split: str, errors: bool = False) -> None:
    """Print the scores of one half: every field over all languages, whole claims for each language."""
    scores = score(split, errors)
    print(f"\n{split}\n{'':16}precision  recall     F1   right found wanted")
    names = [("all", name) for name in (*FIELDS, "value+currency", "claim", NOTHING_WRONG)]
    names += [(language, "claim") for language in sorted({k for k, _ in scores} - {"all"})]
    for key in names:
        precision, recall, f1 = rates(*scores[key])
        label = key[1] if key[0] == "all" else f"claim, {key[0]}"
        print(f"{label:16}{precision:9.2f}{recall:8.2f}{f1:7.2f}{scores[key][0]:8}{scores[key][1]:6}{scores[key][2]:7}")  # fmt: skip


def speed(articles: int = 1000, length: int = 3000) -> float:
    """Give the processor seconds for articles made of the gold texts of one language after the other."""
    by_language: dict[str, list[str]] = {}
    for split in ("rules", "kept"):
        for language, _, text, _ in gold(split):
            by_language.setdefault(language, []).append(text)
    texts = [("\n".join(part) * 20)[:length] for part in by_language.values()]
    start = time.process_time()
    for number in range(articles):
        extract(texts[number % len(texts)], published="2025-10-08")
    return time.process_time() - start


def main(arguments: list[str]) -> None:
    """Print the tables asked for."""
    named = [a for a in arguments if not a.startswith("--")]
    at = named.index("news") if "news" in named else None
    if at is not None:
        named[at : at + 1] = sets()
    for split in named or ["rules", "kept"]:
        table(split, "--errors" in arguments)
    if "--speed" in arguments:
        print(f"\n1,000 articles of 3,000 characters: {speed():.1f} s (limit 30 s)")


if __name__ == "__main__":
    main(sys.argv[1:])
