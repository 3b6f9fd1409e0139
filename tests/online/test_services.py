"""Each service from the command to figures: recorded-like answers, or with RECONCILE_LIVE=1 the real services."""

from __future__ import annotations

import os
from pathlib import Path

import online_answers as given
import pytest
from click.testing import CliRunner
from online_answers import CHN, KAZ, body, comtrade, record

from reconcile.commands.fetch import command
from sources import commodities
from sources.online import client
from sources.rates import read_assumptions
from sources.readers import read_path

LIVE = os.environ.get("RECONCILE_LIVE") == "1"

FIGURES = {
    "comtrade": (
        "--reporter KAZ --partner CHN --year 2022 --flow M --mirror",
        {given.COMTRADE + "?reporterCode=398": comtrade(record(KAZ, CHN, "M", 2022, 11e9)),
         given.COMTRADE + "?reporterCode=156": comtrade(record(CHN, KAZ, "X", 2022, 16e9))},
        {("KAZ", "CHN", "imports", "2022"): 11e9, ("CHN", "KAZ", "exports", "2022"): 16e9},
    ),
    "eurostat": (
        "--reporter DEU --partner KAZ --year 2022..2023 --flow X",
        {given.EUROSTAT: given.EUROSTAT_CSV},
        {("DEU", "KAZ", "exports", "2022"): 2.5e9, ("DEU", "KAZ", "exports", "2023"): 3.5e9},
    ),
    "imf": (
        "--reporter UZB --partner CHN --year 2022..2023 --flow M --mirror",
        {given.IMF + "UZB.": given.IMF_IMPORTS, given.IMF + "CHN.": given.IMF_EXPORTS},
        {("UZB", "CHN", "imports", "2022"): 6.4e9, ("UZB", "CHN", "imports", "2023"): 11.3e9,
         ("CHN", "UZB", "exports", "2022"): 7.5e9},
    ),
    "oecd": (
        "--reporter DEU --partner CHN --year 2021",
        {given.OECD: given.OECD_CSV},
        {("DEU", "CHN", "exports", "2021"): 120e9},
    ),
    "wits": (
        "--reporter KGZ --partner CHN --year 2021 --flow M",
        {given.WITS: given.WITS_XML},
        {("KGZ", "CHN", "imports", "2021"): 1463800500.0},
    ),
}  # fmt: skip

RATES = {
    "ecb": ("--currency CNY --year 2024-02", given.ECB, given.ecb({"CNY": 8.0, "USD": 1.25}, "2024-02", 20),
            {"fx-CNY-2024-02": 6.4}),
    "worldbank": ("--reporter KAZ --year 2022", given.WORLD_BANK,
                  given.world_bank("PA.NUS.FCRF", ("KAZ", "2022", 460.5)), {"fx-KZT-2022": 460.5}),
}  # fmt: skip


@pytest.fixture
def answering(service, monkeypatch):
    """Serve answers on this machine, unless the real services are to be asked."""

    def serve(answers: dict[str, str | bytes]) -> None:
        for path, answer in answers.items():
            service.give(path, body(answer, kind="text/plain"))
        if LIVE:
            monkeypatch.delenv(client.LOOPBACK)

    return serve


def fetched(name: str, arguments: str, output: Path) -> None:
    result = CliRunner().invoke(command, [name, *arguments.split(), "-o", str(output)])
    assert result.exception is None, (result.output, result.exception)


@pytest.mark.parametrize("name", FIGURES)
def test_what_a_service_sends_is_read_as_figures(answering, tmp_path, name):
    arguments, answers, expected = FIGURES[name]
    answering(answers)
    fetched(name, arguments, tmp_path / "out")
    found = {
        (row.reporter, row.partner, row.flow, row.period): row.value * row.scale
        for reading in read_path(tmp_path / "out")
        for row in reading.figures.itertuples()
    }
    assert set(found) == set(expected)
    if not LIVE:
        assert found == pytest.approx(expected)
    assert all(value > 0 for value in found.values())


@pytest.mark.parametrize("name", RATES)
def test_what_a_service_sends_is_read_as_assumptions(answering, tmp_path, name):
    arguments, path, answer, expected = RATES[name]
    answering({path: answer})
    fetched(name, arguments, tmp_path / "rates.csv")
    table = read_assumptions(tmp_path / "rates.csv")
    found = dict(zip(table["id"], table["value"]))
    assert set(expected) <= set(found)
    if not LIVE:
        assert found == pytest.approx(expected)
    assert all(value > 0 for value in found.values())


def test_a_correlation_table_is_read_as_a_concordance(answering, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "HS2022-HS2017 Correlations"
    for line in (("HS 2022", "HS 2017", "Relationship"), ("010121", "010121", "1:1")):
        sheet.append(line)
    book.save(tmp_path / "made.xlsx")
    answering({given.UNSD: (tmp_path / "made.xlsx").read_bytes()})
    fetched("unsd", "--classification H6 --to H5", tmp_path / "out")
    (path,) = (path for path in (tmp_path / "out").iterdir() if path.suffix == ".xlsx")
    table = commodities.load(path)
    assert (table.source, table.target) == ("H6", "H5")
    assert len(table.pairs) == 1 or LIVE
