"""Tests of areas: codes, names in ten languages, exclusions, groups with their members of the year, former states."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import areas


@pytest.mark.parametrize(
    ("year", "size"), [(1990, 12), (2003, 15), (2004, 25), (2007, 27), (2013, 28), (2021, 27)]
)
def test_the_union_has_its_members_of_the_year(year: int, size: int) -> None:
    assert len(areas.members("EU", year)) == size


@pytest.mark.parametrize(
    ("group", "member", "inside", "outside"),
    [
        ("EU", "GBR", 2019, 2021),
        ("EAEU", "KGZ", 2016, 2014),
        ("CIS", "UKR", 2017, 2019),
        ("ASEAN", "KHM", 2000, 1990),
        ("SCO", "IND", 2018, 2015),
        ("EURO_AREA", "HRV", 2023, 2022),
    ],
)
def test_groups_are_dated(group: str, member: str, inside: int, outside: int) -> None:
    assert areas.contains(group, member, inside) and not areas.contains(group, member, outside)


def test_central_asia() -> None:
    assert areas.members("C_ASIA", 2024) == {"KAZ", "KGZ", "TJK", "TKM", "UZB"}


def test_codes_are_text() -> None:
    assert areas.resolve(["398", "4", "004", "398.0", "NA", "842"]) == {
        "398": "KAZ",
        "4": "AFG",
        "004": "AFG",
        "398.0": "KAZ",
        "NA": "NAM",
        "842": "USA",
    }


def test_composite_codes_hold_more_than_the_country() -> None:
    assert areas.parts("842") == ("PRI", "VIR") and areas.parts("757") == ("LIE",)
    assert areas.parts("398") == ()


# The same two parties in the languages and cases that titles, headers and sentences print.
SAME = {
    "KAZ": "KZ|KAZ|398|Kazakhstan|Republic of Kazakhstan|Kasachstan|Kazajstán|Kazajistán|Казахстан|Казахстана|"
    "Республикой Казахстан|Қазақстан|Қазақстанмен|Казакстан|Qozog'iston|Qozogʻistonga|哈萨克斯坦|كازاخستان",
    "CHN": "China|PRC|China, mainland|Chine|Китай|с Китаем|в Китай|КНР|Қытаймен|Кытайга|Xitoyga|中国|中国大陆|"
    "للصين|الصين|中国 (China)",
    "HKG": "China, Hong Kong SAR|Hong Kong|Гонконг|Китай (САР Гонконг)|中国香港|هونغ كونغ",
    "KOR": "Korea, Rep.|Republic of Korea|Южная Корея|Республика Корея|韩国|Corée du Sud|Südkorea|كوريا الجنوبية",
    "COD": "Congo, Dem. Rep.|Democratic Republic of the Congo|ДР Конго|刚果（金）",
    "IRN": "Iran, Islamic Rep.|Iran (Islamic Republic of)|Иран, Исламская Республика|伊朗",
    "CIV": "Côte d'Ivoire|Cote d’Ivoire       |Кот-д'Ивуар|Elfenbeinküste",
    "TUR": "Turkey|Türkiye|Turkiye|Турция|Турции|Түркия|Turkiya",
    "RUS": "Россия*|Россия 1)|Russian Federation|Ресей|Орусия|Rossiya",
    "C_ASIA": "Central Asia|中亚五国|Центральная Азия|страны Центральной Азии|Орталық Азия|آسيا الوسطى",
    "EU": "EU|European Union|ЕС|Страны ЕС|欧盟|الاتحاد الأوروبي",
    "EU27": "European Union (27)|EU27|ЕС-27|欧盟27国",
    "ASIA-CHN": "Asia excluding China|Азия (без Китая)|亚洲（不含中国）|除中国以外的亚洲|آسيا باستثناء الصين|"
    "Asie hors Chine|Asien ohne China|Asia excepto China|Қытайды қоспағанда Азия|Osiyo Xitoydan tashqari",
    "EXTRA_EU": "Страны вне ЕС|non-EU|countries outside the EU",
    "OTHER_ASIA": "Прочие страны Азии|Rest of Asia",
    "BEL": "Belgium (incl. Luxembourg 'LU' -> 1998)|Belgien",
    "ESP": "Spain (incl. Canary Islands 'XB' from 1997)",
    "ARM": "Armenia, Republic of|Армения",
    "AFG": "Afghanistan, Islamic Republic of|Afg'oniston",
    "BHR": "Bahrain, Kingdom of",
    "EURO_AREA": "Euro area (AT-01/1999, BE-01/1999, CY-01/2008)|Еврозона",
    "WORLD-EAEU": "Страны вне ЕАЭС",
    "NES": "Areas, nes|Неопределенная страна|Undefined country|Такталбаган өлкө|国(地)别不详",
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in SAME.items() for text in texts.split("|")]
)
def test_one_area_in_many_spellings(code: str, text: str) -> None:
    area = areas.find(text)
    assert area is not None and area.code == code


@pytest.mark.parametrize(
    "text",
    ["of which China", "в том числе Китай", "China and Hong Kong", "Yugoslavia", "Chinna", "Корея",
     "Congo", "除中国", "excluding China", "", "12,5", "x" * 5000],
)  # fmt: skip
def test_what_is_no_area_or_two_is_never_guessed(text: str) -> None:
    assert areas.find(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("Fr. So. Ant. Tr", "ATF"), ("East Asia & Pacific", "WB_EAP"), ("Europe & Central Asia", "WB_ECA"),
     ("Middle East & North Africa", "WB_MENA"), ("Sudan (before 2012)", "SDN_2011"), ("Neth. Ant.Aruba", "ANT_1985"),
     ("Cingapura", "SGP"), ("Não Declarados", "NES"), ("Ship stores", "BUNKERS")],
)  # fmt: skip
def test_names_that_publishers_shorten(text: str, code: str) -> None:
    area = areas.find(text)
    assert area is not None and area.code == code


def test_the_regions_of_the_world_bank_hold_each_economy_once() -> None:
    regions = [areas.members(code, 2020) for code in ("WB_EAP", "WB_ECA", "WB_MENA")]
    assert [len(region) for region in regions] == [38, 59, 21]
    assert not regions[0] & regions[1] and not regions[1] & regions[2]
    assert "KAZ" in regions[1] and "CHN" in regions[0] and "IRN" in regions[2]


def test_an_exclusion_has_its_members() -> None:
    rest = areas.members("ASIA-CHN", 2024)
    assert "CHN" not in rest and "KAZ" in rest and areas.kind("ASIA-CHN") == "exclusion"


def test_two_meanings_are_settled_by_the_names_beside_and_by_the_year() -> None:
    both = areas.resolve(["Congo", "Democratic Republic of the Congo"])
    assert both == {"Congo": "COG", "Democratic Republic of the Congo": "COD"}
    assert areas.resolve(["Congo"]) == {"Congo": None}
    former = areas.find("Yugoslavia", 1988)
    assert former is not None and former.code == "YUG"
    sudan = {year: area.code for year in (2005, 2020) if (area := areas.find("Sudan", year))}
    assert sudan == {2005: "SDN_2011", 2020: "SDN"}


def test_an_unknown_name_gives_three_nearest() -> None:
    found = areas.suggest("Kazahstan")
    assert len(found) == 3 and found[0] == "Kazakhstan (KAZ)"
    assert areas.suggest("Узбекистон")[0] == "Uzbekistan (UZB)"


def test_names_to_show() -> None:
    shown = [areas.name("KAZ", locale) for locale in ("en", "ru", "zh", "ar", "xx")]
    assert shown == ["Kazakhstan", "Казахстан", "哈萨克斯坦", "كازاخستان", "Kazakhstan"]
    assert areas.name("ASIA-CHN") == "Asia excluding China"
    assert areas.name("OTHER_ASIA") == "Other Asia"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    area = areas.find(text)
    assert area is None or area.kind in areas.KINDS


def test_every_name_of_the_un_in_six_languages(shared: Path) -> None:
    wrong, read = [], 0
    with (shared / "reference/countrycode_codelist_0.6.0.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for language in ("ar", "en", "es", "fr", "ru", "zh"):
                text, code = row[f"un.name.{language}"], row["iso3c"]
                if text in ("", "NA") or code in ("NA", "COG"):  # "Congo" alone may be either
                    continue
                read += 1
                area = areas.find(text)
                if area is None or area.code != code:
                    wrong.append((text, code))
    assert read > 1100 and wrong == []


def test_every_name_of_comtrade_means_its_code(shared: Path) -> None:
    rows = json.loads((shared / "reference/comtrade_Reporters.json").read_text("utf-8"))["results"]
    with (shared / "reference/comtradr_partner.csv").open(encoding="utf-8") as file:
        rows += [{"id": row["id"], "text": row["country"]} for row in csv.DictReader(file)]
    wrong = []
    names = areas.resolve([row["text"] for row in rows])
    for row in rows:
        by_code = areas.find(str(row["id"]), scheme="comtrade")
        if by_code is None or names[row["text"]] != by_code.code:
            wrong.append(row["text"])
    assert len(rows) == 565 and wrong == []
