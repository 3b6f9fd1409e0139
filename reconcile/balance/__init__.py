"""Balancing methods: one module a method, found by listing this package. Owns the registry.

A method module has NAME, ABOUT, SOURCE and `balance(pairs, **options) -> DataFrame`; modules without a
NAME are what the methods share.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache
from types import ModuleType
from typing import Any


@lru_cache(maxsize=1)
def methods() -> dict[str, ModuleType]:
    """Every method by name, in alphabetical order; importing them is put off until this call."""
    found: dict[str, ModuleType] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if hasattr(module, "NAME"):
            found[module.NAME] = module
    return dict(sorted(found.items()))


def balance(name: str, pairs: Any, **options: Any) -> Any:
    """Run the method `name` on a table of mirror pairs; see `reconcile.balance.pairs` for its columns.

    Raises KeyError that lists the methods for an unknown name.
    """
    known = methods()
    if name not in known:
        raise KeyError(f"no method {name}; the methods are {', '.join(known)}")
    return known[name].balance(pairs, **options)
