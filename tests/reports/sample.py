"""A small hand-made Result whose every number can be added in the head. Owns nothing else.

Two sources give China's trade with Central Asia in 2024: 66.2 and 94.8 billion USD, gap 28.6. By member
the gap is 13.72 (Kazakhstan), -4.22 (Uzbekistan), 0.05 (Turkmenistan) and 19.07 for the other two, whose
figures exist only by subtraction and addition; together 28.62, so -0.02 is left to rounding. A total in
yuan, one of 2023 at the prices of 2024, one in euros, one with its sign turned, and one not reported.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from reconcile.expressions import evaluate, names
from reconcile.result import (
    AMOUNTS,
    ASSUMPTIONS,
    BALANCES,
    CASES,
    CAUSES,
    INPUTS,
    LEDGER,
    MEMBERS,
    SENSITIVITY,
    SOURCES,
    Basis,
    Result,
    table,
)
from sources.figures import COLUMNS, FINDING_COLUMNS, SET_ASIDE_COLUMNS

NAN = float("nan")
RATES = {
    "fx-CNY-2024": (7.1975, "CNY per USD", "IMF, period average"),
    "fx-EUR-2024": (0.9239, "EUR per USD", "IMF, period average"),
    "cpi-USA-2023": (304.702, "index, 1982-84 = 100", "BLS, annual average"),
    "cpi-USA-2024": (313.689, "index, 1982-84 = 100", "BLS, annual average"),
    "tolerance": (0.10, "share of the mean", "rule of this report"),
    "cif-margin": (0.05, "share of the FOB value", "assumed"),
}
OPS = {
    "×": lambda a, b: a * b,
    "÷": lambda a, b: a / b,
    "+": lambda a, b: a + b,
    "−": lambda a, b: a - b,
    "=": lambda a, b: b,
}
FX = ("currency", "÷", "fx-CNY-2024")
PRINTS: list[tuple[Any, ...]] = [
    # id, source, reporter, partner, flow, period, number, low, high, unit, approx, further steps
    ("a-total", "Regional bank", "C_ASIA", "CHN", "turnover", "2024", 66.2, 66.15, 66.25, "", []),
    ("b-total", "Chinese customs", "CHN", "C_ASIA", "turnover", "2024", 94.8, 94.75, 94.85, "", []),
    ("b-cny", "Chinese customs", "CHN", "C_ASIA", "turnover", "2024", 674.15, 674.145, 674.155, "", [FX]),
    ("a-kaz", "Regional bank", "KAZ", "CHN", "turnover", "2024", 30.1, 30.05, 30.15, "", []),
    ("b-kaz", "Chinese customs", "CHN", "KAZ", "turnover", "2024", 43.82, 43.815, 43.825, "", []),
    ("a-uzb", "Regional bank", "UZB", "CHN", "turnover", "2024", 18.0, 17.95, 18.05, "", []),
    ("b-uzb", "Chinese customs", "CHN", "UZB", "turnover", "2024", 13.78, 13.775, 13.785, "", []),
    ("a-tkm", "Regional bank", "TKM", "CHN", "turnover", "2024", 10.6, 10.55, 10.65, "", []),
    ("b-tkm", "Chinese customs", "CHN", "TKM", "turnover", "2024", 10.65, 10.645, 10.655, "", []),
    ("b-kgz", "Chinese customs", "CHN", "KGZ", "turnover", "2024", 22.71, 22.705, 22.715, "", []),
    ("b-tjk", "Chinese customs", "CHN", "TJK", "turnover", "2024", 3.86, 3.855, 3.865, "", []),
    (
        "ru-2023", "AFP quoting Russian data", "RUS", "C_ASIA", "turnover", "2023", 44, 41.8, 46.2, "about",
        [("prices (from)", "÷", "cpi-USA-2023"), ("prices (to)", "×", "cpi-USA-2024")],
    ),
    ("ru-2024", "President of Russia", "RUS", "C_ASIA", "turnover", "2024", 45, 45, 47.25, "over", []),
    (
        "eu-eur", "=cmd|'/c calc'!A1", "C_ASIA", "EU27", "turnover", "2024", 54, 53.5, 54.5, "",
        [("currency", "÷", "fx-EUR-2024")],
    ),
    (
        "kz-net", "@Kazakh <b>office</b>", "KAZ", "CHN", "balance", "2024", 1.5, 1.45, 1.55, "",
        [("sign", "×", -1.0)],
    ),
]  # fmt: skip
DERIVED = [
    ("a-rest", "Regional bank", "KGZ+TJK", "CHN", [("+", "a-total"), ("−", "a-kaz"), ("−", "a-uzb"), ("−", "a-tkm")]),
    ("b-rest", "Chinese customs", "CHN", "KGZ+TJK", [("+", "b-kgz"), ("+", "b-tjk")]),
]  # fmt: skip


def _blank() -> dict[str, Any]:
    row: dict[str, Any] = {
        name: (NAN if kind == "number" else "") for name, kind in COLUMNS.items()
    }
    return row | dict.fromkeys(AMOUNTS, NAN) | {"origin": "", "derived": False}


def _step(
    figure: str, number: int, name: str, op: str, operand: float, **more: Any
) -> dict[str, Any]:
    row = {"figure": figure, "step": number, "name": name, "op": op, "operand": operand}
    return row | {"assumption": "", "parent": "", "reason": ""} | more


def _printed() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    figures, ledger = [], []
    for line, (key, source, reporter, partner, flow, period, *rest) in enumerate(PRINTS, 2):
        value, low, high, approx, more = rest
        currency = {"b-cny": "CNY", "eu-eur": "EUR"}.get(key, "USD")
        steps: list[tuple[str, str, Any]] = [("number", "=", value), ("scale", "×", 1e9), *more]
        now, bounds = NAN, [low, high]
        for number, (name, op, operand) in enumerate(steps, 1):
            assumption = operand if isinstance(operand, str) else ""
            operand = RATES[operand][0] if assumption else float(operand)
            after = OPS[op](now, operand)
            if op != "=":
                bounds = sorted(OPS[op](bound, operand) for bound in bounds)
            ledger.append(
                _step(
                    key, number, name, op, operand, assumption=assumption, before=now, after=after
                )
            )
            now = after
        figures.append(
            _blank()
            | {
                "id": key, "source": source, "reporter": reporter, "partner": partner, "flow": flow,
                "period": period, "value": float(value), "low": low, "high": high, "approx": approx,
                "unit": f"billion {currency}", "printed_unit": f"billion {currency}", "printed": str(value),
                "currency": currency, "scale": 1e9, "state": "number", "commodity": "TOTAL",
                "file": "sample.csv", "place": f"line {line}", "role": "figure", "measure": "value",
                "records": reporter, "status": "press", "valuation": "unknown", "prices": "current",
                "origin": source, "url": "https://example.org/a?b=1&c=2", "published": "2025-10-08",
                "quote": "تبلغ 66,2 مليار دولار" if key == "a-total" else "",
                "amount": now, "amount_low": bounds[0], "amount_high": bounds[1],
            }
        )  # fmt: skip
    return figures, ledger


def _derive(figures: list[dict[str, Any]], ledger: list[dict[str, Any]]) -> None:
    by_id = {row["id"]: row for row in figures}
    for key, source, reporter, partner, parents in DERIVED:
        now, low, high = 0.0, 0.0, 0.0
        for number, (op, parent) in enumerate(parents, 1):
            other = by_id[parent]
            after = OPS[op](now, other["amount"])
            low = OPS[op](low, other["amount_low" if op == "+" else "amount_high"])
            high = OPS[op](high, other["amount_high" if op == "+" else "amount_low"])
            ledger.append(
                _step(
                    key,
                    number,
                    "derived",
                    op,
                    other["amount"],
                    parent=parent,
                    before=now,
                    after=after,
                )
            )
            now = after
        figures.append(
            _blank()
            | {
                "id": key, "source": source, "reporter": reporter, "partner": partner, "flow": "turnover",
                "period": "2024", "state": "number", "commodity": "TOTAL", "derived": True, "origin": source,
                "amount": now, "amount_low": low, "amount_high": high, "currency": "USD", "role": "figure",
            }
        )  # fmt: skip


def _case(amounts: dict[str, float], key: str, kind: str, areas: tuple[str, ...], a: str, b: str) -> dict[str, Any]:  # fmt: skip
    import math

    low, high = min(amounts[a], amounts[b]), max(amounts[a], amounts[b])
    gap = amounts[b] - amounts[a]
    return {
        "id": key, "kind": kind, "areas": areas, "flow": "turnover", "commodity": "TOTAL", "period": "2024",
        "figures": (a, b), "figure_a": a, "figure_b": b, "lowest": low, "highest": high, "gap": gap,
        "gap_pct_mean": 100 * gap / ((low + high) / 2), "gap_pct_lowest": 100 * gap / low,
        "gap_pct_highest": 100 * gap / high, "log_ratio": math.log(amounts[b] / amounts[a]),
        "explained": 0.0, "residual": gap, "note": "",
        "verdict": "discrepancy" if abs(gap) > 0.1 * (low + high) / 2 else "within tolerance",
    }  # fmt: skip


def sample() -> Result:
    """Give the Result described at the head of this module."""
    figures, ledger = _printed()
    _derive(figures, ledger)
    figures.append(
        _blank()
        | {"id": "tm-none", "source": "Turkmen office", "reporter": "TKM", "partner": "CHN", "flow": "turnover",
           "period": "2024", "state": "not reported", "printed": "..", "file": "sample.csv", "place": "line 99"}
    )  # fmt: skip
    amounts = {row["id"]: row["amount"] for row in figures}
    cases = [
        _case(amounts, "c1", "rival", ("C_ASIA", "CHN"), "a-total", "b-total"),
        _case(amounts, "c2", "rival", ("RUS", "C_ASIA"), "ru-2023", "ru-2024"),
        _case(amounts, "c3", "vintage", ("CHN", "C_ASIA"), "b-cny", "b-total"),
    ]
    single = dict.fromkeys(CASES, NAN) | {
        "id": "c4", "kind": "rival", "areas": ("C_ASIA", "EU27"), "flow": "turnover", "commodity": "TOTAL",
        "period": "2024", "figures": ("eu-eur",), "figure_a": "eu-eur", "figure_b": "", "note": "",
        "lowest": amounts["eu-eur"], "highest": amounts["eu-eur"], "verdict": "single source",
    }  # fmt: skip
    by_case = {case["id"]: case for case in cases}
    claims = [
        ("c1", "valuation", None, "", "CIF/FOB makes an importer's figure larger; this gap has the other sign."),
        ("c1", "mirror figure", "{amount:b-tkm}-{amount:a-tkm}", "recorded", "The bank's figure copies China's."),
        ("c1", "transit margin", "{assumption:cif-margin}*{gap:c1}", "assumed", "A share of the gap."),
        ("c3", "exchange rate", "{amount:b-total}-{amount:b-cny}", "estimated", "The rate implied is 7.111."),
    ]  # fmt: skip
    values = {f"amount:{key}": value for key, value in amounts.items()}
    values |= {f"assumption:{key}": value for key, (value, _, _) in RATES.items()}
    values |= {f"gap:{key}": case["gap"] for key, case in by_case.items()}
    causes = []
    for order, (key, cause, expression, evidence, note) in enumerate(claims, 1):
        amount = evaluate(expression, values) if expression else 0.0
        by_case[key]["explained"] += amount
        by_case[key]["residual"] -= amount
        causes.append(
            {"case": key, "order": order, "cause": cause, "amount": amount, "low": NAN, "high": NAN,
             "evidence": evidence, "note": note, "expression": expression or ""}
        )  # fmt: skip
    members = [
        {"case": "c1", "area": area, "figure_a": f"a-{key}", "figure_b": f"b-{key}",
         "amount_a": amounts[f"a-{key}"], "amount_b": amounts[f"b-{key}"],
         "gap": amounts[f"b-{key}"] - amounts[f"a-{key}"],
         "share_of_gap": 100 * (amounts[f"b-{key}"] - amounts[f"a-{key}"]) / by_case["c1"]["gap"]}
        for area, key in [("KAZ", "kaz"), ("UZB", "uzb"), ("TKM", "tkm"), ("KGZ+TJK", "rest")]
    ]  # fmt: skip
    middle = "SQRT({amount:a-total}*{amount:b-total})"
    balances = [
        {"case": "c1", "value": evaluate(middle, values), "low": amounts["a-total"], "high": amounts["b-total"],
         "method": "geometric mean", "moves": "a-total +19.7 %, b-total -16.4 %", "expression": middle}
    ]  # fmt: skip
    sensitivity = [
        {"case": "c1", "change": "without Regional bank's Uzbek figure", "kind": "source",
         "base": 28.6e9, "low": 24.38e9, "high": 28.6e9, "note": ""},
        {"case": "c1", "change": "rate of the yuan", "kind": "assumption",
         "base": 28.6e9, "low": 27.4e9, "high": 29.1e9, "note": "the rate implied by the two totals"},
    ]  # fmt: skip
    findings = [
        ("GAP", "warning", "c1", ("a-total", "b-total"), "The figures differ by 28.6 billion USD.", "Cite neither figure without its side."),
        ("SAME_ORIGIN", "note", "c1", ("a-total",), "The newspaper quotes the bank.", "Cite the bank."),
        ("WITHIN_ROUNDING", "note", "c2", ("ru-2023", "ru-2024"), "The intervals overlap.", ""),
        ("CURRENCY_ASSUMED", "warning", "", ("eu-eur",), "+SUM(1) No currency is printed.", "Check the original."),
    ]  # fmt: skip
    sources = [
        {"source": name, "figures": count, "records": "", "derived_from": "", "status": "press",
         "published": "2025-10-08", "url": "https://example.org/page", "origin": name}
        for name, count in [("Regional bank", 5), ("Chinese customs", 8), ("=cmd|'/c calc'!A1", 1)]
    ]  # fmt: skip
    assumptions = [
        {"id": key, "value": value, "low": NAN, "high": NAN, "unit": unit, "source": source,
         "date": "2025-01-31", "kind": "rate" if key.startswith("fx") else "rule", "used_by": ""}
        for key, (value, unit, source) in RATES.items()
    ]  # fmt: skip
    ledger_table = table(LEDGER, ledger)
    assert all(name in values for claim in claims if claim[2] for name in names(claim[2]))
    return Result(
        basis=Basis("USD", 2024, 0.10),
        figures=pd.DataFrame(figures)[[*COLUMNS, *AMOUNTS, "origin", "derived"]],
        ledger=ledger_table[LEDGER],
        assumptions=table(ASSUMPTIONS, assumptions),
        cases=table(CASES, [*cases, single]),
        members=table(MEMBERS, members),
        causes=table(CAUSES, causes),
        balances=table(BALANCES, balances),
        sensitivity=table(SENSITIVITY, sensitivity),
        findings=table(
            FINDING_COLUMNS,
            [dict(zip(("code", "severity", "case", "figures", "message", "advice"), row)) | {"file": "sample.csv", "place": ""} for row in findings],
        ),
        sources=table(SOURCES, sources),
        inputs=table(
            INPUTS,
            [{"file": "sample.csv", "reader": "figures file", "sha256": "ab" * 32, "rows": 20, "figures": 16, "set_aside": 1, "note": ""}],
        ),
        set_aside=table(
            SET_ASIDE_COLUMNS,
            [{"file": "sample.csv", "place": "line 30", "reason": "unknown area", "printed": "1,2", "value": 1.2e9, "unit": "USD", "label": "Atlantis"}],
        ),
        title="Reconciliation of trade figures",
        version="0.1.0",
        notes=("The figures are a sample.",),
    )  # fmt: skip
