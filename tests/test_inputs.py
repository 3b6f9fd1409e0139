"""The classes of faulty input, by number: each with a specimen and its right answer, or the test that holds it.

The list in docs/inputs.md has the same numbers. A specimen is read by the door every command uses; the answer
is the severity (stop, warn, note, or fine), the finding code, and what the figures say.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.styles import Font

from sources import archives, readers
from sources.errors import InputError
from sources.figures import Reading

ROOT = Path(__file__).resolve().parents[1]
HEADER = "reporter,partner,flow,period,value,unit,source\n"


@dataclass(frozen=True)
class Case:
    """One specimen: its class, its bytes under a name, what must happen, and what must be true of the figures."""

    number: int
    data: bytes
    wants: str  # stop, warn, note, fine
    code: str = ""
    says: str = ""
    true: Callable[[Reading], bool] = lambda found: True
    name: str = "x.csv"


def row(
    value: str = "15.5", *, period: str = "2024", unit: str = "billion USD", reporter: str = "KAZ",
    partner: str = "CHN", flow: str = "exports", more: str = "", encoding: str = "utf-8",
) -> bytes:  # fmt: skip
    """A figures file of one row, and of the lines in `more`."""
    return f'{HEADER}{reporter},{partner},{flow},{period},"{value}",{unit},BNS\n{more}'.encode(
        encoding
    )


def value(wanted: float) -> Callable[[Reading], bool]:
    return lambda found: found.figures["value"].tolist()[0] == pytest.approx(wanted)


def column(name: str, *wanted: object) -> Callable[[Reading], bool]:
    return lambda found: found.figures[name].tolist() == list(wanted)


def book(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    work = openpyxl.Workbook()
    fill(work)
    out = io.BytesIO()
    work.save(out)
    return out.getvalue()


def figures_book(extra: Callable[[openpyxl.Workbook], None]) -> bytes:
    def fill(work: openpyxl.Workbook) -> None:
        sheet = work.active
        sheet.append(HEADER.strip().split(","))
        for year in (2022, 2023, 2024):
            sheet.append(["KAZ", "CHN", "exports", str(year), 15.5, "billion USD", "BNS"])
        extra(work)

    return book(fill)


def zipped(members: dict[str, bytes], link: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if link:
                entry.external_attr = 0o120777 << 16
            box.writestr(entry, data)
    return out.getvalue()


def hide(work: openpyxl.Workbook) -> None:
    work.active.row_dimensions[3].hidden = True


def colour(work: openpyxl.Workbook) -> None:
    work.active["E4"].font = Font(color="FF0000FF")


def break_a_cell(work: openpyxl.Workbook) -> None:
    work.active["E3"].value, work.active["E3"].data_type = "#DIV/0!", "e"
    work.active["E4"] = "=1+1"


def comtrade(**changes: object) -> dict[str, object]:
    """One row of the UN Comtrade interface, with changes."""
    plain: dict[str, object] = {
        "typeCode": "C", "freqCode": "A", "refYear": 2021, "period": "2021", "reporterCode": 398, "reporterISO": "KAZ",
        "reporterDesc": "Kazakhstan", "flowCode": "X", "flowDesc": "Export", "partnerCode": 156, "partnerISO": "CHN",
        "partnerDesc": "China", "partner2Code": 0, "classificationCode": "H5", "cmdCode": "TOTAL", "customsCode": "C00",
        "mosCode": "0", "motCode": 0, "primaryValue": 100.0, "cifvalue": None, "fobvalue": 100.0, "isReported": True,
    }  # fmt: skip
    return {**plain, **changes}


def answer(*rows: dict[str, object]) -> bytes:
    return json.dumps(
        {"elapsedTime": "0.1", "count": len(rows), "data": list(rows), "error": ""}
    ).encode()


TABLE = "Foreign trade of Mongolia by country{more},,\nCountry,Exports,Imports\n{rows}"
MONGOLIA = TABLE.format(more=" in 2023 (million USD)", rows="China,10.5,5.5\nRussia,20,30\n")
TWO_BLOCKS = (
    MONGOLIA
    + "\n"
    + MONGOLIA.replace("2023", "2022").replace("million", "thousand").replace("10.5", "8.5")
)
TOTALS = MONGOLIA.replace("China,", "Total,30.5,35.5\nChina,")
HTML = (
    "<html><body><table><tr><td>"
    + "</td><td>".join(HEADER.strip().split(","))
    + "</td></tr><tr><td>KAZ</td><td>CHN</td><td>exports</td><td>2024</td><td>15.5</td><td>billion USD</td><td>BNS</td></tr>"
    "</table></body></html>"
)
ENTITIES = {
    "[Content_Types].xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><Types xmlns="&a;"/>',
    "xl/workbook.xml": b"<workbook/>",
}
DEEP = '{"a":' * 500 + "1" + "}" * 500

CASES = [
    Case(1, row(reporter="Казахстан", partner="Китай", encoding="cp1251"), "warn", "ENCODING_GUESSED", "cp1251",
         column("partner", "CHN")),
    Case(1, row(reporter="哈萨克斯坦", partner="中国", encoding="gb18030"), "warn", "ENCODING_GUESSED", "",
         column("reporter", "KAZ")),
    Case(1, row(partner="Китай", encoding="utf-16"), "fine", true=column("partner", "CHN")),
    Case(2, row(partner="Китай") + "KAZ,Россия,exports,2024,1,billion USD,BNS\n".encode("cp1251"), "stop", "ENCODING", "byte"),
    Case(3, row().replace(b",", b";"), "note", true=lambda r: r.figures["value"].tolist() == [15.5]),
    Case(3, row().replace(b",", b"\t"), "note", true=value(15.5)),
    Case(4, row("1.401,40", more='KAZ,CHN,exports,2023,"2.500,75",billion USD,BNS\n'), "fine",
         true=column("value", 1401.4, 2500.75)),
    Case(5, row("1\u202f234\u202f567.5"), "fine", true=value(1234567.5)),
    Case(5, row("1'234'567.5"), "fine", true=value(1234567.5)),
    Case(5, row("1,23,456.5"), "fine", true=value(123456.5)),
    Case(5, row("1,2,3456.5"), "stop", "UNREADABLE_NUMBER"),
    Case(6, row("1,234"), "stop", "UNREADABLE_NUMBER", "1234 (decimal point) or 1.234 (decimal comma)"),
    Case(7, row("123.5*"), "fine", true=lambda r: value(123.5)(r) and column("printed_flag", "*")(r)),
    Case(7, row("123.5 1)"), "fine", true=lambda r: value(123.5)(r) and column("printed_flag", "1")(r)),
    Case(8, row("123.5 p"), "fine", true=lambda r: value(123.5)(r) and column("printed_flag", "p")(r)),
    Case(9, row("-"), "fine", true=column("state", "not reported")),
    Case(9, row("…"), "fine", true=column("state", "not reported")),
    Case(9, row("c"), "fine", true=column("state", "suppressed")),
    Case(9, row("0"), "fine", true=column("state", "zero")),
    Case(10, figures_book(colour), "warn", "COLOURED", "1 number", name="x.xlsx"),
    Case(11, row("(123.4)"), "stop", "UNREADABLE_NUMBER", "negative or of low reliability"),
    Case(12, row("123-", flow="balance"), "fine", true=value(-123)),
    Case(12, row("\u2212123.5", flow="balance"), "fine", true=value(-123.5)),
    Case(13, row("$ 3.2 bn"), "stop", "UNREADABLE_NUMBER", "unit column"),
    Case(13, row("3.2%"), "stop", "UNREADABLE_NUMBER", "percentage"),
    Case(16, MONGOLIA.encode(), "warn", "MAPPING_PROPOSED", "", lambda r: len(r.figures) == 4
         and set(r.figures["reporter"]) == {"MNG"} and set(r.figures["unit"]) == {"million USD"}),
    Case(17, TWO_BLOCKS.encode(), "warn", "MAPPING_PROPOSED", "#2", lambda r: len(r.figures) == 8
         and sorted(r.figures["unit"].unique()) == ["million USD", "thousand USD"]),
    Case(18, figures_book(hide), "warn", "HIDDEN", "1 hidden row", lambda r: len(r.figures) == 3, name="x.xlsx"),
    Case(19, TOTALS.encode(), "warn", "MAPPING_PROPOSED", "", lambda r: r.figures.groupby("role")["value"].sum().to_dict()
         == {"figure": 66.0, "total": 66.0}),
    Case(20, answer(comtrade(cmdCode="27", primaryValue=60.0), comtrade(cmdCode="2709", primaryValue=60.0),
                    comtrade(cmdCode="84", primaryValue=40.0)), "fine", "", "",
         lambda r: len(r.figures) == 3 and r.figures.loc[r.figures["role"] == "figure", "value"].sum() == 100.0, name="x.json"),
    Case(21, answer(comtrade(), comtrade(motCode=2000, primaryValue=70.0), comtrade(motCode=1000, primaryValue=30.0)), "note",
         "PARTS_DROPPED", "", lambda r: r.figures.loc[r.figures["role"] == "figure", "value"].sum() == 100.0, name="x.json"),
    Case(24, answer(comtrade(partnerCode=899, partnerISO="_X ", partnerDesc="Areas, nes"), comtrade()), "note", "UNALLOCATED",
         "", lambda r: set(r.figures["partner"]) == {"NES", "CHN"}, name="x.json"),
    Case(25, answer(comtrade(partnerCode=398, partnerISO="KAZ", partnerDesc="Kazakhstan")), "warn", "SELF_TRADE", name="x.json"),
    Case(26, answer(comtrade(reporterCode=842, reporterISO="USA", reporterDesc="USA")), "fine", "", "",
         column("reporter", "USA"), name="x.json"),
    Case(27, row(reporter="USSR", period="2005"), "stop", "AREA_OF_THE_PAST", "2005"),
    Case(27, row(reporter="USSR", period="1985"), "fine", true=column("reporter", "SUN")),
    Case(28, row(partner="Asia excluding China"), "fine", true=column("partner", "ASIA-CHN")),
    Case(28, row(partner="of which China"), "stop", "UNKNOWN_AREA"),
    Case(29, row(reporter="NA", partner="NO"), "fine", true=lambda r: column("reporter", "NAM")(r) and column("partner", "NOR")(r)),
    Case(35, row(unit="billion $"), "warn", "CURRENCY_ASSUMED", "USD is read"),
    Case(35, row(unit="thousand soms", reporter="CHN"), "stop", "UNKNOWN_UNIT", "KGS, UZS"),
    Case(37, row(period="2015/16"), "stop", "BAD_PERIOD", "fiscal year"),
    Case(37, row(period="2023-07..2024-06"), "fine", true=column("start", "2023-07-01")),
    Case(38, row(period="2567"), "stop", "BAD_PERIOD", "Buddhist"),
    Case(38, row(period="24"), "stop", "BAD_PERIOD", "two digits"),
    Case(38, row(period="2015p"), "fine", true=column("period", "2015")),
    Case(39, row(period="2024-01..2024-09"), "fine", true=column("end", "2024-09-30")),
    Case(45, row("-15.5"), "stop", "NEGATIVE", "below zero"),
    Case(45, row("-15.5", flow="balance"), "fine", true=value(-15.5)),
    Case(46, row("inf"), "stop", "UNREADABLE_NUMBER", "inf"),
    Case(46, row("1e999"), "stop", "UNREADABLE_NUMBER"),
    Case(46, row("NaN"), "stop", "UNREADABLE_NUMBER"),
    Case(47, row(""), "fine", true=column("state", "not reported")),
    Case(53, row(more="x" * 32767 + ",,,,,,\n"), "stop", "UNKNOWN_AREA"),
    Case(54, (HEADER.replace("source", "source,commodity") + "KAZ,CHN,exports,2024,1.5,USD,BNS,2024-02-01\n").encode(), "stop",
         "CODE_IS_DATE", "2024-02-01"),
    Case(55, figures_book(break_a_cell), "stop", "UNREADABLE_NUMBER", "#DIV/0!", name="x.xlsx"),
    Case(58, HTML.encode(), "fine", true=value(15.5), name="x.xls"),
    Case(58, row(), "fine", true=value(15.5), name="x.xls"),
    Case(59, zipped({"a.csv": b"0" * 60_000_000}), "stop", "HOSTILE_FILE", name="x.zip"),
    Case(60, zipped(ENTITIES), "stop", "HOSTILE_FILE", "DTD or entities", name="x.xlsx"),
    Case(61, zipped({"../../a.csv": row()}), "stop", "HOSTILE_FILE", name="x.zip"),
    Case(61, zipped({"/etc/a.csv": row()}), "stop", "HOSTILE_FILE", name="x.zip"),
    Case(61, zipped({"a.csv": b"/etc/passwd"}, link=True), "stop", "HOSTILE_FILE", name="x.zip"),
    Case(65, row(partner="\x1b[31mCHN\x1b[0m"), "fine", true=column("partner", "CHN")),
    Case(66, (",".join(["a"] * 20_000) + "\n").encode(), "stop", "TOO_LARGE", "columns"),
    Case(66, ("a,b\n" + "x" * 40_000 + ",1\n").encode(), "stop", "TOO_LARGE", "32,767"),
    Case(67, DEEP.encode(), "stop", "TOO_LARGE", "60", name="x.json"),
    Case(67, b'{"reporter": "KAZ", "reporter": "CHN"}', "stop", "", "twice", name="x.json"),
    Case(74, row(partner="Chi\u200bna", reporter="\u202bКазахстан\u202c"), "fine", true=column("partner", "CHN")),
    Case(74, row(partner="\u0421hina"), "stop", "UNKNOWN_AREA", "China (CHN)"),
    Case(75, row("١٥٫٥"), "fine", true=value(15.5)),
    Case(75, row("１５.5"), "fine", true=value(15.5)),
    Case(75, row(unit="亿元", reporter="CHN", partner="KAZ"), "fine", true=column("unit", "100 million CNY")),
    Case(75, row(unit="亿元", reporter="KAZ"), "warn", "CURRENCY_ASSUMED", "CNY is read"),
    Case(75, row(unit="lakh INR"), "fine", true=column("unit", "100 thousand INR")),
    Case(75, row(unit="milliard EUR"), "fine", true=column("unit", "billion EUR")),
    Case(81, MONGOLIA.replace("million USD)", "million USD), in thousand USD").encode(), "stop", "", "unit"),
    Case(82, (HEADER.replace("source", "source,valuaton") + "KAZ,CHN,exports,2024,1.5,USD,BNS,FOB\n").encode(), "stop",
         "UNKNOWN_COLUMN", "valuation"),
]  # fmt: skip

# Classes that lie in another layer, or need more than one file: where they are held.
ELSEWHERE = {
    14: "tests/sources/test_blocks.py::test_merged_headers_are_joined_and_values_are_not_filled",
    15: "tests/readers/test_anytable.py::test_a_table_is_read_by_a_proposal_that_is_shown",
    22: "tests/test_findings.py::test_status_vintage_and_doubles",
    23: "tests/test_findings.py::test_status_vintage_and_doubles",
    30: "tests/test_inputs.py::test_codes_that_lost_their_zero",
    31: "tests/commands/test_concordance.py::test_codes_of_two_revisions_are_not_compared",
    32: "tests/test_inputs.py::test_confidential_codes_are_goods_of_their_own",
    33: "tests/test_findings.py::test_scale_suspect",
    34: "tests/test_inputs.py::test_quantities_are_never_values",
    36: "tests/sources/test_rates.py::test_a_fiscal_year_weighs_its_calendar_years_by_months",
    40: "tests/readers/test_national.py::test_armenian_imports_have_two_bases_and_a_short_year",
    41: "tests/test_findings.py::test_price_bases",
    42: "tests/test_findings.py::test_concepts_and_coverage",
    43: "tests/test_findings.py::test_concepts_and_coverage",
    44: "tests/test_findings.py::test_valuation_assumed_and_sign",
    48: "tests/test_findings.py::test_missing_mirror_names_who_is_silent",
    49: "tests/test_indices.py::test_swapping_the_sides_turns_the_sign",
    50: "tests/test_findings.py::test_within_tolerance_and_rounding",
    51: "tests/readers/test_national.py::test_chinese_places_and_exchanged_labels",
    52: "tests/test_inputs.py::test_quantities_are_never_values",
    56: "tests/test_inputs.py::test_links_and_macros_are_noted_and_never_followed",
    57: "tests/test_inputs.py::test_a_password_is_asked_for_in_words",
    62: "tests/reports/test_report_write.py::test_a_wrong_place_is_refused_before_any_work",
    63: "tests/reports/test_report_workbook.py::test_no_text_becomes_a_formula",
    64: "tests/reports/test_report_pages.py::test_the_page_loads_nothing_and_runs_nothing",
    68: "tests/test_inputs.py::test_no_pattern_of_the_user_is_ever_run",
    69: "tests/online/test_fetch.py::test_an_answer_without_data_is_an_error_that_names_the_source",
    70: "tests/online/test_fetch.py::test_a_key_goes_to_the_service_and_nowhere_else",
    71: "tests/online/test_fetch.py::test_a_changed_cache_is_not_trusted",
    72: "tests/reports/test_report_write.py::test_a_fault_while_writing_leaves_no_part",
    73: "tests/test_cli.py::test_the_locale_of_the_machine_changes_nothing",
    76: "tests/press/test_extract.py::test_a_qualifier_widens_the_interval",
    77: "tests/test_findings.py::test_same_origin",
    78: "tests/press/test_extract.py::test_the_article_gives_its_four_figures_and_who_said_each",
    79: "tests/test_findings.py::test_mirror_copy_only_without_own_records",
    80: "tests/test_findings.py::test_same_origin",
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[f"{case.number}-{n}" for n, case in enumerate(CASES)])
def test_a_specimen_gets_its_answer(case: Case) -> None:
    if case.wants == "stop":
        with pytest.raises(InputError) as caught:
            readers.read_bytes(case.data, case.name)
        codes = [problem.code for problem in caught.value.problems]
        text = str(caught.value)
        assert (not case.code or case.code in codes) and case.says in text, (codes, text)
        assert all(problem.found for problem in caught.value.problems)
    else:
        found = readers.read_bytes(case.data, case.name)[0]
        severities = dict(zip(found.findings["code"], found.findings["severity"]))
        if case.wants == "warn":
            assert severities.get(case.code) == "warning", severities
        elif case.code:
            assert severities.get(case.code) == "note", severities
        else:
            assert "warning" not in severities.values() and "error" not in severities.values()
        if case.says:
            said = found.findings.loc[found.findings["code"] == case.code, "message"]
            assert said.str.contains(case.says, regex=False).any(), said.tolist()
        assert case.true(found), found.figures.to_dict("records")


def test_every_class_has_a_specimen_or_a_test_that_is_there() -> None:
    assert {case.number for case in CASES} | set(ELSEWHERE) == set(range(1, 83))
    for number, place in ELSEWHERE.items():
        file, _, name = place.partition("::")
        text = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(", text, re.M), (number, place)


def test_the_page_lists_every_class_with_its_place() -> None:
    page = (ROOT / "docs/inputs.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (\d+) \|.*\| (\S+) \|$", page, re.M))
    assert set(map(int, listed)) == set(range(1, 83))
    for number, place in ELSEWHERE.items():
        assert listed[str(number)] == place.partition("::")[0], number


def test_codes_that_lost_their_zero() -> None:
    rows = [comtrade(cmdCode=10391, classificationCode="H5"), comtrade(cmdCode="870323")]
    found = readers.read_bytes(answer(*rows), "x.json")[0]
    assert found.figures["commodity"].tolist() == ["010391", "870323"]
    assert set(found.findings["code"]) & {"LEADING_ZERO", "CODE_REPAIRED"}


def test_confidential_codes_are_goods_of_their_own() -> None:
    rows = [
        comtrade(cmdCode="999999", primaryValue=5.0),
        comtrade(cmdCode="870323", primaryValue=95.0),
    ]
    found = readers.read_bytes(answer(*rows), "x.json")[0].figures
    assert found["commodity"].tolist() == ["999999", "870323"] and found["value"].sum() == 100.0


def test_quantities_are_never_values() -> None:
    rows = row(unit="tonnes", more="KAZ,CHN,exports,2024,15.5,billion USD,BNS\n")
    found = readers.read_bytes(rows, "x.csv")[0].figures
    assert found["measure"].tolist() == ["net mass", "value"]


def test_links_and_macros_are_noted_and_never_followed() -> None:
    data = figures_book(lambda work: None)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, old.read(entry))
        new.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
        new.writestr("xl/vbaProject.bin", b"\x00")
    from sources import grid

    (sheet,) = grid.load(out.getvalue(), name="x.xlsm")
    assert sheet.facts == {"external_links_not_followed": 1, "macros_not_run": True}


def test_a_password_is_asked_for_in_words() -> None:
    from sources.workbooks import OLE_MAGIC

    data = OLE_MAGIC + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600
    with pytest.raises(InputError) as caught:
        readers.read_bytes(data, "x.xlsx")
    assert caught.value.problems[0].code == "ENCRYPTED_FILE"


def test_no_pattern_of_the_user_is_ever_run() -> None:
    """A header in a mapping is compared as plain text, so a costly pattern costs nothing."""
    from sources.readers import anytable

    sheets = readers.Source("t.csv", MONGOLIA.encode()).sheets
    mapping = anytable.Mapping(
        {
            "partner": "(a+)+$",
            "reporter": '"MNG"',
            "period": '"2023"',
            "unit": '"USD"',
            "exports": "Exports",
        }
    )
    with pytest.raises(InputError, match="no column"):
        anytable.raw_from_sheets(sheets, mapping)


def test_rows_at_the_limit_of_a_program_are_named() -> None:
    from sources import grid

    text = "a,b\n" + "1,2\n" * 65_535
    (sheet,) = grid.load(text.encode(), name="x.csv")
    assert [finding.code for finding in sheet.findings] == ["CUT_OFF"]
    (sheet,) = grid.load(("a,b\n" + "x" * 255 + ",2\n").encode(), name="x.csv")
    assert "255 characters" in sheet.findings[0].found


def test_a_date_in_a_workbook_is_a_period_and_no_code() -> None:
    def dates(work: openpyxl.Workbook) -> None:
        work.active["D2"] = dt.date(2024, 3, 1)

    found = readers.read_bytes(figures_book(dates), "x.xlsx")[0]
    assert isinstance(found.figures, pd.DataFrame) and found.figures["period"].tolist()[
        0
    ].startswith("2024-03")


def test_limits_are_those_the_page_names() -> None:
    assert archives.MAX_ENTRIES == 4_000
