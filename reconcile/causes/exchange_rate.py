"""Exchange rate: a source that prints one measure in two currencies uses a rate of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile.causes import Ground, amounts, claim

NAME = "exchange rate"
ORDER = 20
NEEDS = "one total of the source in both currencies, from which its own rate follows"


def claims(ground: Ground) -> pd.DataFrame:
    """Claim the whole gap between two numbers of one source in two currencies, and the effect of its rate.

    The implied rate is the printed value in one currency over the printed value in the other. Where a source
    shows its rate so, its other figures of that period are reconverted with it (estimated).
    """
    pieces = [_twice(ground), _reconverted(ground)]
    pieces = [piece for piece in pieces if len(piece)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()


def _twice(ground: Ground) -> pd.DataFrame:
    cases = ground.cases
    own = ground.of("a", "source") == ground.of("b", "source")
    differ = ground.of("a", "currency") != ground.of("b", "currency")
    chosen = own & differ & ground.open & (ground.of("a", "measure") == "value")
    if not bool(chosen.any()):
        return pd.DataFrame()
    part = cases[chosen]
    a, b = (ground.by_id.loc[part[f"figure_{side}"]].reset_index(drop=True) for side in "ab")
    one, other = a["value"] * a["scale"], b["value"] * b["scale"]
    dollars = a["currency"] == "USD"
    implied = np.where(dollars, other / one, one / other)
    foreign = b["currency"].where(dollars, a["currency"])
    base = a["currency"].where(dollars, b["currency"])
    share = (part["gap"].reset_index(drop=True) / ((a["amount"] + b["amount"]) / 2) * 100).abs()
    note = [
        f"the two numbers of {source} imply {rate:.3f} {currency} per {to}; the difference is {percent:.1f} % of their mean"
        for source, rate, currency, to, percent in zip(a["source"], implied, foreign, base, share)
    ]
    return claim(
        part["id"],
        part["gap"],
        "recorded",
        note,
        amounts(part["figure_b"]) + "-" + amounts(part["figure_a"]),
    )


def implied_rates(ground: Ground) -> pd.DataFrame:
    """Give (source, period, currency) -> the two figures by which a source shows its rate to the dollar.

    Columns: source, period, currency, foreign and dollars (figure ids), factor: the amount in dollars over
    the amount converted at the average rate.
    """
    figures = ground.figures[
        ground.figures["amount"].notna()
        & (ground.figures["measure"] == "value")
        & (ground.figures["place"].str.startswith("derived") == False)  # noqa: E712
    ]
    what = ["source", "reporter", "partner", "flow", "commodity", "period"]
    several = figures.groupby(what, sort=False)["currency"].transform("nunique") > 1
    table = figures[several]
    dollars = table[table["currency"] == "USD"].drop_duplicates(what)
    foreign = table[table["currency"] != "USD"].drop_duplicates([*what, "currency"])
    met = foreign.merge(dollars, on=what, suffixes=("", "_usd"), validate="m:1")
    met = met.drop_duplicates(["source", "period", "currency"])
    return pd.DataFrame(
        {
            "source": met["source"], "period": met["period"], "currency": met["currency"],
            "foreign": met["id"], "dollars": met["id_usd"],
            "factor": met["amount_usd"] / met["amount"].where(met["amount"] != 0),
        }
    )  # fmt: skip


def _reconverted(ground: Ground) -> pd.DataFrame:
    chosen = ground.open & (ground.of("a", "measure") == "value")
    apart = chosen & (ground.of("a", "source") != ground.of("b", "source"))
    foreign = (ground.of("a", "currency") != "USD") | (ground.of("b", "currency") != "USD")
    if not bool((apart & foreign).any()):
        return pd.DataFrame()
    rates = implied_rates(ground)
    if rates.empty:
        return pd.DataFrame()
    pieces = []
    for side, sign in (("a", ""), ("b", "-")):
        part = ground.cases[apart][["id", "period", f"figure_{side}"]]
        part = part.rename(columns={"id": "case", f"figure_{side}": "figure"})
        figure = ground.by_id.loc[part["figure"]]
        part = part.assign(
            source=figure["source"].to_numpy(),
            currency=figure["currency"].to_numpy(),
            amount=figure["amount"].to_numpy(),
        )
        met = part.merge(rates, on=["source", "period", "currency"], validate="m:1")
        if met.empty:
            continue
        # Reconverted, figure a would be larger by a*(factor-1), and the gap b - a smaller by as much.
        effect = met["amount"] * (met["factor"] - 1) * (1.0 if side == "a" else -1.0)
        ratio = amounts(met["dollars"]) + "/" + amounts(met["foreign"])
        expression = sign + amounts(met["figure"]) + "*(" + ratio + "-1)"
        note = met["source"] + " converts " + met["currency"] + " at a rate of its own"
        pieces.append(claim(met["case"], effect, "estimated", note, expression))
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()
