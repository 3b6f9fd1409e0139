"""Unit texts in the words of publishers, what must not be understood, and factors inside the closed registry."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import units
from sources.errors import UnknownUnit
from sources.units import currencies, currencies_in, factor, parse, registry, text

SPELLINGS = {
    "en": {
        "billion USD": (1e9, "USD"),
        "USD": (1, "USD"),
        "usd": (1, "USD"),
        "USD mn": (1e6, "USD"),
        "US$ million": (1e6, "USD"),
        "in thousand US dollars": (1e3, "USD"),
        "millions of U.S. dollars": (1e6, "USD"),
        "'000 USD": (1e3, "USD"),
        "US$ '000": (1e3, "USD"),
        "US$000s": (1e3, "USD"),
        "1000 EUR": (1e3, "EUR"),
        "1,000 EUR": (1e3, "EUR"),
        "EUR (thousand)": (1e3, "EUR"),
        "Value in 1000 EUR": (1e3, "EUR"),
        "VALUE_IN_EUROS": (1, "EUR"),
        "Trade Value (US$)": (1, "USD"),
        "10k CNY": (1e4, "CNY"),
        "RMB 100 million": (1e8, "CNY"),
        "million yuan RMB": (1e6, "CNY"),
        "10^6 USD": (1e6, "USD"),
        "10⁶ USD": (1e6, "USD"),
        "thousand million USD": (1e9, "USD"),
        "1000 USD (thousand)": (1e3, "USD"),
        "EURm": (1e6, "EUR"),
        "kUSD": (1e3, "USD"),
        "USDbn": (1e9, "USD"),
        "€m": (1e6, "EUR"),
        "£ bn": (1e9, "GBP"),
        "lakh crore INR": (1e12, "INR"),
        "₹ crore": (1e7, "INR"),
        "trillion VND": (1e12, "VND"),
        "Mexican pesos": (1, "MXN"),
        "THS_EUR": (1e3, "EUR"),
        "MIO_EUR": (1e6, "EUR"),
        "million EUR/ECU": (1e6, "EUR"),
        "QUANTITY_IN_100KG": (100, "kilogram"),
        "SDR million": (1e6, "XDR"),
        "million USD (current prices)": (1e6, "USD"),
    },
    "ru": {
        "млрд долл. США": (1e9, "USD"),
        "млн. долларов США": (1e6, "USD"),
        "тысяч долларов США": (1e3, "USD"),
        "в тыс. долл. США": (1e3, "USD"),
        "тыс. $ США": (1e3, "USD"),
        "млрд руб.": (1e9, "RUB"),
        "трлн рублей": (1e12, "RUB"),
        "млн. ₽": (1e6, "RUB"),
        "тыс. тенге": (1e3, "KZT"),
        "млн евро": (1e6, "EUR"),
        "млрд юаней": (1e9, "CNY"),
        "млн сомони": (1e6, "TJS"),
        "млрд сумов": (1e9, "UZS"),
        "млн тонн": (1e6, "tonne"),
        "тыс. т": (1e3, "tonne"),
        "т": (1, "tonne"),
        "т (тонн)": (1, "tonne"),
        "т. руб.": (1e3, "RUB"),
        "тыс. шт.": (1e3, "item"),
        "млн куб. м": (1e6, "cubic_metre"),
        "млрд кВт·ч": (1e9, "kilowatt_hour"),
        "ботсванских пул": (1, "BWP"),  # a name that only CLDR has
    },
    "ar": {
        "مليار دولار أمريكي": (1e9, "USD"),
        "بملايين الدولارات الأمريكية": (1e6, "USD"),
        "بالمليون دولار أمريكي": (1e6, "USD"),
        "ملياري يورو": (1e9, "EUR"),
        "مليارات اليوان": (1e9, "CNY"),
        "ألف طن": (1e3, "tonne"),
        "آلاف الأطنان": (1e3, "tonne"),
        "تريليون يوان": (1e12, "CNY"),
        "مليون برميل": (1e6, "oil_barrel"),
        "بليون يورو": (1e9, "EUR"),
    },
    "zh": {
        "亿美元": (1e8, "USD"),
        "万美元": (1e4, "USD"),
        "百万美元": (1e6, "USD"),
        "千美元": (1e3, "USD"),
        "人民币亿元": (1e8, "CNY"),
        "亿元人民币": (1e8, "CNY"),
        "億日圓": (1e8, "JPY"),
        "万吨": (1e4, "tonne"),
        "亿欧元": (1e8, "EUR"),
        "万亿卢布": (1e12, "RUB"),
        "亿坚戈": (1e8, "KZT"),
    },
    "fr": {
        "Md €": (1e9, "EUR"),
        "milliards d'euros": (1e9, "EUR"),
        "en milliers de dollars américains": (1e3, "USD"),
        "millions de tonnes": (1e6, "tonne"),
        "billions d’euros": (1e12, "EUR"),
    },
    "de": {
        "Mrd. Euro": (1e9, "EUR"),
        "Mio. US-Dollar": (1e6, "USD"),
        "Tsd. EUR": (1e3, "EUR"),
        "1 000 EUR": (1e3, "EUR"),
        "TEUR": (1e3, "EUR"),
        "Billionen Euro": (1e12, "EUR"),
        "Milliarde Schweizer Franken": (1e9, "CHF"),
    },
    "es": {
        "mil millones de euros": (1e9, "EUR"),
        "miles de millones de dólares estadounidenses": (1e9, "USD"),
        "millardo de euros": (1e9, "EUR"),
        "mil euros": (1e3, "EUR"),
        "billones de pesos mexicanos": (1e12, "MXN"),
        "miles de toneladas": (1e3, "tonne"),
    },
    "pt": {
        "mil milhões de euros": (1e9, "EUR"),
        "bilhões de reais": (1e9, "BRL"),
        "milhões US$": (1e6, "USD"),
        "US$ mi": (1e6, "USD"),
        "biliões de euros": (1e12, "EUR"),
    },
    "it": {"miliardi di euro": (1e9, "EUR"), "mld EUR": (1e9, "EUR")},
    "tr": {
        "milyar ABD doları": (1e9, "USD"),
        "bin avro": (1e3, "EUR"),
        "MİLYON TL": (1e6, "TRY"),
        "trilyon Türk lirası": (1e12, "TRY"),
    },
    "uz": {
        "mlrd so'm": (1e9, "UZS"),
        "mlrd soʻm": (1e9, "UZS"),
        "млн сўм": (1e6, "UZS"),
        "ming AQSH dollari": (1e3, "USD"),
        "milliard yevro": (1e9, "EUR"),
    },
    "kk": {
        "млрд теңге": (1e9, "KZT"),
        "мың АҚШ доллары": (1e3, "USD"),
        "миллион теңге": (1e6, "KZT"),
    },
    "ky": {"миң АКШ доллары": (1e3, "USD"), "млн евро": (1e6, "EUR")},
    "quantities": {
        "kg": (1, "kilogram"),
        "t": (1, "tonne"),
        "tonnes": (1, "tonne"),
        "thousand tonnes": (1e3, "tonne"),
        "m tonnes": (1e6, "tonne"),
        "kt": (1e3, "tonne"),
        "metric tons": (1, "tonne"),
        "short tons": (1, "short_ton"),
        "m³": (1, "cubic_metre"),
        "1000 m³": (1e3, "cubic_metre"),
        "m²": (1, "square_metre"),
        "bbl": (1, "oil_barrel"),
        "million barrels": (1e6, "oil_barrel"),
        "l": (1, "litre"),
        "l alc 100%": (1, "litre_pure_alcohol"),
        "1000 kWh": (1e3, "kilowatt_hour"),
        "TJ": (1, "terajoule"),
        "u": (1, "item"),
        "2u": (1, "pair"),
        "12u": (1, "dozen"),
        "number of items": (1, "item"),
        "million units": (1e6, "item"),
        "carat": (1, "carat"),
        "kg N": (1, "kilogram_nitrogen"),
        "kg P2O5": (1, "kilogram_p2o5"),
    },
}


@pytest.mark.parametrize(
    ("printed", "meaning"),
    [(p, m) for words in SPELLINGS.values() for p, m in words.items()],
)
def test_spellings_of_publishers(printed: str, meaning: tuple[float, str]) -> None:
    unit = parse(printed)
    assert (unit.scale, unit.code, unit.assumed) == (*meaning, "")


@pytest.mark.parametrize(
    ("printed", "reporter", "code"),
    [
        ("млрд долл.", "", "USD"),
        ("مليار دولار", "", "USD"),
        ("mn $", "KAZ", "USD"),
        ("$bn", "AUS", "AUD"),
        ("亿元", "", "CNY"),
        ("万元", "KAZ", "CNY"),
        ("tons", "", "tonne"),
        ("bin ton", "TUR", "tonne"),
        ("MT", "", "tonne"),
        ("m", "", "metre"),
    ],
)
def test_what_is_assumed_is_said(printed: str, reporter: str, code: str) -> None:
    unit = parse(printed, reporter)
    assert unit.code == code
    assert code in unit.assumed


@pytest.mark.parametrize(
    ("printed", "reporter", "code"),
    [
        ("сом", "KGZ", "KGS"),
        ("миң сому", "KGZ", "KGS"),
        ("тыс. сомов", "KGZ", "KGS"),
        ("thousand soms", "KGZ", "KGS"),
        ("млн сом", "UZB", "UZS"),
        ("млн манат", "TKM", "TMT"),
        ("млн манат", "AZE", "AZN"),
        ("¥ million", "JPN", "JPY"),
        ("¥ million", "CHN", "CNY"),
        ("亿元", "CHN", "CNY"),
        ("亿元", "TWN", "TWD"),
        ("peso", "MEX", "MXN"),
        ("krone", "DNK", "DKK"),
        ("$ million", "USA", "USD"),
        ("Rs crore", "IND", "INR"),
    ],
)
def test_the_reporter_settles_a_shared_word(printed: str, reporter: str, code: str) -> None:
    unit = parse(printed, reporter)
    assert (unit.code, unit.assumed) == (code, "")


@pytest.mark.parametrize(
    "printed", ["сом", "манат", "¥", "peso", "krone", "Rs crore", "ريال", "pounds"]
)
def test_a_shared_word_without_its_reporter_is_refused(printed: str) -> None:
    with pytest.raises(UnknownUnit, match="it can be any of"):
        parse(printed, "")


@pytest.mark.parametrize(
    "printed",
    [
        "million national currency",
        "LCU",
        "USD/t",
        "million EUR USD",
        "2024 USD",
        "constant 2015 US$",
        "12 USD",
        "%",
        "index",
        "foo",
        "bilion USD",
        "kg S",
        "million kg USD",
        "thousand USD million",
        "million billion USD",
        "mil USD",
        "US$ mil",
        "mil. euro",
        "min USD",
        "'000 thousand USD",
        "million million USD",
        "b",
        "mm",
        "all",
        "top",
        "try",
        "GDP",
        "n.a.",
        "value",
        "USD EUR",
        "x" * 500,
    ],
)
def test_not_understood_in_full_is_not_understood(printed: str) -> None:
    with pytest.raises(UnknownUnit) as caught:
        parse(printed)
    (problem,) = caught.value.problems
    assert problem.code == "UNKNOWN_UNIT"
    assert problem.advice.startswith("Write ")
    assert len(problem.found) < 250


def test_suggestions_come_from_the_tables() -> None:
    with pytest.raises(UnknownUnit, match="nearest: billion"):
        parse("bilion USD")


def test_no_unit_is_a_unit() -> None:
    assert (parse("").scale, parse("").code, parse("").kind) == (1.0, "", "none")
    assert (parse("billion").scale, parse("billion").code, parse("billion").kind) == (
        1e9,
        "",
        "none",
    )
    assert parse("مليارا").text == "billion"


def test_a_bare_code_is_one_unit_and_every_code_is_read_back() -> None:
    for code in currencies():
        unit = parse(code)
        assert (unit.scale, unit.code, unit.kind) == (1.0, code, "currency")
    for code, kind in units._kinds().items():
        assert (parse(code).code, parse(code).kind) == (code, kind)


SCALES = st.sampled_from([1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12])


@given(SCALES, st.sampled_from([*sorted(units._kinds()), ""]))
def test_what_we_print_is_read_back(scale: float, code: str) -> None:
    printed = text(scale, code)
    unit = parse(printed)
    assert (unit.scale, unit.code, unit.text) == (scale, code, printed)


@given(st.text(max_size=20))
def test_any_text_is_a_unit_or_unknown(printed: str) -> None:
    try:
        unit = parse(printed)
    except UnknownUnit:
        return
    assert 0 < unit.scale <= 1e15
    assert parse(unit.text).code == unit.code


def test_canonical_texts() -> None:
    assert text(1e9, "USD") == "billion USD"
    assert text(1e3, "EUR") == "thousand EUR"
    assert text(1, "tonne") == "tonne"
    assert text(1e8, "CNY") == "100 million CNY"
    assert text(1e4, "CNY") == "10 thousand CNY"


# --- the tables themselves ---------------------------------------------------------------------


def test_no_word_of_the_tables_has_two_meanings() -> None:
    units._table.__wrapped__()  # a clash raises


def test_every_word_of_the_table_is_understood() -> None:
    folder = Path(units.__file__).parent / "data"
    with (folder / "units.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["kind"] != "noise"]
    assert len(rows) > 900
    for row in rows:
        code = row["codes"].split()[-1]
        areas = next(
            (
                areas.split()[0]
                for c in row["codes"].split()
                if (areas := currencies().get(c, {}).get("areas", ""))
            ),
            "",
        )
        if row["word"] in ("m", "м", "т"):
            continue
        unit = parse(row["word"], areas)
        assert unit.code in row["codes"].split(), row
        assert unit.kind == units._kinds()[code], row


def test_scale_words_of_one_language_agree_with_their_neighbours() -> None:
    assert parse("Billion EUR").scale == 1e9  # English stands where nothing says French or German
    assert parse("billions d'euros").scale == 1e12
    assert parse("milliard EUR").scale == parse("мрд".replace("мрд", "млрд") + " EUR").scale == 1e9


@pytest.mark.shared
def test_quantity_units_of_comtrade(shared: Path) -> None:
    with (shared / "reference" / "comtradr_qtyunit.csv").open(encoding="utf-8") as lines:
        printed = [row["qtyAbbr"] for row in csv.DictReader(lines)]
    refused = []
    for text_ in printed:
        try:
            assert bool(parse(text_).assumed) == (text_ == "m")
        except UnknownUnit:
            refused.append(text_)
    assert refused == ["N/A"]


# --- factors ----------------------------------------------------------------------------------


def test_factors() -> None:
    assert factor("million tonnes", "kg") == pytest.approx(1e9)
    assert factor("billion USD", "million USD") == 1000
    assert factor("oil_barrel", "m3") == pytest.approx(0.158987294928)
    assert factor("TJ", "1000 kWh") == pytest.approx(277.777777777778)
    assert factor("pair", "u") == 2
    assert factor("thousand", "million") == pytest.approx(1e-3)


@pytest.mark.parametrize(
    ("src", "dst"),
    [
        ("USD", "EUR"),
        ("kg", "u"),
        ("kg N", "kg"),
        ("tonne", "m3"),
        ("billion", "USD"),
        ("litre", "l alc 100%"),
    ],
)
def test_no_factor_between_different_things(src: str, dst: str) -> None:
    with pytest.raises(UnknownUnit, match="do not measure the same thing"):
        factor(src, dst)


def test_every_code_is_defined_in_the_registry() -> None:
    for code in units._kinds():
        assert registry().Quantity(1, code).dimensionality


def test_the_registry_is_closed() -> None:
    import pint

    for stranger in ("knot", "degree", "tesla", "ton", "kt", "u"):
        with pytest.raises(pint.UndefinedUnitError):
            registry().Quantity(1, stranger)


# --- prose ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prose", "codes"),
    [
        ("$66.2bn", ["USD"]),
        ("66,2 مليار دولار", ["USD"]),
        ("بلغ 5 مليارات من الدولارات", ["USD"]),
        ("44 млрд долларов", ["USD"]),
        ("660亿美元", ["USD"]),
        ("674.15亿元", ["CNY"]),
        ("€54 billion against 3 bn yuan", ["EUR", "CNY"]),
        ("EUR 5 million", ["EUR"]),
        ("100 млрд сомов", ["KGS", "UZS"]),
        ("3 mlrd so'm", ["UZS"]),
        ("Rs 500 crore", ["INR", "PKR", "LKR", "NPR", "MUR", "SCR", "IDR"]),
        ("مقابل حوالى 64 مليارا مع الاتحاد الأوروبي في 2024", []),
        ("all of the top teams won a real sum; try again", []),
        ("元旦期间单元多元化发展", []),
        ("Turnover grew by 12 % to 66.2 billion", []),
        ("р. Обь", []),
    ],
)
def test_currencies_named_in_prose(prose: str, codes: list[str]) -> None:
    assert currencies_in(prose) == codes
