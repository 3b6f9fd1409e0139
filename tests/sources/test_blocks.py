"""Table blocks: titles, units, joined headers, notes, several tables, languages side by side."""

from __future__ import annotations

import io

import openpyxl

from sources import blocks, grid
from sources.blocks import is_number, is_year, unit_in


def sheet(text: str) -> grid.Sheet:
    return grid.load(text.encode(), name="t.tsv")[0]


def test_title_unit_header_body_note() -> None:
    (block,) = blocks.blocks(
        sheet(
            "Экспорт товаров по странам\t\t\n(тыс. долларов США)\t\t\n\nСтрана\t2023\t2024\n"
            "Всего\t30,5\t40,5\nКитай\t10,5\t20,5\nРоссия\t20,0\t20,0\n\n1) предварительные данные\t\t\n"
        )
    )
    assert block.header == ["Страна", "2023", "2024"]
    assert block.titles[0] == "Экспорт товаров по странам"
    assert block.unit == "тыс. долларов США"
    assert block.body.values.tolist()[0] == ["Всего", "30,5", "40,5"]
    assert block.notes == ["1) предварительные данные"]
    assert block.body.index[0] == 4  # the row of the sheet, for addresses


def test_merged_headers_are_joined_and_values_are_not_filled() -> None:
    work = openpyxl.Workbook()
    page = work.active
    page.append(["Country", "2024", None])
    page.append([None, "Exports", "Imports"])
    page.append(["Kazakhstan", 10.5, 11.5])
    page.append(["Uzbekistan", 20.5, None])
    page.merge_cells("A1:A2")
    page.merge_cells("B1:C1")
    page.merge_cells("B4:C4")
    out = io.BytesIO()
    work.save(out)
    (block,) = blocks.blocks(grid.load(out.getvalue())[0])
    assert block.header == ["Country", "2024 / Exports", "2024 / Imports"]
    assert block.body.iloc[1].tolist() == ["Uzbekistan", "20.5", ""]


def test_tables_one_below_the_other() -> None:
    first, second = blocks.blocks(
        sheet(
            "Exports\t\t\nCountry\t2023\t2024\nChina\t1.5\t2.5\n\nImports\t\t\nCountry\t2023\t2024\nChina\t3.5\t4.5\n"
        )
    )
    assert first.titles == ["Exports"] and second.titles == ["Imports"]
    assert second.body.values.tolist() == [["China", "3.5", "4.5"]]


def test_tables_side_by_side() -> None:
    found = blocks.blocks(
        sheet("Country\tX\t\tCountry\tM\nChina\t1.5\t\tChina\t2.5\nRussia\t3.5\t\tRussia\t4.5\n")
    )
    assert [block.header for block in found] == [["Country", "X"], ["Country", "M"]]


def test_language_columns() -> None:
    (block,) = blocks.blocks(
        sheet(
            "Наименование\tItem\t2024\nКитай\tChina\t1.5\nРоссия\tRussia\t2.5\nТурция\tTurkey\t3.5\n"
        )
    )
    assert block.language_columns == [0, 1]


def test_units_as_printed() -> None:
    for text, unit in {
        "Exports, in thousand USD": "thousand USD",
        "млн. долларов США": "млн. долларов США",
        "Unit: US$ million": "US$ million",
        "单位：万美元": "万美元",
        "million tonnes": "million tonnes",
        "China": "",
    }.items():
        assert unit_in(text) == unit, text


def test_numbers_and_years() -> None:
    assert all(map(is_number, ["1 401,40", "-3.5", "123*", "(12.3)", "1,23,456", "5 1)", "2.5р"]))
    assert not any(map(is_number, ["China", "", "HS 27"]))
    assert all(map(is_year, ["2024", "2024 г.", "2024p", "2024Q1", "2015/16"]))


def test_titles_in_three_languages_and_an_empty_line_in_the_table() -> None:
    (block,) = blocks.blocks(
        sheet(
            "Экспорттоо\tЭкспорт\tExport\t\t\n(миң сом)\t(тыс. сомов)\t(thousand soms)\t\t\n"
            "Өлкөлөр\tСтраны\tCountries\t2023\t2024\nКытай\tКитай\tChina\t1.5\t2.5\n\n"
            "Россия\tРоссия\tRussia\t3.5\t4.5\nТүркия\tТурция\tTurkey\t5.5\t6.5\n"
        )
    )
    assert block.header == ["Өлкөлөр", "Страны", "Countries", "2023", "2024"]
    assert len(block.body) == 3 and block.titles[0] == "Экспорттоо Экспорт Export"
    assert block.language_columns == [0, 1, 2]
