"""Owns how the sheets of a workbook come together: each is one module of `reports.sheets`, found by listing it.

A sheet's module has NAME, POSITION (its place in the book), STAGE (when it is described: addresses are
noted on the way, so a sheet comes after those it refers to) and `describe(result, places)`, which gives
None where the result has nothing for it.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType

from reconcile.result import Result
from reports import labels, sheets
from reports.layout import Book
from reports.places import Places


@functools.cache
def modules() -> tuple[ModuleType, ...]:
    """Give the modules of all sheets in the order in which they are described."""
    found = [
        importlib.import_module(f"{sheets.__name__}.{info.name}")
        for info in pkgutil.iter_modules(sheets.__path__)
    ]
    return tuple(sorted((m for m in found if hasattr(m, "STAGE")), key=lambda m: (m.STAGE, m.NAME)))


def build(result: Result, say: Callable[[str], None] = lambda stage: None) -> Book:
    """Describe the whole workbook of a result. Pure layout: every number comes from the result."""
    places = Places()
    position: dict[str, int] = {}
    for module in modules():
        say(f"Laying out {module.NAME}")
        sheet = module.describe(result, places)
        if sheet is not None:
            position[sheet.name] = module.POSITION
            places.sheets.append(sheet)
    ordered = sorted(places.sheets, key=lambda sheet: position[sheet.name])
    subject = "Rival published trade figures, reconciled step by step"
    return Book(result.title, ordered, labels.when(result), places.names, subject=subject)
