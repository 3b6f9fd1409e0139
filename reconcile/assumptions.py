"""The book of assumptions of one run: every rate, deflator, margin, rule, with who says so and what it serves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from reconcile.result import ASSUMPTIONS

# Rules of our own, as rows that a user's table overrides by id.
RULES: tuple[dict[str, Any], ...] = (
    {"id": "tolerance", "value": 0.10, "unit": "share of the mean of the two figures", "kind": "rule",
     "source": "this program: the gap below which two figures are said to be within tolerance"},
    {"id": "cif-factor", "value": 1.06, "low": 1.0, "high": 1.20, "unit": "CIF value / FOB value",
     "kind": "fixed factor", "source": "IMF, Direction of Trade Statistics Yearbook 2017: 6 %; 0 to 20 % as range"},
    {"id": "approx-about", "value": 0.025, "unit": "share of the value, to both sides", "kind": "rule",
     "source": "this program: the interval of about"},
    {"id": "approx-over", "value": 0.05, "unit": "share of the value, above", "kind": "rule",
     "source": "this program: the interval of over"},
    {"id": "approx-under", "value": 0.05, "unit": "share of the value, below", "kind": "rule",
     "source": "this program: the interval of under and nearly"},
)  # fmt: skip


class Book:
    """Rows of assumptions by id; the user's table wins over every other; `used` says which figures rest on one."""

    def __init__(self, user: pd.DataFrame | None = None) -> None:
        self.user = user
        self._own: dict[str, dict[str, Any]] = {}
        if user is not None:
            self._own = {str(row["id"]): row for row in user.to_dict("records")}
        self._rows: dict[str, dict[str, Any]] = {}
        self._used: dict[str, list[str]] = {}
        for rule in RULES:
            self.add(rule)

    def add(self, row: dict[str, Any]) -> str:
        """Enter an assumption, or the user's in its place, and give its id."""
        key = str(row["id"])
        if key not in self._rows:
            merged = {"low": row["value"], "high": row["value"], "date": "", "source": "", **row}
            own = {name: cell for name, cell in self._own.get(key, {}).items() if _holds(cell)}
            if own and "low" not in own and own.get("value") != row["value"]:
                own = {"low": own["value"], "high": own["value"], **own}
            self._rows[key] = {**merged, **own}
        return key

    def override(self, key: str, value: float, source: str) -> None:
        """Set the value of an assumption entered before, and say who did; KeyError where it was not."""
        self._rows[key] |= {"value": value, "low": value, "high": value, "source": source}

    def value(self, key: str) -> float:
        """Give the number of an assumption; KeyError where it was never entered."""
        return float(self._rows[key]["value"])

    def row(self, key: str) -> dict[str, Any]:
        """Give all fields of an assumption; KeyError where it was never entered."""
        return self._rows[key]

    def use(self, key: str, by: Iterable[str]) -> None:
        """Note which figures or cases rest on an assumption."""
        self._used.setdefault(key, []).extend(by)

    def table(self) -> pd.DataFrame:
        """Give the assumptions as a table, those used and the rules, in the order entered."""
        rows = []
        for key, row in self._rows.items():
            users = list(dict.fromkeys(self._used.get(key, [])))
            shown = ", ".join(users[:20]) + (
                f" and {len(users) - 20} more" if len(users) > 20 else ""
            )
            rows.append({**{name: row.get(name, "") for name in ASSUMPTIONS}, "used_by": shown})
        return pd.DataFrame(rows, columns=ASSUMPTIONS)


def _holds(cell: Any) -> bool:
    return cell is not None and cell == cell and cell != ""
