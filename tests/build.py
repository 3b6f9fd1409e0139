"""Small inputs written as lines, and the Result of them; shared by the tests of the core."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reconcile.result import Basis, Result
from reconcile.run import run
from sources.figures import Reading
from sources.readers import read_bytes

HEAD = "reporter,partner,flow,period,value,unit,source"


def readings(*lines: str, more: str = "") -> list[Reading]:
    """Read lines of a figures file; `more` names further columns, `id,approx`."""
    head = HEAD + ("," + more if more else "")
    return read_bytes("\n".join([head, *lines]).encode(), "figures.csv")


def result(*lines: str, more: str = "", **basis: Any) -> Result:
    """Run lines of a figures file on a basis (US dollars unless said otherwise)."""
    return run(readings(*lines, more=more), Basis(**basis))


def codes(found: Result) -> set[str]:
    """The codes of the findings of a result."""
    return set(found.findings["code"])


def only(table: pd.DataFrame, **where: Any) -> pd.Series:
    """The one row of a table with these values."""
    for name, value in where.items():
        table = table[table[name] == value]
    assert len(table) == 1, table
    return table.iloc[0]
