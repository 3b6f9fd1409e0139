"""Owns the reading of a sentence: which of its amounts are trade, and what each of them says."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from sources.press import carry, govern
from sources.press.amounts import Amount
from sources.press.dating import is_origin, period, status
from sources.press.meaning import aside, read, settle
from sources.press.pairing import Sides, pair, settle_sides
from sources.press.parties import Mention
from sources.press.scene import Claim, Context, Noun, Scene, scene
from sources.press.story import from_our_side
from sources.press.text import Sentence
from sources.press.vocabulary import (
    ADJECTIVE_LAST,
    AGGLUTINATIVE,
    UNSPACED,
    Vocabulary,
    fold,
    simplified,
)
from sources.press.when import When

_FRONT = 5  # a time that starts within so many characters opens its sentence
_YEAR = 4  # letters of a period that is a whole year
OUR = "OUR"  # the code of names that mean the country the text speaks from

_DATELINE = re.compile(r"\s?(?:[.,:/(-].*|\d.*)?", re.S)  # Tashkent. 5 May; Ankara (AA)


def claims(sentence: Sentence, words: Vocabulary, context: Context) -> list[Claim]:
    """Give the trade figures of one sentence, in order; none where the sentence is about something else."""
    view = scene(sentence, words)
    _home(view, context)
    _resolve(view, context)
    carry.point(view, context)
    out: list[Claim] = []
    if view.amounts and (any(n.flow for n in view.nouns) or carry.unsaid_flow(view, context)):
        out = _read(view, context)
    _remember(view, context, out)
    return out


def _resolve(view: Scene, context: Context) -> None:
    """Settle the names that only the text gives a meaning to; those that stay open are no parties."""
    if all(m.code != OUR and " " not in m.code for m in view.parties):
        return
    known = {m.start: _resolved(m, view, context) for m in view.parties}
    view.parties = [m for m in known.values() if m.code]
    view.labels = {at: known.get(m.start, m) for at, m in view.labels.items()}


def _resolved(mention: Mention, view: Scene, context: Context) -> Mention:
    """Settle a name that several countries share, or the speaker's own: 我国, 埃 (Egypt, Ethiopia)."""
    if mention.code == OUR:
        plain = view.words.language == "zh" and all(simplified(letter) == letter for letter in view.sentence.text)  # fmt: skip
        if not context.told and not context.home and plain:
            context.home = "CHN"  # in simplified letters it is the mainland, else it is left open
        return replace(mention, code=context.home)
    if " " not in mention.code:
        return mention
    spoken = [m.code for m in view.parties if " " not in m.code]
    spoken = [context.home, *spoken, *reversed(context.topic)]
    parts = []
    for part in mention.code.split("-"):
        choices = part.split()
        parts.append(next((c for c in spoken if c in choices), choices[0]))
    return replace(mention, code="-".join(parts))


def _home(view: Scene, context: Context) -> None:
    """Take the country that the text speaks from, from an office or a dateline; the first one counts."""
    if context.told:
        return
    first = view.named[0] if view.named else None
    if (
        first is not None
        and first.kind == "city"
        and _DATELINE.fullmatch(view.text, first.end)
        and not first.start
    ):
        context.home, context.told = first.code, True
        return
    named = [(at, c) for kind in ("home", "org") for at, _, c in view.words.find(kind, view.text)]
    named += [(m.start, m.code) for m in view.named if view.words.starting("office", view.text[m.end :]) is not None]  # fmt: skip
    named += [(m.start, m.code) for m in view.named if m.kind == "adj" and view.words.ending("office_before", view.text[max(0, m.start - 60) : m.start]) is not None]  # fmt: skip
    named += [(m.start, m.code) for m in view.named if view.words.ending("office_of", view.text[: m.start]) is not None]  # fmt: skip
    code = next((c for _, c in sorted(named) if c and c != OUR), "")
    if code:
        context.home, context.told = code, True


def _read(view: Scene, context: Context) -> list[Claim]:
    out: list[Claim] = []
    last: Noun | None = None
    inherited = ""
    nouns: list[Noun] = []
    chosen: list[tuple[int, Amount, Noun, str, bool]] = []
    carried = carry.unsaid_flow(view, context)
    unsaid = Noun(0, 0, carried) if carried else None
    for index, amount in enumerate(view.amounts):
        noun = govern.governor(view, index, last) or unsaid
        noun = govern.turned(view, index, noun)
        if chosen and chosen[-1][0] == index - 1 and govern.worth(view, index):
            noun = chosen[-1][2]
        if govern.converted(view, index):
            continue
        code = amount.code
        assumed = False
        if not code:
            if inherited == "tonne" and amount.scale >= 1e9:
                inherited = context.currency  # no country trades in billions of tonnes
            code, assumed = (
                inherited
                or _ahead(view, index)
                or (context.currency if chosen or context.fresh else ""),
                True,
            )
            if not code or amount.scale < 1e6 or not govern.elided(view, amount):
                last = noun if noun and noun.start >= amount.end else last
                continue
        else:
            inherited = code
        if noun is None or not noun.flow:
            continue
        if not govern.of_trade(view, noun, context):
            continue
        same = bool(chosen) and chosen[-1][2] is noun
        if not same and not govern.of_countries(view, noun, amount, context):
            continue
        plain, noun = noun, govern.signed(view, noun, amount)
        if noun is plain and govern.is_change(view, amount):
            continue
        noun = _between(view, index, noun)
        if view.words.ending("worse", view.text[: amount.start]) is not None:
            continue  # in deficit, with a deterioration of 31 bn
        last = noun
        chosen.append((index, amount, noun, code, assumed))
        nouns.append(noun)
    plain_balances = {c[1].start for c in chosen if c[2].flow == "balance"}
    dealt = view.dealt = govern.dealt_out(view, chosen)
    nouns = govern.respectively(view, [c[1] for c in chosen], nouns)
    for (index, amount, _, code, assumed), noun in zip(chosen, nouns, strict=True):
        claim = Claim(view.sentence, amount, code, assumed=("currency",) if assumed else ())
        claim.flow = noun.flow.rstrip("+-")
        claim.negative = noun.flow.endswith("-")
        if out and out[-1].amount is view.amounts[index - 1] and govern.worth(view, index):
            out.append(
                replace(out[-1], amount=amount, currency=code, assumed=claim.assumed, approx="")
            )
            continue
        left = govern.left_end(view, index)
        right = govern.right_end(view, index)
        _sides(view, claim, noun, left, right, out, context, dealt.get(amount.start))
        claim.partner = _partner(view, claim, min(left, noun.start), right)
        theirs = any(m.role == "own" and m.code == claim.reporter for m in view.parties)
        # In trade between two countries the text's own one reports; Japan's trade with it is Japan's.
        if claim.flow == "turnover" and claim.partner == context.home != "" and not theirs:
            claim.reporter, claim.partner = claim.partner, claim.reporter
        _favoured(view, claim, left, right, context)
        if _whole(view, claim, noun):
            claim.partner = "WORLD"
        from_our_side(view, claim, noun, context, out)
        if _ranked(view, claim, context):
            turned = claim.flow == "turnover"  # what it sold or bought itself, it reports
            claim.reporter, claim.partner = ("", claim.reporter) if turned else (claim.reporter, "")
        claim.period = period(view, claim, noun, left, right, out, context)
        _source(view, claim, left, right, context, out)
        _qualify(view, claim, noun, left, right)
        out.append(claim)
    out = [c for c in out if not _milestone(view, c, out)]
    _sign_by_flows(out, plain_balances)
    if view.words.language in AGGLUTINATIVE:
        _shared_aims(view, out)
    _spanned(view, out, context)
    for position, claim in enumerate(_parallel_times(view, out)):
        out[position] = claim
    return [c for c in out if not (c.amount.value < 1000 and c.currency != "tonne")]


def _between(view: Scene, index: int, noun: Noun) -> Noun:
    """Take what is said of two parties, far from its noun, for their trade: and between Egypt and Spain 4 bn."""
    left, amount = govern.left_end(view, index), view.amounts[index]
    sides = [m for m in view.parties if left <= m.start < amount.start and m.role == "between"]
    apart = len(sides) == 2 and re.search("[,،;]", view.text[noun.end : sides[0].start])
    if apart and noun.flow in ("exports", "imports"):
        return replace(noun, flow="turnover")
    return noun


def _ahead(view: Scene, index: int) -> str:
    """Give the currency that a list prints with its last amount only: exports 224, imports 299 bn dollars."""
    later = view.amounts[index + 1 :]
    coded = next((a for a in later if a.code), None)
    if coded is None or coded.code == "tonne" or coded.scale != view.amounts[index].scale:
        return ""
    between = [n for n in view.nouns if view.amounts[index].end <= n.start < coded.start]
    return coded.code if all(n.flow for n in between) else ""


def _milestone(view: Scene, claim: Claim, out: list[Claim]) -> bool:
    """Tell whether an amount is only the round mark that a figure beside it passed: 979 m, past the mark of 900 m."""
    if view.words.starting("milestone", view.text[claim.amount.end :]) is None:
        return False
    meant = (claim.flow, claim.reporter, claim.partner, claim.period)
    near = [c for c in out if c is not claim and (c.flow, c.reporter, c.partner, c.period) == meant]
    return any(c.amount.value > claim.amount.value for c in near)


def _sides(
    view: Scene, claim: Claim, noun: Noun, left: int, right: int, out: list[Claim], context: Context,
    dealt: Mention | None,
) -> None:  # fmt: skip
    lo = view.clause(claim.amount.start)[0]
    previous = out[-1] if out else None
    own = [m for m in view.parties if left <= m.start < right]
    shared = [m for m in view.parties if m.start < (view.amounts[0].start if view.amounts else 0)]
    if previous is not None and noun.start < left:
        head = [m for m in view.parties if lo <= m.start < left and m.start < claim.amount.start]
    else:
        head = []
    sides = Sides(own, head or shared, (previous.reporter, previous.partner, previous.flow) if previous else None,
                  claim.flow, noun.start, noun.end, claim.amount.start, claim.amount.end, left, dealt,
                  carried=noun.kind == "earning" or (not noun.end and carry.carried(view, claim.amount, context)),
                  shipped=noun.weak or claim.currency == "tonne")  # fmt: skip
    claim.reporter, claim.partner, guessed = settle_sides(view, sides, context)
    if guessed:
        claim.assumed = (*claim.assumed, guessed)


def _favoured(view: Scene, claim: Claim, left: int, right: int, context: Context) -> None:
    """Let the other side report a gap in somebody's favour: the gap in Beijing's favour was 83 bn."""
    if claim.flow != "balance":
        return
    beside = [m for m in view.parties if left <= m.start < right]
    named = [m for m in beside if view.words.starting("favour", view.text[m.end :]) is not None]
    if not named or named[0].code not in (claim.reporter, claim.partner):
        return
    other = claim.partner if claim.reporter == named[0].code else claim.reporter
    claim.reporter, claim.partner, claim.negative = other, named[0].code, True


def _whole(view: Scene, claim: Claim, noun: Noun) -> bool:
    """Tell whether a figure is of all trade, whoever was named before: a third of its total imports of 950 million."""
    if not claim.reporter or claim.flow not in ("exports", "imports") or not noun.end:
        return False
    named = any(noun.end < m.start and m.end <= claim.amount.start for m in view.parties)
    return not named and view.words.starting("whole", view.text[noun.end :]) is not None


def _ranked(view: Scene, claim: Claim, context: Context) -> bool:
    """Tell whether a country in a place of a list was read as reporter: China is in first place with 6 bn."""
    if view.words.language not in AGGLUTINATIVE or context.home in ("", claim.reporter):
        return False
    said = {m.code for m in view.parties}
    placed = re.search(r"(?<!\w)(?:орын|ўрин|орун|o'rin|sirada)\w*", view.text) is not None
    return placed and claim.partner == "WORLD" and said == {claim.reporter}


def _partner(view: Scene, claim: Claim, left: int, right: int) -> str:
    """Give the partner, the world for a total that opens a sentence and "" for countries not named."""
    said = {code for m in view.parties if m.role != "in" for code in m.code.split("-")}
    if not claim.partner or claim.partner in said:
        return claim.partner
    kinds = {code for _, _, code in view.words.find("unnamed", view.text[left:right])}
    if "group" in kinds or (kinds and claim.partner == "WORLD"):
        return ""  # to Arab countries; the Asian country may be the partner spoken of before
    total = view.words.starting("overall", view.text) is not None
    if total and claim.flow in ("exports", "imports") and not view.words.find("two", view.text):
        return "WORLD" if claim.reporter else claim.partner
    return claim.partner


def _source(
    view: Scene, claim: Claim, left: int, right: int, context: Context, out: list[Claim]
) -> None:
    amount = claim.amount
    near = [c for c in view.credits if amount.end <= c[0] <= max(right, amount.end + 4)]
    lead = [c for c in view.credits if c[0] < amount.start and c[0] >= left]
    if amount is not view.amounts[0]:  # behind a comma it is the next amount's, else the last one's
        lead = [c for c in lead if re.search(r"[,،;，、(]\s*$", view.text[: c[0]])]
    rest = [c for c in view.credits if c[0] < (view.amounts[0].start if view.amounts else 0)]
    if out and _apart(claim, out[0]) and any(left <= w.start < right for w in view.times):
        rest = []  # other parties at another time of their own: what was credited is over
    last = (
        [c for c in view.credits if c[0] >= view.amounts[-1].end]
        if not (near or lead or rest)
        else []
    )
    pick = (near or lead or rest or last)[:1]
    if not pick:
        return
    claim.source, claim.records = pick[0][2], pick[0][3]
    if not claim.records and view.words.find("region", fold(claim.source)):
        groups = [c for c in context.topic if len(c) > 3 or c == "EU"]
        claim.records = context.anchor if context.anchor in groups else (groups or [""])[-1]
        if claim.partner not in ("", claim.records) and claim.flow == "turnover":
            claim.reporter = claim.records or claim.reporter
    _by_records(view, claim)
    if "reporter" in claim.assumed and claim.records not in ("", claim.partner):
        claim.reporter = claim.records
        claim.assumed = tuple(name for name in claim.assumed if name != "reporter")


def _apart(claim: Claim, first: Claim) -> bool:
    """Tell whether a claim has another period and another partner than the first of its sentence."""
    if not claim.period or not first.period or claim.period == first.period or claim.back:
        return False
    return {claim.reporter, claim.partner} != {first.reporter, first.partner}


def _by_records(view: Scene, claim: Claim) -> None:
    """Let the office that is credited be the reporter where the parties leave room for it."""
    code = claim.records
    if not code or claim.flow not in ("turnover", "balance"):
        return
    if code == claim.partner and claim.flow == "turnover":
        claim.reporter, claim.partner = claim.partner, claim.reporter
    elif claim.partner and claim.partner != "WORLD" and not claim.reporter:
        claim.reporter = code


def _qualify(view: Scene, claim: Claim, noun: Noun, left: int, right: int) -> None:
    words, text, amount = view.words, view.text, claim.amount
    claim.status = status(view, claim, noun, left)
    if amount.high:
        claim.approx = "range"
    else:
        before = words.ending("approx", text[max(0, amount.start - 40) : amount.start])
        after = words.starting("approx_after", text[amount.end : amount.end + 24])
        # The verb may stand before its subject: exceeded the exports of Iraq 2 billion.
        verb = words.ending("approx", text[max(0, noun.start - 16) : noun.start])
        claim.approx = before or after or (verb or "" if left <= noun.start < amount.start else "")
    floor = max([n.end for n in view.nouns if n.end <= noun.start] + [noun.start - 30, 0])
    first = min([a.start for a in view.amounts if a.start >= noun.end] + [noun.end + 40])
    near = text[max(left, floor) : max(first, amount.start)]
    if noun.start < left:
        near = text[floor:first]
    beside = text[max(left, noun.start - 30) : max(first, amount.start)]
    concept = words.find("concept", near if noun.start < left else beside)
    claim.concept = concept[0][2] if concept else ""
    product = words.find(
        "product",
        near if noun.start < amount.start else text[max(left, amount.start - 60) : noun.end + 20],
    )
    if product:
        base = (
            near
            if noun.start < amount.start
            else text[max(left, amount.start - 60) : noun.end + 20]
        )
        claim.commodity = base[product[0][0] : product[0][1]].strip()
    item = _item(view, claim, noun, left)
    claim.commodity = item or claim.commodity


def _item(view: Scene, claim: Claim, noun: Noun, left: int) -> str:
    """Give the product that labels an amount: telecom instruments ($6.5 bn), beef grew to 8.8 bn."""
    text, amount = view.text, claim.amount
    if amount.start in view.labels or amount.start < noun.end:
        return ""
    words = view.words
    if noun.start < left:
        named = words.find("product", text[left : amount.start])
        if named:
            start, end, _ = named[-1]
            return text[left + start : left + end].strip()
    behind = text[amount.end : amount.end + 1]
    head = re.search(
        r"([^\d%()（）,;:，；：、]{3,60}) ?[(（] ?$", text[max(0, noun.end) : amount.start]
    )
    if not head or behind not in (")", "）") or text.count("(") + text.count("（") < 2:
        return ""
    label = re.sub(
        rf"^(?:.*(?<!\w)(?:includ\w+|were|are|with|{words.fragment('and')})(?!\w))", "", head[1]
    )
    if (
        not label.strip()
        or words.find("flow", label)
        or any(
            m.start >= max(0, amount.start - len(head[0])) and m.end <= amount.start
            for m in view.parties
        )
    ):
        return ""
    return label.strip()


def _parallel_times(view: Scene, out: list[Claim]) -> list[Claim]:
    """Deal times in one list out in order: 5 and 6 billion in 2023 and 2024 respectively."""
    if len(out) < 2 or not view.words.find("each", view.text):
        return out
    named = [w for w in view.times if w.year and not w.prior]
    if len(named) == len(out) and len({c.period for c in out}) == 1:
        periods = [_written(w) for w in named]
        return [replace(c, period=p) for c, p in zip(out, periods, strict=True)]
    return out


def _spanned(view: Scene, out: list[Claim], context: Context) -> None:
    """Give the two years of a span to the levels at its ends: between 2010 and 2015 it grew from 6 to 8 bn."""
    years = [w for w in view.times if w.year and not w.first and not w.prior and not w.same]
    for one, after in itertools.pairwise(out):
        head = [w for w in years if w.end <= one.amount.start][-2:]
        if len(head) < 2 or one.flow != after.flow or not is_origin(view, one.amount):
            continue
        gap = view.text[head[0].end : head[1].start]
        if head[0].year < head[1].year and view.words.pattern(" (?:<and>|<range>|<to_month>) ").fullmatch(gap):  # fmt: skip
            one.period, after.period = (_written(w) for w in head)


def _shared_aims(view: Scene, out: list[Claim]) -> None:
    """Let a verb at the end speak of all amounts in its list: aims to raise it to 5, then to 10 bn."""
    for one, after in zip(reversed(out[:-1]), reversed(out[1:]), strict=True):
        gap = view.text[one.amount.end : after.amount.start]
        named = view.words.find("flow", gap)  # reached 8 bn of trade, is to be raised to 15 bn
        aimed = not one.status and after.status == "target" and one.flow == after.flow
        if aimed and len(gap) < 28 and not named:
            one.status, one.period = after.status, after.period


def _sign_by_flows(out: list[Claim], plain: set[int]) -> None:
    """Give a balance without a sign the one of exports less imports: 224 and 299 bn, the difference 75."""
    for claim in out:
        if claim.amount.start not in plain:
            continue
        flows = {c.flow: c.amount.value for c in out if c.currency == claim.currency}
        if {"exports", "imports"} <= flows.keys():
            claim.negative = flows["exports"] < flows["imports"]


def _announced(view: Scene, context: Context) -> None:
    """Keep the two parties of a sentence that speaks of trade without a figure: trade of Rabat with Madrid grew."""
    named = {m.code for m in view.parties}
    placed = any(n.kind == "rank" for n in view.nouns) and len(named) == 2
    if view.words.find("rank", view.text) and not placed:
        return  # a list of partners: three quarters came from Russia, Bosnia was second
    for noun in (n for n in view.nouns if n.flow and n.kind != "earning"):
        reporter, partner = pair(view, noun.flow.rstrip("+-"), view.parties, (noun.start, noun.end))
        if reporter and partner:
            context.pair, context.worldwide, context.national = (reporter, partner), False, ""
            context.fresh = context.fresh or view.words.language in ADJECTIVE_LAST
        return


def _signed_flow(claim: Claim) -> str:
    """Give the flow of a claim as a noun has it: a balance with its sign."""
    if claim.flow != "balance":
        return claim.flow
    return "balance-" if claim.negative else "balance+"


def _written(when: When) -> str:
    """Write a time that names its year."""
    return settle(when, None, "", 0, "")


def _spoken(periods: list[str], before: str) -> str:
    """Give the period that a sentence leaves in mind: its first one, or the longer one that holds it."""
    first = periods[0] if periods else before
    if len(set(periods)) > 1 and all(len(p) == 4 for p in periods) and periods == sorted(periods):
        return periods[-1]  # 22 bn in 2000, 56 bn in 2010, 132 bn in 2017
    runs = [(read(period), period) for period in periods]
    holding = [p for run, p in runs if run[0] <= read(first)[0] and read(first)[1] <= run[1]]
    return max(holding, key=lambda p: read(p)[1] - read(p)[0], default=first)


def _remember(view: Scene, context: Context, out: list[Claim]) -> None:
    """Keep what the next sentence may lean on."""
    codes = [
        m.code for m in view.parties if m.kind in ("name", "adj", "pair") or m.role == "between"
    ]
    for code in dict.fromkeys(c for part in codes for c in part.split("-")):
        if code in context.topic:
            context.topic.remove(code)
        context.topic.append(code)
    countries = [
        c for c in dict.fromkeys(c for part in codes for c in part.split("-")) if len(c) == 3
    ]
    context.named = tuple(countries) if not out else ()
    if not context.lead and countries:
        context.lead = countries[0] if len(countries) == 1 else "-"
    bare = [m.code for m in view.parties if m.role == "bare" and m.kind == "name"]
    if bare or countries:
        context.subject = bare[0] if bare and (not out or bare[0] == out[0].reporter) else ""
    others = [c for c in countries if c not in (context.home, context.national)]
    if out:
        others = [c for c in (out[-1].partner,) if c not in ("", "WORLD")]
    context.other = others[0] if len(others) == 1 else ""
    context.compared = context.compared or bool(view.words.find("prior", view.text))
    if not out and (not context.period or not view.amounts):
        whens = [w for w in view.times if not w.prior and not w.same]
        if len(whens) == 1 and (whens[0].year or whens[0].shift is not None or not context.period):
            period = settle(whens[0], context.published, "", 0, context.home) or context.period
            wider = (
                bool(context.period) and len(period) == _YEAR and context.period[:_YEAR] == period
            )
            if not wider and (whens[0].start <= _FRONT or period[:4] >= context.period[:4]):
                context.period = (
                    period  # else a year to compare with: the most of any month this year
                )
    for when in view.times:
        if when.year and not when.fiscal:
            context.year = when.year
    actual = [c for c in out if c.status not in ("target", "forecast")]
    spoken_of = context.flow if context.fresh else ""
    heads = not out and not view.amounts and any(n.flow for n in view.nouns)
    goes_on = heads or (not out and bool(view.words.find("figure", view.text)))
    # "This is 3 bn more" and "In foreign trade:" leave the figures before them in mind.
    context.fresh = bool(actual) or (context.fresh and goes_on and all(n.flow for n in view.nouns))
    context.strayed = not out and any(not n.flow and not n.weak for n in view.nouns) and bool(view.amounts)  # fmt: skip
    told = not view.amounts and all(n.flow or n.weak for n in view.nouns)
    context.story = bool(actual) or (context.story and told)
    if out and not actual:
        context.flow, context.fresh = _signed_flow(out[-1]), True
        context.currency = context.currency or out[-1].currency
        context.units = context.units or {out[-1].currency}
        if not all(context.pair) and out[-1].partner != "WORLD":
            context.pair = (out[-1].reporter, out[-1].partner)
    if not actual:
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
            _announced(view, context)
        return
    first = actual[0]
    context.mutual = (context.mutual or first.flow == "turnover") and first.partner != "WORLD"
    carry.remember(view, context, actual)
    context.teller = next((c.reporter for c in reversed(actual) if c.reporter), context.teller)
    period = _spoken([c.period for c in actual if c.period and not c.back], context.period)
    fronted = any(w.start < _FRONT and w.end <= first.amount.start for w in view.times)
    if view.words.language in UNSPACED and len(actual) == 1 and aside(period, context.period):
        fronted = False  # in January it had fallen to 46 bn; a time opens most sentences here
    told = _signed_flow(first) == context.flow and not fronted
    older = not fronted and period[:4] < context.period[:4]  # second only to the record of 2014
    if not older and not (
        told and aside(period, context.period)
    ):  # In the first quarter, ... opens a new time
        context.period = period
    whole = first.flow == "turnover" and first.period == actual[-1].period
    last = first if whole else actual[-1]  # trade was 9 bn, of it exports 5
    context.flow, context.currency = (
        _signed_flow(last),
        next((c.currency for c in reversed(actual) if c.currency != "tonne"), context.currency),
    )
    for claim in reversed(actual):
        if claim.reporter and claim.partner == "WORLD":
            context.national = claim.reporter
        elif claim.reporter and claim.partner:
            context.pair = (claim.reporter, claim.partner)
            if context.home == claim.partner:
                context.pair = (claim.partner, claim.reporter)
    sides = [{c.reporter, c.partner} - {"", "WORLD"} for c in actual]
    shared = set.intersection(*sides)
    if len(sides) > 1 and len(shared) == 1 and len(set.union(*sides)) > 2:
        context.anchor = next(iter(shared))
    elif context.anchor not in shared:
        context.anchor = ""
    context.worldwide = actual[-1].partner == "WORLD"
    context.mixed = {"exports", "imports"} <= {c.flow for c in actual}
    if context.mixed and "turnover" in (spoken_of, *(c.flow for c in actual)):
        context.flow, context.mixed = "turnover", False  # trade of 30 bn, 13 exports and 17 imports
    if first.reporter and first.partner and first.partner != "WORLD":
        context.pair = (first.reporter, first.partner)
        if context.home == first.partner:
            context.pair = (first.partner, first.reporter)
        detail = context.national == context.pair[0] and first.flow != "turnover"
        if not detail:  # not one partner of the country whose trade with all the text is about
            context.national = ""
    ranked = len({c.partner for c in actual}) > 1 and bool(view.words.find("rank", view.text))
    if ranked and not context.anchor and first.reporter:
        context.anchor = actual[-1].reporter
    if context.anchor:  # several partners: the next sentence is of none of them
        # ... unless they break down one before them: of 18 bn to ASEAN 4 bn went to Thailand
        whole = first.partner not in ("", "WORLD", *codes) and first.reporter == context.anchor
        context.pair = (first.reporter, first.partner) if whole else ("", "")
        context.national = "" if whole else context.anchor
