"""A full square of flows: importer first, else exporter, else the flow of the other direction.

The importer's figure is taken as reported. The reverse flow (what the importer exports to the exporter, by
its own report, else by the partner's) stands in where neither side reports the flow: it is no evidence of
that trade, and such rows are marked `reverse flow`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reconcile.balance.pairs import mirror, weighted

NAME = "harmonised"
ABOUT = "importer's figure as reported, else exporter's, else the reverse flow"
SOURCE = "C. Grasland, world trade matrix 2009 from WITS (rule found from its output)"


def balance(
    pairs: pd.DataFrame,
    *,
    cif: str | float | None = "none",
    square: bool = False,
    empty: float | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs`; with `square` every ordered pair of areas has a row,
    an area with itself included.

    Rows that have no figure in either direction get `empty` (missing by default; 0 says no trade).
    """
    table = _square(pairs) if square else pairs
    p = mirror(table, cif="none" if cif is None else cif, **options)
    out = weighted(NAME, p, np.zeros(len(p.x)))
    keys = ["year", "commodity", "exporter", "importer"]
    sides = out[keys].assign(
        own=p.table["exporter_fob"].to_numpy(), other=p.f, row=np.arange(len(out))
    )
    turned = sides.rename(
        columns={"exporter": "importer", "importer": "exporter", "row": "reverse"}
    )
    met = out[keys].merge(turned, on=keys, how="left", validate="one_to_one")
    reverse = met["own"].where(met["own"].notna(), met["other"]).to_numpy()
    lacking = out["balanced"].isna().to_numpy()
    fill = lacking & np.isfinite(reverse)
    # the doubt of the reverse flow itself; how far the two directions differ nobody can say
    place = met["reverse"].fillna(0).to_numpy(dtype=int)
    for name in ("low", "balanced", "high"):
        spread = (out[name] / out["balanced"]).fillna(1.0).to_numpy()[place] if len(out) else 1.0
        value = np.where(fill, reverse * spread, out[name].to_numpy())
        out[name] = value if empty is None else np.where(lacking & ~fill, empty, value)
    out["evidence"] = np.where(fill, "reverse flow", out["evidence"])
    return out


def _square(pairs: pd.DataFrame) -> pd.DataFrame:
    """Every ordered pair of two areas, for each year and commodity; rows without a report are added."""
    areas = sorted(set(pairs["exporter"]) | set(pairs["importer"]))
    table = pairs if "year" in pairs else pairs.assign(year=0)
    table = table if "commodity" in table else table.assign(commodity="TOTAL")
    keys = ["year", "exporter", "importer", "commodity"]
    year = table["year"].unique()
    whole = pd.MultiIndex.from_product(
        [year, areas, areas, table["commodity"].unique()], names=keys
    )
    frame = whole.to_frame(index=False)
    have = table.set_index(keys).index
    missing = frame[~pd.MultiIndex.from_frame(frame).isin(have)]
    missing = missing.assign(exporter_fob=np.nan, importer_cif=np.nan)
    return pd.concat([table, missing], ignore_index=True)
