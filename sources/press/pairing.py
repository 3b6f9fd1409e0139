"""Owns the two parties of a claim: who reports and who is the partner, from roles, lists and earlier claims."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sources.press.parties import Mention
from sources.press.vocabulary import ADJECTIVE_LAST, AGGLUTINATIVE, UNSPACED, Vocabulary

if TYPE_CHECKING:
    from sources.press.scene import Scene
_STOPS = re.compile("[,;、。:]")
_HEAD = 12  # characters within which a sentence begins
_TOWARDS = {"imports": "from", "re-imports": "from"}  # all other flows go "to"


@dataclass(frozen=True)
class Sides:
    """What the parties of one claim may be read from."""

    own: list[Mention]  # named between the amount before and the end of the claim's stretch
    shared: list[Mention]  # named before the first amount that the noun governs
    previous: (
        tuple[str, str, str] | None
    )  # reporter, partner and flow of the claim before in the sentence
    flow: str
    noun_start: int
    noun_end: int
    amount_start: int
    amount_end: int
    left: int
    dealt: Mention | None = None  # the party that a list beside its amounts gives this one
    carried: bool = False  # no noun says what it is: it goes on with the figure before
    shipped: bool = False  # a mass, or a word of delivery: goods that have a destination


def _codes(found: list[Mention]) -> list[str]:
    return list(dict.fromkeys(m.code for m in found))


def _without_lists(text: str, found: list[Mention]) -> list[Mention]:
    """Drop the members that a group is spelt out into: Central Asia - Kazakhstan, Kyrgyzstan, Tajikistan."""
    out: list[Mention] = []
    at = 0
    while at < len(found):
        run = 1
        while at + run < len(found) and found[at + run].joined:
            run += 1
        if run >= 3:
            before = out[-1] if out else None
            if re.match(r"\s?[-(（:]", text[found[at].end : found[at + 1].start]):
                out.append(found[at])
                at += run
                continue
            if (
                before is not None
                and re.search(r"[-(（:]", text[before.end : found[at].start])
                and found[at].start - before.end < 30
            ):
                at += run
                continue
            if found[at].role in ("to", "from", "with", "between", "partner"):
                out.append(
                    Mention(found[at].start, found[at + run - 1].end, "", "name", found[at].role)
                )
            at += run
            continue
        out.extend(found[at : at + run])
        at += run
    return out


def pair(view: Scene, flow: str, found: list[Mention], noun: tuple[int, int]) -> tuple[str, str]:
    """Give (reporter, partner) by the roles in one stretch; "" for what it does not settle."""
    text, words = view.text, view.words
    pairs = [m for m in found if m.kind == "pair"]
    if pairs:
        first, second = pairs[-1].code.split("-")
        owner = next(
            (
                m.code
                for m in found
                if m.kind != "pair" and m.role in ("own", "bare") and m.code in (first, second)
            ),
            "",
        )
        if owner == second:
            first, second = second, first
        return first, second
    found = _without_lists(text, found)
    towards = _TOWARDS.get(flow, "to")
    backwards = "from" if towards == "to" else "to"
    two_way = flow in ("turnover", "balance")
    ranked = bool(words.find("rank", text))
    placed = words.starting("rank", text[slice(*noun)]) is not None  # second supplier of Algeria
    weak = words.pattern("<deal>").fullmatch(text[slice(*noun)]) is not None
    found = _with_clause(view, flow, found, noun)
    found = _with_verb(view, flow, found, noun)
    roles = {m.role for m in found}
    aims, owners, loose = [], [], []
    for m in found:
        role = m.role
        if role == "to" and m.start < _HEAD and text[m.end : m.end + 1] == "," and noun[0] > m.end:
            role = (
                "own" if words.language in ADJECTIVE_LAST else role
            )  # Au Canada, les exportations
        if words.language == "ar" and role == "bare" and 0 <= m.start - noun[1] <= 1:
            role = "own"  # in Arabic the owner stands behind what it owns: صادرات قطر
        if words.language == "ar" and ranked and role == "to" and text[m.start] == "ل":
            role = "own"  # the first partner of Jordan
        if (
            words.language == "ar"
            and role == "to"
            and text[m.start] == "ل"
            and _whole(view, m, noun)
        ):
            role = "own"  # الصادرات الكلية للمملكة
        pointed = role in ("to", "from") and m.start >= noun[1] and words.language in AGGLUTINATIVE
        if placed and role in ("own", "adj", "to", "from") and not pointed:
            role = "own"  # second of the countries that export to Algeria
        aimed = any(
            o is not m
            and o.role in (towards, "with")
            and not (words.language == "ar" and text[o.start] == "ل")
            for o in found
        )
        one_way = flow in ("exports", "imports") and words.language in AGGLUTINATIVE
        if role == "bare" and (m.case == "ins" or (ranked and m.case == "gen")):
            role = "own"  # purchases by Turkey; the largest partner of Georgia
        if (
            role == "bare"
            and ranked
            and (one_way or not m.joined)
            and not aimed
            and _placed(view, m)
            and (weak or not does(view, m, noun))  # of all destinations, Brazil exported 5 bn to
        ):
            role = "partner"  # Russia is the largest supplier, China remains the main market
        inside = noun[0] <= m.start and m.end < noun[1]  # Minus in der deutschen Handelsbilanz
        if role in ("to", "from") and m.kind == "adj" and (0 <= noun[0] - m.end <= 1 or inside):
            role = "adj"  # in der deutschen Handelsbilanz
        if flow == "exports" and role in ("to", "from") and _goods(text, m, noun, words):
            role = "adj"  # the market for Turkish goods
        if role == "bare" and flow == "exports" and 0 <= m.start - noun[1] <= 1 and words.starting("dative", text[noun[0] :]) is not None:  # fmt: skip
            role = "to"  # Kazakhstan sold China 5 tonnes
        if m.role == "bare" and ranked and 0 <= noun[0] - m.end <= 1 and words.starting("doing", text[noun[0] :]) is not None:  # fmt: skip
            role = "own"  # among suppliers of Egypt, Ukraine shipped 1.5 tonnes
        if role == "from" and _passes(view, flow, m, noun):
            continue  # counting re-exports from Hong Kong, sales to China were 5 bn
        if role in ("to", "from") and _others(view, flow, m, noun):
            role = "partner"  # exports to China fell, while imports rose to 5 bn
        if flow == "balance" and role == "to" and "with" in roles:
            role = "own"  # the trade with China brought a surplus to Brazil
        if flow == "imports" and role in ("adj", "own", "to") and _goods(text, m, noun, words):
            role = "from"
        before = view.text[max(0, m.start - 24) : m.start]
        attached = words.language == "ar" and two_way and text[m.start : m.start + 1] == "ل"
        if role == "to" and attached:
            role = "own"  # the deficit of Jordan
        if flow == "balance" and role == "to" and words.ending("benefit", before) is not None:
            role = "own"  # a surplus for Brazil
        if (
            flow == "imports" and role == "own" and m.kind == "name"
            and any(o.kind == "adj" and noun[1] <= o.start < m.start for o in found)
        ):  # fmt: skip
            role = "from"  # importações brasileiras de soja da Argentina
        if (
            flow == "imports" and role == "own" and m.kind == "name" and m.start > noun[1]
            and any(o.end <= noun[0] and o.role in ("bare", "adj", "own") for o in found)
            and not placed and not re.search(r"(?<!\w)(?:p[oe]l[oa]s?|por|par)(?: \w{1,3})? ?$", before)
            and words.language in ADJECTIVE_LAST
        ):  # fmt: skip
            role = "from"  # l'Algérie a importé de la Chine
        if flow == "imports" and role == "to" and re.fullmatch(r" (?:les?|lhes?|lui|leur) ", text[m.end : noun[0]]):  # fmt: skip
            role = "from"  # a Paraguay le compró
        if (
            flow == "imports" and role == "to" and m.start > noun[1]
            and any(o.end <= noun[0] and o.role == "bare" for o in found)
            and words.language in ADJECTIVE_LAST
        ):  # fmt: skip
            role = "from"  # Moçambique comprou a Portugal
        if role == towards or role in ("partner", "with") or (two_way and role in ("to", "from")):
            aims.append(m)
        elif role in ("own", "adj"):
            owners.append(m)
        elif role == "between":
            (aims if any(o.role == "between" for o in owners) else owners).append(m)
        elif role == backwards:
            owners.append(m)
        elif role == "bare":
            loose.append(m)
    if not two_way:  # 米国の政策の影響で、米国向けの輸出は: where it goes, not whose it is
        owners = [m for m in owners if all(m.code != o.code for o in aims)]
    strong = [m for m in owners if m.role in ("own", "between", backwards)]
    doer = [m for m in loose if m.kind in ("name", "city") and does(view, m, noun)]
    doer += [m for m in aims if m.role == "with" and view.words.pattern(r" <while>").fullmatch(text[m.end : noun[0]].rstrip())]  # fmt: skip
    aims = [m for m in aims if not any(m is d for d in doer)]
    if doer and not placed:
        loose, strong = [], doer  # o Brasil exportou 5 bn, whatever is Chinese in the sentence
        owners = [*doer, *(m for m in owners if m.role != "adj")]
    taker = [m for m in loose if _takes(view, m, noun)]
    if flow == "exports" and not aims and len(taker) == 1 and owners:
        aims, loose = taker, []  # a China absorveu 2 bn das exportações angolanas
    touching = [
        m for m in owners if m.role == "adj" and -1 <= max(m.start - noun[1], noun[0] - m.end) <= 1
    ]
    if touching and not two_way and len(_codes(touching)) == 1:
        strong = touching  # Brazilian exports, whoever else is named before
    rep = _codes(strong) or _codes(owners)
    par = _codes(aims)
    if two_way and len(rep) == 2 and not par:
        return rep[0], rep[1]
    linked = {m.role for m in found} <= {
        "with",
        "between",
        "bare",
    } or words.language in AGGLUTINATIVE
    if flow == "turnover" and len(found) == 2 and linked:
        codes = _codes(found)  # A with B between: the first one named reports
        if len(codes) == 2:
            return codes[0], codes[1]
    if len(rep) == 2 and not par and owners[1].role in ("own", "adj") and not owners[1].joined:
        rep = rep[:1] if not two_way else rep
    if not rep and loose:
        rest = [c for c in _codes(loose) if c not in par]
        rep = rest[:1] if len(rest) == 1 or not loose[1:2] or not loose[1].joined else rest
        if not par and len(rest) == 2 and two_way:
            return rest[0], rest[1]
        if not par and len(rest) == 2 and not loose[1].joined:
            return rest[0], ""
    if not par and flow == "exports" and len(rep) == 1 and loose:
        last = loose[-1]  # The Americas took 6 bn of Pakistani exports
        took = last.end <= noun[0] and words.find("carry", text[last.end : noun[0]])
        par = [last.code] if took and last.code not in rep else []
    if not par and rep and loose and two_way:
        rest = [c for c in _codes(loose) if c not in rep]
        par = rest[:1] if len(rest) == 1 else []
    par = [c for c in par if c not in rep] if len(rep) == 1 else par
    if two_way and not rep and len(par) == 2 and {m.role for m in aims} != {"with"}:
        return par[0], par[1]
    if len(par) > 1:
        near = [m for m in aims if not m.joined and m.code != ""]
        if any(m.joined for m in aims) or "" in par:
            return (rep[0] if len(rep) == 1 else ""), ""
        par = [min(near, key=lambda m: min(abs(m.start - noun[1]), abs(m.end - noun[0]))).code]
    if len(rep) > 1:
        if any(m.joined for m in (*owners, *loose)) and not two_way:
            return "", par[0] if par else ""
        close = [m for m in (strong or owners) if m.code not in par]
        rep = (
            [min(close, key=lambda m: min(abs(m.start - noun[1]), abs(m.end - noun[0]))).code]
            if close
            else rep
        )
    return (rep[0] if rep else ""), (par[0] if par else "")


def _whole(view: Scene, mention: Mention, noun: tuple[int, int]) -> bool:
    """Tell whether only a word for the whole parts a noun of trade from its owner: total exports of the kingdom."""
    between = view.text[noun[1] : mention.start] if noun[1] <= mention.start else ""
    return view.words.pattern(r"\s*(?:<whole>)\s*").fullmatch(between) is not None


def does(view: Scene, mention: Mention, noun: tuple[int, int]) -> bool:
    """Tell whether a country is the subject of the verb of trade right behind it, where adjectives come last."""
    if view.words.language not in ADJECTIVE_LAST:
        return False
    gap = view.text[mention.end : noun[0]]
    return (
        re.fullmatch(
            r" (?:(?:a|ont|ha|han|avait|tem|se|ja|ya|tinha|lui|le|en|en a|en avait) )?", gap
        )
        is not None
    )


def _takes(view: Scene, mention: Mention, noun: tuple[int, int]) -> bool:
    """Tell whether a country bought of the exports named behind: China absorbed 2 bn of Angola's exports."""
    between = view.words.find("flow", view.text[mention.end : noun[0]])
    return bool(between) and between[0][2] == "imports" and between[0][0] < 4


def _with_verb(
    view: Scene, flow: str, found: list[Mention], noun: tuple[int, int]
) -> list[Mention]:
    """Give parties the roles that a verb of trade shows: Iraq shipped to Chinese refiners, sold China 3 bn."""
    if flow in ("turnover", "balance") or view.words.starting("verb", view.text[slice(*noun)]) is None:  # fmt: skip
        return found
    beside = [m for m in found if 0 <= m.start - noun[1] <= 1 and m.kind == "name"]
    if flow == "exports" and beside and beside[0].case == "gen":
        # продали России: behind a verb of selling the ending is that of the dative
        found = [replace(m, role="to") if m is beside[0] else m for m in found]
    able = [m for m in found if m.role == "bare" and m.kind == "name" and m.case in ("", "nom")]
    subjects = [m for m in able if m.end <= noun[0]] or [m for m in able if m.case]
    if len({m.code for m in subjects}) != 1:
        return found
    towards = _TOWARDS.get(flow, "to")
    buys = view.words.starting("buys", view.text[slice(*noun)]) is not None
    out = []
    for m in found:
        if any(m is s for s in subjects):
            m = replace(m, role="own")
        elif m.start >= noun[1] and m.role in ("bare", "adj") and m.case not in ("gen", "ins"):
            m = replace(m, role=towards)
        elif buys and m.role == "to" and m.kind == "name":
            m = replace(m, role="from")  # купил в Марокко: where it was bought
        out.append(m)
    return out


def _with_clause(
    view: Scene, flow: str, found: list[Mention], noun: tuple[int, int]
) -> list[Mention]:
    """Let the country that a clause is about act in it: the main buyer is Brazil, which imported 5 bn.

    Whoever is named before it is the other side where the clause names none: Spain lost to Canada, which sold 5 bn to China.
    """
    if view.words.language not in ADJECTIVE_LAST or flow not in ("exports", "imports"):
        return found
    ahead = [m for m in found if m.kind == "name" and m.end <= noun[0]]
    finite = view.words.starting("finite", view.text[noun[0] :]) is not None
    if not ahead or not finite or not _CLAUSE.fullmatch(view.text[ahead[-1].end : noun[0]]):
        return found
    rest = [m for m in found if m.start >= noun[1]]
    others = [] if rest else [replace(m, role=_TOWARDS.get(flow, "to")) for m in ahead[:-1]]
    return [*others, replace(ahead[-1], role="own"), *rest]


_CLAUSE = re.compile(r",? qu[ei] (?:(?:a|ont|en a|ha|han|lui a|le|lhe) )?")


def _placed(view: Scene, mention: Mention) -> bool:
    """Tell whether the words of a rank stand with a name: in a script without spaces between the same commas."""
    if view.words.language not in UNSPACED:
        return True
    lo = max((h.end() for h in _STOPS.finditer(view.text, 0, mention.start)), default=0)
    hit = _STOPS.search(view.text, mention.end)
    near = view.text[lo : hit.start() if hit else len(view.text)]
    return bool(view.words.find("rank", near)) and "世界" not in near and "全球" not in near


def _passes(view: Scene, flow: str, mention: Mention, noun: tuple[int, int]) -> bool:
    """Tell whether a country is only where other goods passed through, named with a word of re-exports before."""
    before = [n for n in view.nouns if n.end <= mention.start and n.start < noun[0]]
    return bool(before) and before[-1].flow == "re-exports" != flow


def _others(view: Scene, flow: str, mention: Mention, noun: tuple[int, int]) -> bool:
    """Tell whether a party stands with the other flow, named before: exports to China and imports."""
    if flow not in ("exports", "imports") or mention.end > noun[0]:
        return False
    before = [n for n in view.nouns if n.end <= mention.start and n.start < noun[0]]
    return bool(before) and before[-1].flow in {"exports", "imports"} - {flow}


def _goods(text: str, mention: Mention, noun: tuple[int, int], words: Vocabulary) -> bool:
    """Tell whether an adjective says where goods are from, as in imports of Chinese goods."""
    if mention.kind != "adj":
        return False
    behind = text[mention.end :]
    placed = mention.start > noun[1] or mention.role == "to"  # a market for Irish meat
    if words.starting("goods", behind) is not None or (
        placed and words.starting("product", behind) is not None
    ):
        return True
    ahead = text[: mention.start]
    of_goods = words.ending("goods", ahead) is not None
    if words.language in (*ADJECTIVE_LAST, "ar"):  # soja brasileira
        of_goods = of_goods or words.ending("product", ahead) is not None
    return of_goods and mention.start > noun[1]
