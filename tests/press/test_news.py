"""What news prose does that model sentences do not: ranks, chained thousands, comparisons, credits, investing verbs."""

from __future__ import annotations

import pytest

from sources.press import extract
from tests.press.helpers import claims, wanted

# fmt: off
SENTENCES = [
    # chained thousands, a decimal point where the point parts thousands, two levels that are no range
    ("2023-05-04", "El comercio bilateral entre México y Estados Unidos sumó 171 mil 300 millones de dólares en el primer trimestre de 2023.",
     "MEX USA turnover 2023-Q1 171.3e9 USD"),
    ("2021-01-10", "As exportações brasileiras para a China somaram US$ 66.412 bilhões em 2020.", "BRA CHN exports 2020 66.412e9 USD"),
    ("2018-01-10", "За 2017 год торговля Казахстана с Узбекистаном выросла с $3 млрд до $4 млрд.",
     "KAZ UZB turnover 2016 3e9 USD | KAZ UZB turnover 2017 4e9 USD"),
    ("2021-12-20", "Экспорт Казахстана в Узбекистан вырос до 2,4 млрд долл. США, импорт - до 812,5 млн долл. США.",
     "KAZ UZB exports - 2.4e9 USD | KAZ UZB imports - 812.5e6 USD"),
    # who is the supplier, the market, the second in rank
    ("2024-09-10", "Russia was the largest supplier of goods to Turkey in the first seven months of 2024, with imports totalling $24.9 billion.",
     "TUR RUS imports 2024-01..2024-07 24.9e9 USD"),
    ("2025-11-25", "Die deutschen Exporte nach China sanken 2024 auf 88 Milliarden Euro. Mit einem Exportvolumen von 160 Milliarden Euro bleiben die USA wichtigstes Exportland.",
     "DEU CHN exports 2024 88e9 EUR | DEU USA exports 2024 160e9 EUR"),
    ("2008-03-10", "Die deutschen Ausfuhren stiegen 2007 besonders nach Frankreich (+9,4% auf 92,1 Milliarden Euro) und Polen (+8,3% auf 36,4 Milliarden Euro).",
     "DEU FRA exports 2007 92.1e9 EUR | DEU POL exports 2007 36.4e9 EUR"),
    ("2025-02-07", "Die deutschen Exporte in die Mitgliedstaaten der Europäischen Union erreichten 2024 einen Wert von 848 Milliarden Euro.",
     "DEU EU27 exports 2024 848e9 EUR"),
    ("2018-01-30", "Las exportaciones chilenas a China subieron 6% en 2017, mientras que las importaciones crecieron 7% a US$ 12.900 millones.",
     "CHL CHN imports 2017 12.9e9 USD"),
    # two partners are no one partner; this country is the one named last
    ("2025-07-02", "In 2024, US exports to China were $140 billion. The United States' trade with Mexico and Canada was worth $1.6 trillion.",
     "USA CHN exports 2024 140e9 USD | USA - turnover 2024 1.6e12 USD"),
    ("2025-09-22", "2025 йилнинг январь-август ойларида Ўзбекистоннинг ташқи савдо айланмаси 50,2 миллиард долларни ташкил этди. "
     "Иккинчи ўринда Россия туради. Бу мамлакат билан экспорт-импорт ҳажми 8,1 миллиард доллардан ошади.",
     "UZB WORLD turnover 2025-01..2025-08 50.2e9 USD | UZB RUS turnover 2025-01..2025-08 8.1e9 USD"),
    ("2026-01-15", "Trade between China and Russia came to $220 billion in 2025. Globally, China's General Administration of Customs reported record-high trade of $6.4 trillion.",
     "CHN RUS turnover 2025 220e9 USD | CHN WORLD turnover 2025 6.4e12 USD"),
    # a time that is only compared with, doubled months, runs of months with days, months in a row
    ("2022-02-02", "İhracatımız geçen yılın ocak ayına göre yüzde 16 artarak 17,4 milyar dolar oldu.", "TUR WORLD exports 2022-01 17.4e9 USD"),
    ("2009-12-22", "Экспорт России в январе - мае 2009 года составил 98,5 млрд долларов (52% к январю - маю 2008 года).",
     "RUS WORLD exports 2009-01..2009-05 98.5e9 USD"),
    ("2023-07-13", "بلغت صادرات الصين إلى روسيا 51.9 مليار دولار خلال الفترة من كانون الثاني/يناير إلى حزيران/يونيو 2023.",
     "CHN RUS exports 2023-H1 51.9e9 USD"),
    ("2020-12-10", "Entre el 1° de enero y el 30 de noviembre de 2020, el intercambio comercial chileno con China alcanzó US$ 34.100 millones.",
     "CHL CHN turnover 2020-01..2020-11 34.1e9 USD"),
    ("2026-02-18", "財務省が発表した1月の貿易統計によると、世界全体の輸出額は5カ月連続で増加し9兆1200億円だった。", "JPN WORLD exports 2026-01 9.12e12 JPY"),
    ("2025-05-08", "Trade between Azerbaijan and China was $700 million in the first quarter of 2025. In the first quarter of the preceding year, it amounted to $610 million.",
     "AZE CHN turnover 2025-Q1 700e6 USD | AZE CHN turnover 2024-Q1 610e6 USD"),
    # the verb that comes last; "and" written with its word; what stands after the amount
    ("2025-09-20", "2024 жылы Өзбекстан Қазақстанға 905 млн доллардың тауарын экспорттап, 2,2 млрд доллардың өнімін импорттады.",
     "UZB KAZ exports 2024 905e6 USD | UZB KAZ imports 2024 2.2e9 USD"),
    ("2023-07-13", "بلغت التجارة بين روسيا والصين 19.5 مليار دولار في حزيران 2023، حيث قامت الصين بتصدير سلع بقيمة 10.9 مليار دولار واستوردت سلعاً بقيمة 9.1 مليار دولار من روسيا.",
     "RUS CHN turnover 2023-06 19.5e9 USD | CHN RUS exports 2023-06 10.9e9 USD | CHN RUS imports 2023-06 9.1e9 USD"),
    ("2021-11-10", "As exportações do Brasil para a China totalizaram US$ 77 bilhões em 2020. A China teve uma participação de 21% no volume importado pelo Brasil, no valor de US$ 34 bilhões.",
     "BRA CHN exports 2020 77e9 USD | BRA CHN imports 2020 34e9 USD"),
    ("2021-10-29", "بلغت صادرات قطر إلى الصين 7.5 مليار دولار في عام 2020.", "QAT CHN exports 2020 7.5e9 USD"),
    ("2022-01-20", "Экспорт Чили в Марокко составил 300 млн долларов в 2021 году.", "CHL MAR exports 2021 300e6 USD"),
]
NOT_TRADE = [
    "واستثمرت الصين أكثر من 30 مليار دولار في آسيا الوسطى.",
    "بلغت التجارة بين الصين وكازاخستان مستوى جديدا. واستثمرت الصين أكثر من 30 مليار دولار في كازاخستان منذ العام 2005.",
    "Trade with China is growing. China has poured more than $20 billion into Kazakhstan since 2010.",
    "Акыркы он жылда Казакстан Кыргызстанга 2 млрд доллардан ашык каражат салды.",
    "Тәуелсіздік жылдарында Қытай Қазақстанға 19 миллиард доллар құйды.",
    "Le déficit commercial avec l'Allemagne s'est réduit en diminuant de 570 millions de dirhams en 2024.",
]
CREDITS = [
    ("Chinese customs data showed bilateral trade with Russia hit $240 billion in 2024.", "Chinese customs", "CHN"),
    ("Trade with Kazakhstan reached $43.8 billion in 2024, up 9 percent, Chinese customs data showed.", "Chinese customs", "CHN"),
    ("Wie das Statistische Bundesamt mitteilte, exportierte Deutschland 2024 Waren im Wert von 1.540 Milliarden Euro.", "das Statistische Bundesamt", "DEU"),
    ("وأعلنت الهيئة العامة للإحصاء أن الصادرات السعودية إلى الصين بلغت 14.8 مليار ريال في مارس 2025.", "الهيئة العامة للإحصاء", "SAU"),
    ("海关总署8日发布数据，今年上半年我国与东盟贸易总值为3.6万亿元。", "海关总署", "CHN"),
    ("According to the results of 2022, trade between Russia and China amounted to $190 billion.", "a.txt", ""),
    ("Buna göre, Türkiye'nin ihracatı 2024'te 262 milyar dolar oldu.", "a.txt", ""),
]
# fmt: on


@pytest.mark.parametrize(("published", "text", "expected"), SENTENCES, ids=range(len(SENTENCES)))
def test_news_gives_its_claims(published: str, text: str, expected: str) -> None:
    assert claims(text, published) == wanted(expected)


@pytest.mark.parametrize("text", NOT_TRADE, ids=range(len(NOT_TRADE)))
def test_investment_and_changes_are_no_trade(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(("text", "source", "records"), CREDITS, ids=range(len(CREDITS)))
def test_a_credit_is_the_office_and_no_word_more(text: str, source: str, records: str) -> None:
    row = extract(text, file="a.txt", published="2025-07-14").figures.iloc[0]
    assert (row["source"], row["records"]) == (source, records)


def test_a_credit_does_not_reach_other_parties_at_another_time() -> None:
    text = (
        "وبحسب أحدث البيانات الروسية لعام 2022، بلغت التبادلات التجارية لآسيا الوسطى مع موسكو 41 مليار دولار،"
        " مقابل 61 مليارا مع الاتحاد الأوروبي في 2024."
    )
    figures = extract(text, file="a.txt", published="2025-10-08").figures
    assert list(figures["records"]) == ["RUS", ""]
    assert figures["source"].iloc[1] == "a.txt"


def test_goods_named_beside_their_amounts_are_the_scope() -> None:
    text = "Indian exports to the US in 2024 included drug formulations ($8.4 billion), telecom instruments ($6.1 billion)."
    figures = extract(text, published="2025-04-16").figures
    assert list(figures["commodity"])[1] == "telecom instruments"
    arms = extract(
        "In 2024, India imported arms worth $3.1 billion from Russia.", published="2025-03-10"
    )
    assert list(arms.figures["commodity"]) == ["arms"]
