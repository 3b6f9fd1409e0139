"""Tables to disk so that a killed run leaves none half written: beside the place, then renamed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from reconcile.world import read


def frame(table: pd.DataFrame, path: Path) -> None:
    """A frame as parquet, or as csv where the name says so."""
    temporary = path.with_name(path.name + ".part")
    if path.suffix == ".csv":
        table.to_csv(temporary, index=False, lineterminator="\n")
    else:
        base = read.connect(threads=1)
        base.register("frame", table)
        base.execute(f"COPY frame TO {read.quoted(str(temporary))} (FORMAT parquet)")
        base.close()
    temporary.replace(path)


def load(path: Path) -> pd.DataFrame:
    """A parquet file as a frame."""
    base = read.connect(threads=1)
    table = base.execute(f"SELECT * FROM read_parquet({read.quoted(str(path))})").df()
    base.close()
    return pd.DataFrame(table)


def together(parts: Sequence[Path], path: Path) -> None:
    """Parquet parts of one shape into one file, in their order, and the parts deleted; one part is renamed.

    With one thread rows stream through: with more, waiting for their turn they pile up in memory.
    """
    if len(parts) == 1:
        parts[0].replace(path)
        return
    temporary = path.with_name(path.name + ".part")
    listed = ", ".join(read.quoted(str(part)) for part in parts)
    base = read.connect(threads=1, spill=path.parent)
    base.execute(
        f"COPY (SELECT * FROM read_parquet([{listed}])) TO {read.quoted(str(temporary))} "
        "(FORMAT parquet, COMPRESSION snappy)"
    )
    base.close()
    temporary.replace(path)
    for part in parts:
        part.unlink()


def text(content: str, path: Path) -> None:
    """A small text file."""
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(content, encoding="utf-8")
    temporary.replace(path)
