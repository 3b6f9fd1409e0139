"""The parts of reading prose: numbers and amounts, times, who is named in which role, tables of words, sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import press
from sources.press import han
from sources.press.amounts import amounts
from sources.press.meaning import read, settle, write
from sources.press.numerals import number
from sources.press.parties import mentions
from sources.press.text import sentences
from sources.press.vocabulary import fold, language_of, languages, vocabulary
from sources.press.when import times


def test_thirteen_languages_have_a_table_and_uzbek_has_both_scripts() -> None:
    expected = "ar de en es fr ja kk ky pt ru tr uz uz_cyrl zh"
    assert languages() == expected.split()


@pytest.mark.parametrize("language", languages())
def test_a_table_compiles_and_holds_the_kinds_that_every_language_needs(language: str) -> None:
    words = vocabulary(language)
    needed = {"scale", "currency", "measure", "rate", "flow", "stop", "approx", "credit", "status"}
    needed |= {"month", "months", "half", "quarter", "relative", "prior", "our", "two", "world"}
    assert needed <= set(words.rows)
    for kind in words.rows:  # a slip in a row is an error of the table, here and not in a text
        assert all(words.compiled(kind, where) for where in ("", "start", "end"))
    flows = {code for code, _ in words.rows["flow"]}
    assert {"exports", "imports", "turnover", "balance+", "balance-", "re-exports"} <= flows
    assert {code for code, _ in words.rows["month"]} >= ({"1", "12"} if language != "ja" else {"1"})


@given(st.text(max_size=60))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "language", "scale", "value"),
    [
        ("66.2", "en", 1e9, 66.2), ("1,234", "en", 1.0, 1234), ("1,234.5", "en", 1e6, 1234.5), ("12,34,567", "en", 1.0, 1234567),
        ("66,2", "ar", 1e9, 66.2), ("66.2", "ar", 1e9, 66.2), ("1.559,7", "de", 1e9, 1559.7), ("1 559,7", "de", 1e9, 1559.7),
        ("61.600", "es", 1e6, 61600), ("184,500", "es", 1e6, 184500), ("14,5", "es", 1e9, 14.5), ("1.000", "fr", 1e9, 1000),
        ("31.255", "ru", 1e9, 31.255), ("2 345,6", "ru", 1e6, 2345.6), ("1.322", "tr", 1e9, 1322), ("3'300", "fr", 1e6, 3300),
        ("0,125", "en", 1e9, 0.125),
    ],
)  # fmt: skip
def test_decimal_marks_go_by_language(text: str, language: str, scale: float, value: float) -> None:
    assert number(text, language, scale)[0] == pytest.approx(value)


def test_chinese_numerals() -> None:
    assert tuple(map(han.value, ("四百三十八", "二十点五", "十", "两千零五"))) == (
        438,
        20.5,
        10,
        2005,
    )


@pytest.mark.parametrize(
    ("language", "text", "value", "code"),
    [
        ("en", "US$66.2bn", 66.2e9, "USD"), ("en", "USD27.58 Billion", 27.58e9, "USD"), ("en", "Rs 4.2 lakh crore", 4.2e12, "INR PKR LKR NPR MUR"),
        ("en", "one and a half billion dollars", 1.5e9, "USD"), ("en", "HK$3 million", 3e6, "HKD"), ("en", "€5m", 5e6, "EUR"),
        ("ru", "16 млрд 101 млн долларов", 16.101e9, "USD"), ("ru", "полтора миллиарда рублей", 1.5e9, "RUB"),
        ("ru", "полмиллиарда долларов", 0.5e9, "USD"), ("ru", "$2 млрд 125,8 млн", 2.1258e9, "USD"),
        ("tr", "4 milyar 705 milyon dolar", 4.705e9, "USD"), ("uz", "1 mlrd 50 mln dollarlik", 1.05e9, "USD"),
        ("ar", "14 مليارا و437 مليون دولار", 14.437e9, "USD"), ("ar", "ملياري دولار", 2e9, "USD"), ("ar", "5ر87 مليون دينار كويتي", 87.5e6, "KWD"),
        ("ar", "١٢٫٥ مليار ريال قطري", 12.5e9, "QAR"), ("zh", "43.85万亿元", 43.85e12, "CNY HKD TWD SGD MOP"), ("zh", "四百三十八亿美元", 43.8e9, "USD"),
        ("ja", "107兆913億円", 107.0913e12, "JPY"), ("es", "14,5 mil millones de dólares", 14.5e9, "USD"), ("es", "9,3 billones de pesos colombianos", 9.3e12, "COP"),
        ("de", "anderthalb Milliarden Euro", 1.5e9, "EUR"), ("de", "9,3 Billionen Yen", 9.3e12, "JPY"), ("pt", "20,4 mil milhões de euros", 20.4e9, "EUR"),
        ("pt", "R$ 1,3 bilhão", 1.3e9, "BRL"), ("fr", "3.300 milliards d'euros", 3300e9, "EUR"), ("kk", "43,8 млрд АҚШ доллары", 43.8e9, "USD"),
        ("ky", "850 миллион сом", 850e6, "KGS"), ("en", "8.1 million tonnes", 8.1e6, "tonne"),
    ],
)  # fmt: skip
def test_amounts_of_every_script(language: str, text: str, value: float, code: str) -> None:
    folded = sentences(text, language)[0].folded
    (found,) = amounts(folded, vocabulary(language))
    assert (found.value, found.code) == (pytest.approx(value), code)


@pytest.mark.parametrize("text", ["12.5%", "80 million people", "$82 a barrel", "in 2024", "5,000"])
def test_percentages_counts_and_prices_are_no_amounts(text: str) -> None:
    assert not [a for a in amounts(fold(text), vocabulary("en")) if a.code]


@pytest.mark.parametrize(
    ("language", "text", "period"),
    [
        ("en", "in January-September", "2025-01..2025-09"), ("en", "in the third quarter of 2024", "2024-Q3"), ("en", "this year", "2025"),
        ("en", "over the first 10 months of last year", "2024-01..2024-10"), ("ru", "за январь–сентябрь", "2025-01..2025-09"),
        ("ru", "в I полугодии 2024 года", "2024-H1"), ("ru", "за 11 месяцев 2024 года", "2024-01..2024-11"), ("ru", "по итогам прошлого года", "2024"),
        ("fr", "au cours des neuf premiers mois de 2024", "2024-01..2024-09"), ("de", "in den ersten acht Monaten 2024", "2024-01..2024-08"),
        ("es", "entre enero y agosto de 2024", "2024-01..2024-08"), ("pt", "no primeiro semestre de 2025", "2025-H1"),
        ("tr", "ocak-eylül döneminde", "2025-01..2025-09"), ("tr", "geçen yıl", "2024"), ("kk", "былтыр", "2024"),
        ("kk", "2024 жылдың қаңтар-қыркүйек айларында", "2024-01..2024-09"), ("ky", "биринчи жарым жылдыкта", "2025-H1"),
        ("uz", "o'tgan yilning yanvar-mart oylarida", "2024-Q1"), ("ar", "الأشهر التسعة الأولى من العام الحالي", "2025-01..2025-09"),
        ("ar", "في النصف الأول من عام 2024", "2024-H1"), ("zh", "前三季度", "2025-01..2025-09"), ("zh", "上半年", "2025-H1"),
        ("zh", "2024年1至8月", "2024-01..2024-08"), ("ja", "2024年上半期", "2024-H1"), ("ja", "先月", "2025-09"),
    ],
)  # fmt: skip
def test_times_of_every_language(language: str, text: str, period: str) -> None:
    (when,) = times(sentences(text, language)[0].folded, vocabulary(language))
    assert settle(when, (2025, 10), "", 0, "") == period


@given(st.integers(1990, 2040), st.integers(1, 12), st.integers(1, 12))
def test_a_written_period_reads_back(year: int, one: int, other: int) -> None:
    first, last = sorted((one, other))
    got = read(write(year, first, last))
    assert got == (year * 12 + first - 1, year * 12 + last - 1)


def test_a_fiscal_year_has_the_months_of_its_reporter_or_none() -> None:
    (when,) = times("in 2023-24", vocabulary("en"))
    assert settle(when, None, "", 0, "PAK") == "2023-07..2024-06"
    assert settle(when, None, "", 0, "BRA") == ""


@pytest.mark.parametrize(
    ("text", "reporter", "period"),
    [
        ("in FY23", "PAK", "2022-07..2023-06"),
        ("in FY23", "BRA", ""),
        ("in the last fiscal year", "IND", "2024-04..2025-03"),
        ("in the first half of 2023-24", "IND", "2023-04..2023-09"),
        ("in the three months to January", "GBR", "2024-11..2025-01"),
        ("in the year to June 2025", "AUS", "2024-07..2025-06"),
        ("from October 2017 to September 2018", "VNM", "2017-10..2018-09"),
        ("from December to February 2025", "VNM", "2024-12..2025-02"),
        ("by the end of August", "VNM", "2025-01..2025-08"),
    ],
)
def test_runs_of_months_across_years(text: str, reporter: str, period: str) -> None:
    (when,) = times(text.lower(), vocabulary("en"))
    assert settle(when, (2025, 10), "", 0, reporter) == period


@pytest.mark.parametrize(
    ("text", "spoken", "period"),
    [
        ("so far this year", "2025-08", "2025-01..2025-08"),
        ("so far this year", "", ""),
        ("so far this year", "2024-08", ""),
        ("in the previous three months", "2025-Q1", "2024-Q4"),
        ("in the previous three months", "2025", ""),
        ("a month before", "2025-01", "2024-12"),
        ("a year earlier", "2024-11..2025-01", "2023-11..2024-01"),
    ],
)
def test_times_told_from_what_the_text_spoke_of(text: str, spoken: str, period: str) -> None:
    (when,) = times(text, vocabulary("en"))
    assert settle(when, (2025, 10), spoken, 0, "") == period


def test_the_year_of_a_date_is_no_period() -> None:
    assert times("on 5 may 2023 the minister said", vocabulary("en")) == []
    assert [w.year for w in times("on 5 may the exports of 2023", vocabulary("en"))] == [2023]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "exports from Norway to the Czech Republic", "NOR from, CZE to"),
        ("en", "trade between Kenya and Uganda", "KEN between, UGA between"),
        ("en", "the Sino-Japanese trade of the US", "CHN between, JPN between, USA own"),
        ("en", "they told us in turkey", ""),
        ("ru", "экспорт из Беларуси в Южную Корею", "BLR from, KOR to"),
        ("ru", "российско-китайская торговля", "RUS between, CHN between"),
        ("de", "die deutschen Ausfuhren in die USA", "DEU adj, USA to"),
        ("tr", "Kırgızistan'dan Çin'e", "KGZ from, CHN to"),
        ("kk", "Қазақстанның Өзбекстанға экспорты", "KAZ own, UZB to"),
        ("ky", "Кытайдан келген импорт", "CHN from"),
        ("uz", "Turkiya bilan savdo", "TUR with"),
        ("ar", "صادرات مصر إلى المملكة المتحدة", "EGY bare, GBR to"),
        ("zh", "对欧盟出口", "EU partner"),
        ("ja", "韓国への輸出", "KOR to"),
    ],
)  # fmt: skip
def test_who_is_named_and_in_which_role(language: str, text: str, expected: str) -> None:
    sentence = sentences(text, language)[0]
    found = mentions(sentence.folded, text, vocabulary(language))
    assert ", ".join(f"{m.code} {m.role}" for m in found) == expected


def test_sentences_keep_their_words_and_know_their_place() -> None:
    text = "Exports to the U.S. rose. Imports fell to 5 bn.\n\nВ 2024 г. экспорт составил 3 млрд долл. Импорт вырос."
    found = sentences(text, "en")
    assert [s.place for s in found] == ["p1 s1", "p1 s2", "p2 s1", "p2 s2"]
    assert all(s.text in text for s in found)


@pytest.mark.parametrize(
    "language", ["ar", "de", "es", "fr", "ja", "kk", "ky", "pt", "ru", "tr", "uz", "zh"]
)
def test_a_language_is_told_by_its_months_and_words_of_trade(language: str) -> None:
    texts = {
        "ar": "بلغت الصادرات 5 مليارات دولار", "de": "Die Ausfuhren stiegen auf 5 Milliarden Euro", "es": "Las exportaciones sumaron 5.000 millones",
        "fr": "Les exportations ont atteint 5 milliards", "ja": "輸出は5兆円だった", "kk": "Экспорт 5 миллиард доллар болды", "zh": "出口5万亿元",
        "ky": "Экспорт 5 миллиард долларды түздү", "pt": "As exportações somaram 5 bilhões", "ru": "Экспорт составил 5 миллиардов",
        "tr": "İhracat 5 milyar dolar oldu", "uz": "Eksport 5 milliard dollarni tashkil etdi",
    }  # fmt: skip
    assert language_of(texts[language]) == language


@pytest.mark.parametrize(
    ("text", "unit", "period"),
    [
        ("Mexico's imports from Spain were 300 billion pesos in 2024.", "billion MXN", "2024"),
        ("Pakistan's imports from China were Rs 300 billion in 2024.", "billion PKR", "2024"),
        ("Uganda's imports from India were 300 billion shillings in 2024.", "billion UGX", "2024"),
        ("Kenya's imports from India were KSh300 billion in the year to June 2024.", "billion KES", "2023-07..2024-06"),
        ("Kenya's imports from India were Sh300 billion in the 12 months to the end of March 2024.", "billion KES", "2023-04..2024-03"),
        ("Kenya's imports from India were $3 billion in the year ended December 2024.", "billion USD", "2024"),
    ],
)  # fmt: skip
def test_the_national_currency_and_the_year_to_a_month(text, unit, period):
    row = press.extract(text, published="2025-09-20").figures.iloc[0]
    assert (row["unit"], row["period"]) == (unit, period)
