"""Owns what a text keeps in mind: the parties, flow and period that a later sentence may lean on."""

from __future__ import annotations

import itertools

from sources.press import carry, govern
from sources.press.home import HOMES
from sources.press.meaning import aside, read, settle
from sources.press.naming import Mention
from sources.press.pairing import pair
from sources.press.scene import Claim, Context, Scene
from sources.press.vocabulary import (
    ADJECTIVE_LAST,
    AGGLUTINATIVE,
    UNSPACED,
)
from sources.press.when import FRONT
from sources.vocabulary import INTENDED

_YEAR = 4  # letters of a period that is a whole year


def _ranking(view: Scene) -> list[Mention]:
    """Give the country whose trade ranks another: the USA is India's top trading partner."""
    ranks = [n.start for n in view.nouns if n.kind == "rank"]
    ranks += [at for kind in ("rank", "rank_flow") for at, _, _ in view.words.find(kind, view.text)]
    if view.words.language in UNSPACED or not ranks:
        return []
    owners = [m for m in view.parties if m.role == "own" and m.kind == "name"]
    return [m for m in owners if any(0 < at - m.end <= _BEFORE_RANK for at in ranks)]


_BEFORE_RANK = len("'s second largest ")


_HEADING = 24  # characters of a heading


def announced(view: Scene, context: Context) -> None:
    """Keep the two parties of a sentence that speaks of trade without a figure: trade of Rabat with Madrid grew."""
    named = {m.code for m in view.parties if m.role != "in"}  # second only to the USA
    placed = any(n.kind == "rank" for n in view.nouns) and len(named) == 2
    ranks = [end for _, end, _ in view.words.find("rank_flow", view.text)]
    owners = [m for m in view.parties if any(0 <= m.start - end <= 1 for end in ranks)]
    owners = owners or _ranking(view)
    both = bool(view.words.find("two", view.text))
    if len(named) == 2 == len(view.parties) and len(owners) == 1 and not both:
        # Russia is the main trade partner of Tajikistan: whose partners the text goes on with
        partner = next(m.code for m in view.parties if m is not owners[0])
        context.pair, context.leader = (owners[0].code, partner), owners[0].code
    if view.words.find("rank", view.text) and not placed:
        _sold_to(view, context)
        return  # a list of partners: three quarters came from Russia, Bosnia was second
    if view.words.find("mostly", view.text):
        return  # sales of milk, above all to China, picked up: the story is of all of them
    countries = [c for c in context.topic if len(c) == 3 and c != "CIS"]
    if both and not named and len(countries) == 2 and "WORLD" not in countries:
        _pair_up(context, countries[0], countries[1])  # trade of the two countries remains uneven
        return
    if _headed(view) and len(named) == 2 == len(view.parties):
        _pair_up(context, *(m.code for m in view.parties))
        return
    for noun in (n for n in view.nouns if n.flow and n.kind != "earning"):
        reporter, partner = pair(view, noun.flow.rstrip("+-"), view.parties, (noun.start, noun.end))
        told = context.last[2] and len(named) == 1 and not view.words.find("rate", view.text)
        if partner and not reporter and told and view.words.language in AGGLUTINATIVE:
            reporter = context.national or context.home  # the republic goes on selling gas to China
            reporter = "" if reporter == partner else reporter
        if partner and not reporter and noun.flow == "imports" and not context.national:
            context.national = (
                partner  # Iran and Turkey bought more Russian wheat: a story of Russian sales
            )
        if reporter and partner:
            context.pair, context.worldwide, context.national = (reporter, partner), False, ""
            context.fresh = context.fresh or view.words.language in ADJECTIVE_LAST
        return


def _headed(view: Scene) -> bool:
    """Tell whether a line is the heading of a part about two countries: 斐济同日本的关系."""
    short = view.words.language in UNSPACED and len(view.text) <= _HEADING
    return short and view.words.ending("after_pair", view.text) is not None


def _sold_to(view: Scene, context: Context) -> None:
    """Keep the two parties that stand around a noun of trade: Kenya's exports to Tanzania grew fastest among its markets."""
    for noun in (n for n in view.nouns if n.flow in ("exports", "imports") and not n.weak):
        own = [m for m in view.parties if m.role in ("own", "adj") and 0 <= noun.start - m.end <= len("'s ")]  # fmt: skip
        towards = "to" if noun.flow == "exports" else "from"
        goal = [
            m
            for m in view.parties
            if m.role == towards and 0 <= m.start - noun.end <= len(" from the ")
        ]
        if len(own) == len(goal) == 1 and own[0].code != goal[0].code:
            context.pair, context.worldwide, context.national = (
                (own[0].code, goal[0].code),
                False,
                "",
            )
        return


def _pair_up(context: Context, first: str, second: str) -> None:
    """Keep two countries as those whose trade the text speaks of, the one it speaks from first."""
    context.pair = context.home_first(first, second)
    context.worldwide, context.national = False, ""


def _sides(claim: Claim) -> tuple[str, ...]:
    """Give whom a claim is of: its reporter, of a turnover both sides."""
    return (claim.reporter, claim.partner) if claim.flow == "turnover" else (claim.reporter,)


def _keep_spans(context: Context, actual: list[Claim]) -> None:
    """Keep the last period of each length, which "the month" and "the year" mean later."""
    for period in (c.period for c in actual if c.period and not c.back):
        first, last = read(period)
        context.spans[last - first + 1] = period


def _signed_flow(claim: Claim) -> str:
    """Give the flow of a claim as a noun has it: a balance with its sign."""
    if claim.flow != "balance":
        return claim.flow
    return "balance-" if claim.negative else "balance+"


def _part_of(period: str, main: str) -> bool:
    """Tell whether a period is a part of the one that a story is of: only the third quarter of nine months."""
    if not period or not main or period == main:
        return False
    (first, last), (start, end) = read(period), read(main)
    return start <= first and last <= end


def _month_alone(view: Scene, period: str, before: str) -> bool:
    """Tell whether a sentence only tells the last month of the story's run by itself: 7月単月の輸出は350億ドル."""
    if not period or not before or period == before or not view.words.find("alone", view.text):
        return False
    (first, last), (start, end) = read(period), read(before)
    return first == last == end and start < end


def _spoken(periods: list[str], before: str) -> str:
    """Give the period that a sentence leaves in mind: its first one, or the longer one that holds it."""
    first = periods[0] if periods else before
    if len(set(periods)) > 1 and all(len(p) == 4 for p in periods) and periods == sorted(periods):
        return periods[-1]  # 22 bn in 2000, 56 bn in 2010, 132 bn in 2017
    runs = [(read(period), period) for period in periods]
    holding = [p for run, p in runs if run[0] <= read(first)[0] and read(first)[1] <= run[1]]
    return max(holding, key=lambda p: read(p)[1] - read(p)[0], default=first)


def _left_home(view: Scene, context: Context, first: Claim) -> None:
    """Forget the country of an agency whose story is of two others: МОСКВА, РИА Новости. США закупили в Китае стали."""
    sides = {first.reporter, first.partner} - {"", "WORLD"}
    if len(sides) == len(context.pair) and context.home not in context.topic:
        context.home = "" if view.words.language not in HOMES else context.home


def _basis(actual: list[Claim], before: tuple[str, str]) -> tuple[str, str]:
    """Give the time of a figure and the one that it is set against: 109 bn in 2024, against 60 in 2020."""
    for one, other in itertools.pairwise(actual):
        same = (one.flow, one.partner) == (other.flow, other.partner)
        if same and one.period and other.period and other.back != one.back:
            later, earlier = (
                (one.period, other.period) if other.back else (other.period, one.period)
            )
            return (later, earlier) if earlier < later else before
    return before


def remember(view: Scene, context: Context, out: list[Claim]) -> None:
    """Keep what the next sentence may lean on."""
    codes = _keep_names(view, context, out)
    context.compared = context.compared or bool(view.words.find("prior", view.text))
    context.stepped = context.stepped or any(view.words.find(kind, view.text) for kind in ("stepped", "prior_month"))  # fmt: skip
    _keep_dates(view, context, out)
    actual = [c for c in out if c.status not in INTENDED]
    actual = carry.without_asides(view, actual)
    spoken_of = context.flow if context.fresh else ""
    _keep_story(view, context, out, actual)
    if not actual:
        _keep_flow_named(view, context, out)
        return
    first = actual[0]
    context.told_of = actual[-1].period
    _keep_spans(context, actual)
    _left_home(view, context, first)
    context.mutual = (context.mutual or first.flow == "turnover") and first.partner != "WORLD"
    carry.remember(view, context, actual)
    context.basis = _basis(actual, context.basis)
    _keep_ranks(view, context, actual)
    context.teller = next((c.reporter for c in reversed(actual) if c.reporter), context.teller)
    _keep_period(view, context, actual)
    _keep_flow(context, actual, spoken_of)
    _keep_parties(view, context, actual, codes)


def _keep_names(view: Scene, context: Context, out: list[Claim]) -> list[str]:
    """Keep whom a sentence names: the countries of the text in order, its lead, its subject; give their codes."""
    spoken = [m for m in view.parties if m.role != "peer"]
    there = [m for m in spoken if m.role == "in"]  # while there is war in Ukraine, A and B trade
    if view.words.language in AGGLUTINATIVE and len(spoken) - len(there) > 1:
        spoken = [m for m in spoken if m.role != "in"]
    codes = [m.code for m in spoken if m.kind in ("name", "adj", "pair") or m.role == "between"]
    capitals = [m.code for m in view.named if m.kind == "city"]
    context.places += [c for c in capitals if c not in context.places]
    for code in dict.fromkeys(c for part in codes for c in part.split("-")):
        if code in context.topic:
            context.topic.remove(code)
        context.topic.append(code)
    countries = [
        c for c in dict.fromkeys(c for part in codes for c in part.split("-")) if len(c) == 3
    ]
    places = {m.code for m in view.parties if m.role == "in"}
    context.named = tuple(c for c in countries if c not in places) if not out else ()
    spoken_for = [c for c in countries if c not in places]
    if not context.lead and spoken_for:
        context.lead = spoken_for[0] if len(spoken_for) == 1 else "-"
    bare = [m.code for m in view.parties if m.role == "bare" and m.kind == "name"]
    if bare or countries:
        context.subject = bare[0] if bare and (not out or bare[0] in _sides(out[0])) else ""
    others = [c for c in countries if c not in (context.home, context.national)]
    if out:
        others = [c for c in (out[-1].partner,) if c not in ("", "WORLD")]
    context.other = others[0] if len(others) == 1 else ""
    return codes


def _keep_dates(view: Scene, context: Context, out: list[Claim]) -> None:
    """Keep the time that a sentence without figures gives to the next ones, and the last year named."""
    if not out and (not context.period or not view.amounts):
        whens = [w for w in view.times if not w.prior and not w.same]
        coming = {c for _, _, c in view.words.find("status", view.text)} & set(INTENDED)
        aimed = bool(context.period) and bool(coming)  # it promises to meet all demand by 2030
        if (
            len(whens) == 1
            and not aimed
            and (whens[0].year or whens[0].shift is not None or not context.period)
        ):
            period = settle(whens[0], context.published, "", 0, context.home) or context.period
            wider = (
                bool(context.period) and len(period) == _YEAR and context.period[:_YEAR] == period
            )
            if not wider and (whens[0].start <= FRONT or period[:4] >= context.period[:4]):
                context.period = (
                    period  # else a year to compare with: the most of any month this year
                )
    for when in view.times:
        if when.year and not when.fiscal:
            context.year = when.year


def _keep_story(view: Scene, context: Context, out: list[Claim], actual: list[Claim]) -> None:
    """Keep whether the story of figures goes on, and what a target alone leaves to the next sentence."""
    # 16,900 kilolitres are no figure, but the text goes on with the trade that it tells.
    figures = [a for a in view.amounts if a.code]
    heads = not out and not figures and any(n.flow for n in view.nouns)
    goes_on = heads or (not out and bool(view.words.find("figure", view.text)))
    # "This is 3 bn more" and "In foreign trade:" leave the figures before them in mind.
    context.fresh = bool(actual) or (context.fresh and goes_on and all(n.flow for n in view.nouns))
    context.strayed = not out and any(not n.flow and not n.weak for n in view.nouns) and bool(view.amounts)  # fmt: skip
    told = not figures and all(n.flow or n.weak for n in view.nouns)
    context.story = bool(actual) or (context.story and told)
    if out and not actual:
        context.flow, context.fresh = _signed_flow(out[-1]), True
        context.currency = context.currency or out[-1].currency
        context.units = context.units or {out[-1].currency}
        if not all(context.pair) and out[-1].partner != "WORLD":
            context.pair = (out[-1].reporter, out[-1].partner)


def _keep_flow_named(view: Scene, context: Context, out: list[Claim]) -> None:
    """Keep the flow and the parties that a sentence without a figure speaks of."""
    flows = {n.flow for n in view.nouns if n.flow and (not n.weak or n.kind == "rank")}
    if not flows and not out and all(n.flow for n in view.nouns):
        flows = {n.flow for n in view.nouns}  # shipped 4 million bags of coffee
    balances = {flow for flow in flows if flow.startswith("balance")}
    if len(balances) == 1 and flows - balances == {"exports", "imports"}:
        flows = balances  # exports rose, imports fell, so that the surplus grew
    elif flows - balances or not govern.TRADE.search(view.text):
        flows -= balances
    if len(flows) == 1 and not out:
        context.flow = flows.pop()
    if not view.amounts:
        announced(view, context)


def _keep_ranks(view: Scene, context: Context, actual: list[Claim]) -> None:
    """Keep who leads a list, and whether it is one of markets."""
    first = actual[0]
    ranked = {code for _, _, code in view.words.find("rank_flow", view.text)}
    leads = view.words.find("rank", view.text) and not ranked and len(actual) == 1
    bare_own = [m.code for m in view.parties if m.role == "bare" and m.case != "gen"]
    context.leads = first.reporter if leads and bare_own == [first.reporter] else ""
    context.market = ranked == {"exports"} and first.flow == "exports"


def _keep_period(view: Scene, context: Context, actual: list[Claim]) -> None:
    """Keep the time that the text speaks of: that of this sentence, unless it only looks back or aside."""
    first = actual[0]
    period = _spoken([c.period for c in actual if c.period and not c.back], context.period)
    fronted = any(w.start < FRONT and w.end <= first.amount.start for w in view.times)
    past = any(w.start < FRONT and w.shift is not None and w.shift < -1 for w in view.times)
    if past and len(actual) == 1 and context.period:
        fronted = False  # five years ago it was 60 m: the story goes on in its own year
    part = bool(view.words.find("alone", view.text)) and _part_of(period, context.period)
    if fronted and part:
        fronted = False  # in June alone 23 m were sold: the story goes on in its half year
    context.main = context.main or period
    context.latest = actual[-1].period
    if _month_alone(view, period, context.period):
        period = context.period
    back = period == context.main  # after July alone, in the seven months: what the text is about
    if (
        view.words.language in UNSPACED
        and len(actual) == 1
        and aside(period, context.period)
        and not back
    ):
        fronted = False  # in January it had fallen to 46 bn; a time opens most sentences here
    told = _signed_flow(first) == context.flow and not fronted
    # In 2015 it had sold 70 bn: a look back, too.
    backdrop = bool(view.words.find("backdrop", view.text))
    told_before = not fronted or backdrop
    older = told_before and period[:4] < context.period[:4]  # second only to the record of 2014
    if backdrop and period and context.period:  # the June gap had first been put at 46 bn
        older = older or read(period)[1] < read(context.period)[0]
    series = (first.reporter, first.partner, first.flow)
    again = len(actual) == 1 and series == context.series
    if again and period and context.period and view.words.language in AGGLUTINATIVE:
        older = older or read(period)[1] < read(context.period)[0]  # it had been 14 in March
    if not older:
        context.series = series
    if not older and not (
        told
        and (part or aside(period, context.period))
        and not (back and view.words.language in UNSPACED)
    ):  # In the first quarter, ... opens a new time
        context.period = period


def _keep_flow(context: Context, actual: list[Claim], spoken_of: str) -> None:
    """Keep the flow, or the flows, and the currency that a sentence without a noun goes on with."""
    first = actual[0]
    whole = first.flow == "turnover" and first.period == actual[-1].period
    last = first if whole else actual[-1]  # trade was 9 bn, of it exports 5
    context.flow, context.currency = (
        _signed_flow(last),
        next((c.currency for c in reversed(actual) if c.currency != "tonne"), context.currency),
    )
    context.mixed = {"exports", "imports"} <= {c.flow for c in actual}
    ends = {(c.reporter, c.partner) for c in actual if c.flow == "exports"}
    # Russian exports were 31 bn, Indian ones 2 bn: the two sides of a turnover
    context.mixed = context.mixed or any((b, a) in ends for a, b in ends)
    if context.mixed and "turnover" in (spoken_of, *(c.flow for c in actual)):
        context.flow, context.mixed = "turnover", False  # trade of 30 bn, 13 exports and 17 imports


def _keep_parties(view: Scene, context: Context, actual: list[Claim], codes: list[str]) -> None:
    """Keep the pair whose trade the text tells, the country with all its partners, or what all partners share."""
    first = actual[0]
    for claim in reversed(actual):
        if claim.reporter and claim.partner == "WORLD":
            context.national = claim.reporter
        elif claim.reporter and claim.partner:
            context.pair = context.home_first(claim.reporter, claim.partner)
    sides = [{c.reporter, c.partner} - {"", "WORLD"} for c in actual]
    shared = set.intersection(*sides)
    if len(sides) > 1 and len(shared) == 1 and len(set.union(*sides)) > 2:
        context.anchor = next(iter(shared))
    elif context.anchor not in shared:
        context.anchor = ""
    context.worldwide = actual[-1].partner == "WORLD"
    if first.reporter and first.partner and first.partner != "WORLD":
        context.pair = context.home_first(first.reporter, first.partner)
        detail = context.national == context.pair[0] and first.flow != "turnover"
        if not detail:  # not one partner of the country whose trade with all the text is about
            context.national = ""
    placed = len({c.partner for c in actual}) > 1 and bool(view.words.find("rank", view.text))
    if placed and not context.anchor and first.reporter:
        context.anchor = actual[-1].reporter
    if context.anchor:  # several partners: the next sentence is of none of them
        # ... unless they break down one before them: of 18 bn to ASEAN 4 bn went to Thailand
        whole = first.partner not in ("", "WORLD", *codes) and first.reporter == context.anchor
        context.pair = (first.reporter, first.partner) if whole else ("", "")
        context.national = "" if whole else context.anchor
