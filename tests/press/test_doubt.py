"""Owns the tests of what prose leaves open: fields that stay empty with a finding, totals, changes, brackets."""

from __future__ import annotations

import pytest

from sources.press import extract
from tests.press.helpers import claims, wanted

# fmt: off
OPEN = [  # published, text, claims, the field left open
    ("2024-03-05", "بلغت صادرات المغرب إلى الدول المجاورة 3.1 مليار دولار في عام 2023.", "MAR - exports 2023 3.1e9 USD", "partner"),
    ("2024-03-05", "Las exportaciones de Perú al país asiático sumaron 23.000 millones de dólares en 2023.", "PER - exports 2023 23e9 USD", "partner"),
    ("2024-03-05", "Australia's exports to the Asian country reached $102 billion in 2023.", "AUS - exports 2023 102e9 USD", "partner"),
    ("2024-03-05", "As exportações da Argentina para o país asiático somaram US$ 8 bilhões em 2023.", "ARG - exports 2023 8e9 USD", "partner"),
    ("2024-03-05", "Les exportations de l'Italie vers les pays voisins ont atteint 21 milliards d'euros en 2023.", "ITA - exports 2023 21e9 EUR", "partner"),
    ("2024-03-05", "Экспорт Белоруссии в арабские страны составил 1,2 млрд долларов в 2023 году.", "BLR - exports 2023 1.2e9 USD", "partner"),
    ("2024-03-05", "Türkiye'nin Arap ülkelerine ihracatı 2023 yılında 46 milyar dolar oldu.", "TUR - exports 2023 46e9 USD", "partner"),
    ("2024-03-05", "Österreichs Exporte in die arabischen Länder erreichten 2023 einen Wert von 3 Milliarden Euro.", "AUT - exports 2023 3e9 EUR", "partner"),
    ("2024-03-05", "2023年日本对阿拉伯国家出口270亿美元。", "JPN - exports 2023 27e9 USD", "partner"),
    ("2024-09-10", "En juin 2024, le déficit commercial de l'Espagne s'établit à 3,2 milliards d'euros. "
     "En cumulé des 12 derniers mois, le déficit atteint 38 milliards d'euros.",
     "ESP WORLD balance 2024-06 -3.2e9 EUR | ESP WORLD balance - -38e9 EUR", "period"),
    ("2025-09-10", "Ghana's exports to India were $1.6 billion in FY25.", "GHA IND exports - 1.6e9 USD", "period"),
    ("2025-09-10", "Canada exported goods worth $21 billion to China in 2023. Ghana's exports to India came to $0.6 billion in FY2024.",
     "CAN CHN exports 2023 21e9 USD | GHA IND exports - 0.6e9 USD", "period"),
]
# An earlier level without a time: the same months a year before, as an assumption that is said.
EARLIER = [
    ("2024-09-10", "Japan's exports to India rose to $16.5 billion in 2023 from $13.9 billion.",
     "JPN IND exports 2023 16.5e9 USD | JPN IND exports 2022 13.9e9 USD"),
    ("2023-03-01", "بلغت صادرات الأردن إلى العراق 0.9 مليار دولار في عام 2022. وتراجعت واردات الأردن من العراق إلى 1.72 مليار دولار من 1.84 مليار دولار.",
     "JOR IRQ exports 2022 0.9e9 USD | JOR IRQ imports 2022 1.72e9 USD | JOR IRQ imports 2021 1.84e9 USD"),
]
TOTALS = [
    ("2024-03-05", "Экспорт Узбекистана в Китай составил 2,4 млрд долларов в 2023 году.\n\nВсего экспорт составил 24 млрд долларов.",
     "UZB CHN exports 2023 2.4e9 USD | UZB WORLD exports 2023 24e9 USD"),
    ("2024-03-05", "Les exportations de l'Italie vers la Chine ont atteint 19 milliards d'euros en 2023.\n\nAu total, les exportations ont atteint 626 milliards d'euros.",
     "ITA CHN exports 2023 19e9 EUR | ITA WORLD exports 2023 626e9 EUR"),
    ("2024-03-05", "Las exportaciones de Perú a China sumaron 23.000 millones de dólares en 2023.\n\nEn total, las exportaciones sumaron 64.000 millones de dólares.",
     "PER CHN exports 2023 23e9 USD | PER WORLD exports 2023 64e9 USD"),
    ("2024-03-05", "As exportações da Argentina para a China somaram US$ 5 bilhões em 2023.\n\nAs exportações totais somaram US$ 67 bilhões.",
     "ARG CHN exports 2023 5e9 USD | ARG WORLD exports 2023 67e9 USD"),
    # the country meant is the partner spoken of before
    ("2024-03-05", "El comercio entre Perú y China alcanzó 36.000 millones de dólares en 2023. Las exportaciones peruanas al gigante asiático sumaron US$ 23.000 millones.",
     "PER CHN turnover 2023 36e9 USD | PER CHN exports 2023 23e9 USD"),
]
# fmt: on


@pytest.mark.parametrize(("published", "text", "expected", "field"), OPEN, ids=range(len(OPEN)))
def test_what_the_text_leaves_open_is_empty_and_said(
    published: str, text: str, expected: str, field: str
) -> None:
    assert claims(text, published) == wanted(expected)
    findings = extract(text, published=published).findings
    said = findings.loc[findings["code"] == "PRESS_UNCLEAR", "message"]
    assert any(message.endswith(f"does not settle the {field}") for message in said)


@pytest.mark.parametrize(("published", "text", "expected"), EARLIER, ids=range(len(EARLIER)))
def test_an_earlier_level_is_dated_a_year_before_and_the_assumption_said(
    published: str, text: str, expected: str
) -> None:
    assert claims(text, published) == wanted(expected)
    reading = extract(text, published=published)
    assert (reading.findings["code"] == "PERIOD_ASSUMED").sum() == 1
    assert (reading.figures["assumed"] == "period").sum() == 1


def test_an_earlier_level_of_one_month_stays_undated() -> None:
    text = "China's exports to India rose to $10.1 billion in May 2024 from $9.6 billion."
    assert claims(text, "2024-06-10") == wanted(
        "CHN IND exports 2024-05 10.1e9 USD | CHN IND exports - 9.6e9 USD"
    )


@pytest.mark.parametrize(("published", "text", "expected"), TOTALS, ids=range(len(TOTALS)))
def test_a_total_does_not_inherit_the_partner(published: str, text: str, expected: str) -> None:
    assert claims(text, published) == wanted(expected)


def test_a_noun_behind_a_bracket_governs_the_amount_before_it() -> None:
    text = "2022 йилда Хитой билан 8,9 млрд доллар (экспорт – 2,5 млрд, импорт – 6,4 млрд) савдо айланмаси қайд этилди."
    found = claims(text, "2023-02-10")
    assert found[0] == "UZB CHN turnover 2022 8.9e+09 USD"
    assert found[-1] == "UZB CHN imports 2022 6.4e+09 USD"


def test_a_change_beside_a_deficit_is_no_level() -> None:
    text = (
        "La balance commerciale du Maroc avec l'Espagne est restée déficitaire, avec une détérioration"
        " de l'équivalent de 12 milliards de dirhams en 2022."
    )
    assert claims(text) == []


def test_a_change_in_brackets_behind_its_share_is_no_level() -> None:
    text = "Ўзбекистоннинг 2018 йилги ташқи савдо айланмаси $33,8 млрд бўлган, бу ўтган йилга қараганда 27,3% ($7,1 млрд) кўп демакдир."
    assert claims(text, "2019-01-20") == wanted("UZB WORLD turnover 2018 33.8e9 USD")


def test_a_half_of_a_japanese_business_year_begins_in_april() -> None:
    text = "財務省が発表した2023年度上半期の貿易統計によりますと、貿易収支は2兆7000億円の赤字となりました。"
    assert claims(text, "2023-10-20") == wanted("JPN WORLD balance 2023-04..2023-09 -2.7e12 JPY")


def test_a_worsening_is_no_level() -> None:
    assert (
        claims("Le solde commercial de l'Italie s'est dégradé de 31 milliards d'euros en 2022.")
        == []
    )
    level = "Le solde commercial de l'Italie affiche un déficit de 31 milliards d'euros en 2022."
    assert claims(level) == wanted("ITA WORLD balance 2022 -31e9 EUR")


def test_a_country_in_a_place_of_a_list_does_not_trade_with_the_world() -> None:
    text = (
        "Өзбек елімен арадағы өзара тауар айналымы 2023 жылы 4,4 млрд долларды құрады. "
        "Сауда-саттық көлемі бойынша 13,7 миллиард доллар болатын тауар айналыммен Қытай бірінші орында тұр."
    )
    assert claims(text, "2024-02-20")[-1] == "- CHN turnover 2023 1.37e+10 USD"
