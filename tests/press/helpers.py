"""Owns the short form in which the tests of prose write a claim: KAZ CHN turnover 2024 43.8e9 USD."""

from __future__ import annotations

from sources.press import extract

SCALES = {"trillion": 1e12, "billion": 1e9, "million": 1e6, "thousand": 1e3}


def claims(text: str, published: str | None = "2025-10-08", locale: str | None = None) -> list[str]:
    """Give the claims of a text in the short form, in order; - for a field that is left open."""
    out = []
    for row in extract(text, published=published, locale=locale).figures.to_dict("records"):
        scale, _, code = str(row["unit"]).rpartition(" ")
        value = float(row["value"]) * SCALES.get(scale, 1.0)
        fields = [str(row[name]) or "-" for name in ("reporter", "partner", "flow", "period")]
        out.append(" ".join([*fields, f"{value:.6g}", code or "-"]))
    return out


def wanted(text: str) -> list[str]:
    """Read claims written in the short form, parted by a bar; numbers as 43.8e9."""
    out = []
    for part in filter(None, map(str.strip, text.split("|"))):
        *fields, value, code = part.split()
        out.append(" ".join([*fields, f"{float(value):.6g}", code]))
    return out
