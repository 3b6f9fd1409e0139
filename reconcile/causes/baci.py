"""BACI's equation of the CIF rate: what freight and insurance add, from distance and geography. Owns its numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Gaulier and Zignago (2010), CEPII working paper 2010-23, table 1: ordinary least squares, 1989-2004.
# II on ratios of unit values, IV on ratios of values; both weighted by the agreement of quantities.
TABLE_1: dict[int, dict[str, float]] = {
    1: {"constant": 0.534, "ln_km": -0.178, "ln_km_2": 0.014, "ln_uv": -0.032,
        "contiguous": -0.066, "landlocked_importer": 0.066, "landlocked_exporter": -0.021},
    2: {"constant": 0.32, "ln_km": -0.11, "ln_km_2": 0.01, "ln_uv": -0.032,
        "contiguous": -0.044, "landlocked_importer": 0.049, "landlocked_exporter": -0.009},
    3: {"constant": 0.442, "ln_km": -0.122, "ln_km_2": 0.009, "ln_uv": -0.042,
        "contiguous": -0.025, "landlocked_importer": 0.024, "landlocked_exporter": 0.012},
    4: {"constant": 0.3, "ln_km": -0.086, "ln_km_2": 0.007, "ln_uv": -0.038,
        "contiguous": -0.024, "landlocked_importer": 0.02, "landlocked_exporter": 0.01},
}  # fmt: skip
MEAN_CIF = {1: 0.03, 2: 0.033, 3: 0.027, 4: 0.034}


def cif_rate(
    km: Floats | float,
    contiguous: Floats | float,
    landlocked_exporter: Floats | float,
    landlocked_importer: Floats | float,
    unit_value: float,
    model: int = 2,
) -> Floats:
    """Give CIF value over FOB value; km of the pair, 0/1 flags, unit value in thousand USD per tonne.

    ln rate = a + b ln D + c (ln D)^2 + d ln UV + flags (Gaulier and Zignago 2010, equation 1, table 1;
    models 1 to 4). NaN where the distance is not known. Raises KeyError for another model.
    """
    terms = TABLE_1[model]
    log_km = np.log(np.asarray(km, dtype=float))
    log_rate = (
        terms["constant"]
        + terms["ln_km"] * log_km
        + terms["ln_km_2"] * log_km**2
        + terms["ln_uv"] * np.log(unit_value)
        + terms["contiguous"] * np.asarray(contiguous)
        + terms["landlocked_exporter"] * np.asarray(landlocked_exporter)
        + terms["landlocked_importer"] * np.asarray(landlocked_importer)
    )
    return np.asarray(np.exp(log_rate), dtype=float)
