"""Owns the lists of a sentence in which each amount stands beside its area: China ($30bn), Turkey - 53 million."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sources.press.naming import Mention
from sources.press.numerals import Amount
from sources.press.vocabulary import ADJECTIVE_LAST, AGGLUTINATIVE, UNSPACED, Vocabulary

if TYPE_CHECKING:
    from sources.press.scene import Noun


_LABEL = (
    r"'?\w{0,3}\s?(?:-\w{5,20} ?)?(?:[-(（:]\s?(?:[-+]?\d[\d.,]* ?%(?: \w{1,4})?,? ?)?(?:\W|\w{1,8} )?"
    r"|,? ?(?:avec|with|con|com|mit|por|pour|ب|بنحو|بقيمه|بمبلغ|بحوالي)? ?)"
)


# In scripts without spaces only these letters stand between a name and its amount: 占比最高的中国为30亿.
_LABEL_UNSPACED = (
    r"(?:产|産|で|的|则|则为|为|达|是|以|有|约|約|の|が|は|に|向け|からの?|への?|、|\s){0,2}"
    r"(?:前[年月期](?:同[月期])?比)?(?:\d[\d.]*%[増減](?:加|少)?[のし]て?、?)?"  # 米国が3.1%増の127億
    r"[」』\"]?(?:[-(（:][-\s]*(?:[^\d()（）]{0,3}[-+]?\d[\d.,]* ?%[^\d()（）]{0,3}[,/、 ]?)?)?约?約?\s?"
)


def labels_of(
    text: str, found: list[Amount], named: list[Mention], nouns: list[Noun], words: Vocabulary
) -> dict[int, Mention]:
    """Give the areas that each label one amount of a list: China ($30bn), Turkey - 53 million."""
    labels = {}
    loose = True  # only a space between each area and its amount
    behind: Mention | None = None
    held = False  # an amount whose case ties it to what follows: with 540 million dollars Italy
    for amount in found:
        before = [m for m in named if m.end <= amount.start]
        behind = _tied(text, amount, named, words, behind.role if behind else "")
        if behind:
            labels[amount.start], loose, held = behind, False, True
            continue
        near = text[before[-1].end : amount.start] if before else ""
        owner = bool(before) and _owner(text, before, near, nouns, words, found)
        if before and words.language in UNSPACED and before[-1].joined and "・" in text[before[-2].end : before[-1].start]:  # fmt: skip
            owner = True  # 中国・香港向けは109億ドル: of both
        label = _LABEL_UNSPACED if words.language in UNSPACED else _LABEL
        before, owner = _next_ahead(text, found, amount, before, owner, labels, words)
        taken = bool(before) and any(
            m is before[-1] for m in labels.values()
        )  # 2 bn to Rabat, 1 bn to
        if (
            before
            and before[-1].kind != "pair"
            and not (owner or taken)
            and re.fullmatch(label, near)
        ):
            labels[amount.start] = before[-1]
            loose = loose and not text[before[-1].end : amount.start].strip()
            continue
        after = next((m for m in named if m.start >= amount.end), None)
        glue = text[amount.end : after.start] if after else ""
        if after and words.pattern(r"\s?<label_after> ?").fullmatch(glue):
            labels[amount.start] = after
            loose = False
    mixed = len({m.role for m in labels.values()}) == len(labels) > 1
    if (
        (loose or mixed)
        and labels
        and any(n.flow and min(labels) < n.start < max(labels) for n in nouns)
    ):
        return {}  # trade of the Emirates 1.7 trillion, exports to India 65 billion
    if held and any(
        m.role in ("to", "from") for m in labels.values()
    ):  # Rossiya 5 tonna sotdi, 3 tonnasini Eronga
        labels = {at: m for at, m in labels.items() if m.role != "bare" or m.start > at}
    ranked = words.language in AGGLUTINATIVE and not nouns and bool(words.find("rank", text))
    # one alone, in brackets: far behind Cameroon (505 million); ahead of Italy, with 20 bn
    outranked = any(m.role == "in" and text[m.end : m.end + 2] == " (" for m in labels.values())
    outranked = outranked or any(m.role == "peer" for m in labels.values())
    return labels if len(labels) >= 2 or held or ranked or outranked else {}


def _next_ahead(
    text: str, found: list[Amount], amount: Amount, before: list[Mention], owner: bool,
    labels: dict[int, Mention], words: Vocabulary,
) -> tuple[list[Mention], bool]:  # fmt: skip
    """Let a list of the outranked go on: à frente dos Estados Unidos, com 100 milhões, e do Reino Unido, com 88."""
    came = [a for a in found if a.end <= amount.start and a.start in labels]
    if not before or not came or labels[came[-1].start].role != "peer":
        return before, owner
    gap = text[came[-1].end : before[-1].start]
    if not words.pattern(r"\)?,? ?(?:<and> )?(?:<role> ?)?(?:<article> ?)?").fullmatch(gap):
        return before, owner
    return [*before[:-1], replace(before[-1], role="peer")], False


_FAR = 60  # characters between a name and its amount: Canada, with the best price of all, came to 50 million


def in_turn(
    text: str, found: list[Amount], named: list[Mention], nouns: list[Noun], words: Vocabulary
) -> dict[int, Mention]:
    """Give the areas that take turns with their amounts where no word of trade stands: in the USA it was 92, in Britain 90.

    Each area has one amount behind it, or two of different units: Tajikistan 376 thousand tonnes for 60 million.
    """
    if len(found) < 2 or any(not n.weak or n.flow for n in nouns):
        return {}
    if len({m.code for m in named}) < 2 or any(m.joined or m.kind == "pair" for m in named):
        return {}
    labels: dict[int, Mention] = {}
    units: dict[int, list[str]] = {}
    for amount in found:
        ahead = [m for m in named if m.end <= amount.start]
        if not ahead or amount.start - ahead[-1].end > _FAR:
            return {}
        mine = units.setdefault(ahead[-1].start, [])
        if amount.code in mine or words.find("part", text[ahead[-1].end : amount.start]):
            return {}
        mine.append(amount.code)
        labels[amount.start] = ahead[-1]
    return labels if len(units) == len(named) else {}


def _owner(
    text: str,
    before: list[Mention],
    near: str,
    nouns: list[Noun],
    words: Vocabulary,
    found: list[Amount],
) -> bool:
    """Tell whether an area before an amount is only whose trade it is: France, second supplier of Algeria (4 bn)."""
    last = before[-1]
    floor = max((a.end for a in found if a.end <= last.start), default=0)
    ranks = [n.start for n in nouns if n.kind == "rank" and floor <= n.start < last.start]
    ranks += [s for s, _, _ in words.find("rank_flow", text) if floor <= s < last.start]
    if ranks and last.role in ("own", "adj", "to", "from"):
        return any(m.end <= max(ranks) and m.role == "bare" for m in before[-2:-1])
    joined = re.search(r"[-(（:]", near) is None
    if words.language == "ar" and last.kind == "adj" and joined:
        return any(
            n.flow and 0 <= last.start - n.end <= 1 for n in nouns
        )  # الصادرات المصرية بقيمة 5
    return words.language in ADJECTIVE_LAST and last.role == "own" and joined


def _tied(
    text: str, amount: Amount, named: list[Mention], words: Vocabulary, before: str
) -> Mention | None:
    """Give the area right behind an amount that its case or that of the area ties to it.

    540 milyon dolarla İtalya (with), 72 bin ton da Ukrayna'dan (from), where the list goes on behind it or
    the amount before was tied to a name in the same role (`before`).
    """
    if words.language not in AGGLUTINATIVE:
        return None
    after = next((m for m in named if m.start >= amount.end), None)
    glue = text[amount.end : after.start] if after else "-"
    if after is None or not words.pattern(r" ?(?:<label_after> )?").fullmatch(glue):
        return None
    if words.pattern("<instrumental>").fullmatch(text[amount.start : amount.end].split(" ")[-1]):
        return after if after.role in ("bare", "to", "from", "with") else None
    ends = words.pattern(r"\s?(?:[,;.)]|$)|\s(?:<and>)\s").match(text[after.end :])
    alike = after.role == before
    return after if after.role in ("to", "from") and (ends or alike) else None
