"""Claims from prose: the Arabic article, one sentence a language, what is no trade, and no crash on any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.press import extract

ARTICLE = (
    "ناهزت التبادلات التجارية لآسيا الوسطى مع موسكو 44 مليار دولار في 2023 وفق أحدث البيانات الروسية، "
    "مقابل حوالى 64 مليارا مع الاتحاد الأوروبي في 2024.\n"
    "أما التجارة مع الصين فهي تبلغ 66,2 مليار دولار في العام 2024 حسب السلطات في المنطقة، "
    "مقابل 94,8 مليارا بحسب الجمارك الصينية. ويبلغ عدد سكان المنطقة 80 مليون نسمة."
)


def _claims(text: str) -> list[tuple[object, ...]]:
    columns = ["reporter", "partner", "flow", "period", "value", "unit"]
    return [tuple(row) for row in extract(text).figures[columns].itertuples(index=False)]


def test_the_article_gives_its_four_figures_and_who_said_each() -> None:
    reading = extract(ARTICLE)
    assert _claims(ARTICLE) == [
        ("RUS", "C_ASIA", "turnover", "2023", 44.0, "billion USD"),
        ("C_ASIA", "EU27", "turnover", "2024", 64.0, "billion USD"),
        ("C_ASIA", "CHN", "turnover", "2024", 66.2, "billion USD"),
        ("CHN", "C_ASIA", "turnover", "2024", 94.8, "billion USD"),
    ]
    assert list(reading.figures["records"]) == ["RUS", "", "C_ASIA", "CHN"]
    assert list(reading.findings["code"]) == ["CURRENCY_ASSUMED", "CURRENCY_ASSUMED"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Товарооборот между Россией и Казахстаном в 2024 году составил 28,5 млрд долларов.",
            ("RUS", "KAZ", "turnover", "2024", 28.5, "billion USD"),
        ),
        (
            "2024年中国与哈萨克斯坦贸易额达438.2亿美元。",
            ("CHN", "KAZ", "turnover", "2024", 43.82, "billion USD"),
        ),
        (
            "2024年の日本の中国への輸出額は18兆8600億円だった。",
            ("JPN", "CHN", "exports", "2024", 18.86, "trillion JPY"),
        ),
        (
            "Trade between Kazakhstan and China rose 12% to $43.8 billion in 2024.",
            ("KAZ", "CHN", "turnover", "2024", 43.8, "billion USD"),
        ),
    ],
)
def test_one_sentence_a_language(text: str, expected: tuple[object, ...]) -> None:
    assert _claims(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "GDP was $260 billion in 2024.",
        "Exports rose by $3 billion in 2024.",
        "Инвестиции составили 3 млрд долларов.",
        "The budget of the region is 40 billion dollars.",
    ],
)
def test_what_is_no_level_of_trade_is_left_alone(text: str) -> None:
    assert _claims(text) == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_no_text_crashes(text: str) -> None:
    extract(text)
    extract(f"Exports {text} to China reached $5 billion in 2024.")
