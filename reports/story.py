"""Owns what a reader is told first: which cases come first, and one plain sentence a case."""

from __future__ import annotations

from typing import Any

from reconcile.causes.words import phrase
from reconcile.result import Result
from reports import labels

Row = dict[str, Any]
ORDER = (
    "discrepancy",
    "not comparable",
    "within tolerance",
    "within rounding",
    "agree",
    "single source",
)
SEVERITIES = ("error", "warning", "note")


def ranked(result: Result) -> list[Row]:
    """Give the cases, those that need attention first: by verdict, then by the size of the gap.

    Among discrepancies money comes before quantities, and a comparison of the two parties before other
    kinds, so that a total measured against its own parts never heads the list. Each row gets its `unit`.
    """
    located = set(result.members["case"]) if len(result.members) else set()
    units = labels.units(result)

    def key(row: Row) -> tuple[int, bool, bool, int, float]:
        verdict = labels.text(row["verdict"])
        place = ORDER.index(verdict) if verdict in ORDER else len(ORDER)
        gap = labels.number(row["gap"]) or 0.0
        quantity = row["unit"] != result.basis.currency
        return place, quantity, row["id"] not in located, int(row["kind"] == "parts"), -abs(gap)

    rows = labels.rows(result.cases)
    for row in rows:
        row["unit"] = units.get(str(row["figure_a"]), result.basis.currency)
    return sorted(rows, key=key)


def scale(result: Result) -> tuple[float, str, str]:
    """Give (size, words, unit) in which the first case and those of its unit read best: 1e9, billion USD, USD."""
    rows = compared(result)
    unit = str(rows[0]["unit"]) if rows else result.basis.currency
    amounts = [labels.number(row["highest"]) for row in rows if row["unit"] == unit]
    size, word = labels.scale_of(max((abs(found) for found in amounts if found), default=1.0))
    prices = result.basis.prices if unit == result.basis.currency else None
    return size, f"{word} {unit}{f' at {prices} prices' if prices else ''}".strip(), unit


def compared(result: Result) -> list[Row]:
    """Give the ranked cases that have a gap."""
    return [row for row in ranked(result) if labels.number(row["gap"]) is not None]


def counts(result: Result) -> dict[str, int]:
    """Give the number of cases by verdict, in the order of the verdicts."""
    found = result.cases["verdict"].value_counts().to_dict() if len(result.cases) else {}
    ordered = [name for name in ORDER if name in found]
    return {name: int(found[name]) for name in [*ordered, *(n for n in found if n not in ORDER)]}


def by_case(result: Result) -> dict[str, list[Row]]:
    """Give the causes of each case, in the order in which they claim."""
    out: dict[str, list[Row]] = {}
    for row in labels.rows(result.causes):
        out.setdefault(str(row["case"]), []).append(row)
    return out


def claiming(causes: list[Row]) -> list[Row]:
    """Give the causes that claim an amount, the largest first."""
    found = [row for row in causes if labels.number(row["amount"])]
    return sorted(found, key=lambda row: -abs(labels.number(row["amount"]) or 0.0))


def main_cause(causes: list[Row]) -> str:
    """Name the cause that claims most, with its evidence; an empty text where none claims."""
    for row in claiming(causes):
        return f"{row['cause']} ({row['evidence']})" if row["evidence"] else str(row["cause"])
    return ""


def explained_pct(case: Row) -> float | None:
    """Give the explained part in percent of the gap, None where there is no gap."""
    gap, part = labels.number(case["gap"]), labels.number(case["explained"])
    return None if not gap or part is None else 100 * part / gap


def sources(result: Result) -> dict[str, str]:
    """Give the source of each figure by id; with the reporter where one source speaks for both sides."""
    figures = result.figures.drop_duplicates("id").set_index("id")
    named = figures["source"].map(labels.text)
    cases = result.cases[result.cases["figure_b"] != ""]
    a, b = (cases[end].map(named) for end in ("figure_a", "figure_b"))
    one, other = (cases[end].map(figures["reporter"]) for end in ("figure_a", "figure_b"))
    both = set(a[(a == b) & (one != other)])
    if both:
        whole = figures["reporter"].map(labels.area) + " in " + named
        named = named.where(~named.isin(both), whole)
    return {str(key): str(name) for key, name in named.items()}


def moved(result: Result) -> list[str]:
    """Say for each balanced case how far each source was moved."""
    if result.balances.empty:
        return []
    source, units = sources(result), labels.units(result)
    amounts = dict(zip(result.figures["id"].astype(str), result.figures["amount"]))
    return [labels.moves(value, source, amounts, units) for value in result.balances["moves"]]


def sentence(case: Row, causes: list[Row], source: dict[str, str], unit: str) -> str:
    """Say a case in one plain sentence: both figures with who says them, and what is left of the gap."""
    unit = case.get("unit", unit)
    ends = [
        f"{labels.amount(case[end], unit)}{_who(case, end, source)}"
        for end in ("lowest", "highest")
        if labels.number(case[end]) is not None
    ]
    if labels.number(case["gap"]) is None:
        return f"{labels.case(case)}: {ends[0] if ends else 'no amount'}; {labels.text(case['verdict'])}."
    text = f"{labels.case(case)}: {' against '.join(ends)}, {case['verdict']}"
    gap = f"; the gap is {shares(case)}" if shares(case) else ""
    return f"{text}{gap}. {taken_apart(case, causes, unit)}"


def shares(case: Row) -> str:
    """Give the gap as a percentage of each base; nothing where there is no gap."""
    bases = (("gap_pct_mean", "mean"), ("gap_pct_lowest", "lowest"), ("gap_pct_highest", "highest"))
    found = [
        f"{labels.percent(case[name])} of the {base}"
        for name, base in bases
        if labels.number(case[name])
    ]
    return ", ".join(found)


def taken_apart(case: Row, causes: list[Row], unit: str) -> str:
    """Say what the causes claim: Of 23.1 billion USD, 1.8 is CIF/FOB (estimated), 15.3 is unexplained."""
    unit = case.get("unit", unit)
    gap = labels.number(case["gap"]) or 0.0
    if not gap:
        return "There is no gap."
    size, _ = labels.scale_of(gap)
    whole = labels.amount(abs(gap), unit)
    sign = 1 if gap > 0 else -1
    claims: dict[str, float] = {}
    for row in claiming(causes):
        part = sign * (labels.number(row["amount"]) or 0.0) / size
        evidence = f" ({row['evidence']})" if labels.text(row["evidence"]) else ""
        said = phrase(row) + evidence + (" against the gap" if part < 0 else "")
        claims[said] = claims.get(said, 0.0) + part
    parts = [f"{labels.decimal(part)} {said}" for said, part in claims.items()]
    residual = labels.number(case["residual"])
    residual = gap if residual is None else residual
    left = sign * residual / size
    if not parts:
        return f"Of {whole}, all is unexplained." if residual else f"The gap is {whole}."
    if abs(residual) <= 1e-9 * abs(gap):
        parts.append("nothing is unexplained")
    else:
        parts.append(f"{labels.decimal(left)} is unexplained")
    return f"Of {whole}, {', '.join(parts)}."


def _who(case: Row, end: str, source: dict[str, str]) -> str:
    """Name the source whose figure is the lowest or the highest, in brackets."""
    gap = labels.number(case["gap"])
    if gap is None:
        key = case["figure_a"]
    else:
        key = case["figure_a"] if (end == "lowest") == (gap >= 0) else case["figure_b"]
    name = source.get(str(key), "")
    return f" ({name})" if name else ""


def findings(result: Result, limit: int = 12) -> tuple[list[Row], int]:
    """Give the findings to read first (not the gaps themselves: sentences say those), and how many more.

    Findings of one code are told once for every three, so that one code does not fill the page.
    """
    place = {str(row["id"]): number for number, row in enumerate(ranked(result))}
    found = [row for row in labels.rows(result.findings) if row["code"] != "GAP"]

    def key(row: Row) -> tuple[int, int]:
        severity = labels.text(row["severity"])
        rank = SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
        return rank, place.get(labels.text(row["case"]), len(place))

    told: dict[str, int] = {}
    chosen: list[Row] = []
    for row in sorted(found, key=key):
        told[row["code"]] = told.get(row["code"], 0) + 1
        if told[row["code"]] <= 3 and len(chosen) < limit:
            chosen.append(row)
    return chosen, len(found) - len(chosen)
