"""Owns the words for a flow that a cell may print, in the languages of the offices."""

from __future__ import annotations

from sources.figures import FLOWS
from sources.words import clean, strip_accents

# flow: words of all languages, small letters; accents of Latin letters may be left out.
_WORDS = {
    "exports": (
        "export", "exporte", "exported", "экспорт", "вывоз", "эк", "出口", "出口额", "出口总额", "出口總額",
        "exportation", "exportations", "exportación", "exportaciones", "exportação", "exportações", "ausfuhr",
        "ausfuhren", "esportazione", "esportazioni", "eksport", "wywóz", "експорт", "ihracat", "ixrac", "輸出",
        "輸出額", "수출", "수출액", "수출금액", "ekspor", "صادرات", "الصادرات", "تصدير",
    ),
    "imports": (
        "import", "importe", "imported", "импорт", "ввоз", "им", "进口", "進口", "进口额", "进口总额", "importation",
        "importations", "importación", "importaciones", "importação", "importações", "einfuhr", "einfuhren",
        "importazione", "importazioni", "przywóz", "імпорт", "ithalat", "idxal", "輸入", "輸入額", "수입", "수입액",
        "수입금액", "impor", "واردات", "الواردات", "استيراد",
    ),
    "turnover": (
        "trade", "total trade", "trade turnover", "trade volume", "товарооборот", "внешнеторговый оборот", "进出口",
        "進出口", "进出口总额", "进出口总值", "进出口额", "commerce total", "comercio total", "intercambio comercial",
        "corrente de comércio", "comércio total", "interscambio", "interscambio commerciale", "obroty", "obroty ogółem",
        "obroty handlowe", "товарообіг", "зовнішньоторговельний оборот", "dış ticaret hacmi", "ticaret hacmi",
        "ticarət dövriyyəsi", "xarici ticarət dövriyyəsi", "tovar aylanmasi", "tashqi savdo aylanmasi",
        "товар айланмаси", "ташқи савдо айланмаси", "тауар айналымы", "сыртқы сауда айналымы", "товар жүгүртүү",
        "тышкы соода жүгүртүү", "輸出入", "輸出入総額", "貿易総額", "貿易額", "수출입", "수출입총액", "교역액", "무역액",
        "total perdagangan", "التبادل التجاري", "حجم التبادل التجاري",
    ),
    "balance": (
        "trade balance", "сальдо", "торговый баланс", "торговое сальдо", "贸易差额", "貿易差額", "贸易顺差",
        "balance commerciale", "solde", "solde commercial", "balanza comercial", "saldo", "saldo comercial",
        "balança comercial", "handelsbilanz", "saldo commerciale", "bilancia commerciale", "bilans handlowy",
        "saldo handlu zagranicznego", "торговельний баланс", "dış ticaret dengesi", "ticaret dengesi",
        "ticarət balansı", "savdo balansi", "saldosi", "貿易収支", "差引額", "무역수지", "neraca perdagangan",
        "الميزان التجاري",
    ),
    "re-exports": (
        "re-export", "reexport", "reexports", "реэкспорт", "再出口", "转口", "复出口", "réexportation", "réexportations",
        "reexportación", "reexportaciones", "reexportação", "reexportações", "wiederausfuhr", "riesportazione",
        "riesportazioni", "reeksport", "реекспорт", "yeniden ihracat", "təkrar ixrac", "再輸出", "재수출", "reekspor",
        "إعادة التصدير",
    ),
    "re-imports": (
        "re-import", "reimport", "reimports", "реимпорт", "复进口", "réimportation", "réimportations", "reimportación",
        "reimportação", "wiedereinfuhr", "реімпорт", "再輸入", "재수입",
    ),
}  # fmt: skip


def _plain(text: str) -> str:
    """Fold a word: small letters, no accents of Latin letters, no dot of the Turkish İ, single spaces."""
    return strip_accents(clean(text)).replace("\u0307", "").replace("ı", "i")


FLOW_WORDS = {
    **{code.lower(): word for word, code in FLOWS.items()},
    **{word: word for word in FLOWS},
    **{_plain(word): flow for flow, words in _WORDS.items() for word in words},
}


def flow_of(text: str) -> str:
    """Give the flow that a word means; empty for an unknown one."""
    return FLOW_WORDS.get(_plain(text), "")
