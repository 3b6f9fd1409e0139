"""Owns who a sentence names: areas by noun, adjective, capital or office, and the role that each stands in."""

from __future__ import annotations

import functools
import re
from dataclasses import replace

from sources.press.naming import Mention, spaced, unspaced
from sources.press.vocabulary import (
    ADJECTIVE_LAST,
    AGGLUTINATIVE,
    UNSPACED,
    Vocabulary,
    vocabulary,
)

_NEAR = 20  # characters between the word of a rank and the place where it is held
# Roles that a place in a list takes from the first: 对中国与香港 (与 is "with" as well as "and").
_LABELLED = 16  # characters between a country and an amount of its own: ahead of Italy with 5 bn
_GIVEN = ("bare", "adj", "", "with")


def mentions(text: str, original: str, words: Vocabulary) -> list[Mention]:
    """Give the areas that a folded sentence names, in order, each with its role.

    `original` is the sentence as printed (without marks that folding drops), for its capitals.
    """
    language = words.language
    found = unspaced(text, words) if language in UNSPACED else spaced(text, original, language)
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
            elif joined and language in UNSPACED and _listed_with(previous, role, language):
                role = _shared_role(out, previous, role)
            elif (
                joined
                and role in (_GIVEN if language in UNSPACED else _GIVEN[:3])
                and previous.role
                in ("to", "from", "with", "between", "own", "partner", "in", "peer")
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
    if language in AGGLUTINATIVE:
        return _shared_case(out, text, words)
    out = [replace(m, role="in") if _among(out, at, text, words) else m for at, m in enumerate(out)]
    return [replace(m, role="bare") if m.role in ("in", "peer") and _goes_on(text, m, words) else m for m in out]  # fmt: skip


def _goes_on(text: str, mention: Mention, words: Vocabulary) -> bool:
    """Tell whether a clause says what a country did that is only outranked: second to the USA, which bought 5 bn."""
    hit = re.match(r", qu[ei] (?:(?:a|ont|ha|han|le|lui a|lhe) )?", text[mention.end :])
    return hit is not None and words.starting("finite", text[mention.end + hit.end() :]) is not None


def _placed(mention: Mention, text: str, words: Vocabulary) -> bool:
    """Tell whether a name ends like a place: in Ukraine."""
    suffixes = [s for code, p in words.rows.get("suffix", []) if code == "in" for s in p.split("|")]
    return text[mention.start : mention.end].endswith(tuple(suffixes))


def _shared_case(found: list[Mention], text: str, words: Vocabulary) -> list[Mention]:
    """Give the names of a list the case that only its last one shows: Rusya ve Çin'den (from Russia and China)."""
    out, linked = list(found), False
    if len(out) > 2 and not out[0].start and out[0].role == "own" and _placed(out[0], text, words):
        out[0] = replace(out[0], role="in")  # Украинадағы соғыс кезінде Қазақстан мен Түркия
    for at in range(len(out) - 2, -1, -1):
        one, after = out[at], out[at + 1]
        comma = "," in text[one.end : after.start]
        linked = after.joined and (linked or not comma)  # Almanya, AB ülkelerine: no list
        if linked and one.role == "bare" and after.role in ("to", "from"):
            out[at] = replace(one, role=after.role)
    return out


def _among(found: list[Mention], at: int, text: str, words: Vocabulary) -> bool:
    """Tell whether a group is only the one among which somebody is ranked: among Arab countries the largest buyer was Egypt."""
    one = found[at]
    if len(one.code) == len("EGY"):
        return False
    if one.role in ("to", "in"):  # the second buyer in Africa is Cape Verde
        return any(0 <= one.start - end <= _NEAR for _, end, _ in words.find("rank", text))
    if one.role != "between":
        return False
    linked = [m for m in found[at + 1 : at + 2] if m.joined] or one.joined
    return not linked and bool(words.find("rank", text))


def _without_passed(
    text: str, named: list[Mention], places: list[int], words: Vocabulary
) -> list[Mention]:
    """Drop who is named only as passed or left out: of the CIS, after Russia, most was traded with Kazakhstan, 550 m."""
    out: list[Mention] = []
    dropped: Mention | None = None
    for mention in named:
        own = any(0 <= place - mention.end <= _LABELLED for place in places)
        again = mention.joined and dropped is not None
        behind = words.ending("passed", text[: mention.start]) is not None
        dropped = mention if not own and (again or behind) else None
        if dropped is None:
            out.append(mention)
    return out


def without_asides(
    text: str, named: list[Mention], places: list[int], words: Vocabulary
) -> list[Mention]:
    """Drop who is named only in a clause that explains another: to the CIS, where Russia is the main market, 13 bn.

    `places` are where the amounts stand; a clause with one of them is kept.
    """
    if not places or not named:
        return named
    named = _without_passed(text, named, places, words)
    if "relative_aside" not in words.rows:
        return named
    clauses = words.pattern(r",\s(?:<relative_aside>)\s[^,;]*(?:,|$)").finditer(text)
    spans = [h.span() for h in clauses]
    spans = [(lo, hi) for lo, hi in spans if not any(lo < at < hi for at in places)]
    return [m for m in named if not any(lo < m.start < hi for lo, hi in spans)]


def _listed_with(previous: Mention, role: str, language: str) -> bool:
    """Tell whether one particle before or behind a list stands for its two places: 对越南、泰国的出口, アジアやEU向け."""
    if language == "zh":
        return role == "own" and previous.role in ("to", "from", "with", "partner", "in")
    return role in ("to", "from") and previous.role == "bare"


def _shared_role(out: list[Mention], previous: Mention, role: str) -> str:
    """Give the role of the second of two listed places, and give the first ones theirs where it stands behind."""
    if role == "own":
        return previous.role
    for at in range(len(out) - 1, -1, -1):
        if out[at].role != "bare":
            break
        out[at] = replace(out[at], role=role)
        if not out[at].joined:
            break
    return role


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
    many = text[mention.end - 1] == "s"  # os países africanos are all of them
    if (
        words.language in (*ADJECTIVE_LAST, "ar")
        and not many
        and words.ending("stands_for", text[: mention.start]) is not None
    ):
        return True  # o país africano
    return words.starting("stands_for", after.removeprefix("'s")) is not None


@functools.cache
def _joint(language: str) -> re.Pattern[str]:
    words = vocabulary(language)
    article = words.fragment("article")
    return re.compile(
        rf"(?:'s?|s)?\s*(?:,|、|・|/|-|;|،|(?:,\s?)?(?:{words.fragment('and')}))\s*(?:{article})?\s*"
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
    if "states" in words.rows and len(mention.code) != len("KGZ"):
        before = words.pattern("(?:<states>)$").sub(
            "", before
        )  # with the other countries of the EU
    bare = _articles(words.language).sub(" ", before)
    aimed = words.ending("role", bare)
    if aimed or _articled(text, mention, before, words):
        return aimed or ""
    return words.ending("role", before) or ""


_SUBJECT = re.compile(
    r"(?:^|[.,;:(\"] ?|(?<!\w)(?:que|enquanto|quando|mas|pois|porque|onde) )as? $"
)


def _articled(text: str, mention: Mention, before: str, words: Vocabulary) -> bool:
    """Tell whether the word before a name is its article, not the preposition: a China; but à China, a Portugal."""
    if "unarticled" not in words.rows or not re.search(r"(?<!\w)as? $", before):
        return False
    spared = words.starting("unarticled", text[mention.start : mention.end])
    if mention.kind == "city" or spared == "":
        return False  # Portugal and Lisbon have no article: a Portugal is to Portugal
    return spared is None or _SUBJECT.search(before) is not None


@functools.cache
def _articles(language: str) -> re.Pattern[str]:
    words = vocabulary(language)
    return re.compile(rf"(?<![^\W_])(?:{words.fragment('article')})\s*$")
