"""Figures quoted in prose: the two doors, `extract` for a text and `read` for a file."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from sources import areas
from sources.delimited import too_large
from sources.figures import COLUMNS, FINDING_COLUMNS, Reading, empty_figures, figure_ids
from sources.press.agreement import agree
from sources.press.claims import claims
from sources.press.home import spoken_from
from sources.press.once import distinct
from sources.press.scene import Claim, Context
from sources.press.sums import add_up
from sources.press.text import MAX_SENTENCE, main_text, published_in, sentences
from sources.press.vocabulary import Vocabulary, language_of, languages, vocabulary

__all__ = ["extract", "languages", "read"]

_SCALES = ((1e12, "trillion "), (1e9, "billion "), (1e6, "million "), (1e3, "thousand "), (1.0, ""))
# How far a qualifier lets the true value lie from the printed one, as a share of it: down, up.
_WIDTH = {"about": (0.05, 0.05), "nearly": (0.05, 0.0), "over": (0.0, 0.1), "under": (0.1, 0.0)}
_ADVICE = "Check the original and fill the field in by hand."
_MESSAGES = {
    "currency": "no currency is printed; {currency} is read from the amount before",
    "reporter": "the words do not name the reporter; {reporter}, where the text speaks from or whose trade it tells, is read",
    "period": "the text does not date the earlier level; {period}, a year before, is assumed",
}
_CODES = {
    "currency": "CURRENCY_ASSUMED",
    "reporter": "REPORTER_ASSUMED",
    "period": "PERIOD_ASSUMED",
}
_SUM = "the {name} is that of two other figures of the text, with which this one adds up"
_EU27_SINCE = "2020"
# Currencies of several countries that share a name: the CFA franc of the centre and of the west of Africa.
_UNIONS = {
    "XAF": "CMR GAB COG TCD CAF GNQ",
    "XOF": "SEN CIV BEN BFA TGO NER MLI GNB",
}
MAX_PROSE = 300_000  # characters; a report of a hundred pages


def extract(
    text: str, *, file: str = "", published: str | None = None, locale: str | None = None
) -> Reading:
    """Read the trade figures quoted in a text; doubtful fields stay empty, each with a finding.

    `published` (ISO date) fixes relative periods; `locale` overrides the language found.
    """
    body = main_text(text)
    if len(body) > MAX_PROSE:
        raise too_large(
            file, "", f"{len(body):,} characters of prose", f"{MAX_PROSE:,} characters a text"
        )
    language = _language(locale) if locale else language_of(body)
    if language not in languages():
        reason = f"no vocabulary for the language of the text (known: {', '.join(languages())})"
        return Reading(empty_figures(), facts={"file": file, "reader": "press", "notes": reason})
    date = published or published_in(text, body, language)
    words = vocabulary(language)
    pieces = sentences(body, language)
    context = Context(published=_month(date), home=spoken_from(pieces, words))
    found: list[Claim] = []
    for sentence in pieces:
        found += claims(sentence, words, context)
    add_up(found)
    agree(found)
    dollar = _own_dollar(context, body, words)
    meant: dict[str, str] = {}  # one word for a currency means one currency in a text
    for claim in found:
        spelt = claim.currency
        own = dollar.get(claim.reporter) or dollar.get(claim.partner)
        claim.currency = own if own and spelt == "USD" else _national(claim, context.home)
        if " " in spelt:
            claim.currency = meant.setdefault(spelt, claim.currency) or claim.currency
    facts = {"file": file, "reader": "press", "rows": len(found), "language": language}
    if date:
        facts["published"] = date
    if not found:
        return Reading(empty_figures(), facts={**facts, "notes": "the text quotes no trade figure"})
    return _reading(distinct(found), file, date, facts)


def read(path: str | Path, *, published: str | None = None, locale: str | None = None) -> Reading:
    """Read a .txt, .md or .html file of prose in UTF-8; see `extract`."""
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    return extract(text, file=str(path), published=published, locale=locale)


def _language(locale: str | None) -> str:
    tag = (locale or "").replace("-", "_").lower()
    return tag if tag in languages() else tag.partition("_")[0]


def _month(date: str) -> tuple[int, int] | None:
    hit = re.match(r"(\d{4})(?:-(\d\d))?", date)
    return (int(hit[1]), int(hit[2] or 12)) if hit else None


def _national(claim: Claim, home: str) -> str:
    """Give the currency meant by a word that several countries use (dinar): the one of a country named."""
    choices = claim.currency.split()
    if len(choices) < 2:
        return claim.currency
    countries = (areas.iso().get(code, "??") for code in (claim.reporter, claim.partner, home))
    found = next((c for country in countries for c in choices if c[:2] == country), "")
    if found or not set(choices) <= set(_UNIONS):
        return found
    named = {claim.reporter, claim.partner, home}
    return next((c for c in choices if named & set(_UNIONS[c].split())), "")


def _own_dollar(context: Context, body: str, words: Vocabulary) -> dict[str, str]:
    """Give the country that a text speaks from, with its own dollar where a bare sign means it: Canada's exports of $65 bn."""
    if "own_dollar" not in words.rows:
        return {}
    low = body.lower()
    home = context.home or (context.lead if words.find("org", low[:MAX_SENTENCE]) else "")
    own = [code for _, _, code in words.find("own_dollar", home.lower())]
    return {home: own[0]} if own and not words.find("us_dollar", low) else {}


def _reading(found: list[Claim], file: str, date: str, facts: dict[str, object]) -> Reading:
    numbers = [name for name, kind in COLUMNS.items() if kind == "number"]
    blank: dict[str, object] = {name: float("nan") if name in numbers else "" for name in COLUMNS}
    rows = [{**blank, **_row(claim, file, date)} for claim in found]
    named = pd.Series([f"{file} {row['source']}" for row in rows], dtype=object)
    parts = [
        pd.Series([row[name] for row in rows], dtype=object) for name in ("place", "measure", "id")
    ]
    for row, mark in zip(rows, figure_ids(named, *parts), strict=True):
        row["id"] = mark
    findings = []
    for claim, row in zip(found, rows, strict=True):
        missing = [name for name in ("reporter", "partner", "period", "currency") if not row[name]]
        notes = [("PRESS_UNCLEAR", f"the text does not settle the {name}") for name in missing]
        notes += [(_CODES[name], _MESSAGES[name].format(**row)) for name in claim.assumed]
        notes += [("PRESS_SUM", _SUM.format(name=name)) for name in claim.summed]
        for code, message in notes:
            findings.append(
                {"code": code, "severity": "note" if code == "PRESS_SUM" else "warning", "case": "", "figures": row["id"], "file": file,
                 "place": row["place"], "message": f"{row['printed']} {row['printed_unit']}: {message}",
                 "advice": _ADVICE}
            )  # fmt: skip
    return Reading(
        pd.DataFrame({name: [row[name] for row in rows] for name in COLUMNS}),
        findings=pd.DataFrame({name: [f[name] for f in findings] for name in FINDING_COLUMNS}),
        facts=facts,
    )


def _row(claim: Claim, file: str, date: str) -> dict[str, object]:
    amount, sentence = claim.amount, claim.sentence
    money = claim.currency.isupper()
    size = abs(amount.value)
    scale, word = next(((s, w) for s, w in _SCALES if size >= s), (1.0, ""))
    if not money:
        scale, word = (scale, word) if amount.scale > 1 else (1.0, "")
    sign = -1 if claim.negative else 1
    value = round(amount.value / scale, 9)
    if amount.high:
        low, high = amount.low / scale, amount.high / scale
    else:
        half = amount.quantum / scale / 2
        down, up = _WIDTH.get(claim.approx, (0.0, 0.0))
        low, high = value - down * value - half, value + up * value + half
        low = value if claim.approx == "over" else low
        high = value if claim.approx == "under" else high
    value, low, high = sign * value, *sorted((sign * low, sign * high))
    start, end = amount.printed
    printed = sentence.printed(start, end).strip()
    unit = sentence.printed(end, amount.end).strip()
    sign_before = sentence.printed(amount.start, start).strip() if amount.start < start else ""
    areas = {name: _area(getattr(claim, name), claim.period) for name in ("reporter", "partner", "records")}  # fmt: skip
    return {
        **areas, "flow": claim.flow, "period": claim.period, "value": value,
        "unit": word + claim.currency, "source": claim.source or Path(file).name,
        # the place in the sentence keeps two equal figures of one sentence apart
        "id": f"{amount.start} {printed}", "file": file, "place": sentence.place, "printed": printed,
        "printed_unit": f"{sign_before} {unit}".strip(), "quote": sentence.text, "published": date,
        "commodity": claim.commodity, "measure": "value" if money else "net mass",
        "currency": claim.currency, "concept": claim.concept, "status": claim.status or "press",
        "approx": claim.approx, "state": "number", "scale": scale, "low": round(low, 9),
        "high": round(high, 9), "role": "figure",
        "assumed": " ".join(dict.fromkeys((*claim.assumed, *claim.summed))),
    }  # fmt: skip


def _area(code: str, period: str) -> str:
    """Give the code of a party; the European Union is the one of 27 members since 2020."""
    if code == "EU" and (period or "9999")[:4] >= _EU27_SINCE:
        return "EU27"
    return code if areas.kind(code) else ""
