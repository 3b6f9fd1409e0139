"""Tests of the words for a flow, of the units beside them, and of whole headers, in the languages of offices."""

from __future__ import annotations

import pytest

from sources import flows, readers, units
from sources.readers import headers


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        ("X", "exports"), ("Exports", "exports"), ("İhracat", "exports"), ("IHRACAT", "exports"), ("Exportação", "exports"),
        ("exportacao", "exports"), ("수출", "exports"), ("輸出額", "exports"), ("Експорт", "exports"), ("ЭК", "exports"),
        ("Esportazioni", "exports"), ("Wywóz", "exports"), ("Eksport", "exports"), ("İxrac", "exports"),
        ("Importação", "imports"), ("수입", "imports"), ("輸入", "imports"), ("Імпорт", "imports"), ("ИМ", "imports"),
        ("Ithalat", "imports"), ("Przywóz", "imports"), ("impor", "imports"), ("進口", "imports"),
        ("輸出入総額", "turnover"), ("Interscambio", "turnover"), ("Dış ticaret hacmi", "turnover"),
        ("Tashqi savdo aylanmasi", "turnover"), ("Corrente de Comércio", "turnover"), ("교역액", "turnover"),
        ("貿易収支", "balance"), ("Saldo", "balance"), ("무역수지", "balance"), ("Réexportations", "re-exports"),
        ("", ""), ("exporter", ""), ("export price", ""),
    ],
)  # fmt: skip
def test_a_word_means_a_flow(text: str, flow: str) -> None:
    assert flows.flow_of(text) == flow


def test_no_word_means_two_flows() -> None:
    words = [flows._plain(word) for words in flows._WORDS.values() for word in words]
    told = {(flows._plain(word), flow) for flow, words in flows._WORDS.items() for word in words}
    assert len(set(words)) == len(told)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("juta USD", "million USD"), ("ribu US$", "thousand USD"), ("тис. дол. США", "thousand USD"),
        ("млрд доларів США", "billion USD"), ("천불", "thousand USD"), ("백만달러", "million USD"),
        ("미화 천불", "thousand USD"), ("억원", "100 million KRW"), ("mila euro", "thousand EUR"),
        ("tysiące złotych", "thousand PLN"), ("tonnellate", "tonne"), ("천톤", "thousand tonne"),
        ("mii EUR", "thousand EUR"), ("triệu USD", "million USD"), ("миң АКШ доллар", "thousand USD"),
    ],
)  # fmt: skip
def test_scales_of_further_languages(text: str, unit: str) -> None:
    assert units.parse(text).text == unit


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Ekspor (juta USD)", "million USD"), ("Експорт, тис. дол. США", "thousand USD"), ("수출금액(천불)", "thousand USD"),
        ("Valoare (mii USD)", "thousand USD"), ("輸出額(百万円)", "million JPY"), ("Доля в экспорте", ""),
        ("Eksport, tys. zł", "thousand PLN"),
    ],
)  # fmt: skip
def test_a_header_keeps_its_scale(header: str, unit: str) -> None:
    found = headers.unit_of(header)
    assert (units.parse(found).text if found else "") == unit


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("reporter,Negara,Tahun,Ekspor (juta USD),Impor (juta USD)\nIDN,Tiongkok,2023,64937.9,62880.1\n",
         {("CHN", "exports", 64937.9e6), ("CHN", "imports", 62880.1e6)}),
        ("reporter,Країна,Рік,\"Експорт, тис. дол. США\"\nUKR,Німеччина,2023,2000.5\nUKR,Китай,2023,2400.1\n",
         {("DEU", "exports", 2000.5e3), ("CHN", "exports", 2400.1e3)}),
        ("reporter,국가,연도,수출금액(천불),수출입 총액(천불)\nKOR,중국,2023,124817688,267675023\n",
         {("CHN", "exports", 124817688e3), ("CHN", "turnover", 267675023e3)}),
        ("reporter,Ülke,Yıl,İhracat (bin ABD Doları)\nTUR,Almanya,2023,21079000\nTUR,Çin,2023,3302000\n",
         {("DEU", "exports", 21079000e3), ("CHN", "exports", 3302000e3)}),
        ("reporter,País,Ano,Fluxo,Valor US$ FOB\nBRA,Alemanha,2023,Exportação,5600\nBRA,China,2023,Importação,530\n",
         {("DEU", "exports", 5600.0), ("CHN", "imports", 530.0)}),
    ],
)  # fmt: skip
def test_whole_tables(text: str, wanted: set[tuple[str, str, float]]) -> None:
    [reading] = readers.read_bytes(text.encode(), "a.csv")
    figures = reading.figures
    assert wanted == set(zip(figures["partner"], figures["flow"], figures["value"] * figures["scale"]))  # fmt: skip
