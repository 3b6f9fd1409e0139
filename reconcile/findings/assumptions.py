"""Findings on the user's own assumptions: those that nothing rests on, so that a slip in an id is not silent."""

from __future__ import annotations

import difflib
from typing import Any

from reconcile.findings import View, finding
from reconcile.wording import count, listed


def find(view: View) -> list[dict[str, Any]]:
    """Name the assumptions of the user's table that serve no figure and no rule of this run, in one finding."""
    if view.book.user is None:
        return []
    used = list(view.book.table()["id"])
    idle = [key for key in view.book.user["id"].astype(str) if key not in set(used)]
    if not idle:
        return []
    near = [f"{key} (did you mean {hit[0]}?)" if (hit := _near(key, used)) else key for key in idle]
    text = f"{count(len(idle), 'assumption')} of yours served nothing here: {listed(near)}"
    return [finding("ASSUMPTION_UNUSED", text)]


def _near(key: str, used: list[str]) -> list[str]:
    """Give the id that a misspelt one means; a rate of another year is no misspelling."""
    if key.startswith(("fx-", "cpi-")):
        return []
    return difflib.get_close_matches(key, used, n=1, cutoff=0.8)
