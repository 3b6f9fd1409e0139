"""Two real worlds through every method: the WITS matrix of 2009 and the IMF's mirror pairs of 2015 to 2018.

python -m benchmarks.real_worlds WITS_trade2009.csv WITS_harmonized_flows.csv DOTS.csv.zip

Prints the tables of docs/real_worlds.md. The first file is a WITS download of all reporters and partners, the
second a matrix i;j;Fij of its harmonised flows (1000 USD), the third both sides of IMF DOTS pairs.
"""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from reconcile import match
from reconcile.assumptions import Book
from reconcile.balance import causes_first, methods
from reconcile.balance.from_figures import pairs_of
from reconcile.balance.pairs import IN, mirror
from reconcile.basis import Context, to_basis
from reconcile.result import Basis
from reconcile.simulate.scores import run_all
from sources import areas
from sources.readers import read_path


def wits(path: Path) -> pd.DataFrame:
    """The pairs of a WITS file, USD; groups and unallocated partners are left out."""
    figures = read_path(str(path))[0].figures
    on_basis, _ = to_basis(figures, Context(Basis(), Book()))
    return pairs_of(on_basis.assign(origin=match.origins(on_basis))).pairs


def harmonised(path: Path) -> pd.DataFrame:
    """Peer's matrix: exporter, importer, value (USD)."""
    table = pd.read_csv(path, sep=";", keep_default_na=False)
    code = {text: _code(text, "wits", 2009) for text in {*table["i"], *table["j"]}}
    return pd.DataFrame({"exporter": table["i"].map(code), "importer": table["j"].map(code),
                         "value": table["Fij"].astype(float) * 1000})  # fmt: skip


def _code(text: str, scheme: str, year: int | None = None) -> str:
    area = areas.find(text, year, scheme)
    return area.code if area is not None else text


def dots(path: Path) -> tuple[pd.DataFrame, dict[str, int]]:
    """(pairs, counts of what was left out) of the file of both sides of IMF DOTS, USD.

    Importers' figures are there divided by 1.06 already, so they are FOB. An importer that counts FOB comes
    twice and its own row is kept; pairs whose two sides are equal to the sixth digit are the IMF's own estimates of
    one from the other and are left out, as are areas that are not countries.
    """
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if not n.startswith("__MACOSX"))
        with archive.open(name) as file:
            raw = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="latin-1")
    value_m, value_x = (pd.to_numeric(raw[n], errors="coerce") for n in ("value_m", "value_x"))
    code = {text: _code(text, "imf") for text in {*raw["ctycode_m"], *raw["pctycode_m"]}}
    table = pd.DataFrame(
        {"year": raw["year_m"], "exporter": raw["pctycode_m"].map(code), "importer": raw["ctycode_m"].map(code),
         "commodity": "TOTAL", "exporter_fob": value_x, "importer_cif": value_m, "importer_fob": value_m,
         "fob": raw["indcode_m"].str.contains("FOB")}
    )  # fmt: skip
    counts = {"rows": len(table)}
    table = table.sort_values("fob", ascending=False, kind="stable")
    again = table.duplicated(["year", "exporter", "importer"])
    counts["a second row of an importer that counts FOB"] = int(again.sum())
    table = table[~again]
    equal = (table["exporter_fob"] / table["importer_cif"] - 1).abs() < 1e-6
    counts["both sides equal: one is made from the other"] = int(equal.sum())
    table = table[~equal]
    usable = [c for c in set(code.values()) if areas.kind(c) in ("country", "dissolved")]
    known = table["exporter"].isin(usable) & table["importer"].isin(usable)
    counts["an area that is no country of ours"] = int((~known).sum())
    return table.loc[known, [*IN, "importer_fob"]].reset_index(drop=True), counts


def rows(header: list[str], lines: list[list[str]]) -> str:
    """A table in Markdown; all but the first column at the right."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, rule, *lines])


def by_method(results: dict[str, pd.DataFrame]) -> str:
    """Totals, and what each method changes against the first of them."""
    base = results["harmonised"]
    lines = []
    for name, table in results.items():
        value, low, high = (table[c].sum() / 1e9 for c in ("balanced", "low", "high"))
        table = table.iloc[: len(base)]
        apart = (table["balanced"] - base["balanced"]).abs().sum() / base["balanced"].sum()
        two = table["evidence"] == "both"
        weight = np.average(
            table.loc[two, "weight_exporter"], weights=table.loc[two, "balanced"].fillna(0)
        )
        del low, high
        lines.append([name, f"{value:,.0f}", f"{apart:.1%}", f"{weight:.2f}"])
    return rows(["method", "world, bn USD", "moved against harmonised", "mean weight on X"], lines)


def for_whom(results: dict[str, pd.DataFrame], name: str, n: int = 12) -> str:
    """The areas whose exports or imports change most between the harmonised matrix and a method."""
    base, other = results["harmonised"], results[name].iloc[: len(results["harmonised"])]
    lines = []
    for role in ("exporter", "importer"):
        a, b = (t.groupby(role)["balanced"].sum() / 1e9 for t in (base, other))
        change = (b - a).sort_values(key=lambda s: -s.abs()).head(n)
        for code in change.index:
            lines.append(
                [areas.name(code), "exports" if role == "exporter" else "imports", f"{a[code]:,.1f}",
                 f"{b[code]:,.1f}", f"{change[code]:+,.1f}", f"{change[code] / a[code]:+.1%}"]
            )  # fmt: skip
    return rows(
        [
            "area",
            "role",
            "harmonised, bn USD",
            f"{name}, bn USD",
            "change",
            "change, % of harmonised",
        ],
        lines,
    )


def main() -> None:
    """Print the tables."""
    first, peer, second = map(Path, sys.argv[1:4])
    pairs = wits(first)
    got = methods()["harmonised"].balance(pairs, square=True, empty=0.0)
    wanted = harmonised(peer)
    met = got.merge(wanted, on=["exporter", "importer"], how="outer")
    same = (met["balanced"] - met["value"]).abs() <= 1e-9 * met["value"].clip(lower=1e6)
    miss = ~same  # a cell that one of them lacks is not reproduced either
    print(f"cells {len(wanted):,}; not reproduced: {int(miss.sum())}")
    for evidence, part in got.groupby("evidence"):
        print(f"  {evidence}: {len(part):,} cells, {part['balanced'].sum() / 1e9:,.1f} bn USD")
    for title, table in (("WITS 2009", pairs), ("IMF DOTS 2015-2018", None)):
        if table is None:
            table, counts = dots(second)
            print("\n".join(f"{what}: {count:,}" for what, count in counts.items()))
        results = run_all(table.drop(columns="level", errors="ignore"))
        print(f"\n## {title}: {len(table):,} pairs\n")
        two = table["exporter_fob"].notna() & table["importer_cif"].notna()
        print(f"both sides {int(two.sum()):,}, exporter only {int(table['importer_cif'].isna().sum()):,}, "
              f"importer only {int(table['exporter_fob'].isna().sum()):,}")  # fmt: skip
        print(by_method(results))
        for name in ("variance", "causes_first"):
            print("\n" + for_whom(results, name))
        p = mirror(table.drop(columns="level", errors="ignore"))
        print(
            "\nmargin, weighted by value",
            round(float(np.average(p.margin[p.both], weights=p.m[p.both])), 4),
        )
        print("hubs:", causes_first.transit(p).note)
        spread = pd.DataFrame(
            {"area": p.codes, "exporter": np.sqrt(p.errors[0]), "importer": np.sqrt(p.errors[1])}
        )
        flows = (
            np.bincount(p.e[p.both], minlength=p.size),
            np.bincount(p.i[p.both], minlength=p.size),
        )
        for role, count in zip(("exporter", "importer"), flows):
            seen = spread[count >= 100].sort_values(role)
            for word, part in (("least", seen.head(8)), ("most", seen.tail(8))):
                print(
                    role, word, ", ".join(f"{a} {v:.2f}" for a, v in zip(part["area"], part[role]))
                )


if __name__ == "__main__":
    main()
