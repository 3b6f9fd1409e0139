"""A made world as files: reports in the columns of UN Comtrade, and the truth beside them. Owns their layout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from reconcile.balance.pairs import KEYS
from reconcile.simulate.worlds import World
from reconcile.world.write import frame
from sources import geography

FORMATS = ("parquet", "csv")
REPORTS, TRUTH, REPORTERS = "reports", "truth", "reporters"


def reports(world: World) -> pd.DataFrame:
    """One row a report: reporter, partner, flow X or M and commodity as the Comtrade API names them, USD."""
    numbers = {code: int(number) for number, code in geography.numbers().items()}
    parts = []
    for flow, value, own, other in (
        ("X", "exporter_fob", "exporter", "importer"), ("M", "importer_cif", "importer", "exporter"),
    ):  # fmt: skip
        part = world.pairs[world.pairs[value].notna()]
        amount = part[value].to_numpy(dtype=float)
        parts.append(
            pd.DataFrame(
                {"typeCode": "C", "freqCode": "A", "refYear": part["year"], "period": part["year"].astype(str),
                 "reporterCode": part[own].map(numbers), "reporterISO": part[own], "flowCode": flow,
                 "partnerCode": part[other].map(numbers), "partnerISO": part[other], "partner2Code": 0,
                 "classificationCode": "H5", "cmdCode": part["commodity"], "customsCode": "C00", "motCode": 0,
                 "cifvalue": amount if flow == "M" else np.nan, "fobvalue": amount if flow == "X" else np.nan,
                 "primaryValue": amount}
            )
        )  # fmt: skip
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(
        ["reporterISO", "flowCode", "partnerISO", "cmdCode"], ignore_index=True
    )


def truth(world: World) -> pd.DataFrame:
    """One row a true flow: year, exporter, importer, commodity, value (FOB, USD), cif_margin."""
    return world.truth.rename(columns={"value_fob": "value"})[[*KEYS, "value", "cif_margin"]]


def write(world: World, folder: Path, form: str = "parquet") -> list[Path]:
    """Write reports, truth and reporters into the folder, each beside its place and then renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, table in (
        (REPORTS, reports(world)), (TRUTH, truth(world)), (REPORTERS, world.reporters),
    ):  # fmt: skip
        target = folder / f"{name}.{form}"
        frame(table, target)
        made.append(target)
    return made
