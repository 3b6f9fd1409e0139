"""Owns what headers of any table mean: their words, the unit they name, and which of several columns is meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from sources import areas, periods, units
from sources.blocks import is_number, is_year, unit_in
from sources.errors import UnknownUnit
from sources.flows import flow_of
from sources.words import clean, strip_accents

SAMPLE = 400  # distinct texts of a column that are looked at
ENOUGH = 0.5  # the share of them that has to be what the header says

# A column of quarters beside a year.
QUARTER = ("quarter", "квартал", "trimestre", "quartal", "trim", "qtr", "季度", "분기", "四半期")
# Header words of the offices' languages, tidied; a header that begins with one of them is meant.
WORDS: dict[str, tuple[str, ...]] = {
    "reporter": ("reporter", "reporting", "declarant", "отчитывающаяся", "报告国", "الدولة المبلغة"),
    "partner": (
        "partner", "counterpart", "country", "countries", "страна", "страны", "государство", "ел", "елдер", "өлкө",
        "mamlakat", "мамлакат", "国家", "国别", "贸易伙伴", "pays", "land", "país", "pais", "ülke", "destination",
        "origin", "country of origin", "ölkə", "davlat", "paese", "kraj", "negara", "країна", "краина", "国・地域", "국가", "nước",
        "البلد", "الدولة", "الشريك",
    ),
    "flow": (
        "flow", "trade flow", "trade type", "flow type", "direction", "направление", "поток", "flux", "贸易方向",
        "flujo", "fluxo", "impexp", "imp exp", "import export", "export import",
    ),
    "period": (
        "period", "year", "год", "период", "жыл", "yil", "年份", "时间", "année", "jahr", "año", "ano", "السنة",
        "month", "date", "time", "yr", "anno", "rok", "tahun", "yıl", "il", "рік", "연도", "年",
    ),
    "month": ("month", *QUARTER, "месяц", "mes", "mês", "mois", "monat", "月", "월", "ay", "bulan", "місяць"),
    "exports": (
        "export", "экспорт", "eksport", "出口", "输出", "輸出", "수출", "الصادرات", "صادرات", "exportac", "ausfuhr",
        "ihracat", "ixrac", "вывоз", "wywóz", "esportaz", "експорт", "ekspor", "xuất khẩu",
    ),
    "imports": (
        "import", "импорт", "进口", "輸入", "수입", "الواردات", "واردات", "importac", "einfuhr", "ithalat", "idxal", "przywóz", "ввоз",
        "importaz", "імпорт", "impor", "nhập khẩu",
    ),
    "turnover": (
        "turnover", "товарооборот", "оборот", "тауар айналымы", "tovar aylanmasi", "进出口", "total trade", "товарообіг",
        "dış ticaret hacmi", "ticarət dövriyyəsi", "tashqi savdo aylanmasi", "interscambio", "obroty", "corrente de com",
        "輸出入", "수출입", "貿易総額", "교역",
    ),
    "value": (
        "value", "trade value", "стоимость", "сумма", "amount", "金额", "قيمة", "valeur", "wert", "valor", "fob", "cif",
        "вартість", "금액", "nilai", "değer", "total value",
    ),
    "unit": ("unit", "единица", "ед. изм", "单位", "الوحدة", "unité", "einheit", "unidad"),
    "commodity": (
        "commodity", "commodities", "hs", "hts", "ncm", "cn8", "taric", "cmd", "product", "код тн вэд", "тн вэд",
        "тнвэд", "код товара", "товар", "商品", "السلعة", "produit", "produto", "producto", "goods", "品目", "sitc",
        "bec", "item", "품목",
    ),
}  # fmt: skip
COUNTERPART = (
    "partner",
    "counterpart",
    "destination",
    "origin",
    "贸易伙伴",
    "الشريك",
)  # never the reporter
# A column of numbers under such a word is no amount of trade.
_NO_AMOUNT = re.compile(
    r"(?i)\b(?:diff(?:erence)?|growth|shares?|yoy|mom|ytd|change|rank(?:ing)?|quantit(?:y|ies)|qty|weight|netweight|mass|"
    r"price|index|per|rates?|ratio|cover|tariff|duty|dut(?:y|ies)|count|number|pct|percent\w*|netto|kg|kgm|kilogram\w*|"
    r"volume|lines?|gdp|population|distance|id|code|ahs|mfn|dutiable|services?|balance|constant|real|рост\w*|темп\w*|доля|удельн\w*|вес|количеств\w*|цена|кол-во|"
    r"数量|同比|环比|比重|重量|exporter|importer)\b|%|数量|同比|环比|比重|重量"
)
_CODES = re.compile(r"\d{1,4}(?:\.?\d{2}){0,4}(?:\.\d{4})?|TOTAL|total")
# Codes of currencies that are words or names of countries; in small letters they name no money.
_WORDS_NOT_MONEY = frozenset(
    {"all", "top", "try", "cup", "pen", "mad", "bam", "gel", "lak", "sos", "bob", "ron"}
)


def tidied(header: str) -> str:
    """Give a header in small letters, its underscores and joined words taken apart (`ExportValue_USD`)."""
    apart = re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я][a-zа-я])", " ", re.sub(r"_+|\.+(?=\w)", " ", header))
    return strip_accents(clean(apart).replace("\u0307", ""))


def begins(header: str, words: Iterable[str]) -> bool:
    """Tell whether a header, or a part of a joined one, begins with one of some words."""
    parts = [tidied(part) for part in re.split(r"\s/\s", header.strip()) if part]
    parts += [part[2:] for part in parts if part.startswith("ال") and len(part) > 4]
    plain = [strip_accents(word) for word in words]
    return any(
        re.match(re.escape(word) + (r"(?=\d|\b)" if len(word) < 4 and word.isascii() else ""), part)
        for part in parts for word in plain
    )  # fmt: skip


def is_amount(header: str) -> bool:
    """Tell whether a column of numbers can be an amount of trade, going by its header."""
    return not _NO_AMOUNT.search(tidied(header))


def unit_of(header: str) -> str:
    """Give the unit of an amount that a header names at its end, its beginning or in brackets; empty if none."""
    if found := unit_in(header):
        return found
    return money_in(header) if is_amount(header) else ""


def money_in(header: str) -> str:
    """Give the scale and currency that stand at an end of a header, as printed; empty where none does."""
    words = re.sub(r"[_()\[\],;:]+", " ", header).split()
    best = form = ""
    for size in range(1, min(4, len(words)) + 1):
        for part in (words[-size:], words[:size]):
            if any(word in _WORDS_NOT_MONEY for word in part):
                continue
            if (found := money(" ".join(part))) and found != form:
                best, form = " ".join(part), found
    return best


def money(text: str) -> str:
    """Give the scale and currency of a unit in one form; empty where it is none or has to be assumed."""
    try:
        unit = units.parse(text)
    except UnknownUnit:
        return ""
    return unit.text if unit.kind == "currency" and unit.code and not unit.assumed else ""


def share(texts: list[str], test: Callable[[str], bool]) -> float:
    """Give the share of n distinct texts that pass a test; 0 where there is none."""
    seen = list(dict.fromkeys(text for text in texts if text))[:SAMPLE]
    return sum(map(test, seen)) / len(seen) if seen else 0.0


def named_areas(texts: list[str]) -> float:
    """Give the share of n texts that are areas."""
    return share(texts, lambda text: areas.find(text) is not None)


def named_flows(texts: list[str]) -> float:
    """Give the share of n texts that are flows."""
    return share(texts, lambda text: bool(flow_of(text)))


def named_periods(texts: list[str]) -> float:
    """Give the share of n cells, empty ones counted, that are periods."""
    import pandas as pd

    if not texts:
        return 0.0
    problem = periods.parse_column(pd.Series(list(dict.fromkeys(texts)), dtype=object))["problem"]
    good = {text for text, why in zip(dict.fromkeys(texts), problem) if not why}
    return sum(text in good and bool(text) for text in texts) / len(texts)


def month_of(text: str, quarters: bool = False) -> str:
    """Give a month or a quarter that stands beside a year as the end of a period: `-03`, `-Q1`; empty if none.

    `quarters` says that a bare number counts quarters.
    """
    tidy = re.sub(r"\.0$", "", text.strip())
    if quarters and re.fullmatch(r"[1-4]|I{1,3}|IV", tidy):
        return f"-Q{ {'I': 1, 'II': 2, 'III': 3, 'IV': 4}.get(tidy, tidy) }"
    if quarters and tidy.isdecimal():
        return ""
    if match := re.fullmatch(r"[Mm]?(\d{1,2})", tidy):
        number = int(match[1])
        return f"-{number:02d}" if 1 <= number <= 12 else ""
    if match := re.fullmatch(r"(?i)q([1-4])|([1-4])q", tidy):
        return f"-Q{match[1] or match[2]}"
    import pandas as pd

    span = periods.parse_column(pd.Series([f"{tidy} 2000"], dtype=object)).iloc[0]
    return str(span["text"])[4:] if re.fullmatch(r"2000-(?:\d\d|Q\d)", str(span["text"])) else ""


def named_codes(texts: list[str]) -> float:
    """Give the share of n texts that are codes of commodities."""
    return share(texts, lambda text: bool(_CODES.fullmatch(text)))


def is_numeric(texts: list[str]) -> bool:
    """Tell whether most cells of a column are numbers; a column of years alone is none."""
    filled = [text for text in texts if text]
    numbers = [text for text in filled if is_number(text)]
    return len(numbers) * 2 > len(filled) and not all(map(is_year, numbers))


def unit_of_title(title: str) -> str:
    """Give the unit that a title prints, with its scale or alone in brackets or after the last comma."""
    parts = [*re.findall(r"\(([^()]*)\)", title), title.rsplit(",", 1)[-1]]
    return unit_in(title) or next((part.strip() for part in parts if money(part.strip())), "")
