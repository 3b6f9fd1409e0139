"""Distances, land borders and landlocked areas: the typed facts shipped, and the user's CEPII file.

The coordinates are those of the main city of trade of each area (the most populous one, which CEPII's
GeoDist calls `maincity`; for the United States, Australia, Brazil, China, India, Kazakhstan, Pakistan and
others this is not the capital), to a hundredth of a degree, from general atlases. Borders are land
borders between areas, each pair written once. Landlocked is the United Nations' list of landlocked
developing countries and the landlocked countries of Europe.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from sources.errors import InputError, Problem

DATA = Path(__file__).parent / "data"
EARTH_RADIUS_KM = 6371.0  # mean radius, International Union of Geodesy and Geophysics
# what CEPII and older tables write, and what we call the area
FORMER = {"TMP": "TLS", "ROM": "ROU", "ZAR": "COD", "YUG": "SRB", "PAL": "PSE", "KSV": "XKX"}

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Geography:
    """Square matrices over `codes`: km (NaN unknown), contiguous (0/1); landlocked is a vector (0/1)."""

    codes: tuple[str, ...]
    km: Floats
    contiguous: Floats
    landlocked: Floats
    source: str

    def over(self, codes: list[str]) -> Geography:
        """The same facts for another list of codes, in its order; unknown areas get NaN km and zeros."""
        known = {code: place for place, code in enumerate(self.codes)}
        at = np.array([known.get(code, -1) for code in codes], dtype=int)
        miss = at < 0
        km = self.km[np.ix_(at, at)].copy()
        km[miss, :] = np.nan
        km[:, miss] = np.nan
        contiguous = self.contiguous[np.ix_(at, at)].copy()
        contiguous[miss, :] = 0.0
        contiguous[:, miss] = 0.0
        landlocked = np.where(miss, 0.0, self.landlocked[at])
        return Geography(tuple(codes), km, contiguous, landlocked, self.source)


def great_circle(
    latitude_a: Floats, longitude_a: Floats, latitude_b: Floats, longitude_b: Floats
) -> Floats:
    """Kilometres along the sphere between points in degrees; broadcasts.

    The haversine form (Sinnott 1984), exact on a sphere also for near points.
    """
    phi_a, phi_b = np.radians(latitude_a), np.radians(latitude_b)
    half = np.sin((phi_b - phi_a) / 2) ** 2
    half = half + np.cos(phi_a) * np.cos(phi_b) * (
        np.sin(np.radians(np.subtract(longitude_b, longitude_a)) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


@lru_cache(maxsize=1)
def shipped() -> Geography:
    """The facts that come with the package, for every area of `data/cities.csv`."""
    cities = pd.read_csv(DATA / "cities.csv", keep_default_na=False)
    borders = pd.read_csv(DATA / "borders.csv", keep_default_na=False)
    codes = tuple(cities["code"])
    place = {code: i for i, code in enumerate(codes)}
    latitude = cities["latitude"].to_numpy(dtype=float)
    longitude = cities["longitude"].to_numpy(dtype=float)
    km = great_circle(latitude[:, None], longitude[:, None], latitude[None, :], longitude[None, :])
    contiguous = np.zeros_like(km)
    for code, neighbours in zip(borders["code"], borders["neighbours"]):
        for other in neighbours.split():
            contiguous[place[code], place[other]] = contiguous[place[other], place[code]] = 1.0
    return Geography(
        codes,
        km,
        contiguous,
        cities["landlocked"].to_numpy(dtype=float),
        "great circle between main cities, typed from atlases",
    )


@lru_cache(maxsize=1)
def numbers() -> dict[str, str]:
    """M49 numeric code, without leading zeros -> alpha-3, of every area shipped."""
    cities = pd.read_csv(DATA / "cities.csv", dtype=str, keep_default_na=False)
    return dict(zip(cities["m49"], cities["code"]))


def read_cepii(path: str | Path) -> Geography:
    """The user's file in the columns of CEPII's dist_cepii: iso_o, iso_d, distw or dist, contig.

    `distw` (population weighted) is used where it is a number, else `dist`, both kilometres. Landlocked
    status is taken from columns `landlocked_o`/`landlocked_d` (as in CEPII's Gravity) or from a file
    geo_cepii.csv beside it, else from the shipped list. Raises InputError naming every missing column.
    """
    path = Path(path)
    table = _text(path)
    names = {name.strip().lower(): name for name in table.columns}
    problems = [
        Problem(str(path), "header", f"no column {wanted}", f"CEPII's dist_cepii has {wanted}")
        for wanted in ("iso_o", "iso_d")
        if wanted not in names
    ]
    distances = [n for n in ("distw", "distw_harmonic", "dist") if n in names]
    if not distances:
        problems.append(
            Problem(
                str(path), "header", "no column distw or dist", "give kilometres in one of them"
            )
        )
    if problems:
        raise InputError(problems)
    origin = table[names["iso_o"]].str.strip().replace(FORMER)
    destination = table[names["iso_d"]].str.strip().replace(FORMER)
    km = pd.Series(np.nan, index=table.index)
    for name in distances:
        km = km.fillna(pd.to_numeric(table[names[name]].replace({".": ""}), errors="coerce"))
    if km.isna().all():
        raise InputError(
            Problem(str(path), distances[0], "no distance is a number", "give kilometres")
        )
    codes = tuple(sorted(set(origin) | set(destination)))
    index = pd.Index(codes)
    row, column = index.get_indexer(origin), index.get_indexer(destination)
    matrix = np.full((len(codes), len(codes)), np.nan)
    matrix[row, column] = km.to_numpy(dtype=float)
    touching = np.zeros_like(matrix)
    if "contig" in names:
        touching[row, column] = pd.to_numeric(table[names["contig"]], errors="coerce").fillna(0)
    locked = shipped().over(list(codes)).landlocked.copy()
    if "landlocked_o" in names:
        locked[row] = pd.to_numeric(table[names["landlocked_o"]], errors="coerce").fillna(0)
    elif "landlocked_d" in names:
        locked[column] = pd.to_numeric(table[names["landlocked_d"]], errors="coerce").fillna(0)
    elif (path.parent / "geo_cepii.csv").is_file():
        geo = _text(path.parent / "geo_cepii.csv").drop_duplicates("iso3")
        flags = dict(zip(geo["iso3"].replace(FORMER), pd.to_numeric(geo["landlocked"]).fillna(0)))
        locked = np.array([flags.get(code, was) for code, was in zip(codes, locked)], dtype=float)
    return Geography(codes, matrix, touching, locked, path.name)


def _text(path: Path) -> pd.DataFrame:
    """A delimited file as text; the mark (`,` `;` tab) is the commonest of the header."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(Problem(str(path), "", "cannot be read", error.strerror or "")) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # CEPII's own geo_cepii, 2011
    header = text.split("\n", 1)[0]
    mark = max(",;\t", key=header.count)
    return pd.read_csv(io.StringIO(text), sep=mark, dtype=str, keep_default_na=False)
