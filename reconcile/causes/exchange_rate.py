"""Exchange rate: one source prints one measure in two currencies, and implies a rate of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile.causes import Ground

NAME = "exchange rate"
ORDER = 20


def claims(ground: Ground) -> pd.DataFrame:
    """Claim the whole gap between two numbers of one source in two currencies, with the implied rate.

    The implied rate is the printed value in one currency over the printed value in the other.
    """
    cases = ground.cases
    own = ground.of("a", "source") == ground.of("b", "source")
    differ = ground.of("a", "currency") != ground.of("b", "currency")
    chosen = own & differ & (cases["verdict"] != "within rounding")
    if not bool(chosen.any()):
        return pd.DataFrame()
    part = cases[chosen]
    a, b = (ground.by_id.loc[part[f"figure_{side}"]].reset_index(drop=True) for side in "ab")
    one, other = a["value"] * a["scale"], b["value"] * b["scale"]
    implied = np.where(a["currency"] == "USD", other / one, one / other)
    foreign = b["currency"].where(a["currency"] == "USD", a["currency"])
    base = a["currency"].where(a["currency"] == "USD", b["currency"])
    share = (part["gap"].reset_index(drop=True) / ((a["amount"] + b["amount"]) / 2) * 100).abs()
    note = [
        f"the two numbers of {source} imply {rate:.3f} {currency} per {to}; the difference is {percent:.1f} % of their mean"
        for source, rate, currency, to, percent in zip(a["source"], implied, foreign, base, share)
    ]
    return pd.DataFrame(
        {
            "case": part["id"].to_numpy(),
            "amount": part["gap"].to_numpy(),
            "low": part["gap"].to_numpy(),
            "high": part["gap"].to_numpy(),
            "evidence": "recorded",
            "note": note,
            "expression": (
                "{amount:" + part["figure_b"] + "}-{amount:" + part["figure_a"] + "}"
            ).to_numpy(),
        }
    )
