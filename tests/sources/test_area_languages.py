"""Tests of names in further languages: they resolve, and take nothing from the languages read first."""

from __future__ import annotations

import pytest

from sources import area_names, areas

# What two areas share in one of these languages, as another name says; folded, Nord America is America del Nord.
SHARED = {"Kongo", "Nord America", "America del Nord", "Africa del Sud", "Острів Мен"}


@pytest.mark.parametrize(
    "language", ["it", "pl", "uk", "ko", "id", "az", "pt_PT", "ja", "tr", "pt"]
)
def test_every_name_of_the_cldr_resolves(language: str) -> None:
    names = area_names.territories(language)
    found = {name: areas.find(name, scheme="name") for name in names.values()}
    wrong = {
        name: found[name]
        for code, name in names.items()
        if (found[name] is None or found[name].code != code) and name not in SHARED  # type: ignore[union-attr]
    }
    assert len(names) > 250 and not wrong


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Germania", "DEU"), ("Paesi Bassi", "NLD"), ("Repubblica Popolare Cinese", "CHN"), ("Altri paesi", "OTHER"),
        ("Niemcy", "DEU"), ("WIELKA BRYTANIA", "GBR"), ("Ogółem", "WORLD"), ("Azja Środkowa", "C_ASIA"),
        ("Німеччина", "DEU"), ("КНР", "CHN"), ("В'єтнам", "VNM"), ("Російська Федерація", "RUS"),
        ("중국", "CHN"), ("키르기스스탄", "KGZ"), ("앤티가바부다", "ATG"), ("중앙아시아", "C_ASIA"),
        ("Tiongkok", "CHN"), ("Amerika Serikat", "USA"), ("Republik Dominika", "DOM"), ("Uni Eropa", "EU"),
        ("Çin Xalq Respublikası", "CHN"), ("İspaniya", "ESP"), ("Ispaniya", "ESP"), ("ABŞ", "USA"),
        ("Vietname", "VNM"), ("中華人民共和国香港特別行政区", "HKG"),
    ],
)  # fmt: skip
def test_names_that_offices_print(text: str, code: str) -> None:
    found = areas.find(text, scheme="name")
    assert found is not None and found.code == code


@pytest.mark.parametrize(
    "text", ["raq", "острів", "Congo", "콩고", "as", "ai", "China und Hongkong"]
)
def test_what_names_no_area_or_several(text: str) -> None:
    assert areas.find(text, scheme="name") is None


def test_further_languages_change_no_name_of_the_first_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = {language for languages in area_names.LANGUAGES.values() for language in languages}
    texts = [name for language in first for name in area_names.territories(language).values()]
    texts += [name for language in first for _, name in area_names.typed().get(language, [])]
    with_them = {text: area_names.lookup(text) for text in texts}
    monkeypatch.setattr(area_names, "FURTHER", {})
    assert {text: area_names.lookup(text) for text in texts} == with_them
    assert len(with_them) > 3000


def test_letters_that_only_a_capital_tells_apart_are_one() -> None:
    for text in ("İsveç", "isveç", "ISVEÇ", "İSVEÇ"):
        found = areas.find(text, scheme="name")
        assert found is not None and found.code == "SWE"
