"""Valuation: importers count freight and insurance (CIF), exporters do not (FOB)."""

from __future__ import annotations

import pandas as pd

from reconcile.causes import Ground

NAME = "valuation (CIF/FOB)"
ORDER = 30
FACTOR = "cif-factor"


def claims(ground: Ground) -> pd.DataFrame:
    """Claim the margin on the exporter's figure where the importer's is larger; else say that it cannot.

    Fixed factor: CIF = 1.06 FOB (IMF, Direction of Trade Statistics Yearbook 2017), overridden by the
    assumption `cif-factor`. A turnover holds both directions: its split into flows gives the sign.
    """
    pieces = [_directed(ground), _turnover(ground)]
    pieces = [piece for piece in pieces if len(piece)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()


def _directed(ground: Ground) -> pd.DataFrame:
    cases = ground.cases
    fob_b = ground.of("b", "valuation") == "FOB"
    chosen = (
        (cases["kind"] == "mirror") & (cases["flow"] == "exports") & (cases["measure"] == "value")
    )
    part = cases[chosen]
    if part.empty:
        return pd.DataFrame()
    row = ground.book.row(FACTOR)
    factor, low, high = (float(row[name]) for name in ("value", "low", "high"))
    exporter = ground.of("a", "amount")[chosen]
    right = (part["gap"] > 0) & ~fob_b[chosen] & (part["verdict"] != "within rounding")
    ground.book.use(FACTOR, part.loc[right, "id"].head(50))
    expression = "{amount:" + part["figure_a"] + "}*({assumption:" + FACTOR + "}-1)"
    note = pd.Series(f"{100 * (factor - 1):g} % of the exporter's figure", index=part.index)
    note = note.where(
        part["gap"] > 0,
        "the exporter's figure is the larger: freight and insurance cannot explain it",
    )
    note = note.where(~fob_b[chosen], "the importer's figure is FOB: nothing to convert")
    return pd.DataFrame(
        {
            "case": part["id"],
            "amount": (exporter * (factor - 1)).where(right, 0.0),
            "low": (exporter * (low - 1)).where(right, 0.0),
            "high": (exporter * (high - 1)).where(right, 0.0),
            "evidence": pd.Series("assumed", index=part.index).where(right, ""),
            "note": note,
            "expression": expression.where(right, ""),
        }
    )


def split(ground: Ground, area: str, other: str, year: str) -> tuple[float, str, str] | None:
    """Give (share of exports in the turnover of an area with another, id of exports, id of imports), if printed."""
    figures = ground.figures
    like = (
        (figures["reporter"] == area)
        & (figures["partner"] == other)
        & figures["amount"].notna()
        & (figures["start"].str.slice(0, 4) == year)
        & (figures["measure"] == "value")
        & (figures["commodity"] == "TOTAL")
    )
    exports = figures[like & (figures["flow"] == "exports")]
    imports = figures[like & (figures["flow"] == "imports")]
    both = exports.merge(imports, on=["source", "period"], suffixes=("_x", "_m"))
    if both.empty:
        return None
    first = both.iloc[0]
    total = float(first["amount_x"]) + float(first["amount_m"])
    if total <= 0:
        return None
    return float(first["amount_x"]) / total, str(first["id_x"]), str(first["id_m"])


def _turnover(ground: Ground) -> pd.DataFrame:
    cases = ground.cases
    chosen = (
        (cases["kind"] == "mirror")
        & (cases["flow"] == "turnover")
        & (cases["verdict"] != "within rounding")
    )
    rows = [_turnover_claim(ground, case) for case in cases[chosen].to_dict("records")]
    return pd.DataFrame([row for row in rows if row])


def _turnover_claim(ground: Ground, case: dict[str, object]) -> dict[str, object]:
    nothing = {
        "case": case["id"],
        "amount": 0.0,
        "low": 0.0,
        "high": 0.0,
        "evidence": "",
        "expression": "",
    }
    area_a, area_b = case["areas"]  # type: ignore[misc]
    year = str(case["period"])[:4]
    for side, area, other in (("b", area_b, area_a), ("a", area_a, area_b)):
        found = split(ground, str(area), str(other), year)
        if found is None:
            continue
        share, exports, imports = found
        whole = f"{{amount:{case['figure_' + side]}}}"
        total = f"({{amount:{exports}}}+{{amount:{imports}}})"
        tau = f"({{assumption:{FACTOR}}}-1)"
        sign = "" if side == "b" else "-"
        # The side's imports carry the margin in its own figure, its exports carry it in the partner's.
        expression = (
            f"{sign}({whole}*{{amount:{imports}}}/{total}*{tau}/{{assumption:{FACTOR}}}"
            f"-{whole}*{{amount:{exports}}}/{total}*{tau})"
        )
        from reconcile.causes import valued

        effect = valued(expression, ground)
        gap = float(case["gap"])  # type: ignore[arg-type]
        ground.book.use(FACTOR, [str(case["id"])])
        if effect * gap <= 0:
            note = (
                f"{100 * share:.0f} % of the turnover of {area} are its exports, where freight and insurance "
                f"raise the partner's figure: the expected effect, {effect / 1e9:+.2f} bn, has the other sign"
            )
            return {**nothing, "note": note}
        row = ground.book.row(FACTOR)
        ends = sorted(
            effect * (float(row[end]) - 1) / (float(row["value"]) - 1) for end in ("low", "high")
        )
        return {
            **nothing,
            "amount": effect,
            "low": ends[0],
            "high": ends[1],
            "evidence": "assumed",
            "note": f"margin on imports less margin on exports, {100 * share:.0f} % exports",
            "expression": expression,
        }
    return {**nothing, "note": "needs the split of the turnover into exports and imports"}
