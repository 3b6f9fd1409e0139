"""The Methods sheet and the program say the same: what is in the code stands on the sheet, with its citation."""

from __future__ import annotations

import pkgutil

from reconcile import basis, causes
from reconcile.assumptions import RULES
from reconcile.balance import methods as balancing
from reports.sheets.findings import catalogue
from reports.sheets.methods import methods


def names(part: str) -> set[str]:
    return {method.name for method in methods() if method.part.endswith(part)}


def test_every_cause_and_step_stands_on_the_sheet() -> None:
    assert {module.NAME for module in causes.modules()} <= names("Causes")
    steps = {info.name for info in pkgutil.iter_modules(basis.__path__)} - {"concordance"}
    written = {name.replace(" ", "_") for name in names("Common basis")}
    assert {"number", "scale", "currency", "target", "prices"} <= written & steps


def test_every_balancing_method_stands_on_the_sheet() -> None:
    assert set(balancing()) <= names("Balance")
    assert "balance case" in names("Balance")


def test_the_rule_of_approximate_words_is_stated() -> None:
    said = " ".join(method.text for method in methods() if "Interval" in method.part)
    for rule in RULES:
        if str(rule["id"]).startswith("approx-"):
            assert str(rule["id"]) in said
    assert "half a unit of the last printed digit" in said


def test_methods_have_text_and_citations() -> None:
    found = methods()
    assert all(method.text and method.name for method in found)
    cited = " ".join(method.source for method in found)
    assert "Stone, Champernowne and Meade 1942" in cited and "Paule and Mandel 1982" in cited


def test_every_finding_has_words() -> None:
    for code, row in catalogue().items():
        assert code.isupper() and row["title"] and row["explanation"] and row["advice"], code
        assert row["severity"] in ("error", "warning", "note")
