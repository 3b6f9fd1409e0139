"""The import contracts: storeys, no circles, one door for each third-party package, a light front door."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STOREYS = {"sources": 0, "reconcile": 1, "reports": 2}
FRONT = ("reconcile.cli", "reconcile.__main__", "reconcile.commands")
# package: the modules that may import it (prefixes). What is not named here may not be imported at all.
DOORS = {
    "pandas": ("sources", "reconcile", "reports"),
    "numpy": ("sources", "reconcile", "reports"),
    "click": FRONT,
    "pint": ("sources.units",),
    "babel": ("sources",),
    "openpyxl": ("reports.workbook", "sources"),
    "duckdb": ("sources", "reconcile.world", "reconcile.commands", "reconcile.simulate", "reports"),
    "python_calamine": ("sources.workbooks", "sources.rates"),
    "platformdirs": ("sources.online",),
    "defusedxml": ("sources",),
    "charset_normalizer": ("sources.decode",),
    "currency_converter": ("sources.rates",),
    "sdmx": ("sources.readers", "sources.online"),
    "trafilatura": ("sources.press",),
    "lxml": ("sources.press", "sources.readers"),
    "requests": ("sources.online",),
    "distributed": ("reconcile.world",),
}
WRITERS = ("Workbook", "WriteOnlyCell", "ExcelWriter")
NETWORK = ("requests", "urllib.request", "http.client", "socket", "urllib3", "ssl")


@cache
def modules() -> dict[str, Path]:
    """Every module of the three packages by its dotted name."""
    found = {}
    for package in STOREYS:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports(name: str, run: bool = False) -> frozenset[str]:
    """The dotted names a module imports, those inside functions too; `run` leaves out those for type checks only."""
    tree = ast.parse(modules()[name].read_text(encoding="utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if run and isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for statement in node.body
        for inner in ast.walk(statement)
    }
    out: set[str] = set()
    package = name if modules()[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            out |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                up = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*up, base] if base else up)
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                out.add(whole if whole in modules() else base)
    return frozenset(out)


def own(name: str) -> bool:
    return name.split(".")[0] in STOREYS


def starts(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def test_no_import_runs_up() -> None:
    upward = [
        f"{name} imports {target}"
        for name in modules()
        if not starts(name, FRONT)
        for target in imports(name)
        if own(target) and STOREYS[target.split(".")[0]] > STOREYS[name.split(".")[0]]
    ]
    assert not upward


def test_the_front_door_is_imported_by_nobody() -> None:
    back = [
        f"{name} imports {target}"
        for name in modules()
        if not starts(name, FRONT)
        for target in imports(name)
        if starts(target, FRONT)
    ]
    assert not back


def test_there_are_no_circles() -> None:
    """Imports form no circle, neither at the head of modules nor inside functions."""
    seen: dict[str, int] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if seen.get(name) == 2:
            return
        assert seen.get(name) != 1, " -> ".join((*path, name))
        seen[name] = 1
        for target in sorted(imports(name, run=True)):
            if target in modules() and target != name:
                visit(target, (*path, name))
        seen[name] = 2

    for name in sorted(modules()):
        visit(name, ())


def test_every_third_party_package_has_its_doors() -> None:
    outside = [
        f"{name} imports {target}"
        for name in modules()
        for target in imports(name)
        if (root := target.split(".")[0]) not in sys.stdlib_module_names
        and not own(target)
        and not starts(name, DOORS.get(root, ()))
    ]
    assert not outside


def test_only_the_workbook_module_writes_workbooks() -> None:
    for name, path in modules().items():
        if name == "reports.workbook":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("openpyxl"):
                names = {alias.name for alias in node.names}
                assert not names & set(WRITERS), f"{name} writes workbooks"


def test_only_the_online_sources_reach_the_network() -> None:
    reaching = [
        f"{name} imports {target}"
        for name in modules()
        if not starts(name, ("sources.online",))
        for target in imports(name)
        if starts(target, NETWORK)
    ]
    assert not reaching


def test_broad_excepts_stand_at_the_front_door_and_before_the_workbook_engine() -> None:
    """Anywhere else a broad except must raise again: to clean up, or to say where it happened."""
    broad = set()
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ExceptHandler):
                continue
            kind = node.type.id if isinstance(node.type, ast.Name) else ""
            raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            if (node.type is None or kind in ("Exception", "BaseException")) and not raises:
                broad.add(name)
    assert broad == {"reconcile.cli", "sources.workbooks"}


def test_every_module_says_what_it_owns_and_public_functions_what_they_do() -> None:
    silent = []
    for name, path in modules().items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(name)
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):  # type: ignore[arg-type]
                silent.append(f"{name}.{node.name}")  # type: ignore[attr-defined]
    assert not silent


@pytest.mark.parametrize(
    "args", [["--help"], ["--version"], ["report", "--help"], ["check", "--help"]]
)
def test_help_loads_nothing_heavy(args: list[str]) -> None:
    heavy = ["pandas", "numpy", "pint", "openpyxl", "babel", "duckdb", "sdmx", "trafilatura"]
    code = (
        "import sys\nfrom reconcile.cli import main\n"
        f"try:\n    main({args!r})\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        f"loaded = [name for name in {heavy!r} if name in sys.modules]\nassert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
