"""Owns the sheet Methods: what each step, cause, method and rule does, taken from the text of its own module.

The modules are read, not run: a module that is added to the basis, the causes or the balancing methods
stands on the sheet without an edit here, and code and paper cannot part.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
import re
from pathlib import Path
from typing import NamedTuple

from reconcile.result import Result
from reports.layout import Cell, Column, Sheet, Table, Text
from reports.places import Places

NAME = "Methods"
STAGE, POSITION = 90, 90
# part of the sheet, package, the function whose text is the method
PACKAGES = [
    ("3 Common basis", "reconcile.basis", "steps"),
    ("6 Causes", "reconcile.causes", "claims"),
    ("7 Balance", "reconcile.balance", "balance"),
]
# part, module, its functions; none named: all that are public and documented
MODULES: list[tuple[str, str, tuple[str, ...]]] = [
    ("2 Interval of a print", "sources.intervals", ("interval",)),
    (
        "4 Derived figures",
        "reconcile.derive",
        ("combined", "_turnover", "_years", "_groups", "national_sums"),
    ),
    ("7 Balance", "reconcile.balance.case", ("balance_case",)),
    ("7 Balance", "reconcile.constraints", ("solve",)),
    ("8 Indices", "reconcile.indices", ()),
    (
        "9 Sensitivity",
        "reconcile.sensitivity",
        ("_sources", "_valuation", "_assumptions", "_claims"),
    ),
]
RULES = [
    ("1 Figures", "number as printed", "The number stands as its source prints it, with file, place and quoted text; nothing on Figures is computed.", "", ""),
    ("2 Interval of a print", "approximate words", "about widens the interval to both sides, over above, under and nearly below, by the share in Assumptions (approx-about, approx-over, approx-under), at least by one unit of the last printed digit.", "", ""),
    ("3 Common basis", "a step", "Applies one operation to the value before it; low and high take the same step. The first step takes the printed number.", "after = before x operand, or with / + -", ""),
    ("5 Cases", "gap", "Figure B minus figure A: importer minus exporter, or the second source named minus the first.", "B - A", ""),
    ("5 Cases", "gap, % of the mean", "The gap over the mean of both figures.", "100 (B - A) / ((A + B) / 2)", ""),
    ("5 Cases", "gap, % of the lowest", "The gap over the smaller of the two figures.", "100 (B - A) / min(A, B)", ""),
    ("5 Cases", "gap, % of the highest", "The gap over the larger of the two figures.", "100 (B - A) / max(A, B)", ""),
    ("5 Cases", "log ratio", "The natural logarithm of B over A; it has the same size in both directions.", "ln(B / A)", "Gaulier and Zignago 2010, BACI"),
    ("5 Cases", "verdict", "agree: the amounts are equal. within rounding: the intervals overlap. within tolerance: the gap is at most the tolerance times the mean. Else discrepancy. not comparable: concept or price base differ. single source: no second independent figure.", "|B - A| <= tolerance x (A + B) / 2", ""),
    ("6 Causes", "residual", "What no cause claims. Parts and residual add up to the gap exactly, and two causes never claim the same amount; the order of the rows in Decomposition is the order in which they claim.", "gap - sum of causes", ""),
    ("6 Causes", "evidence", "recorded: a source states the amount. estimated: computed from other figures. assumed: rests on a rule or a range in Assumptions.", "", ""),
]  # fmt: skip


class Method(NamedTuple):
    """One method: its part of the sheet, name, what it does, formula and citation."""

    part: str
    name: str
    text: str
    formula: str
    source: str


def describe(result: Result, places: Places) -> Sheet:
    """Describe the sheet."""
    rows: list[list[Cell]] = [[cell or None for cell in method] for method in methods()]
    columns = [
        Column("part", 22),
        Column("name", 30),
        Column("what it does", 96),
        Column("formula", 34),
        Column("citation", 44),
    ]
    return Sheet(
        NAME,
        "What each step, cause, balancing method and rule does, with formulas and citations.",
        [
            Text(["Methods"], "title"),
            Text(
                [
                    "A is figure A of a case, B is figure B; in the indices x is A and m is B, in the methods of balance X is the "
                    "exporter's report and M the importer's. Numbers that a rule uses stand in Assumptions; change one there and the "
                    "workbook follows.",
                ]
            ),
            Table("tMethods", columns, rows),
        ],
    )


@functools.cache
def methods() -> tuple[Method, ...]:
    """Give all methods in the order of the sheet."""
    found = [Method(*rule) for rule in RULES]
    for part, module, functions in MODULES:
        found += _of_module(part, module, functions)
    for part, package, function in PACKAGES:
        for path in _modules(package):
            found += _of_member(part, path, function)
    return tuple(sorted(found, key=lambda method: method.part))


def _modules(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.origin is not None
    return sorted(Path(spec.origin).parent.glob("[a-z]*.py"))


def _of_member(part: str, path: Path, function: str) -> list[Method]:
    """Read one step, cause or method: its NAME, its ABOUT and SOURCE, and the text of its function."""
    tree = ast.parse(path.read_text("utf-8"))
    constants = _constants(tree)
    node = next((n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function), None)  # fmt: skip
    if node is None:
        return []
    head = _flat(ast.get_docstring(tree))
    about = constants.get("ABOUT", "")
    # what a method gives in tables is for programmers; its ABOUT says what it does
    text = about or " ".join(part for part in (head, _flat(ast.get_docstring(node))) if part)
    name = constants.get("NAME", path.stem.replace("_", " "))
    source = constants.get("SOURCE", "") or _cited(text)
    return [Method(part, name, text, constants.get("FORMULA", ""), source)]


def _of_module(part: str, module: str, functions: tuple[str, ...]) -> list[Method]:
    """Read the functions of one module; a module that this version does not have gives nothing."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        return []
    tree = ast.parse(Path(spec.origin).read_text("utf-8"))
    out = []
    for node in tree.body:
        text = _flat(ast.get_docstring(node)) if isinstance(node, ast.FunctionDef) else ""
        if not isinstance(node, ast.FunctionDef) or not text:
            continue
        # a module's own name is that of the function that puts all others together
        whole = node.name.startswith("_") or node.name == module.rpartition(".")[2]
        if node.name in functions if functions else not whole:
            name = node.name.strip("_").replace("_", " ").replace("pct", "%")
            out.append(Method(part, name, text, _formula(text), _cited(text)))
    return out


def _constants(tree: ast.Module) -> dict[str, str]:
    """Give the module's constants that are texts, also those written in several pieces."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                value = ast.literal_eval(node.value)
            except ValueError:
                continue
            if isinstance(value, str):
                found[node.targets[0].id] = _flat(value)
    return found


def _formula(text: str) -> str:
    """Give the formula with which a text of the form `Give 100 (m - x) / m (source).` begins."""
    head = re.match(
        r"Give (?:the absolute asymmetry |the (?=sum of))?(.*?)(?:,? [(][A-Z]|, (?![mx][)])|[;:.] )",
        text + " ",
    )
    found = head[1].strip() if head else ""
    whole = (
        found.count("(") == found.count(")") and len(found) < 60 and not found.startswith("the ")
    )
    return found if whole and re.search(r"[mxX_|0-9] ?[-/+(]|[|]", found) else ""


def _cited(text: str) -> str:
    """Give the citations that stand in brackets: (Birge 1932), (FAO, EFI), (HMRC's headline)."""
    found = re.findall(r"[(]([^()]*(?:1[89]|20)[0-9]{2}[^()]*|[^()]*[A-Z]{3}[^()]*)[)]", text)
    return "; ".join(dict.fromkeys(found))


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip().replace("`", "")
