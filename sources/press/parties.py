"""Owns who a sentence names: areas by noun, adjective, capital or office, and the role that each stands in."""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass, replace

from sources import area_names, areas
from sources.press.cases import case
from sources.press.vocabulary import (
    ADJECTIVE_LAST,
    AGGLUTINATIVE,
    UNSPACED,
    Vocabulary,
    fold,
    simplified,
    vocabulary,
)

_WORD = re.compile(r"[^\W\d_]+")
_RUSSIAN = frozenset(
    [
        "а",
        "я",
        "у",
        "ю",
        "ом",
        "ем",
        "е",
        "и",
        "ы",
        "ой",
        "ей",
        "ью",
        "ь",
        "й",
        "ии",
        "ию",
        "ией",
        "ия",
        "ах",
        "ям",
        "ами",
        "ями",
        "ов",
        "ская",
        "ской",
        "скую",
        "ские",
        "ских",
        "ским",
        "ое",
        "ого",
        "ому",
        "ая",
        "ую",
        "ий",
        "ого",
        "ие",
        "их",
        "им",
        "ими",
    ]
)
_CLITIC = re.compile(r"^(?:[وف]?(?:بال|كال|لل|ال|[بلك](?=\w{3}))|[وف](?=\w{3}))")
# Names that are ordinary words or persons in their language, so that they name no party.
_NOT_NAMES = {
    "en": "reunion man chad", "fr": "maurice dominique ru", "tr": "mali fas cin", "es": "guinea",
    "pt": "guine", "de": "man", "ru": "того", "uz": "mali", "ar": "مالي",
}  # fmt: skip
_VOWELS = re.compile("[\u064b-\u065f]")  # marks that Arabic names carry in some lists
_NO_PARTY = ("WORLD", "OTHER", "NES")
# Roles that a place in a list takes from the first: 对中国与香港 (与 is "with" as well as "and").
_GIVEN = ("bare", "adj", "", "with")
_BABEL = {"uz_cyrl": "uz_Cyrl"}
_TWINS = {"zh": "zh_Hant"}  # the same tongue where other names are the custom: 義大利, 紐西蘭


@dataclass(frozen=True)
class Mention:
    """An area named in a sentence: where, which, by what kind of word, and in what role.

    `role`: own (of, 's), to, from, with, partner (either way), between, adj, in, bare; `kind`: name, adj, city,
    org, pair (of two codes joined by a hyphen).
    """

    start: int
    end: int
    code: str
    kind: str
    role: str = "bare"
    joined: bool = False  # it stands in one list with the mention before it
    case: str = ""  # nom, gen, dat, ins where a Russian name shows it


@dataclass(frozen=True)
class _Entry:
    stems: tuple[str, ...]
    open: tuple[bool, ...]  # any ending may follow the stem
    code: str
    kind: str


def _tokens(text: str) -> list[str]:
    return _WORD.findall(text)


def _entry(text: str, code: str, kind: str, language: str) -> _Entry | None:
    words = re.findall(r"[^\W\d_]+\*?", text)
    if language == "ar":
        words = [_CLITIC.sub("", w) if w.startswith("ال") else w for w in words]
    if not words:
        return None
    return _Entry(tuple(w.rstrip("*") for w in words), tuple(w.endswith("*") for w in words), code, kind)  # fmt: skip


def _stem(word: str) -> str:
    """Give the Russian stem of a name, to which the endings of its cases are added."""
    for ending in ("ая", "яя", "ое", "ие", "ые", "ий", "ый", "а", "я", "ь", "й", "ы", "и", "о"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@functools.cache
def _names(language: str) -> dict[str, str]:
    """Give name -> code of the areas of a language, by the CLDR and the table of names, ambiguous ones left out."""
    tag = _BABEL.get(language, language)
    found: dict[str, set[str]] = {}
    with (areas.DATA / "names.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if (
                row["language"] == tag
                and row["area"] not in _NO_PARTY
                and not row["area"].endswith("_NES")
            ):
                for name in row["names"].split("|"):
                    found.setdefault(_VOWELS.sub("", name), set()).add(row["area"])
    for source in (tag, _TWINS.get(tag, tag)):
        for code, printed in area_names.territories(source).items():
            name = _VOWELS.sub("", printed)
            if name not in found and code not in _NO_PARTY:
                found[name] = {code}
    plain = {name: codes.pop() for name, codes in found.items() if len(codes) == 1}
    return {name: code for name, code in plain.items() if not re.search(r"[(),.:]", name)}


def names(language: str, code: str) -> list[str]:
    """Give the folded names of one area in a language."""
    return [fold(name) for name, area in _names(language).items() if area == code]


@functools.cache
def _lexicon(language: str) -> dict[str, tuple[_Entry, ...]]:
    """Give the entries of a language by the first three letters of their first word, the longest first."""
    entries: list[_Entry] = []
    skip = frozenset(fold(_NOT_NAMES.get(language, "")).split())
    names = [
        (name, code, "name")
        for name, code in _names(language).items()
        if fold(name) not in skip and (len(name) > 3 or language in UNSPACED)
    ]
    rows = vocabulary(language).rows
    own = [
        (p, c, kind)
        for kind in ("name", "noun", "adj", "city", "not_party")
        for c, p in rows.get(kind, [])
    ]
    taken = set()
    for patterns, code, kind in own:
        for pattern in patterns.replace(r"\w*", "*").split("|"):
            entry = _entry(pattern, code, kind, language)
            if entry:
                entries.append(entry)
                taken.add(entry.stems)
    for name, code, kind in names:
        folded = fold(name)
        words = folded.split()
        if len(words) > 6 or (len(folded) < 3 and language not in UNSPACED):
            continue
        entry = _entry(folded, code, kind, language)
        if entry is None or entry.stems in taken:
            continue
        if language == "ru":
            stems = tuple(_stem(w) for w in entry.stems)
            entry = replace(entry, stems=stems)
        entries.append(entry)
    index: dict[str, list[_Entry]] = {}
    for entry in entries:
        index.setdefault(entry.stems[0][:3], []).append(entry)
    return {
        key: tuple(sorted(found, key=lambda e: (-len(e.stems), -sum(map(len, e.stems)))))
        for key, found in index.items()
    }


@functools.cache
def _suffixes(language: str) -> dict[str, str]:
    found = {}
    for role, pattern in vocabulary(language).rows.get("suffix", []):
        for suffix in pattern.split("|"):
            found[suffix] = role
    return found


def _fits(language: str, word: str, stem: str, opened: bool, last: bool, kind: str) -> str | None:
    """Give the role that the ending of a word shows ("" for none), None where the word is another."""
    if not word.startswith(stem):
        return None
    rest = word[len(stem) :]
    if not rest:
        return ""
    if opened:
        return "" if len(rest) <= 6 else None
    if language == "ru":
        return "" if rest in _RUSSIAN and kind != "adj" else None
    if language == "de":
        return ("own" if rest == "s" else "") if rest in ("s", "es", "n", "en") else None
    if language == "en":
        return "own" if rest == "s" and len(stem) > 3 and kind == "name" else None
    found = _suffixes(language).get(rest)
    if found is not None and last:
        return found
    return None


@functools.cache
def _nominatives() -> frozenset[str]:
    """Give the last words of the Russian names of areas, as they stand in the lists."""
    spelt = [pattern.split("|") for _, pattern in vocabulary("ru").rows.get("nominative", [])]
    listed = [fold(name).split()[-1] for name in _names("ru")]
    return frozenset([*listed, *(word for words in spelt for word in words)])


def _spaced(text: str, original: str, language: str) -> list[Mention]:
    hits = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(text)]
    lexicon = _lexicon(language)
    suffixes = _suffixes(language)
    out: list[Mention] = []
    at = 0
    while at < len(hits):
        start, end, word = hits[at]
        bare = _CLITIC.sub("", word) if language == "ar" else word
        forms: tuple[str, ...] = (word, bare) if bare != word else (word,)
        if language == "ar" and word[0] in "وف":
            forms = (word, word[1:], bare)  # and Korea: its first letter is no preposition
        found = None
        for form in forms:
            candidates = lexicon.get(form[:3], ())
            if len(form) > 2:
                candidates += lexicon.get(form[:2], ()) + lexicon.get(form[:1], ())
            for entry in candidates:
                size = len(entry.stems)
                if at + size > len(hits) or not form.startswith(entry.stems[0]):
                    continue
                words = [form, *(h[2] for h in hits[at + 1 : at + size])]
                if language == "ar":
                    words = [words[0], *(_CLITIC.sub("", w) if w.startswith("ال") else w for w in words[1:])]  # fmt: skip
                apart = r"[,;:()]" if len(entry.stems[0]) == 1 else r"[,.;:()]"  # U.S.
                if size > 1 and re.search(apart, text[end : hits[at + size - 1][0]]):
                    continue
                roles = [
                    _fits(language, w, s, o, n == size - 1, entry.kind)
                    for n, (w, s, o) in enumerate(zip(words, entry.stems, entry.open, strict=True))
                ]
                if any(role is None for role in roles):
                    continue
                if not _capital(original, start, hits[at][1], entry, language):
                    continue
                found = (entry, size, roles[-1] or "")
                break
            if found:
                break
        if not found:
            at += 1
            continue
        entry, size, role = found
        stop = hits[at + size - 1][1]
        if size > 1 and len(entry.stems[0]) == 1 and text[end : stop + 1].endswith("."):
            stop += 1  # the point of U.S.
        if (
            language in ("tr", "uz", "uz_cyrl")
            and text[stop : stop + 1] == "'"
            and at + size < len(hits)
        ):
            follow = hits[at + size]
            if follow[0] == stop + 1 and follow[2] in suffixes:
                role, stop, size = suffixes[follow[2]], follow[1], size + 1
        if language in AGGLUTINATIVE and role in ("", "own"):
            role = _headed(text, stop, language) or role
        if language == "ar" and not role and word != bare and re.match(r"[وف]?(?:لل|ل)", word):
            people = word.endswith("ين")  # to the Chinese
            role = "to" if word != bare and (entry.kind != "adj" or people) else ""
        kind = "name" if entry.kind == "noun" else entry.kind
        declined = language == "ru" and kind == "name"
        shown = case(text[hits[at + size - 1][0] : stop], _nominatives()) if declined else ""
        out.append(Mention(start, stop, entry.code, kind, role, case=shown))
        at += size
    return out


def _headed(text: str, stop: int, language: str) -> str:
    """Give the role that the noun behind a name shows by its ending: to the countries of Africa; "" for none."""
    hit = vocabulary(language).pattern(r"'?\w{0,3} (?:<head>)(\w+)").match(text, stop)
    return _suffixes(language).get(hit[hit.lastindex or 0], "") if hit else ""


def _capital(original: str, start: int, end: int, entry: _Entry, language: str) -> bool:
    """Tell whether a name is written as one: a capital where the script has them, all of them in USA."""
    if language == "ar" or entry.kind in ("adj", "noun", "not_party") or start >= len(original):
        return True
    word = original[start:end]
    if len(entry.stems) == 1 and len(entry.stems[0]) <= 3:
        short = word[: len(entry.stems[0])]
        return short.isupper() or (len(short) == 3 and short[:1].isupper() and not word.isupper() and language in ("tr", "uz", "en", "es", "fr", "pt", "de"))  # fmt: skip
    return word[:1].isupper()


def _letters(text: str, words: Vocabulary) -> dict[int, str]:
    """Give the countries named by one letter beside a word of trade, by place: 对俄出口, 自埃进口, 韩对华."""
    found: dict[int, str] = {}
    for side in ("letter", "subject"):
        letters = _lettered(words.language, side)
        for at, letter in enumerate(text):
            if letter not in letters or at in found:
                continue
            before = text[max(0, at - 4) : at]
            opens = side == "subject" and not before
            if not opens and words.ending(f"{side}_before", before) is None:
                continue
            if words.starting(f"{side}_after", text[at + 1 : at + 20]) is not None:
                found[at] = letters[letter]
    return found


@functools.cache
def _lettered(language: str, side: str) -> dict[str, str]:
    """Give the letters that stand for a country beside a preposition, or as the subject of a sentence."""
    rows = vocabulary(language).rows
    kinds = ("letter", "lone") if side == "letter" else ("subject",)
    found = [row for kind in kinds for row in rows.get(kind, [])]
    return {name: code for code, names in found for name in names.split("|")}


def _unspaced(text: str, words: Vocabulary) -> list[Mention]:
    index = _unspaced_index(words.language)
    letters = _letters(text, words)
    out: list[Mention] = []
    at = 0
    while at < len(text):
        for name, code, kind, follow in index.get(text[at], ()):
            end = at + len(name)
            if text.startswith(name, at) and (follow is None or follow.match(text, end)):
                out.append(Mention(at, end, code, kind, ""))
                at = end - 1
                break
        else:
            if at in letters:
                out.append(Mention(at, at + 1, letters[at], "name", ""))
        at += 1
    return out


_Spelling = tuple[str, str, str, re.Pattern[str] | None]  # letters, code, kind, what must follow


@functools.cache
def _unspaced_index(language: str) -> dict[str, tuple[_Spelling, ...]]:
    rows = vocabulary(language).rows
    found: dict[str, tuple[str, str, re.Pattern[str] | None]] = {}
    for kind in ("city", "name", "adj", "pair", "not_party"):
        for code, pattern in rows.get(kind, []):
            for name in re.split(r"\|(?![^(]*\))", pattern):
                spelt, mark, rest = name.partition("(?")
                found[spelt] = (code, kind, re.compile(mark + rest) if mark else None)
    change = simplified if language == "zh" else str
    for printed, code in _names(language).items():
        name = "".join(map(change, fold(printed)))
        if len(name) > 1 and name not in found:
            found[name] = (code, "name", None)
    letters = {name: code for code, names in rows.get("letter", []) for name in names.split("|")}
    follow = re.compile(vocabulary(language).fragment("after_pair"))
    for one, first in letters.items():
        for other, second in letters.items():
            if first != second:
                found.setdefault(one + other, (f"{first}-{second}", "pair", follow))
    index: dict[str, list[_Spelling]] = {}
    for name, (code, kind, follows) in found.items():
        index.setdefault(name[0], []).append((name, code, kind, follows))
    return {key: tuple(sorted(rows, key=lambda r: -len(r[0]))) for key, rows in index.items()}


def mentions(text: str, original: str, words: Vocabulary) -> list[Mention]:
    """Give the areas that a folded sentence names, in order, each with its role.

    `original` is the sentence as printed (without marks that folding drops), for its capitals.
    """
    language = words.language
    found = _unspaced(text, words) if language in UNSPACED else _spaced(text, original, language)
    found = [m for m in found if m.kind != "not_party" and not _stands_for(text, m, words)]
    out: list[Mention] = []
    for mention in _once(found, text):
        previous = out[-1] if out else None
        again = previous is not None and previous.code == mention.code
        if again and re.fullmatch(r" ?\(", text[out[-1].end : mention.start]):
            continue  # the European Union (EU)
        over = words.starting("role_over", text[mention.end : mention.end + 24])
        role = over or mention.role or _role(text, mention, words)
        joined = False
        if previous is not None:
            gap = text[previous.end : mention.start]
            if (
                language == "ar"
                and mention.start < len(text)
                and re.match(r"[وف]\w", text[mention.start :])
            ):
                gap += "و"
            joined = bool(_joint(language).fullmatch(gap)) and previous.code != mention.code
            if joined and language in ADJECTIVE_LAST and gap.startswith(","):
                joined = (
                    words.pattern(r"'?\s?(?:[,(]|<and>\W)").match(text[mention.end :]) is not None
                )
            if joined and gap == "-" and previous.kind in ("adj", "name"):
                out[-1] = replace(
                    previous,
                    role="between" if previous.role in ("adj", "bare", "") else previous.role,
                )
                role = "between" if role in ("adj", "bare", "") else role
            elif (
                joined
                and role in (_GIVEN if language in UNSPACED else _GIVEN[:3])
                and previous.role in ("to", "from", "with", "between", "own", "partner", "in")
            ):
                role = previous.role
        if (
            role == "in"
            and not mention.start
            and language in AGGLUTINATIVE
            and mention.kind == "name"
        ):
            role = "own"  # Çin'de dış ticaret hacmi: in China foreign trade was 5 bn
        if not role:
            role = "adj" if mention.kind == "adj" else "bare"
        out.append(replace(mention, role=role, joined=joined))
    return out


def _once(found: list[Mention], text: str) -> list[Mention]:
    """Join a name and its short form in brackets: 欧州連合(EU), 东南亚国家联盟（东盟）."""
    out: list[Mention] = []
    for mention in found:
        before = out[-1] if out else None
        gap = text[before.end : mention.start] if before else ""
        if before and before.code == mention.code and gap in ("(", "（", "=", " ("):
            end = mention.end + (text[mention.end : mention.end + 1] in tuple(")）"))
            out[-1] = replace(before, end=end, role=mention.role or before.role)
            continue
        out.append(mention)
    return out


def _stands_for(text: str, mention: Mention, words: Vocabulary) -> bool:
    """Tell whether an adjective of a region only stands for a country named before: the African country."""
    if len(mention.code) == 3 and mention.code != "CIS":
        return False
    after = text[mention.end :]
    if mention.kind != "adj" and not after.startswith("'s "):
        return False  # Asia's fourth-largest economy stands for one, too
    if (
        words.language in ADJECTIVE_LAST
        and words.ending("stands_for", text[: mention.start]) is not None
    ):
        return True  # o país africano
    return words.starting("stands_for", after.removeprefix("'s")) is not None


@functools.cache
def _joint(language: str) -> re.Pattern[str]:
    words = vocabulary(language)
    article = words.fragment("article")
    return re.compile(
        rf"(?:'s?|s)?\s*(?:,|、|/|-|;|،|(?:,\s?)?(?:{words.fragment('and')}))\s*(?:{article})?\s*"
    )


def _role(text: str, mention: Mention, words: Vocabulary) -> str:
    """Give the role that the words just before or after a name show, "" for none."""
    after = text[mention.end : mention.end + 24]
    role = words.starting("role_after", after) if after else None
    before = text[max(0, mention.start - 40) : mention.start]
    if (
        role and words.language in UNSPACED
    ):  # 对美国的出口: what stands before is nearer to its name
        if role == "in":
            return role  # 对欧盟以外: none of them
        aims = words.ending("role", before)
        role = aims if aims in ("to", "from", "partner", "in") else role
    if role:
        return role
    if words.language == "ar":
        hit = re.match(r"[وف]?(?:لل|ل|ب)", text[mention.start : mention.end])
        if hit and not before.endswith(" "):
            return ""
    if words.language == "pt" and _SUBJECT.search(before):
        return ""  # A China: the article of a subject, not the preposition
    bare = _articles(words.language).sub(" ", before)
    return words.ending("role", bare) or words.ending("role", before) or ""


_SUBJECT = re.compile(
    r"(?:^|[.,;:(\"] ?|(?<!\w)(?:que|enquanto|quando|mas|pois|porque|onde) )as? $"
)


@functools.cache
def _articles(language: str) -> re.Pattern[str]:
    words = vocabulary(language)
    return re.compile(rf"(?<![^\W_])(?:{words.fragment('article')})\s*$")
