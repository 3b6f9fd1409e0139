"""Owns the period and the status of a claim: which of the times of a sentence is its own, and what is only aimed at."""

from __future__ import annotations

import re
from dataclasses import replace

from sources.press.amounts import Amount
from sources.press.meaning import YEAR, read, settle
from sources.press.scene import Claim, Context, Noun, Scene
from sources.press.vocabulary import AGGLUTINATIVE, TIME_FIRST
from sources.press.when import FRONT, When

_BESIDE = 6  # characters
_DATED = 5  # a period that is longer than a year's four digits: 2024-03, 2024-Q1


def period(
    view: Scene, claim: Claim, noun: Noun, left: int, right: int, out: list[Claim], context: Context
) -> str:
    """Give the period of an amount as in a figures file, empty where the text does not settle it."""
    amount = claim.amount
    lo, hi = view.clause(amount.start)
    own = [w for w in view.times if left <= w.start and w.end <= max(right, amount.end)]
    if _open(view, left, max(right, amount.end), bool(own)):
        return ""
    if view.words.ending("now", view.text[: amount.start]) is not None:
        claim.back = True
        return ""  # by 2030 from the present 18 bn to 30 bn
    head = [w for w in own if w.end <= amount.start]
    tail = [w for w in own if w.start >= amount.end and not _leads(view, w)]
    if view.words.language in TIME_FIRST:
        if (
            _followed(view, amount)
            and tail
            and not head
            and (out or any(w.end <= amount.start for w in view.times))
        ):
            tail = []
        # behind the amount a year before is what it is compared with: 5 bn, 3 % less than a year before
        tail = [w for w in tail if not w.prior or _beside(view.text[amount.end : w.start])]
        order = [*reversed(head), *tail]
    elif (
        tail
        and head
        and re.search(
            r"[,;،，]|(?<!\w)(?:and|и|et|und|y|e)(?!\w)", view.text[amount.end : tail[0].start]
        )
    ):
        order = [*reversed(head), *tail]
    else:
        order = [*tail, *reversed(head)]
    if len(order) > 1 and order[0].prior and not tail:
        order = order[1:] + order[:1]
    target = status(view, claim, noun, left)
    if target in ("target", "forecast"):
        named = [w for w in order if not w.prior and not w.same]
        for when in [
            *named,
            *[w for w in view.times if w.start >= lo and w.end <= hi and w not in named],
        ]:
            if (
                when.year
                and not when.first
                and (not context.published or when.year >= context.published[0])
            ):
                return settle(when, context.published, "", 0, claim.reporter)
            if when.to_date and not when.first and not when.prior and context.published:
                return str(context.published[0])  # will reach 334 bn in the year
            if when.shift is not None and when.shift >= 0 and not when.first:
                return settle(when, context.published, "", 0, claim.reporter)
        near = head if view.words.language in TIME_FIRST else order
        months = [w for w in near if w.first and not w.prior]
        if target == "forecast" and months:  # economists had expected 24.7 bn in April
            ahead = context.published and not months[0].year and months[0].shift is None
            if ahead and context.published and months[0].last >= context.published[1]:
                months[0] = replace(months[0], year=context.published[0])  # by the end of December
            return settle(
                months[0], context.published, context.period, context.year, claim.reporter
            )
        if target == "forecast" and not named and view.words.find("awaited", view.text[:hi]):
            return next((c.period for c in reversed(out) if not c.back), context.period)
        return ""
    if not tail and out and _came_from(view, claim, out[-1]):
        return _year_earlier(view, claim, out[-1].period, context)
    spoken = next((c.period for c in reversed(out) if c.period and not c.back), context.period)
    level = view.words.ending("was_level", view.text[max(0, amount.start - 24) : amount.start])
    if level is not None and not own and out and out[-1].flow == claim.flow:
        return _year_earlier(view, claim, spoken, context)  # it exported 114 bn after 83 bn
    if out and _set_against(view, amount):
        claim.back = True
        if not order:  # against 12 bn: nobody says of when
            return _year_earlier(view, claim, spoken, context)
        if _year_back(order[0], spoken, context):
            prior = replace(
                order[0], shift=None, prior=True
            )  # 20 bn last month, against 19 last year
            return settle(prior, context.published, spoken, 0, claim.reporter)
    if not head and _was(view, amount):
        claim.back = True  # a year before is not said: the gap that was 951 bn narrowed to 773
        return next((c.period for c in reversed(out) if c.timed >= 0), "")
    origin = is_origin(view, amount)
    declined = origin and view.words.language in AGGLUTINATIVE  # an ending says so
    if declined and len(head) != 1 and not any(w.prior for w in head):
        claim.back = True  # in April it rose from the 15 bn of March to 22 bn
        if len(head) > 1:
            claim.timed = head[-1].start
            return settle(head[-1], context.published, spoken, context.year, claim.reporter)
        if head and not view.words.find("prior", view.text):
            return ""
    ends = _ends(view)
    if ends and not tail and origin:
        claim.back = True
        return ends[0]  # from 2010 to 2016 imports went from 3 to 6 bn
    if ends and not tail and out and out[-1].back and is_origin(view, out[-1].amount):
        return ends[1]
    if not tail and origin:
        named = [w for w in view.times if not w.prior and not w.same and w.end <= amount.start]
        base = settle(named[-1], context.published, spoken, 0, claim.reporter) if named else spoken
        return _year_earlier(view, claim, base, context)
    first = next(
        (w for w in view.times if not w.prior and not w.same and w.end <= amount.start), None
    )
    if first is not None and not out and order and (order[0].prior or order[0].same):
        spoken = settle(first, context.published, spoken, context.year, claim.reporter) or spoken
    year = int(spoken[:4]) if spoken else context.year
    if not year and not context.published:  # from 5 bn in February to 6 bn in March 2020
        years = {w.year for w in view.times if w.year and w.first}
        year = years.pop() if len(years) == 1 else 0
    for when in order:
        period = settle(when, context.published, spoken, year, claim.reporter)
        if period:
            was = _was(view, amount) or origin or _left(view, amount, noun)
            if was and period != context.period:
                claim.back, claim.timed = True, when.start
            claim.back = claim.back or _year_before(period, claim, out, context.period)
            claim.back = claim.back or when.prior or (when.same and period < spoken)
            compared = view.words.ending("compare_before", view.text[: when.start]) is not None
            claim.back = claim.back or (
                compared and when.end <= amount.start
            )  # above the 45 bn of May
            return period
        if when.fiscal or when.to_date or (when.shift is not None and not context.published):
            return ""  # nobody says in which month the year of this reporter begins
    opening = view.times[0] if len(view.times) == 1 and out else None
    if opening and opening.prior and opening.start < FRONT and out[-1].back:
        claim.back = True  # a year before, sales were 1.4 bn and purchases 624 mn
        return out[-1].period
    settled = next(
        (c.period for c in reversed(out) if not c.back and not _within(view, c, amount)), ""
    )
    if settled:
        return settled
    taken = [c.timed for c in out]
    taken += [
        w.start
        for w in view.times
        for c in out
        if _within(view, c, amount) and c.amount.end < w.start
    ]
    earlier = [
        w for w in view.times if w.end <= amount.start and not w.prior and w.start not in taken
    ]
    later = [w for w in view.times if w.start >= amount.end and not w.prior]
    trailing = (
        not context.period
        and bool(later)
        and later[-1].start >= view.amounts[-1].end
        and len(view.times) == 1
    )
    if (
        _followed(view, amount)
        and (context.period or view.words.language in TIME_FIRST)
        and not trailing
    ):
        later = []  # it belongs to the amount that follows
    for when in [*reversed(earlier), *later[:1]]:
        period = settle(when, context.published, spoken, year, claim.reporter)
        if period:
            return period
    return context.period


def _year_back(when: When, spoken: str, context: Context) -> bool:
    """Tell whether "last year" means the same months of it: 7 bn in April to May, against 6 bn last year."""
    if when.shift != -1 or when.first or when.fiscal or len(spoken) < _DATED:
        return False
    if not context.published:
        return True
    return int(spoken[-7:][:4] if ".." in spoken else spoken[:4]) >= context.published[0]


def _set_against(view: Scene, amount: Amount) -> bool:
    """Tell whether an amount is an earlier level that the one before is compared with: against a gap of 12 bn."""
    words = view.words
    before = view.text[max(0, amount.start - 60) : amount.start].rstrip("- ")
    if words.starting("credit", view.text[amount.end :]) is not None:
        return False  # 66 bn by one office, against 95 bn by another
    approx = words.compiled("approx", "end")
    hit = approx.search(before) if approx else None
    return words.ending("against", before[: hit.start()] if hit else before) is not None


def _beside(gap: str) -> bool:
    """Tell whether a time behind an amount is its own: 3.5 trillion, which it was a year before."""
    return len(gap) <= _BESIDE and not re.search(r"[,、，;；。(（]", gap)


def _ends(view: Scene) -> tuple[str, str] | None:
    """Give the two years that a sentence says a move took from one to the other: from 2010 to 2016."""
    words = view.words
    if "moved" not in words.rows:
        return None
    hit = words.pattern(r"(?<!\w)(?:<from_level>|<between>) (20\d\d|19\d\d) (?:<to_level>|<and>) (20\d\d|19\d\d)(?!\d)").search(view.text)  # fmt: skip
    return (hit[1], hit[2]) if hit else None


def _within(view: Scene, claim: Claim, amount: Amount) -> bool:
    """Tell whether a claim stands in a relative clause and an amount behind it: which ran a surplus of 1 bn in 2016, has a gap of 7."""
    pattern = view.words.pattern(r",\s(?:<relative_clause>)\s(?:[^,;]|,(?=\d))*,(?!\d)")
    spans = [h.span() for h in pattern.finditer(view.text)]
    return any(lo < claim.amount.start < hi <= amount.start for lo, hi in spans)


def _year_earlier(view: Scene, claim: Claim, base: str, context: Context) -> str:
    """Give the period of an earlier level that has no time of its own: the same months a year before `base`.

    That is said where the text compares with a year before, assumed for months that run on, and left open for one month.
    """
    claim.back = True
    if not base:
        return ""
    first, last = read(base)
    said = context.compared or bool(view.words.find("prior", view.text))
    if first == last and not said:
        return ""
    if not said:
        claim.assumed = (*claim.assumed, "period")
    at = claim.amount.start
    return settle(When(at, at, prior=True), context.published, base, 0, claim.reporter)


def _leads(view: Scene, when: When) -> bool:
    """Tell whether a time stands right before an amount, and so belongs to it: in the year before ($5bn)."""
    following = [a.start for a in view.amounts if a.start >= when.end]
    if not following:
        return False
    gap = view.text[when.end : following[0]]
    apart = max((a.end for a in view.amounts if a.end <= when.start), default=0)
    opened = (
        re.search("[,;]", view.text[apart : when.start]) is not None
    )  # ..., a year before it was 5
    return bool(re.fullmatch(r"\s?[(:]?\s?", gap)) or (
        opened and when.prior and bool(re.fullmatch(r"[\s-]*(?:\w+ ){1,2}", gap))
    )


def _open(view: Scene, left: int, right: int, dated: bool) -> bool:
    """Tell whether the time of an amount is one that no period can be given for: FY25, the last 12 months."""
    found = [start for start, _, _ in view.words.find("no_period", view.text)]
    if view.words.language in TIME_FIRST:
        found = [start for start in found if start < right]
        dates = [w.start for w in view.times if w.year and not w.prior and left <= w.start < right]
        if found and dates and re.search(", ", view.text[found[-1] : dates[-1]]):
            return False  # in the last five years it doubled, but at the end of 2017 it was 5 bn
    return any(left <= start for start in found if start < right) or bool(found and not dated)


def _came_from(view: Scene, claim: Claim, before: Claim) -> bool:
    """Tell whether an amount is an earlier level without a time: rose to 7 bn in 2023 from 6 bn."""
    if view.words.language not in ("en", "ru", "ar") or claim.flow != before.flow:
        return False
    text = view.text[: claim.amount.start]
    reached = view.words.ending("to_level", view.text[: before.amount.start]) is not None
    return reached and view.words.ending("from_level", text) is not None


def is_origin(view: Scene, amount: Amount) -> bool:
    """Tell whether an amount is the level that a later one of the sentence came from: from 6 to 7 bn."""
    if not _followed(view, amount):
        return False
    if view.words.language in AGGLUTINATIVE:
        if view.words.starting("approx_after", view.text[amount.end :]) is not None:
            return False  # exceeded 5 bn: the word is in the same case
        return view.words.ending("ablative", view.text[amount.start : amount.end]) is not None
    before = view.text[max(0, amount.start - 16) : amount.start]
    following = min(a.start for a in view.amounts if a.start > amount.start)
    gap = view.text[amount.end : following]
    trimmed = view.words.pattern(r"(?:<approx>)\s?$").sub("", before)  # from about 5 bn
    if any(amount.end <= n.start < following for n in view.nouns):
        return False  # of 5 bn; the gap rose to 3 bn
    comes = any(view.words.ending("from_level", text) is not None for text in (before, trimmed))
    return comes and len(gap) < 70 and view.words.ending("to_level", gap) is not None


def _left(view: Scene, amount: Amount, noun: Noun) -> bool:
    """Tell whether the noun of an amount is what a country moved away from: from a deficit of 5 bn to a surplus."""
    if (
        not {"article", "number"} <= view.words.rows.keys()
        or not _followed(view, amount)
        or noun.end > amount.start
    ):
        return False
    ahead = view.words.pattern(r" (?:<article>|<number>) ?$").sub("", view.text[: noun.start])
    return view.words.ending("from_level", ahead) is not None


def _year_before(period: str, claim: Claim, out: list[Claim], spoken: str) -> bool:
    """Tell whether a period is the one of an earlier level: 2.7 bn after 2 bn in 2021."""
    same = [c.period for c in out if c.flow == claim.flow and c.period and not c.back]
    later = same[-1] if same else spoken
    return bool(later) and all(
        b - a == YEAR for a, b in zip(read(period), read(later), strict=True)
    )


def _was(view: Scene, amount: Amount) -> bool:
    """Tell whether an amount is the level that its noun had before: 5 milyar dolar olan ihracat 6 milyara (rose to 6)."""
    earlier = view.words.starting("earlier", view.text[amount.end :]) is not None
    return earlier and _followed(view, amount)


def _followed(view: Scene, amount: Amount) -> bool:
    """Tell whether another amount follows in the sentence."""
    return any(a.start > amount.start for a in view.amounts)


def status(view: Scene, claim: Claim, noun: Noun, left: int) -> str:
    """Give what an amount is said to be: press (traded), provisional, target or forecast."""
    amount = claim.amount
    if view.words.ending("now", view.text[: amount.start]) is not None:
        return ""
    lo, hi = view.clause(amount.start)
    start = max(lo, left)
    if view.words.language in AGGLUTINATIVE:  # what follows the amount before is said of that one
        ends = [a.end for a in view.amounts if start <= a.end <= amount.start]
        spoken = view.words.compiled("status_after", "start")
        hit = spoken.match(view.text[ends[-1] :]) if ends and spoken else None
        start = ends[-1] + hit.end() if hit else start
    stretch = view.text[start : amount.start]
    found = [c for _, _, c in view.words.find("status", stretch)]
    if not found:
        following = [a.start for a in view.amounts if a.start > amount.start]
        after = view.text[amount.end : min([hi, amount.end + 60, *following])]
        found = [c for _, _, c in view.words.find("status_after", after)]
    return found[-1] if found else ""
