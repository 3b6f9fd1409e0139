"""The scale step: billions, millions and thousands to units; masses to tonnes."""

from __future__ import annotations

import pandas as pd

from reconcile.basis import Context, Step
from sources import units

ORDER = 20
TONNES = ("kilogram", "gram", "pound", "long_ton", "short_ton")


def steps(figures: pd.DataFrame, context: Context) -> list[Step]:
    """Multiply by the scale of the unit; a mass in kilograms becomes tonnes by the unit registry."""
    empty = pd.Series("", index=figures.index)
    scaled = figures["scale"].notna() & (figures["scale"] != 1.0)
    first = Step("scale", "×", scaled, figures["scale"], empty, "unit " + figures["unit"])
    mass = figures["currency"].isin(TONNES)
    if not bool(mass.any()):
        return [first]
    factors = {code: units.factor(code, "tonne") for code in figures.loc[mass, "currency"].unique()}
    operand = figures["currency"].map(factors).astype(float)
    return [first, Step("unit", "×", mass, operand, empty, figures["currency"] + " to tonne")]
