"""What every reader must do: know its own example and no other's, give a figure, and never fail but by InputError."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources import readers
from sources.errors import InputError
from sources.figures import COLUMNS, ROLES, STATES, Reading
from sources.readers import Head, Source

NO_FIGURES = {"codelist"}  # lists have none, and say so
PUBLISHERS = [name for name in readers.names() if name not in readers.GENERAL]


WHOLE = Path(__file__).resolve().parents[1] / "specimens" / "examples"
NAMES = {"uzbekistan": "export.csv"}  # its tables say the flow in the file's name alone


def example(name: str) -> bytes:
    """Give the example of a reader, or the whole file of which it is an extract."""
    whole = WHOLE / name
    return whole.read_bytes() if whole.exists() else readers.reader(name).EXAMPLE.encode()


def title(name: str) -> str:
    return NAMES.get(name, "example")


def sound(reading: Reading) -> None:
    """Hold what is true of every reading."""
    figures = reading.figures
    assert list(figures.columns) == list(COLUMNS)
    assert set(figures["state"]) <= set(STATES) and set(figures["role"]) <= set(ROLES)
    assert not figures["id"].duplicated().any()
    assert (figures["place"] != "").all()


@pytest.mark.parametrize("name", readers.names())
def test_an_example_is_recognised_by_its_own_reader_alone(name: str) -> None:
    head = Head(Source(title(name), example(name)))
    assert name == readers.recognise(head).NAME
    if name in PUBLISHERS:
        scores = {other: readers.reader(other).recognises(head) for other in PUBLISHERS}
        others = [other for other, score in scores.items() if other != name and score]
        assert all(scores[other] < scores[name] for other in others)


@pytest.mark.parametrize("name", readers.names())
def test_an_example_gives_figures(name: str) -> None:
    [reading] = readers.read_bytes(example(name), title(name))
    sound(reading)
    assert reading.facts["reader"] == name
    if name in NO_FIGURES:
        assert list(reading.findings["code"]) == ["NO_FIGURES"]
    else:
        assert reading.figures["value"].notna().any()


@pytest.mark.parametrize("name", readers.names())
def test_a_packed_example_gives_the_same_figures(name: str) -> None:
    import gzip

    [plain] = readers.read_bytes(example(name), title(name))
    [packed] = readers.read_bytes(gzip.compress(example(name)), f"{title(name)}.gz")
    assert list(packed.figures["value"]) == list(plain.figures["value"])
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as door:
        door.writestr(title(name), example(name))
    [zipped] = readers.read_bytes(box.getvalue(), "example.zip")
    assert list(zipped.figures["value"]) == list(plain.figures["value"])


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    name = draw(st.sampled_from(readers.names()))
    data = bytearray(example(name) * draw(st.integers(1, 2)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            data[at : at + 1] = draw(st.binary(min_size=1, max_size=3))
        elif kind == 1:
            del data[at : at + draw(st.integers(1, 40))]
        elif kind == 2:
            marks = [
                b",",
                b";",
                b"\t",
                b'"',
                b"\n",
                b"\r\n",
                b"0",
                b"-",
                b"NA",
                b"1e309",
                b"\xff\xfe",
                b"\x00",
            ]
            data[at:at] = draw(st.sampled_from(marks))
        else:
            data[at:at] = bytes(data[: draw(st.integers(0, 200))])
    return name, bytes(data)


@settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_damaged_bytes_give_an_input_error_or_a_reading(given: tuple[str, bytes]) -> None:
    name, data = given
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for chosen in (None, name):
            try:
                found = readers.read_bytes(data, "damaged.csv", chosen)
            except InputError as error:
                assert error.problems
            else:
                for reading in found:
                    assert list(reading.figures.columns) == list(COLUMNS)
