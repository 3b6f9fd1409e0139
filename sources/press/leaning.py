"""Owns the parties that the words of an amount do not name: what the text so far lets a reader take for them."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from sources.press import carry
from sources.press.home import mainland
from sources.press.naming import Mention
from sources.press.pairing import Sides
from sources.press.scene import Context, Scene
from sources.press.vocabulary import ADJECTIVE_LAST, AGGLUTINATIVE, UNSPACED

Parties = tuple[str, str, str]  # reporter, partner, and which of them is read by assumption


@dataclass
class Case:
    """One amount whose parties are asked for: its sentence, what they may be read from, and what is read so far."""

    view: Scene
    sides: Sides
    context: Context
    own: list[Mention]  # the parties beside the amount
    rep: str = ""
    par: str = ""

    @property
    def noun(self) -> tuple[int, int]:
        """Give where the noun of the amount stands."""
        return self.sides.noun_start, self.sides.noun_end

    def said(self, kind: str) -> bool:
        """Tell whether the sentence has a word of a kind."""
        return bool(self.view.words.find(kind, self.view.text))

    @functools.cached_property
    def stretch(self) -> str:
        """Give the words around the noun and the amount."""
        start = min(self.sides.left, self.sides.noun_start)
        return self.view.text[start : self.sides.amount_end + 30]

    @functools.cached_property
    def both(self) -> bool:
        """Tell whether the trade is said to be that of two countries, not named here."""
        previous = self.sides.previous
        near = bool(self.view.words.find("two", self.stretch))
        return near or (self.said("two") and not (previous and any(previous[:2])))

    @functools.cached_property
    def world(self) -> bool:
        """Tell whether the trade is said to be with the world."""
        return bool(self.view.words.find("world", self.stretch))

    @functools.cached_property
    def owners(self) -> list[str]:
        """Give the words for "our country" and "the country"; the second may be the one spoken of."""
        return [code for _, _, code in self.view.words.find("our", self.view.text)]

    @property
    def our(self) -> bool:
        """Tell whether the country that the text speaks from is meant."""
        return any(code != "the" for code in self.owners)


def reporter_of(case: Case) -> tuple[str, str]:
    """Give (reporter, field read by assumption) of trade whose words name only the partner."""
    context, par = case.context, case.par
    offices = {area for _, _, _, area in case.view.credits if len(area) == len("KGZ")}
    if len(offices) == 1 and par not in offices and case.view.words.language in AGGLUTINATIVE:
        return offices.pop(), ""  # the Kyrgyz office wrote that trade with China was 5 bn
    seller, buyer, spoken = context.last
    if spoken == case.sides.flow and buyer == context.home != "" and seller not in ("", par, "WORLD"):  # fmt: skip
        return seller, ""  # a story of what others sell to the country that the text speaks from
    if par in context.pair and not case.world:
        return context.pair[0] if context.pair[1] == par else context.pair[1], ""
    if context.anchor not in ("", par):
        return context.anchor, ""
    if case.our and context.home not in ("", par):
        return context.home, ""
    if case.our and context.lead not in ("", "-", par):
        return context.lead, "reporter"  # Chile's growers worried. The country sold ...
    if context.national not in ("", par):
        return context.national, ""
    if _foreign(context):
        return context.leader if context.leader != par else "", ""
    if context.home not in ("", par):
        return context.home, "reporter"
    if context.pair[0] not in ("", par):
        return context.pair[0], "reporter"
    topic = [c for c in context.topic if c != par]
    return (topic[0], "reporter") if len(topic) == 1 else ("", "")


def unnamed(case: Case) -> Parties:
    """Give the parties of trade whose words name neither side."""
    context, flow, words = case.context, case.sides.flow, case.view.words
    part = "part" if "part" in words.rows else "figure"
    if case.both:
        return (*_of_two(case), "")
    if context.national and (context.worldwide or case.world or not all(context.pair)):
        return context.national, "WORLD", ""
    if context.national == context.pair[0] != "" and not case.said(part):
        return context.national, "WORLD", ""  # back from one partner to the whole trade
    if _restated(case.view, context) and not case.said(part):
        return context.pair[0], "WORLD", ""
    if all(context.pair) and not case.world and not case.owners:
        return (*_of_the_pair(case), "")
    if case.our and not context.home and all(context.pair) and not case.world:
        return (*context.pair, "reporter")  # trade of France with Madagascar: our exports fell
    if case.world and context.pair[0] and not context.home:
        return context.pair[0], "WORLD", ""
    spoken = _countries(context.topic)
    if flow == "turnover" and not case.world and len(spoken) == 2:
        return (*context.home_first(spoken[0], spoken[1]), "")
    alone = context.topic[0] if len(context.topic) == 1 else ""
    only_partner = alone == context.last[1]
    if (
        case.our
        and flow == "turnover"
        and not case.world
        and context.home not in ("", alone)
        and alone
    ):
        return context.home, alone, ""  # the guest from Poland: our trade was 12 bn
    told = (
        context.subject if case.owners and not case.our and flow in ("exports", "imports") else ""
    )
    if (
        told
        and not context.national
        and len(told) == len("KGZ")
        and case.view.words.language in AGGLUTINATIVE
    ):
        return told, "WORLD", "reporter"  # Azerbaijan sold gas. The country's exports were 17 bn
    if not case.our and alone and context.home != alone and not only_partner:
        return alone, "WORLD", "reporter"  # it speaks of nobody else
    if context.home:
        return context.home, "WORLD", "" if case.our else "reporter"
    if case.our and context.lead == "" and mainland(case.view):
        return "CHN", "WORLD", "reporter"
    if case.our and context.lead not in ("", "-"):
        return context.lead, "WORLD", "reporter"  # 越南媒体报道,全国出口量
    if context.national:
        return context.national, "WORLD", ""
    return (alone, "WORLD", "reporter") if alone else ("", "", "")


def _of_two(case: Case) -> tuple[str, str]:
    """Give the two countries that "both countries" means, "" where they may be others."""
    context = case.context
    said = list(dict.fromkeys(m.code for m in case.view.named))
    if len(_countries(said)) == len(said) == 2 and not all(context.pair):
        return context.home_first(said[0], said[1])  # the envoy of India in Moscow: both ...
    if len(context.named) == 2 and set(context.named) != set(context.pair):
        return context.home_first(*context.named)
    fresh = [c for c in context.named if c not in context.pair]
    if (
        len(fresh) == len(context.named) == 1
        and context.home in context.pair
        and set(said) <= {context.home}
    ):
        return context.home, fresh[0]  # trade with Mexico was 1 bn. The next stop is India. The two
    if len(context.named) > 2 and not all(context.pair):
        return "", ""  # two of the several countries of the sentence before
    if all(context.pair) and "WORLD" not in context.pair:
        return context.pair
    latest = _countries(context.topic)[-2:]
    if len(latest) == 2:
        return context.home_first(latest[0], latest[1])
    if len(latest) == 1 and context.home not in ("", *latest, *context.topic):
        return context.home, latest[0]
    if len(context.topic) == 2:  # one of them a group
        return context.home_first(context.topic[0], context.topic[1])
    abroad = [c for c in context.places if c not in (context.home, *latest)]
    if len(latest) == len(abroad) == 1 and not context.home:
        return latest[0], abroad[0]  # the Vietnamese minister was received in Stockholm
    if not latest and context.home and len(abroad) == 1:
        return context.home, abroad[0]  # the minister was received in Bishkek: trade of the two
    return "", ""


def _of_the_pair(case: Case) -> tuple[str, str]:
    """Give the two parties that the text speaks of, the one first that the figure is told of."""
    context, flow = case.context, case.sides.flow
    rep, par = context.pair
    if flow == context.last[2] != "turnover" and set(context.last[:2]) == {rep, par}:
        rep, par = context.last[:2]  # Tajikistan sold us 5 bn. A year before it was 3
    done = case.view.words.starting("finite", case.view.text[slice(*case.noun)]) is not None
    if done and flow in ("exports", "imports") and context.subject == par:
        rep, par = par, rep  # China is Spain's main supplier: it sold it goods for 45 bn
    return rep, par


def partner_of(case: Case) -> str:
    """Give the partner of a claim that names only its reporter: the other party of the text, or the world."""
    view, sides, context, rep, both, world = (
        case.view, case.sides, case.context, case.rep, case.both, case.world
    )  # fmt: skip
    last = context.last
    if world and not both:
        return context.national if _took_of_story(case) else "WORLD"
    parallel = sides.shipped and sides.flow == last[2] and rep not in last and len(last[1]) == 3
    if parallel and view.words.language in (*ADJECTIVE_LAST, *AGGLUTINATIVE):
        return last[1]  # China bought 5 tonnes from Brazil, and Spain bought 2
    if _of_the_country(view, sides) and not both:
        return "WORLD"
    hub = carry.hub(rep, sides.flow, sides.shipped, view, context)
    if hub:
        return hub
    of_it = [s for s, _, _ in view.words.find("part", view.text) if s < sides.amount_end]
    again = (rep, sides.flow) == (context.last[0], context.last[2]) and not of_it
    if again and "part" in view.words.rows and not context.mutual and not both:
        return "WORLD"  # exports to China were 5 m tonnes, exports of beef 2 m
    if (
        not both
        and {sides.flow, last[2]} == {"exports", "imports"}
        and rep == last[1]
        and not sides.shipped
    ):
        owner = [m for m in sides.own if m.code == rep and m.role == "own"]
        if owner and view.words.language in AGGLUTINATIVE:
            return "WORLD"  # Russia sold Turkey wheat for 189 m. Food imports of Turkey were 20 bn
    if rep in context.pair and all(context.pair) and "WORLD" not in context.pair:
        return context.pair[0] if context.pair[1] == rep else context.pair[1]
    if both:
        others = [c for c in _countries(context.topic) if c != rep]
        others = others or list({m.code for m in view.named if len(m.code) == len("KGZ")} - {rep})
        if not others and context.home not in ("", rep):
            return context.home  # the envoy of Tajikistan said that trade of the two countries ...
        at_home = context.home if context.home in others else ""
        return others[0] if len(others) == 1 else at_home
    does = view.words.pattern("<deal>").fullmatch(view.text[sides.noun_start : sides.noun_end])
    plain = view.words.language in UNSPACED and not does  # 豪州のLNG輸出量: all of it
    other = {sides.flow, context.flow} == {"exports", "imports"} and not plain
    if other and context.national not in ("", rep):
        return context.national  # the text is about its exports, and this is who bought them
    acts = view.words.starting("verb", view.text[sides.noun_start : sides.noun_end]) is not None
    # Brazil shipped 6 m tonnes. The USA shipped 4
    alike = acts and "buys" in view.words.rows and last[1:] == ("WORLD", sides.flow)
    turned = (bool(does) and not alike) or (
        sides.flow != context.flow and not plain
    )  # Russia exported 38 tonnes, America 27: no pair
    if sides.shipped and turned and sides.flow in ("exports", "imports"):
        others = [c for c in _countries(context.topic) if c != rep]
        if context.teller not in ("", rep):
            return (
                context.teller
            )  # who buys and supplies in a story of exports deals with their country
    return "WORLD"


def _took_of_story(case: Case) -> bool:
    """Tell whether somebody bought what the country of the text sells: of the crop sent abroad Russia bought 462 tonnes."""
    view, sides, context = case.view, case.sides, case.context
    other = {sides.flow, context.flow} == {"exports", "imports"} and sides.shipped
    verb = view.words.starting("verb", view.text[sides.noun_start : sides.noun_end]) is not None
    return other and verb and context.national not in ("", case.rep) and case.rep in {m.code for m in sides.own}  # fmt: skip


def _of_the_country(view: Scene, sides: Sides) -> bool:
    """Tell whether a flow is said to be the whole country's: Irish firms lifted the country's exports to 160 bn."""
    if sides.flow not in ("exports", "imports") or sides.previous is not None:
        return False
    ahead = view.text[: sides.noun_start].rstrip()
    return sides.noun_end > 0 and view.words.ending("national", ahead) is not None


def _foreign(context: Context) -> bool:
    """Tell whether a text is about the trade of two other countries than the one it speaks from."""
    pair = all(context.pair) and "WORLD" not in context.pair
    return pair and bool(context.home) and context.home not in (*context.pair, *context.topic)


def _restated(view: Scene, context: Context) -> bool:
    """Tell whether an office opens the trade of its country anew after that with one partner: the ministry said ..."""
    offices = [s for s, _, _, area in view.credits if area and area == context.pair[0]]
    first = view.amounts[0].start if view.amounts else 0
    both = {"exports", "imports"} <= {n.flow for n in view.nouns}
    return bool(offices) and offices[0] < first and both and context.last[2] in ("exports", "imports")  # fmt: skip


def _countries(codes: list[str]) -> list[str]:
    return [c for c in codes if len(c) == 3 and c != "CIS"]
