"""Claims from prose: the Arabic article, what each claim carries, pages and Markdown, dates, and no crash on any text."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import areas
from sources.figures import COLUMNS
from sources.press import extract, read
from tests.press.helpers import claims, wanted

# The four figures of the bundled example among numbers of other kinds, as in the article they are from.
ARTICLE = """\
آسيا الوسطى بين موسكو وبكين وبروكسل

يبلغ عدد سكان آسيا الوسطى 80 مليون نسمة، وتمتد على أربعة ملايين كيلومتر مربع، ولا يتجاوز ناتجها المحلي 450 مليار دولار.

ناهزت التبادلات التجارية لآسيا الوسطى مع موسكو 44 مليار دولار في 2023 وفق أحدث البيانات الروسية، مقابل حوالى 64 مليارا مع الاتحاد الأوروبي في 2024.

أما التجارة مع الصين فهي تبلغ 66,2 مليار دولار في العام 2024 حسب السلطات في المنطقة، مقابل 94,8 مليارا بحسب الجمارك الصينية.

واستثمرت الشركات الصينية 25 مليار دولار في المنطقة، وتعتزم غازبروم توريد 11 مليار متر مكعب من الغاز. وقدم البنك قرضا بقيمة 3 مليارات دولار.
"""


def test_the_article_gives_its_four_figures_and_who_said_each() -> None:
    reading = extract(ARTICLE, file="article.txt", published="2025-10-08")
    figures = reading.figures
    assert claims(ARTICLE) == wanted(
        "RUS C_ASIA turnover 2023 44e9 USD | C_ASIA EU27 turnover 2024 64e9 USD"
        "| C_ASIA CHN turnover 2024 66.2e9 USD | CHN C_ASIA turnover 2024 94.8e9 USD"
    )
    assert list(figures["records"]) == ["RUS", "", "C_ASIA", "CHN"]
    assert list(figures["approx"]) == ["about", "about", "", ""]
    assert list(figures["source"]) == [
        "أحدث البيانات الروسية", "article.txt", "السلطات في المنطقة", "الجمارك الصينية",
    ]  # fmt: skip
    assert list(reading.findings["code"]) == ["CURRENCY_ASSUMED", "CURRENCY_ASSUMED"]
    assert list(figures["place"]) == ["p3 s1", "p3 s1", "p4 s1", "p4 s1"]


def test_a_claim_carries_what_was_printed_and_its_interval() -> None:
    text = "Kenya's exports of tea to Egypt were worth nearly 12.5 billion shillings in 2024, customs data show."
    reading = extract(text, file="note.txt")
    row = reading.figures.iloc[0]
    assert (row["printed"], row["printed_unit"]) == ("12.5", "billion shillings")
    assert (row["value"], row["unit"], row["scale"]) == (12.5, "billion KES", 1e9)
    assert (row["commodity"], row["approx"], row["measure"]) == ("tea", "nearly", "value")
    assert row["low"] == pytest.approx(12.5 * 0.95 - 0.05)
    assert row["high"] == pytest.approx(12.55)
    assert row["quote"] == text
    assert list(reading.figures.columns) == list(COLUMNS)


@pytest.mark.parametrize(
    ("words", "approx", "low", "high"),
    [
        ("reached $44 billion", "", 43.5, 44.5),
        ("exceeded $44 billion", "over", 44.0, 48.9),
        ("were between $40 billion and $44 billion", "range", 39.5, 44.5),
        ("were $40-44 billion", "range", 39.5, 44.5),
    ],
)
def test_a_qualifier_widens_the_interval(words: str, approx: str, low: float, high: float) -> None:
    row = extract(f"India's exports to Japan {words} in 2024.").figures.iloc[0]
    assert row["approx"] == approx
    assert (row["low"], row["high"]) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Peru and Chile aim to raise bilateral trade to $15 billion by 2030.", "target"),
        ("Trade between Peru and Chile is expected to reach $15 billion in 2026.", "forecast"),
        ("Preliminary data put Peru's exports to Chile at $2 billion in 2024.", "provisional"),
        ("Peru's exports to Chile were $2 billion in 2024.", "press"),
    ],
)
def test_what_is_aimed_at_is_told_from_what_was_traded(text: str, status: str) -> None:
    assert list(extract(text, published="2025-10-08").figures["status"]) == [status]


def test_a_doubtful_field_stays_empty_and_is_named() -> None:
    reading = extract("Imports from Poland came to 2 billion euros.", locale="en")
    row = reading.figures.iloc[0]
    assert (row["reporter"], row["partner"], row["period"]) == ("", "POL", "")
    messages = list(reading.findings["message"])
    assert [message.rpartition(" ")[2] for message in messages] == ["reporter", "period"]
    assert set(reading.findings["code"]) == {"PRESS_UNCLEAR"}


def test_the_office_that_is_credited_reports() -> None:
    text = "Trade with Vietnam reached $260 billion in 2024, according to Chinese customs."
    row = extract(text).figures.iloc[0]
    assert (row["reporter"], row["partner"], row["records"]) == ("CHN", "VNM", "CHN")
    assert row["source"] == "Chinese customs"


@pytest.mark.parametrize(
    ("published", "text", "expected"),
    [
        ("2025-10-08", "Last year Iran's exports to Iraq reached $12 billion.", "2024"),
        ("2025-10-08", "In January to August Iran's exports to Iraq reached $9 billion.", "2025-01..2025-08"),
        ("2025-02-08", "In the first half Iran's exports to Iraq reached $5 billion.", "2024-H1"),
        ("2025-02-08", "Iran's exports to Iraq reached $1 billion in December.", "2024-12"),
        ("2025-01-08", "Last month Iran's exports to Iraq reached $1 billion.", "2024-12"),
        ("2025-02-08", "In 2023-24 India's exports to Iraq reached $3 billion.", "2023-04..2024-03"),
        ("2025-02-08", "Iran's exports to Iraq, up 5% from 2022, reached $9 billion in 2023.", "2023"),
        (None, "Last year Iran's exports to Iraq reached $12 billion.", ""),
        (None, "8 October 2025\nLast year Iran's exports to Iraq reached $12 billion.", "2024"),
    ],
)  # fmt: skip
def test_the_date_of_publication_fixes_relative_times(
    published: str, text: str, expected: str
) -> None:
    assert list(extract(text, published=published).figures["period"]) == [expected]


def test_later_sentences_lean_on_earlier_ones() -> None:
    text = (
        "Trade between Georgia and Armenia came to $1.2 billion in 2024.\n"
        "Georgian exports amounted to $900 million, while imports were $300 million.\n"
        "A year earlier the figure was $1 billion."
    )
    assert claims(text) == wanted(
        "GEO ARM turnover 2024 1.2e9 USD | GEO ARM exports 2024 0.9e9 USD"
        "| GEO ARM imports 2024 0.3e9 USD | GEO ARM turnover 2023 1e9 USD"
    )


def test_a_headline_and_its_lead_are_one_claim() -> None:
    text = (
        "Trade of Chile and China hits $61.6 bn\n\n"
        "Trade between Chile and China reached $61.6 billion in 2024."
    )
    assert claims(text) == wanted("CHL CHN turnover 2024 61.6e9 USD")


PAGE = """<!DOCTYPE html><html><head><title>News</title>
<meta property="article:published_time" content="2025-03-04T09:00:00Z"></head><body>
<nav><a href="/">Exports worth $99 billion</a></nav>
<article><h1>Neighbours trade more</h1>
<p>Trade between Kenya and Uganda rose by a tenth and reached 1.2 billion dollars last year, the ministry said in
a statement that was sent to newspapers on Tuesday morning.</p>
<p>Kenyan exports came to 800 million dollars, with cement, palm oil and steel at the head of the list of goods.</p>
</article><footer>Imports of $7 billion</footer></body></html>"""


def test_of_a_page_only_the_article_is_read_and_its_date_is_used(tmp_path: Path) -> None:
    expected = wanted("KEN UGA turnover 2024 1.2e9 USD | KEN UGA exports 2024 0.8e9 USD")
    assert claims(PAGE, None) == expected
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    assert len(read(path).figures) == 2


def test_a_page_too_plain_for_its_main_text_to_be_found_is_read_as_it_stands() -> None:
    page = "<html><body><p>Exports of Oman to Iran were $1 billion in 2024.</p></body></html>"
    assert claims(page) == wanted("OMN IRN exports 2024 1e9 USD")


def test_marks_of_markdown_do_not_matter() -> None:
    text = (
        "# Trade\n\n- **Exports** of [Oman](http://example.org) to Iran were `$1 billion` in 2024."
    )
    assert claims(text) == wanted("OMN IRN exports 2024 1e9 USD")


def test_a_language_without_a_table_is_named() -> None:
    text = "Obroty handlowe Polski z Chinami wzrosły do 40 miliardów dolarów."
    reading = extract(text, locale="pl")
    assert len(reading.figures) == 0
    assert "no vocabulary for the language" in str(reading.facts["notes"])


def test_a_text_without_trade_gives_nothing_and_says_so() -> None:
    reading = extract("The weather was fine in Astana, and the harvest reached 20 million tonnes.")
    assert len(reading.figures) == 0
    assert reading.facts["notes"] == "the text quotes no trade figure"


# Pieces of which the texts of the properties are made: words of trade beside anything.
PIECES = st.lists(
    st.sampled_from(
        ["exports", "China", "$5", "billion", "in 2024", "8", "to", "from", "Trade between", "and", "1,2,3",
         "12.", "(", ")", "%", "last year", "respectively", "млрд", "экспорт", "亿美元", "出口", "مليار", "صادرات",
         "兆", "輸出", "dolar", "ihracat", ".", ",", "—", "Q3", "2023-24", "half"]
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.text(max_size=120), PIECES.map(" ".join)))
def test_no_text_crashes_and_every_claim_stands_in_it(text: str) -> None:
    for whole in (text, f"Exports {text} to China reached $5 billion in 2024."):
        _holds(whole, extract(whole, published="2025-10-08").figures)


def _holds(text: str, figures: pd.DataFrame) -> None:
    paragraphs = text.replace("\r", "\n").count("\n") + 1
    for row in figures.to_dict("records"):
        assert str(row["printed"]) in str(row["quote"])
        number = int(str(row["place"]).split()[0].removeprefix("p"))
        assert 1 <= number <= paragraphs
        assert row["low"] <= row["value"] <= row["high"]
        assert row["flow"] in (
            "exports",
            "imports",
            "turnover",
            "balance",
            "re-exports",
            "re-imports",
        )
        assert all(not row[name] or areas.kind(str(row[name])) for name in ("reporter", "partner"))
    assert figures["id"].is_unique
