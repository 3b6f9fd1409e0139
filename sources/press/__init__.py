"""Figures quoted in prose: the two doors, `extract` for a text and `read` for a file."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pandas as pd

from sources.figures import FINDING_COLUMNS, Reading, empty_figures, figure_id
from sources.press.claims import Claim, Context, amount_pattern, claims
from sources.press.text import main_text, sentences
from sources.press.vocabulary import language_of, languages, vocabulary

_SCALES = ((1e12, "trillion "), (1e9, "billion "), (1e6, "million "), (1e3, "thousand "), (1.0, ""))
_WIDTH = {"about": 0.05, "nearly": 0.05, "over": 0.1, "under": 0.1}
_pattern = functools.cache(lambda language: amount_pattern(vocabulary(language)))


def extract(
    text: str, *, file: str = "", published: str | None = None, locale: str | None = None
) -> Reading:
    """Read the trade figures quoted in a text; doubtful fields stay empty, each with a finding.

    `published` (ISO date) fixes relative periods; `locale` overrides the language found.
    """
    body = main_text(text)
    language = (locale or "")[:2] or language_of(body)
    if language not in languages():
        reason = f"no vocabulary for the language of the text (known: {', '.join(languages())})"
        return Reading(empty_figures(), facts={"file": file, "reader": "press", "notes": reason})
    date = published or next(iter(re.findall(r"\b20\d\d-\d\d-\d\d\b", body[:400])), "")
    context = Context(published=int(date[:4]) if re.match(r"\d{4}", date) else None)
    words = vocabulary(language)
    found: list[Claim] = []
    paragraph = 0
    for sentence in sentences(body):
        if sentence.paragraph > paragraph + 1:
            context.period = ""
        before = len(found)
        found += claims(sentence, words, _pattern(language), context)
        paragraph = sentence.paragraph if len(found) > before else paragraph
    rows, findings = [], []
    for claim in found:
        row = _row(claim, file, date)
        rows.append(row)
        missing = [name for name in ("reporter", "partner", "period") if not row[name]]
        notes = [("PRESS_UNCLEAR", f"the text does not settle the {name}") for name in missing]
        if claim.assumed:
            notes.append(("CURRENCY_ASSUMED", f"{claim.currency} read from the same sentence"))
        for code, message in notes:
            findings.append(
                {"code": code, "severity": "warning", "case": "", "figures": row["id"], "file": file,
                 "place": row["place"], "message": f"{claim.printed} {claim.printed_unit}: {message}",
                 "advice": "Check the original and fill the field in by hand."}
            )  # fmt: skip
    figures = empty_figures()
    if rows:
        numbers = ("value", "scale", "low", "high")
        blank = {name: (None if name in numbers else "") for name in figures.columns}
        figures = pd.DataFrame([{**blank, **row} for row in rows], columns=list(blank))
    return Reading(
        figures,
        findings=pd.DataFrame(findings, columns=FINDING_COLUMNS),
        facts={"file": file, "reader": "press", "rows": len(rows), "language": language},
    )


def read(path: str | Path, *, published: str | None = None, locale: str | None = None) -> Reading:
    """Read a .txt, .md or .html file of prose in UTF-8; see `extract`."""
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    return extract(text, file=str(path), published=published, locale=locale)


def _row(claim: Claim, file: str, date: str) -> dict[str, object]:
    size = abs(claim.value)
    if claim.currency.isupper():
        scale, word = next(((s, w) for s, w in _SCALES if size >= s), (1.0, ""))
    else:
        scale, word = next(((s, w) for s, w in _SCALES if claim.scale >= s), (1.0, ""))
    value = round(claim.value / scale, 9)
    half = claim.quantum / scale / 2
    wide = _WIDTH.get(claim.approx, 0) * abs(value)
    low = value - (wide if claim.approx in ("about", "nearly", "under") else 0) - half
    high = value + (wide if claim.approx in ("about", "over") else 0) + half
    return {
        "reporter": claim.reporter, "partner": claim.partner, "flow": claim.flow,
        "period": claim.period, "value": value, "unit": word + claim.currency,
        "source": claim.source, "id": figure_id(file, claim.sentence.place, str(claim.start), claim.printed),
        "file": file, "place": claim.sentence.place, "printed": claim.printed,
        "printed_unit": claim.printed_unit, "quote": claim.sentence.text, "published": date,
        "commodity": claim.commodity, "measure": "value" if claim.currency.isupper() else "net mass",
        "currency": claim.currency, "concept": claim.concept, "records": claim.records,
        "status": claim.status or "press", "approx": claim.approx, "state": "number" if value else "zero",
        "scale": scale, "low": low, "high": high, "role": "figure",
    }  # fmt: skip
