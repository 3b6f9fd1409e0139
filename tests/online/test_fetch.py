"""`reconcile fetch` as a user runs it, against a server in the services' place; with RECONCILE_LIVE=1, see test_live."""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
import sys
from pathlib import Path

import online_answers as given
import pytest
from click.testing import CliRunner
from online_answers import CHN, KAZ, body, comtrade, record

from reconcile.commands.fetch import command
from sources import online
from sources.errors import InputError
from sources.online import base
from sources.rates import lookup, read_assumptions
from sources.readers import read_path

IMPORTS = record(KAZ, CHN, "M", 2022, 11_000_000_000.0)
EXPORTS = record(CHN, KAZ, "X", 2022, 16_000_000_000.0)
ASK = ["comtrade", "--reporter", "KAZ", "--partner", "CHN", "--year", "2022", "--flow", "M"]


def run(*arguments: str) -> str:
    """Run the command and give what it prints."""
    result = CliRunner().invoke(command, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: str) -> list[str]:
    """Run the command, which must end in bad input, and give the problems as `CODE text`."""
    result = CliRunner().invoke(command, list(arguments))
    assert isinstance(result.exception, InputError), (result.output, result.exception)
    assert result.exception.exit_code == 2
    return [f"{problem.code} {problem}" for problem in result.exception.problems]


def written(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


# --- what is there ------------------------------------------------------------------------------


def test_alone_it_lists_every_source_with_an_example_and_its_terms():
    text = run()
    for name in ("comtrade", "ecb", "eurostat", "imf", "oecd", "unsd", "wits", "worldbank"):
        assert f"reconcile fetch {name} " in text
    assert text.count("terms: https://") == 8


@pytest.mark.parametrize("name", online.names())
def test_the_example_of_each_source_can_be_asked(name):
    words = online.source(name).EXAMPLE.split()[2:]
    out = run(*words, "--dry-run")
    assert out.startswith("https://")
    assert out.count("https://") == (2 if "--mirror" in words else 1)


def test_a_misspelt_source_gives_the_nearest():
    assert refused("comtrad") == [
        "UNKNOWN_SOURCE no online source is called 'comtrad'. Nearest: comtrade"
    ]


def test_every_fault_of_a_query_is_named_at_once():
    found = refused("ecb", "--reporter", "KAZ")
    assert len(found) == 3
    assert "ecb does not take it" in found[0]
    assert "--currency: it is missing" in found[1]


@pytest.mark.parametrize("year", ["22", "2024-13", "2022..2020", "2020..2021-03"])
def test_a_period_that_is_none_is_refused(year):
    (found,) = refused("imf", "--reporter", "KAZ", "--partner", "CHN", "--year", year)
    assert found.startswith("QUERY")


def test_periods_are_ranges_of_years_or_months():
    assert base.periods(["2020..2022", "2021"]) == ("2020", "2021", "2022")
    assert base.periods(["2023-11..2024-02"]) == ("2023-11", "2023-12", "2024-01", "2024-02")


def test_an_unknown_area_gives_the_nearest():
    (found,) = refused("imf", "--reporter", "Kazakstn", "--partner", "CHN", "--year", "2022")
    assert found.startswith("UNKNOWN_AREA")
    assert "Kazakhstan" in found


# --- addresses, each as its publisher documents it ----------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        ("comtrade --reporter USA --partner all --year 2021 --flow X --commodity 8542",
         "https://comtradeapi.un.org/public/v1/preview/C/A/HS?reporterCode=842&period=2021&partnerCode="
         "&flowCode=X&cmdCode=8542&partner2Code=0&motCode=0&customsCode=C00&maxRecords=500&includeDesc=true"),
        ("comtrade --reporter France --partner World --year 2024-03 --flow M --classification H5",
         "https://comtradeapi.un.org/public/v1/preview/C/M/H5?reporterCode=251&period=202403&partnerCode=0"
         "&flowCode=M&cmdCode=TOTAL&partner2Code=0&motCode=0&customsCode=C00&maxRecords=500&includeDesc=true"),
        ("eurostat --reporter EU27 --partner Kosovo --year 2022 --flow X --commodity 7204",
         "https://ec.europa.eu/eurostat/api/comext/dissemination/sdmx/2.1/data/DS-045409/"
         "A.EU27_2020.XK.7204.2.VALUE_IN_EUROS?format=SDMX-CSV&startPeriod=2022&endPeriod=2022"),
        ("imf --reporter C_ASIA --partner World --year 2024-01..2024-06 --flow X",
         "https://api.imf.org/external/sdmx/2.1/data/IMF.STA,IMTS/KAZ+KGZ+TJK+TKM+UZB.XG_FOB_USD.G001.M"
         "?startPeriod=2024-M01&endPeriod=2024-M06"),
        ("wits --reporter Romania --year 2019 --flow X",
         "https://wits.worldbank.org/API/V1/SDMX/V21/rest/data/DF_WITS_TradeStats_Trade/"
         "A.ROM.WLD.Total.XPRT-TRD-VL?startPeriod=2019&endPeriod=2019"),
        ("worldbank --reporter KAZ --reporter UZB --year 2020..2021 --indicator FP.CPI.TOTL",
         "https://api.worldbank.org/v2/country/KAZ%3BUZB/indicator/FP.CPI.TOTL?date=2020:2021&format=json&per_page=20000"),
        ("ecb --currency EUR --year 2024-02",
         "https://data-api.ecb.europa.eu/service/data/EXR/D.USD.EUR.SP00.A?startPeriod=2024-02-01&endPeriod=2024-02-29"
         "&format=csvdata"),
        ("unsd --classification H6 --to S4",
         "https://unstats.un.org/unsd/classifications/Econ/tables/HS2022toSITC4ConversionAndCorrelationTables.xlsx"),
    ],
)  # fmt: skip
def test_addresses(arguments, address):
    assert run(*arguments.split(), "--dry-run").strip() == address.replace("&partnerCode=&", "&")


# --- both sides, and what is fetched can be read --------------------------------------------------


def test_both_sides_are_fetched_and_read(service, tmp_path):
    service.give(given.COMTRADE + "?reporterCode=398&", body(comtrade(IMPORTS)))
    service.give(given.COMTRADE + "?reporterCode=156&", body(comtrade(EXPORTS)))
    out = tmp_path / "out"
    text = run(*ASK, "--mirror", "-o", str(out))
    assert text.count("1 rows, fetched") == 2
    assert "partnerCode=156&flowCode=M" in service.asked[0]
    assert "partnerCode=398&flowCode=X" in service.asked[1]
    figures = [reading.figures for reading in read_path(out)]
    sums = {
        (row.reporter, row.partner, row.flow, row.period): row.value
        for table in figures
        for row in table.itertuples()
    }
    assert sums == {
        ("KAZ", "CHN", "imports", "2022"): 11e9,
        ("CHN", "KAZ", "exports", "2022"): 16e9,
    }


def test_one_side_missing_keeps_the_other_and_says_so(service, tmp_path):
    service.give(given.COMTRADE + "?reporterCode=398&", body(comtrade(IMPORTS)))
    service.give(given.COMTRADE + "?reporterCode=156&", body(comtrade()))
    (found,) = refused(*ASK, "--mirror", "-o", str(tmp_path / "out"))
    assert found.startswith("NO_ROWS comtrade, https://comtradeapi.un.org/")
    (kept,) = written(tmp_path / "out")
    assert kept.name.startswith("comtrade-KAZ-CHN-M-TOTAL-2022-")


# --- limits ----------------------------------------------------------------------------------------


def years(handler) -> None:
    """Answer with 300 partners a year, cut at 500 rows as the preview does."""
    asked = handler.path.split("period=")[1].split("&")[0].split(",")
    rows = [
        record(KAZ, (number, "", f"Area {number}"), "M", int(year), 1.0)
        for year in asked
        for number in range(1, 301)
    ]
    body(comtrade(*rows[:500]))(handler)


def test_an_answer_at_the_limit_is_asked_for_in_parts(service):
    service.give(given.COMTRADE, years)
    text = run(
        "comtrade", "--reporter", "KAZ", "--partner", "all", "--year", "2019..2022", "--flow", "M"
    )
    assert "1,200 rows in 4 parts" in text
    assert len(service.asked) == 1 + 2 + 4  # four years, two and two, each alone
    (path,) = (Path(line.split("Kept as ")[1]) for line in text.splitlines() if "Kept as" in line)
    assert len(json.loads(path.read_text())["data"]) == 1200


def test_parts_that_came_before_a_fault_are_not_asked_for_again(service, waits):
    def broken(handler):
        (body("down", 500) if "period=2020&" in handler.path else years)(handler)

    service.give(given.COMTRADE, broken)
    many = [
        "comtrade",
        "--reporter",
        "KAZ",
        "--partner",
        "all",
        "--year",
        "2019..2020",
        "--flow",
        "M",
    ]
    assert refused(*many)[0].startswith("NO_ANSWER")
    service.give(given.COMTRADE, years)
    service.asked.clear()
    run(*many)
    assert not any("period=2019&" in path for path in service.asked)


def test_what_cannot_be_asked_for_in_parts_is_an_error_that_says_what_to_do(service):
    rows = [record(KAZ, (number, "", ""), "M", 2022, 1.0) for number in range(500)]
    service.give(given.COMTRADE, body(comtrade(*rows)))
    (found,) = refused(
        "comtrade", "--reporter", "KAZ", "--partner", "all", "--year", "2022", "--flow", "M"
    )
    assert found.startswith("CUT_ANSWER")
    assert "cut at 500 rows. Name partners or commodities, or give a key in COMTRADE_KEY" in found
    assert not list((Path(online.cache.folder()) / "comtrade").glob("*"))


def test_all_chapters_are_asked_for_in_parts(service):
    def chapters(handler):
        codes = handler.path.split("cmdCode=")[1].split("&")[0].split(",")
        many = 500 if codes == ["AG2"] else 5 * len(codes)
        body(comtrade(*[record(KAZ, CHN, "M", 2022, 1.0)] * many))(handler)

    service.give(given.COMTRADE, chapters)
    text = run(*ASK, "--commodity", "AG2")
    assert "485 rows in 2 parts" in text  # 97 chapters of five rows
    assert "cmdCode=01,02,03," in service.asked[1]


def test_more_than_twelve_periods_are_never_one_call(service):
    service.give(given.COMTRADE, body(comtrade(IMPORTS)))
    run("comtrade", "--reporter", "KAZ", "--partner", "CHN", "--year", "2000..2023", "--flow", "M")
    assert all(
        len(path.split("period=")[1].split("&")[0].split(",")) <= 12 for path in service.asked
    )


def test_a_larger_key_allows_more_rows(service, monkeypatch):
    monkeypatch.setenv("COMTRADE_KEY", "0123456789abcdef")
    service.give(given.COMTRADE_KEYED, body(comtrade(IMPORTS)))
    run(*ASK, "--most-rows", "250000")
    assert "maxRecords=250000" in service.asked[0]


def test_eurostat_that_is_too_big_is_asked_for_by_year(service):
    def one_year(handler):
        start = handler.path.split("startPeriod=")[1][:4]
        if start != handler.path.split("endPeriod=")[1][:4]:
            body(given.EUROSTAT_FAULT, 413, "application/xml")(handler)
        else:
            lines = given.EUROSTAT_CSV.splitlines()
            body("\n".join([lines[0], *(line for line in lines if f",{start}," in line)]))(handler)

    service.give(given.EUROSTAT, one_year)
    text = run(
        "eurostat", "--reporter", "DEU", "--partner", "KAZ", "--year", "2022..2023", "--flow", "X"
    )
    assert "2 rows in 2 parts" in text


# --- the cache ---------------------------------------------------------------------------------------


def test_the_second_time_needs_no_network(service, stopped):
    service.give(given.COMTRADE, body(comtrade(IMPORTS)))
    run(*ASK)
    stopped()
    assert "from the cache, fetched 20" in run(*ASK)
    assert len(service.asked) == 1


def test_refresh_asks_again(service):
    service.give(given.COMTRADE, body(comtrade(IMPORTS)), body(comtrade(IMPORTS, IMPORTS)))
    run(*ASK)
    assert "2 rows, fetched" in run(*ASK, "--refresh")
    assert "2 rows, from the cache" in run(*ASK)


def test_provenance_lies_beside_the_file(service, tmp_path):
    service.give(given.COMTRADE, body(comtrade(IMPORTS)))
    run(*ASK, "-o", str(tmp_path / "out"))
    (path,) = written(tmp_path / "out")
    facts = json.loads((path.parent / f".{path.name}.json").read_text())
    assert facts["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert facts["rows"] == 1
    assert facts["url"].startswith(
        "https://comtradeapi.un.org/public/v1/preview/C/A/HS?reporterCode=398"
    )
    assert facts["fetched"][:2] == "20" and facts["fetched"].endswith("Z")


def test_a_changed_cache_is_not_trusted(service, tmp_path):
    service.give(given.COMTRADE, body(comtrade(IMPORTS)))
    text = run(*ASK)
    path = Path(text.split("Kept as ")[1].strip())
    path.write_text(comtrade(record(KAZ, CHN, "M", 2022, 1.0)))
    run(*ASK)
    assert len(service.asked) == 2
    assert json.loads(path.read_text())["data"][0]["primaryValue"] == 11e9


def test_different_queries_have_different_files(service):
    service.give(given.COMTRADE, body(comtrade(IMPORTS)))
    run(*ASK)
    run(*ASK[:-1], "X")
    assert len(service.asked) == 2


# --- what is no data -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        (body(given.PAGE, kind="text/html"), "ERROR_PAGE", "a web page titled “Service unavailable”"),
        (body('{"error":"Invalid period","data":[]}'), "ERROR_PAGE", "Invalid period"),
        (body('{"statusCode":200,"message":"Quota"}'), "ERROR_PAGE", "Quota"),
        (body('{"elapsedTime":"0","count":0,"data":[],"error":""}'), "NO_ROWS", "holds no figures"),
        (body(""), "NO_ROWS", "holds no figures"),
        (body('{"data": [{"a": 1}'), "ERROR_PAGE", "no JSON"),
        (body(b"\xff\xfe\x00\x01\x02"), "ERROR_PAGE", "no text"),
        (body('{"message":"Access denied due to invalid subscription key."}', 401), "KEY", "Access denied"),
        (body('{"message":"Out of call volume quota."}', 403), "KEY", "Out of call volume quota"),
        (body('{"message":"Bad flow"}', 400), "ERROR_PAGE", "answer 400: Bad flow"),
    ],
)  # fmt: skip
def test_an_answer_without_data_is_an_error_that_names_the_source(service, reply, code, words):
    service.give(given.COMTRADE, reply)
    (found,) = refused(*ASK)
    assert found.startswith(f"{code} comtrade, https://comtradeapi.un.org/")
    assert words in found
    assert not list(Path(online.cache.folder()).rglob("*.json"))


@pytest.mark.parametrize(
    ("arguments", "path", "reply", "code"),
    [
        ("eurostat --reporter DEU --partner KAZ --year 2022", given.EUROSTAT, given.EUROSTAT_NOTHING, "NO_ROWS"),
        ("eurostat --reporter DEU --partner KAZ --year 2022", given.EUROSTAT, given.PAGE, "ERROR_PAGE"),
        ("eurostat --reporter DEU --partner KAZ --year 2022", given.EUROSTAT, given.EUROSTAT_FAULT, "ERROR_PAGE"),
        ("eurostat --reporter DEU --partner KAZ --year 2022", given.EUROSTAT,
         given.EUROSTAT_CSV.splitlines()[0], "NO_ROWS"),
        ("imf --reporter UZB --partner CHN --year 2022 --flow M", given.IMF, given.IMF_HEADER, "NO_ROWS"),
        ("imf --reporter UZB --partner CHN --year 2022 --flow M", given.IMF, "<html>no</html>", "ERROR_PAGE"),
        ("oecd --reporter DEU --partner CHN --year 2021", given.OECD, '{"errors":["Bad key"]}', "ERROR_PAGE"),
        ("wits --reporter KGZ --partner CHN --year 2021 --flow M", given.WITS, "<error>No data</error>", "ERROR_PAGE"),
        ("wits --reporter KGZ --partner CHN --year 2021 --flow M", given.WITS,
         given.WITS_XML.replace("<Obs ", "<Nothing "), "NO_ROWS"),
        ("worldbank --reporter KAZ --year 2022", given.WORLD_BANK, given.WORLD_BANK_ERROR, "ERROR_PAGE"),
        ("worldbank --reporter KAZ --year 2022", given.WORLD_BANK,
         given.world_bank("PA.NUS.FCRF", ("KAZ", "2022", None)), "NO_ROWS"),
        ("ecb --currency CNY --year 2022", given.ECB, "", "NO_ROWS"),
        ("unsd --classification H6 --to H5", given.UNSD, given.PAGE, "ERROR_PAGE"),
    ],
)  # fmt: skip
def test_every_source_tells_data_from_an_error(service, arguments, path, reply, code):
    service.give(path, body(reply, kind="text/plain"))
    (found,) = refused(*arguments.split())
    name = arguments.split()[0]
    assert found.startswith(f"{code} {name}, https://")


def test_without_a_network_the_source_is_named(service, stopped, waits):
    stopped()
    (found,) = refused(*ASK)
    assert found.startswith("NO_ANSWER comtrade, https://comtradeapi.un.org/")
    assert "no connection" in found


# --- keys -------------------------------------------------------------------------------------------------

KEY = "5ecretKeyOfTheUser0123456789abcd"


@pytest.mark.parametrize("way", ["environment", "file"])
def test_a_key_goes_to_the_service_and_nowhere_else(service, monkeypatch, tmp_path, caplog, way):
    caplog.set_level(logging.DEBUG)
    arguments = [*ASK, "-o", str(tmp_path / "out")]
    if way == "environment":
        monkeypatch.setenv("COMTRADE_KEY", KEY)
    else:
        (tmp_path / "key.txt").write_text(KEY + "\n")
        arguments += ["--key-file", str(tmp_path / "key.txt")]
    # A service that repeats the key in its answer must not make us keep it.
    told = comtrade(IMPORTS).replace('"error": ""', f'"error": "", "echo": "{KEY}"')
    service.give(given.COMTRADE_KEYED, body(told))
    text = run(*arguments) + run(*arguments, "--dry-run")
    assert service.headers[0]["ocp-apim-subscription-key"] == KEY
    assert not any(KEY in path for path in service.asked)
    kept = [path for path in tmp_path.rglob("*") if path.name != "key.txt"]
    assert len([path for path in kept if path.is_file()]) >= 4
    for path in kept:
        assert KEY not in str(path)
        assert not path.is_file() or KEY.encode() not in path.read_bytes()
    assert KEY not in text
    assert KEY not in caplog.text


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500])
def test_a_key_is_never_in_an_error(service, waits, monkeypatch, status):
    monkeypatch.setenv("COMTRADE_KEY", KEY)
    service.give(given.COMTRADE_KEYED, body(f'{{"message":"the key {KEY} is wrong"}}', status))
    (found,) = refused(*ASK)
    assert KEY not in found
    assert "***" in found


@pytest.mark.parametrize(
    "text", ["short", "two words in it", "clé-trop-accentuée", "with\nline-break"]
)
def test_a_key_that_cannot_be_one_is_refused_without_showing_it(monkeypatch, text):
    monkeypatch.setenv("COMTRADE_KEY", text)
    (found,) = refused(*ASK)
    assert found.startswith("KEY comtrade")
    assert text not in found


# --- rates ---------------------------------------------------------------------------------------------------


def test_rates_of_the_ecb_are_means_of_daily_crosses_for_assumptions(service, tmp_path):
    # 8 yuan and 1.25 dollars for a euro on each of 20 days: 6.4 yuan a dollar, 0.8 euro a dollar
    service.give(
        given.ECB, body(given.ecb({"CNY": 8.0, "USD": 1.25}, "2024-02", 20), kind="text/csv")
    )
    out = tmp_path / "rates.csv"
    run("ecb", "--currency", "CNY", "--currency", "EUR", "--year", "2024-02", "-o", str(out))
    own = read_assumptions(out)
    found = lookup("CNY", "2024-02-01", "2024-02-29", own)
    assert found["value"] == pytest.approx(6.4)
    assert found["source"].startswith("ECB daily reference rates")
    assert lookup("EUR", "2024-02-01", "2024-02-29", own)["value"] == pytest.approx(0.8)


def test_a_month_with_few_quotes_gives_no_rate(service):
    service.give(given.ECB, body(given.ecb({"CNY": 8.0, "USD": 1.25}, "2024-02", 11)))
    (found,) = refused("ecb", "--currency", "CNY", "--year", "2024-02")
    assert found.startswith("NO_ROWS")


def test_rates_of_the_world_bank_are_for_assumptions(service, tmp_path):
    rows = [("KAZ", "2023", 456.2), ("KAZ", "2022", 460.5), ("UZB", "2022", None)]
    service.give(given.WORLD_BANK, body(given.world_bank("PA.NUS.FCRF", *rows)))
    out = tmp_path / "rates.csv"
    run(
        "worldbank",
        "--reporter",
        "KAZ",
        "--reporter",
        "UZB",
        "--year",
        "2022..2023",
        "-o",
        str(out),
    )
    own = read_assumptions(out)
    assert list(own["id"]) == ["fx-KZT-2023", "fx-KZT-2022"]
    assert lookup("KZT", "2022-01-01", "2022-12-31", own)["value"] == 460.5


def test_price_indices_of_the_world_bank(service, tmp_path):
    service.give(given.WORLD_BANK, body(given.world_bank("FP.CPI.TOTL", ("KAZ", "2022", 250.0))))
    out = tmp_path / "cpi.csv"
    run(
        "worldbank",
        "--reporter",
        "KAZ",
        "--year",
        "2022",
        "--indicator",
        "FP.CPI.TOTL",
        "-o",
        str(out),
    )
    assert list(read_assumptions(out)["id"]) == ["cpi-KAZ-2022"]


def test_rates_need_a_csv_and_figures_a_folder(tmp_path):
    (found,) = refused(
        "ecb", "--currency", "CNY", "--year", "2024", "-o", str(tmp_path / "out.xlsx")
    )
    assert found.startswith("OUTPUT")
    (tmp_path / "file").write_text("x")
    (found,) = refused(*ASK, "-o", str(tmp_path / "file"))
    assert found.startswith("OUTPUT")


# --- no network elsewhere --------------------------------------------------------------------------------------

OFFLINE = """
import socket, sys
def never(*args, **named):
    raise AssertionError("the network was used")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = never
import reconcile.cli, reconcile.commands.fetch
from sources import online, readers
readers.names(); online.names()
for name in sys.argv[1:]:
    try:
        reconcile.cli.main(name.split("|"))
    except SystemExit as done:
        assert done.code in (0, 1), done.code
assert "requests" not in sys.modules or "trafilatura" in sys.modules
"""


def test_nothing_but_fetch_uses_the_network(tmp_path):
    out = tmp_path / "report.xlsx"
    commands = [
        "sources",
        "fetch",
        "|".join([*ASK, "--dry-run"]).join(["fetch|", ""]),
        f"report|-o|{out}",
        "check",
    ]
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, *commands],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert out.exists()
