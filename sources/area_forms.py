"""Owns the grammatical forms of area names: cases of Russian, endings of Turkic languages, clitics of Arabic.

Russian forms are generated from the nominative, so that no other word can match by chance; for
agglutinative languages an ending is taken off and what remains must be a whole name of that language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Russian: (ending of the nominative, endings of genitive, dative, accusative, instrumental, prepositional)
_ADJECTIVES = (
    ("ская", "ской ской скую ской ской"), ("ая", "ой ой ую ой ой"), ("яя", "ей ей юю ей ей"),
    ("ский", "ского скому ский ским ском"), ("ий", "его ему ий им ем"), ("ый", "ого ому ый ым ом"),
    ("ское", "ского скому ское ским ском"), ("ое", "ого ому ое ым ом"), ("ее", "его ему ее им ем"),
    ("ские", "ских ским ские скими ских"), ("ые", "ых ым ые ыми ых"), ("ие", "их им ие ими их"),
)  # fmt: skip
_NOUNS = (
    ("ия", "ии ии ию ией ии"), ("ка", "ки ке ку кой ке"), ("га", "ги ге гу гой ге"), ("ха", "хи хе ху хой хе"),
    ("ша", "ши ше шу шей ше"), ("а", "ы е у ой е"), ("я", "и е ю ей е"), ("ство", "ства ству ство ством стве"),
    ("й", "я ю й ем е"), ("штаты", "штатов штатам штаты штатами штатах"),
    ("эмираты", "эмиратов эмиратам эмираты эмиратами эмиратах"),
    ("острова", "островов островам острова островами островах"),
    ("страны", "стран странам страны странами странах"),
    ("ды", "дов дам ды дами дах"), ("ны", "н нам ны нами нах"), ("вы", "в вам вы вами вах"),
)  # fmt: skip
_CONSONANTS = "бвгджзклмнпрстфхцчшщ"
_LEADS = re.compile(r"^(?:с|со|в|во|из|к|ко|по|на|для|от|между)\s+(?=\S{2})")
_PLURAL_NAMES = ("нидерланды", "филиппины", "мальдивы", "бермуды", "багамы", "сейшелы")
_FIXED = ("и", "д", "республики")

# Endings of Kazakh, Kyrgyz and Uzbek (both scripts), longest first; case endings, after the possessive too.
_KAZAKH = "ларының лерінің сының сінің ының інің сына сіне сында сінде сымен сімен сын сін ның нің дың дің тың тің ына іне ында інде нан нен дан ден тан тен мен бен пен ға ге қа ке да де та те ны ні ды ді ты ті на не"
_KYRGYZ = "сынын синин нын нин нун нүн дын дин дун дүн тын тин тун түн сына сине сында синде дан ден дон дөн тан тен тон төн га ге го гө ка ке ко кө да де до дө та те то тө ны ни ну нү ды ди ду дү ты ти ту түн"
_UZBEK = "sining siga sida sidan sini ning dan ga ka qa da ni"
_UZBEK_CYRILLIC = "сининг сига сида сидан сини нинг дан га ка қа да ни"
_TURKISH = (
    "nın nin nun nün dan den tan ten ya ye yı yi yu yü ın in un ün da de ta te la le a e ı i u ü"
)
_ENDINGS = {
    language: tuple(sorted(endings.split(), key=len, reverse=True))
    for language, endings in {
        "kk": _KAZAKH, "ky": _KYRGYZ, "uz": _UZBEK, "uz_Cyrl": _UZBEK_CYRILLIC,
    }.items()
}  # fmt: skip
_POSTPOSITIONS = {
    "kk": r"\s+(?:мен|бен|пен|үшін|арасында)$",
    "ky": r"\s+(?:менен|үчүн|ортосунда)$",
    "uz": r"\s+(?:bilan|uchun)$",
    "uz_Cyrl": r"\s+(?:билан|учун)$",
}
_CHINESE_TAILS = re.compile("(?:共和国|共和國|王国|王國|联邦|聯邦)$")


def _cases(word: str) -> list[str]:
    """The five oblique cases of one Russian word in lower case; the word itself where it does not change."""
    for ending, others in _ADJECTIVES:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return [word[: -len(ending)] + other for other in others.split()]
    for ending, others in _NOUNS:
        if not word.endswith(ending) or len(word) - len(ending) < (0 if len(ending) > 4 else 2):
            continue
        if ending in ("ды", "ны", "вы") and word not in _PLURAL_NAMES:
            continue
        return [word[: len(word) - len(ending)] + other for other in others.split()]
    if word.endswith("ь"):
        return [word[:-1] + other for other in ("и", "и", "ь", "ью", "и")]
    if word[-1] in _CONSONANTS and len(word) > 2:
        return [word + other for other in ("а", "у", "", "ом", "е")]
    return [word] * 5


def _russian(name: str) -> Iterator[str]:
    parts = re.split(r"([\s-]+)", name)
    if len(parts) > 11 or not name or "(" in name or "," in name:
        return
    if name in (
        "сша",
        "рф",
        "кнр",
        "ес",
        "снг",
        "еаэс",
        "оаэ",
        "юар",
        "кндр",
        "ссср",
        "гдр",
        "фрг",
    ):
        return
    tables = [
        [part] * 5 if at % 2 or part in _FIXED else _cases(part) for at, part in enumerate(parts)
    ]
    for case in range(5):
        yield "".join(words[case] for words in tables)
    if len(parts) > 1:  # "республики казахстан", "страны снг": the first word alone declines
        for first in tables[0]:
            yield first + "".join(parts[1:])
        for case in range(
            5
        ):  # "новой зеландией": words before the last, and the last by its own rule
            yield "".join(words[case] for words in tables[:-1]) + parts[-1]
    last = parts[-1]
    head = "".join(parts[:-1])
    if last.endswith("ь"):  # the masculine pattern: Израиля, Израилю, Израилем
        for other in ("я", "ю", "ем", "е"):
            yield head + last[:-1] + other


def forms(language: str, name: str) -> Iterator[str]:
    """Give the forms of a cleaned name that its language makes and that a text may print."""
    if language == "ru":
        yield from _russian(name.replace("ё", "е"))


def stems(language: str, text: str) -> Iterator[str]:
    """Give what a cleaned text may be once an ending, a clitic or a preposition is taken off, likeliest first."""
    if language == "ru":
        shorter = _LEADS.sub("", text)
        if shorter != text:
            yield shorter
    elif language in _ENDINGS:
        bare = re.sub(_POSTPOSITIONS[language], "", text)
        if bare != text:
            yield bare
        bare = re.sub("['\u02bb\u02bc\u2018\u2019`]", "", bare) if language == "uz" else bare
        for ending in _ENDINGS[language]:
            if bare.endswith(ending) and len(bare) - len(ending) >= 3:
                yield bare[: -len(ending)]
    elif language == "tr":
        head, mark, tail = text.replace("\u2019", "'").partition("'")
        if mark and tail in _TURKISH.split():
            yield head
    elif language == "ar":
        if len(text) > 4 and text[0] in "لبوكف":
            yield text[1:]
        if len(text) > 5 and text[0] == "و" and text[1] in "لبكف":
            yield text[2:]
    elif language in ("zh", "zh_Hant"):
        bare = _CHINESE_TAILS.sub("", text)
        if bare != text and len(bare) > 1:
            yield bare
