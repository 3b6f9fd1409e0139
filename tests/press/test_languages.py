"""Sentences of every language and the claims they hold: levels, lists, elisions, spans, relative times, speakers."""

from __future__ import annotations

import pytest

from tests.press.helpers import claims, wanted

# fmt: off
SENTENCES = [
    # language, published, text, claims
    ("en", "2025-10-08", "Kazakhstan's exports to China rose 12% to $15 billion in 2024.", "KAZ CHN exports 2024 15e9 USD"),
    ("en", "2025-10-08", "Exports of Italy and Spain to Egypt came to €3 billion and €2 billion respectively in 2023.",
     "ITA EGY exports 2023 3e9 EUR | ESP EGY exports 2023 2e9 EUR"),
    ("en", "2025-02-03", "Trade between India and Oman was worth between $10 billion and $12 billion last year.", "IND OMN turnover 2024 11e9 USD"),
    ("en", "2025-09-20", "In January to August, South Korean imports from Japan fell to ¥4.1 trillion from ¥4.5 trillion a year earlier.",
     "KOR JPN imports 2025-01..2025-08 4.1e12 JPY | KOR JPN imports 2024-01..2024-08 4.5e12 JPY"),
    ("en", "2025-03-01", "Canada sold goods worth C$597 billion to the US in 2024 and bought C$363 billion of American goods.",
     "CAN USA exports 2024 597e9 CAD | CAN USA imports 2024 363e9 CAD"),
    ("en", "2025-03-01", "Moroccan exports to the EU: France – $8.1 billion, Spain – $9.4 billion in 2024.",
     "MAR FRA exports 2024 8.1e9 USD | MAR ESP exports 2024 9.4e9 USD"),
    ("ru", "2025-10-20", "За январь-сентябрь товарооборот РФ с Вьетнамом вырос на 18%, до 4,1 млрд долларов.", "RUS VNM turnover 2025-01..2025-09 4.1e9 USD"),
    ("ru", "2025-04-15", "Узбекистан импортировал из Китая товаров на 3 млрд 105 млн долларов в I квартале 2025 года.", "UZB CHN imports 2025-Q1 3.105e9 USD"),
    ("ru", "2025-02-01", "Экспорт Грузии в Армению увеличился с 480 млн долларов в 2023 году до 620 млн долларов в 2024 году.",
     "GEO ARM exports 2023 480e6 USD | GEO ARM exports 2024 620e6 USD"),
    ("fr", "2025-02-10", "L'an dernier, le Sénégal a importé de Chine pour 1,9 milliard d'euros de marchandises.", "SEN CHN imports 2024 1.9e9 EUR"),
    ("fr", "2025-09-10", "Les échanges entre la Tunisie et la Libye ont atteint 1,2 milliard de dinars tunisiens au premier semestre.", "TUN LBY turnover 2025-H1 1.2e9 TND"),
    ("fr", "2025-02-10", "Le commerce entre Oman et l'Inde pèse 1.234,5 millions d'euros en 2023, contre 980 millions un an plus tôt.",
     "OMN IND turnover 2023 1234.5e6 EUR | OMN IND turnover 2022 980e6 EUR"),
    ("de", "2025-02-10", "Polens Ausfuhren nach Deutschland stiegen 2024 auf 89,4 Mrd. Euro, die Einfuhren lagen bei 66,1 Mrd. Euro.",
     "POL DEU exports 2024 89.4e9 EUR | POL DEU imports 2024 66.1e9 EUR"),
    ("de", "2025-02-10", "Im vergangenen Jahr wurden aus Indien Waren für anderthalb Milliarden Euro nach Österreich eingeführt.", "AUT IND imports 2024 1.5e9 EUR"),
    ("es", "2025-02-10", "Colombia importó desde Brasil bienes por US$ 2.480 millones en 2024 y exportó US$ 1.950 millones.",
     "COL BRA imports 2024 2.48e9 USD | COL BRA exports 2024 1.95e9 USD"),
    ("es", "2025-02-10", "El déficit comercial de Bolivia con Perú ascendió a 1,2 mil millones de dólares el año pasado.", "BOL PER balance 2024 -1.2e9 USD"),
    ("pt", "2025-02-10", "As exportações do Brasil para a Índia somaram US$ 5,3 bilhões em 2024.", "BRA IND exports 2024 5.3e9 USD"),
    ("pt", "2025-02-10", "Em 2023, Moçambique comprou a Portugal bens no valor de 310 milhões de euros.", "MOZ PRT imports 2023 310e6 EUR"),
    ("tr", "2025-02-10", "Türkiye'nin Irak'a ihracatı geçen yıl 4 milyar 705 milyon dolar oldu.", "TUR IRQ exports 2024 4.705e9 USD"),
    ("tr", "2025-10-10", "Rusya'dan yılın ilk sekiz ayında 28,4 milyar dolarlık ithalat yapıldı.", "TUR RUS imports 2025-01..2025-08 28.4e9 USD"),
    ("kk", "2025-02-10", "Былтыр Қазақстанның Италияға экспорты 18,4 млрд долларды құрады.", "KAZ ITA exports 2024 18.4e9 USD"),
    ("kk", "2025-10-10", "Биылғы тоғыз айда Қазақстан Қытайдан 12,9 миллиард долларға тауар импорттады.", "KAZ CHN imports 2025-01..2025-09 12.9e9 USD"),
    ("ky", "2025-02-10", "2024-жылы Кыргызстандын Казакстанга экспорту 512 млн долларды түздү.", "KGZ KAZ exports 2024 512e6 USD"),
    ("ky", "2025-02-10", "Өткөн жылы Түркиядан импорт 1 млрд 100 млн долларга жетти.", "KGZ TUR imports 2024 1.1e9 USD"),
    ("uz", "2025-02-10", "2024-yilda O‘zbekistonning Turkiyaga eksporti 1,2 mlrd dollarni tashkil etdi.", "UZB TUR exports 2024 1.2e9 USD"),
    ("uz", "2025-02-10", "Ўтган йили Қозоғистондан 2,9 млрд долларлик товарлар импорт қилинди.", "UZB KAZ imports 2024 2.9e9 USD"),
    ("ar", "2025-10-10", "بلغت صادرات المغرب إلى فرنسا خلال الأشهر التسعة الأولى من 2025 نحو ٥٫٤ مليارات يورو.", "MAR FRA exports 2025-01..2025-09 5.4e9 EUR"),
    ("ar", "2025-02-10", "ارتفعت واردات الأردن من الصين من 4 مليارات دولار في 2023 إلى 4,6 مليارات دولار في 2024.",
     "JOR CHN imports 2023 4e9 USD | JOR CHN imports 2024 4.6e9 USD"),
    ("ar", "2025-02-10", "تجاوز التبادل التجاري بين عمان وإيران ملياري دولار العام الماضي.", "OMN IRN turnover 2024 2e9 USD"),
    ("zh", "2025-10-14", "前三季度，中国对非洲出口1650.8亿美元，自非洲进口881.2亿美元。", "CHN AFRICA exports 2025-01..2025-09 165.08e9 USD | CHN AFRICA imports 2025-01..2025-09 88.12e9 USD"),
    ("zh", "2025-02-14", "2024年中俄贸易额为２４４８亿美元。", "CHN RUS turnover 2024 244.8e9 USD"),
    ("zh", "2025-02-14", "去年，中国自蒙古国进口煤炭八千三百万吨。", "CHN MNG imports 2024 83e6 tonne"),
    ("ja", "2025-02-14", "2024年の日本の対中輸出額は18兆8625億円、輸入額は25兆3010億円だった。", "JPN CHN exports 2024 18.8625e12 JPY | JPN CHN imports 2024 25.301e12 JPY"),
    ("ja", "2025-02-14", "昨年のベトナムから韓国への輸出は256億ドルだった。", "VNM KOR exports 2024 25.6e9 USD"),
]

NOT_TRADE = [
    "Kazakhstan has 20 million people, an area of 2.7 million square kilometres and a GDP of $288 billion.",
    "The bank lent $2 billion to exporters, and investments in ports reached $5 billion in 2024.",
    "Exports to China rose by $3 billion in 2024.",
    "Imports were $3 billion higher than in 2023.",
    "Oil traded at $82 a barrel, and Russia pumps 38 billion cubic metres of gas to China a year.",
    "The companies signed contracts worth $700 million and an agreement on a $1.4 billion pipeline.",
    "Trade between the two countries rose 12.5% last year.",
    "Экспорт вырос на 2,3 млрд долларов по сравнению с 2023 годом.",
    "Дефицит бюджета составил 4,1 трлн тенге, внешний долг — 170 млрд долларов.",
    "Les exportations ont augmenté de 1,5 milliard d'euros, et la dette atteint 3.300 milliards d'euros.",
    "Der Konzernumsatz stieg auf 12 Milliarden Euro; der Bund investiert 500 Milliarden Euro.",
    "La inversión extranjera llegó a 36.872 millones de dólares y las remesas a 60.000 millones.",
    "O PIB chegou a R$ 11,7 trilhões e o BNDES aprovou crédito de R$ 5 bilhões para exportadores.",
    "Şirket 500 milyon dolarlık yatırım yapacak, bütçe açığı 2 milyar dolar oldu.",
    "Экспорт өткен жылмен салыстырғанда 1,5 млрд долларға артты.",
    "Мигранттар 2,9 млрд доллар акча которушту, калкы 7 миллион адам.",
    "Eksport hajmi o'tgan yilga nisbatan 800 mln dollarga oshdi.",
    "ارتفعت الصادرات بمقدار 3 مليارات دولار، وتبلغ ميزانية الدولة 134 تريليون دينار.",
    "出口比去年同期增加了120亿美元，固定资产投资51.4万亿元。",
    "農林水産物の輸出額は前年より500億円増えた。企業の設備投資は12兆円だった。",
]
# fmt: on


@pytest.mark.parametrize(
    ("published", "text", "expected"),
    [row[1:] for row in SENTENCES],
    ids=[f"{row[0]}{at}" for at, row in enumerate(SENTENCES)],
)
def test_a_sentence_gives_its_claims(published: str, text: str, expected: str) -> None:
    assert claims(text, published) == wanted(expected)


@pytest.mark.parametrize("text", NOT_TRADE, ids=range(len(NOT_TRADE)))
def test_what_is_no_level_of_trade_is_left_alone(text: str) -> None:
    assert claims(text) == []
