"""Owns the role of a party beside the noun of an amount: what the words of trade around both make of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sources.press.naming import Mention
from sources.press.vocabulary import ADJECTIVE_LAST, AGGLUTINATIVE, UNSPACED

if TYPE_CHECKING:
    from sources.press.scene import Scene

_STOPS = re.compile("[,;、。:]")
_HEAD = 12  # characters within which a sentence begins
_NEAR = 20  # characters that an adjective or two take
_BY = re.compile(r"(?<!\w)(?:p[oe]l[oa]s?|por|par)(?: \w{1,3})? ?$")
TOWARDS = {"imports": "from", "re-imports": "from"}  # all other flows go "to"
TWO_WAY = ("turnover", "balance")


@dataclass(frozen=True)
class Beside:
    """The parties of one stretch and the noun that they stand beside, with what its words say of them."""

    view: Scene
    flow: str
    noun: tuple[int, int]
    found: list[Mention]
    roles: set[str]
    ranked: bool  # the sentence has a word of a place: the largest, the second
    placed: bool  # the noun itself is one: second supplier of Algeria
    weak: bool  # the noun is a word of any deal: sold, shipped

    @property
    def towards(self) -> str:
        """Give the role in which a partner stands."""
        return TOWARDS.get(self.flow, "to")

    @property
    def backwards(self) -> str:
        """Give the role of where the goods go the other way: the reporter's own side."""
        return "from" if self.towards == "to" else "to"

    @property
    def language(self) -> str:
        """Give the language."""
        return self.view.words.language

    def touches(self, mention: Mention) -> bool:
        """Tell whether a party stands right behind the noun."""
        return self.noun[1] > 0 and 0 <= mention.start - self.noun[1] <= 1

    def led(self, mention: Mention) -> bool:
        """Tell whether a party stands right before the noun."""
        return 0 <= self.noun[0] - mention.end <= 1

    def to_arabic(self, mention: Mention) -> bool:
        """Tell whether a party has the Arabic letter of "to" and "of" before it."""
        return self.language == "ar" and self.view.text[mention.start : mention.start + 1] == "ل"

    def begins(self, kind: str) -> bool:
        """Tell whether the noun begins with a kind of word."""
        return self.view.words.starting(kind, self.view.text[self.noun[0] :]) is not None


def beside(view: Scene, flow: str, found: list[Mention], noun: tuple[int, int]) -> Beside:
    """Give the parties of a stretch in the roles that the verb and the clause around them show."""
    words, spelt = view.words, view.text[slice(*noun)]
    found = _with_verb(view, flow, _with_clause(view, flow, found, noun), noun)
    return Beside(
        view, flow, noun, found, {m.role for m in found}, bool(words.find("rank", view.text)),
        words.starting("rank", spelt) is not None, words.pattern("<deal>").fullmatch(spelt) is not None,
    )  # fmt: skip


def role_of(at: Beside, mention: Mention) -> str:
    """Give the role of a party: own, adj, to, from, with, between, partner, bare; "" where it is none."""
    role = mention.role
    for rule in _RULES:
        role = rule(at, mention, role)
        if not role:
            break
    return role


def _opening(at: Beside, m: Mention, role: str) -> str:
    """Au Canada, les exportations: whose they are."""
    opens = role == "to" and m.start < _HEAD and at.noun[0] > m.end
    opens = opens and at.view.words.starting("towards", at.view.text) is None  # vers le Canada, ...
    comma = opens and at.view.text[m.end : m.end + 1] == ","
    return "own" if comma and at.language in ADJECTIVE_LAST else role


def _arabic(at: Beside, m: Mention, role: str) -> str:
    """In Arabic the owner stands behind what it owns: صادرات قطر, the first partner of Jordan, الصادرات الكلية للمملكة."""
    if at.language != "ar":
        return role
    if (role == "bare" and at.touches(m)) or _who(at, m):
        return "own"
    if role == "bare" and at.ranked and at.view.words.ending("rank_flow", at.view.text[: m.start]) is not None:  # fmt: skip
        return "own"  # شركاء الإمارات: partners of the Emirates
    owner = role == "to" and at.to_arabic(m) and (at.ranked or _whole(at.view, m, at.noun))
    if role == "to" and at.to_arabic(m) and at.noun[1] < m.start <= at.noun[1] + _NEAR:
        # الصادرات النفطية للمملكة: the kingdom that the text is of
        owner = owner or at.view.words.starting("our", at.view.text[m.start :]) is not None
    if at.view.text[: at.noun[1]].endswith("تها") and m.end <= at.noun[0]:  # وارداتها: its imports
        acting = {o.code for o in at.found if o.role == "bare" and o.end <= at.noun[0]}
        if len(acting) == 1:
            return "own" if m.code in acting else "" if role == "adj" else role
    return "own" if owner else role


def _who(at: Beside, m: Mention) -> bool:
    """Tell whether a country is who did what a relative clause says: الصين التي استوردت (China, which imported)."""
    gap = at.view.text[m.end : at.noun[0]] if m.end <= at.noun[0] else ""
    return (
        bool(gap) and at.view.words.pattern(",?،? <relative_clause> ?").fullmatch(gap) is not None
    )


def _placed_noun(at: Beside, m: Mention, role: str) -> str:
    """Second of the countries that export to Algeria: whose list it is."""
    pointed = role in ("to", "from") and m.start >= at.noun[1] and at.language in AGGLUTINATIVE
    owner = at.placed and role in ("own", "adj", "to", "from") and not pointed
    return "own" if owner else role


def _in_case(at: Beside, m: Mention, role: str) -> str:
    """Let a case show the owner: purchases by Turkey; the largest partner of Georgia."""
    owner = role == "bare" and (m.case == "ins" or (at.ranked and m.case == "gen"))
    return "own" if owner else role


def _ranked(at: Beside, m: Mention, role: str) -> str:
    """Russia is the largest supplier, China remains the main market: partners, unless they act: Brazil exported 5 bn."""
    if role != "bare" or not at.ranked:
        return role
    one_way = at.flow in ("exports", "imports") and at.language in AGGLUTINATIVE
    goals = [o for o in at.found if o is not m and o.role in (at.towards, "with")]
    if at.language in UNSPACED:  # 名列第二的是荷兰,对德出口额507亿
        goals += [o for o in at.found if o.start > m.start and o.role == "partner"]
    aimed = any(not at.to_arabic(o) for o in goals)
    aimed = aimed or any(o is not m and _of_rank(at, o, "own") != "own" for o in at.found)
    if at.flow == "imports":  # first in purchases of Turkish goods was Iraq
        aimed = aimed or any(o.kind == "adj" and o is not m and _goods(at, o) for o in at.found)
    alone = (one_way or not m.joined) and not aimed and _near_rank(at.view, m)
    acts = does(at.view, m, at.noun)  # Espanha comprou 2 bn, seguida de França: never who sold them
    return "partner" if alone and not (acts and (at.flow == "imports" or not at.weak)) else role


def _of_rank(at: Beside, m: Mention, role: str) -> str:
    """First among suppliers of Turkey, having sent it 45 bn: whose supplier or buyer another country is."""
    if not at.ranked or at.placed or at.flow not in ("exports", "imports") or role != "own":
        return role
    ranks = at.view.words.find("rank_flow", at.view.text)
    near = [code for _, end, code in ranks if 0 <= m.start - end <= len(" of ")]
    goals = {("exports", "imports"): "to", ("imports", "exports"): "from"}
    return goals.get((at.flow, near[-1]), role) if near else role


def _market(at: Beside, m: Mention) -> bool:
    """Tell whether goods were sold on somebody's market: продали на российский рынок."""
    aimed = at.view.words.starting("role_after", at.view.text[m.end :][:24]) is not None
    return m.kind == "adj" and m.start > at.noun[1] and aimed and at.language not in UNSPACED


def _adjective(at: Beside, m: Mention, role: str) -> str:
    """In der deutschen Handelsbilanz: the adjective of the noun; the market for Turkish goods."""
    if role not in ("to", "from") or _market(at, m):  # sold on the Russian market
        return role
    inside = at.noun[0] <= m.start and m.end < at.noun[1]  # Minus in der deutschen Handelsbilanz
    if m.kind == "adj" and (at.led(m) or inside):
        return "adj"
    return "adj" if at.flow == "exports" and _goods(at, m) else role


def _dative(at: Beside, m: Mention, role: str) -> str:
    """Kazakhstan sold China 5 tonnes; among suppliers of Egypt, Ukraine shipped 1.5 tonnes."""
    if role == "bare" and at.flow == "exports" and at.touches(m) and at.begins("dative"):
        role = "to"
    acts = m.role == "bare" and at.ranked and at.led(m) and at.begins("doing")
    return "own" if acts else role


def _other_flow(at: Beside, m: Mention, role: str) -> str:
    """Exports to China fell, while imports rose to 5 bn: the partner; re-exports from Hong Kong counted: no party."""
    if role == "from" and _passes(at, m):
        return ""
    return "partner" if role in ("to", "from") and _others(at, m) else role


def _of_balance(at: Beside, m: Mention, role: str) -> str:
    """The trade with China brought a surplus to Brazil; the deficit of Jordan; a surplus for Brazil."""
    if role != "to" or at.flow not in TWO_WAY:
        return role
    if at.flow == "balance" and "with" in at.roles:
        return "own"
    before = at.view.text[max(0, m.start - 24) : m.start]
    favoured = at.flow == "balance" and at.view.words.ending("benefit", before) is not None
    return "own" if favoured or at.to_arabic(m) else role


def _of_imports(at: Beside, m: Mention, role: str) -> str:
    """Importações brasileiras de soja da Argentina; l'Algérie a importé de la Chine; Moçambique comprou a Portugal."""
    if at.flow != "imports":
        return role
    if role in ("adj", "own", "to") and _goods(at, m):
        return "from"
    behind = m.start > at.noun[1] and at.language in ADJECTIVE_LAST
    ahead = {o.role for o in at.found if o.end <= at.noun[0]}
    if role == "own" and m.kind == "name":
        if any(o.kind == "adj" and at.noun[1] <= o.start < m.start for o in at.found):
            return "from"
        before = at.view.text[max(0, m.start - 24) : m.start]
        acts = bool(ahead & {"bare", "adj", "own"}) and not at.placed and not _BY.search(before)
        return "from" if behind and acts else role
    if role == "to":
        gap = at.view.text[m.end : at.noun[0]]  # a Paraguay le compró
        asked = re.fullmatch(r" (?:les?|lhes?|lui|leur) ", gap) is not None
        bought = behind and not _aims(at, m) and any(o.kind == "adj" and at.noun[1] <= o.start < m.start for o in at.found)  # fmt: skip
        return "from" if asked or bought or (behind and "bare" in ahead) else role
    return role


def _aims(at: Beside, m: Mention) -> bool:
    """Tell whether the word before a party only means where to: compras angolanas à China are none of these."""
    before = at.view.words.pattern(r"(?:<article>) ?$").sub(
        "", at.view.text[max(0, m.start - 24) : m.start]
    )
    return at.view.words.ending("towards", before) is not None


# In this order: a later rule sees the role that an earlier one gave.
_RULES: tuple[Callable[[Beside, Mention, str], str], ...] = (
    _opening, _arabic, _placed_noun, _in_case, _ranked, _of_rank, _adjective, _dative, _other_flow,
    _of_balance, _of_imports,
)  # fmt: skip


def _whole(view: Scene, mention: Mention, noun: tuple[int, int]) -> bool:
    """Tell whether only a word for the whole parts a noun of trade from its owner: total exports of the kingdom."""
    between = view.text[noun[1] : mention.start] if noun[1] <= mention.start else ""
    return view.words.pattern(r"\s*(?:<whole>|<of_goods>)\s*").fullmatch(between) is not None


def does(view: Scene, mention: Mention, noun: tuple[int, int]) -> bool:
    """Tell whether a country is the subject of the verb of trade behind it: Brasil vendeu; Italia, su socio, compró.

    That is so where adjectives come last.
    """
    if view.words.language not in ADJECTIVE_LAST:
        return False
    gap = view.text[mention.end : noun[0]]
    return (
        re.fullmatch(
            r"(?:, [^,;()\d]{3,50},)? (?:(?:a|ont|ha|han|avait|tem|se|ja|ya|tinha|lui|le|en|en a|en avait) )?",
            gap,
        )
        is not None
    )


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
    if view.words.language == "ar":  # there the verb stands first: استوردت سوريا
        subjects = [m for m in able if 0 <= m.start - noun[1] <= 1] or subjects
    if len({m.code for m in subjects}) != 1:
        return found
    towards = TOWARDS.get(flow, "to")
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
    if view.words.language not in ADJECTIVE_LAST or flow == "balance":
        return found
    ahead = [m for m in found if m.kind == "name" and m.end <= noun[0]]
    finite = view.words.starting("finite", view.text[noun[0] :]) is not None
    if not ahead or not finite or not _CLAUSE.fullmatch(view.text[ahead[-1].end : noun[0]]):
        return found
    told = {c for start, _, c in view.words.find("flow", view.text) if start == noun[0]}
    if told and flow not in told:  # second only to the USA, which bought 5 bn of its goods
        owners = [m for m in found if m.end <= noun[0] and m.role in ("own", "adj")]
        return [*owners, replace(ahead[-1], role=TOWARDS.get(flow, "to"))]
    rest = [m for m in found if m.start >= noun[1]]
    others = [] if rest else [replace(m, role=TOWARDS.get(flow, "to")) for m in ahead[:-1]]
    return [*others, replace(ahead[-1], role="own"), *rest]


_CLAUSE = re.compile(r",? qu[ei] (?:(?:a|ont|en a|ha|han|lui a|le|lhe) )?")


def _near_rank(view: Scene, mention: Mention) -> bool:
    """Tell whether the words of a rank stand with a name: in a script without spaces between the same commas."""
    if view.words.language not in UNSPACED:
        return True
    lo = max((h.end() for h in _STOPS.finditer(view.text, 0, mention.start)), default=0)
    hit = _STOPS.search(view.text, mention.end)
    near = view.text[lo : hit.start() if hit else len(view.text)]
    return bool(view.words.find("rank", near)) and "世界" not in near and "全球" not in near


def _passes(at: Beside, mention: Mention) -> bool:
    """Tell whether a country is only where other goods passed through, named with a word of re-exports before."""
    before = [n for n in at.view.nouns if n.end <= mention.start and n.start < at.noun[0]]
    return bool(before) and before[-1].flow == "re-exports" != at.flow


def _others(at: Beside, mention: Mention) -> bool:
    """Tell whether a party stands with the other flow, named before: exports to China and imports."""
    if at.flow not in ("exports", "imports") or mention.end > at.noun[0]:
        return False
    before = [n for n in at.view.nouns if n.end <= mention.start and n.start < at.noun[0]]
    return bool(before) and before[-1].flow in {"exports", "imports"} - {at.flow}


def _goods(at: Beside, mention: Mention) -> bool:
    """Tell whether an adjective says where goods are from, as in imports of Chinese goods."""
    if mention.kind != "adj":
        return False
    text, words = at.view.text, at.view.words
    behind = text[mention.end :]
    placed = mention.start > at.noun[1] or mention.role == "to"  # a market for Irish meat
    if words.starting("goods", behind) is not None or (
        placed and words.starting("product", behind) is not None
    ):
        return True
    ahead = text[: mention.start]
    of_goods = words.ending("goods", ahead) is not None
    if at.language in (*ADJECTIVE_LAST, "ar"):  # soja brasileira
        of_goods = of_goods or words.ending("product", ahead) is not None
    return of_goods and mention.start > at.noun[1]
