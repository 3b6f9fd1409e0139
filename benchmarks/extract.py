"""Measures the reading of prose against sentences with gold labels: precision, recall and F1.

Run: python -m benchmarks.extract [rules|kept] [--errors] [--speed]
A claim is right as a whole when value, currency, flow, parties and period are right; an empty field is right
only where the text leaves it open. The parties of a turnover count in either order.
"""

from __future__ import annotations

import csv
import itertools
import sys
import time
from collections import Counter
from pathlib import Path

from sources.press import extract

GOLD = Path(__file__).with_name("extract_gold.csv")
FIELDS = ("value", "currency", "flow", "reporter", "partner", "parties", "period")
SCALES = {"trillion": 1e12, "billion": 1e9, "million": 1e6, "thousand": 1e3}
Claim = dict[str, object]


def gold(split: str) -> list[tuple[str, str, str, list[Claim]]]:
    """Give (language, published, text, claims) of one half of the gold table."""
    out = []
    with GOLD.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["half"] != split:
                continue
            claims = []
            for part in filter(None, map(str.strip, row["claims"].split("|"))):
                reporter, partner, flow, period, value, code = part.split()
                claims.append(_claim(reporter, partner, flow, period, float(value), code))
            out.append((row["language"], row["published"], row["text"], claims))
    return out


def _claim(reporter: str, partner: str, flow: str, period: str, value: float, code: str) -> Claim:
    empty = {"-": ""}
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
        same = sum(pair[0][name] == pair[1][name] for name in FIELDS)
        return same + 10 * (pair[0]["value"] == pair[1]["value"])

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
        for name, fields in tests.items():
            right = sum(all(a[f] == b[f] for f in fields) for a, b in pairs)
            for key in ((language, name), ("all", name)):
                counts.setdefault(key, Counter()).update(
                    right=right, found=len(found), wanted=len(wanted)
                )
        whole = sum(all(a[f] == b[f] for f in tests["claim"]) for a, b in pairs)
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
    names = [("all", name) for name in (*FIELDS, "value+currency", "claim")]
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
    for split in [a for a in arguments if a in ("rules", "kept")] or ["rules", "kept"]:
        table(split, "--errors" in arguments)
    if "--speed" in arguments:
        print(f"\n1,000 articles of 3,000 characters: {speed():.1f} s (limit 30 s)")


if __name__ == "__main__":
    main(sys.argv[1:])
