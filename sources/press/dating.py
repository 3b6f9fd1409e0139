"""Owns the period of a claim: which of the times of a sentence, or of the text, is its own."""

from __future__ import annotations

import re
from collections.abc import Callable

from sources.press.ahead import to_come
from sources.press.asked import DATED, Asked
from sources.press.earlier import after_level, against, at_ends, came, in_ablative, was_so
from sources.press.levels import (
    followed,
    is_origin,
    left_level,
    was_level,
)
from sources.press.meaning import YEAR, read, settle
from sources.press.numerals import Amount
from sources.press.scene import Claim, Context, Noun, Scene
from sources.press.vocabulary import ADJECTIVE_LAST, AGGLUTINATIVE, TIME_FIRST, UNSPACED
from sources.press.when import FRONT, When

_BESIDE = 6  # characters
_APART = re.compile(r"[,;،，]|(?<!\w)(?:and|и|et|und|y|e|ثم|وفي|وخلال)(?!\w)")


def period(
    view: Scene, claim: Claim, noun: Noun, left: int, right: int, out: list[Claim], context: Context
) -> str:
    """Give the period of an amount as in a figures file, empty where the text does not settle it.

    The first rule that knows the time of the amount has the word; the last one is the time that the text speaks of.
    """
    amount = claim.amount
    end = max(right, amount.end)
    own = [w for w in view.times if left <= w.start and w.end <= end and not _taken(view, w, amount)]  # fmt: skip
    own = [w for w in own if not _apart(view, w, amount)]
    if _open(view, left, end, bool(own)):
        return ""
    if view.words.ending("now", view.text[: amount.start]) is not None:
        claim.back = True
        return ""  # by 2030 from the present 18 bn to 30 bn
    head = [w for w in own if w.end <= amount.start]
    tail = [w for w in own if w.start >= amount.end and not _leads(view, w)]
    tail = [w for w in tail if not _measured_by(view, w, amount)]
    if tail and followed(view, amount):  # less than in March, when it was 22 bn
        tail = [w for w in tail if view.words.starting("then", view.text[w.end :]) is None]
    tail, order = _ordered(view, amount, head, tail, out)
    spoken = next((c.period for c in reversed(out) if c.period and not c.back), context.period)
    asked = Asked(view, claim, noun, left, right, out, context, own, head, tail, order, spoken)  # fmt: skip
    for rule in _RULES:
        found = rule(asked)
        if found is not None:
            return found
    part = view.words.find("part", view.text) if context.latest else ()
    if view.words.language in UNSPACED and part and part[0][0] < FRONT:
        return context.latest  # 1-8月进口3亿吨。其中自印尼进口1.35亿吨
    return context.period


def _taken(view: Scene, when: When, amount: Amount) -> bool:
    """Tell whether a time closes the amount before, and a comma parts it from this one: against 5 bn in 2022, with sales of 3 bn."""
    ahead = max((a.end for a in view.amounts if a.end <= when.start), default=-1)
    came = next((a for a in view.amounts if a.end == ahead), None)
    if came is not None and when.end <= amount.start and is_origin(view, came):
        return True  # fell from 57 bn in January to 17 bn
    if ahead < 0 or when.end > amount.start or view.words.language not in ADJECTIVE_LAST:
        return False
    near = re.fullmatch(r" (?:\w{1,3} ){0,3}", view.text[ahead : when.start])
    gap = view.text[when.end : amount.start]
    opened = near is not None and re.match(r",(?! ?\w+ ?$)|\)", gap) is not None
    return opened and view.words.starting("then", gap) is None


def _measured_by(view: Scene, when: When, amount: Amount) -> bool:
    """Tell whether an amount is only said to be above or below the level of a year before: 106 bn, 8 % below the level of a year ago."""
    gap = view.text[amount.end : when.start] if when.prior else ""
    return len(gap) > _BESIDE and bool(view.words.find("base", gap))


def _apart(view: Scene, when: When, amount: Amount) -> bool:
    """Tell whether a time stands in brackets with an amount of its own: wheat 2.4 m (2.3 m a year earlier), barley 0.8."""
    opened, closed = view.text.rfind("(", 0, when.start), view.text.find(")", when.end)
    if opened < 0 or closed < 0 or ")" in view.text[opened : when.start]:
        return False
    inside = any(opened < a.start < closed for a in view.amounts)
    return inside and not opened < amount.start < closed


def _ordered(
    view: Scene, amount: Amount, head: list[When], tail: list[When], out: list[Claim]
) -> tuple[list[When], list[When]]:
    """Give the times behind an amount that may be its own, and all its times, the nearest to it in words first."""
    if view.words.language in TIME_FIRST:
        led = bool(out) or any(w.end <= amount.start for w in view.times)
        if followed(view, amount) and tail and not head and led:
            tail = []
        # behind the amount a year before is what it is compared with: 5 bn, 3 % less than a year before
        tail = [w for w in tail if not w.prior or _beside(view.text[amount.end : w.start])]
        if (
            view.words.language in AGGLUTINATIVE and led
        ):  # it sold 3 tonnes, this year it sells none
            tail = [w for w in tail if "," not in view.text[amount.end : w.start]]
        order = [*reversed(head), *tail]
    elif tail and head and _APART.search(view.text[amount.end : tail[0].start]):
        order = [*reversed(head), *tail]
    else:
        order = [*tail, *reversed(head)]
    if len(order) > 1 and order[0].prior and not tail:
        order = order[1:] + order[:1]
    return tail, order


def _own_time(asked: Asked) -> str | None:
    """Take a time in the stretch of the amount."""
    view, claim, order, amount = asked.view, asked.claim, asked.order, asked.amount
    times = view.times
    first = next((w for w in times if not w.prior and not w.same and w.end <= amount.start), None)
    if first is not None and not asked.out and order and (order[0].prior or order[0].same):
        opened = asked.settle(first, asked.spoken, asked.context.year)
        asked.spoken = opened or asked.spoken
    for when in order:
        spoken = _longer(asked) if when.same and not when.year and not asked.out else asked.spoken
        found = (
            _so_far(asked, when)
            or _months_of(asked, when)
            or asked.settle(when, spoken, asked.year)
        )
        if found == asked.spoken and when.first and not when.year:
            priors = [w for w in asked.head if w.prior and not w.before and w.start < FRONT]
            found = asked.settle(priors[0], spoken, asked.year) if priors else found
            when = priors[0] if priors else when  # a year before it was in August 3.8 m
        if found:
            claim.back, claim.timed = _looks_back(asked, when, found)
            summed = when.to_date and view.words.language in UNSPACED and bool(asked.out)
            claim.back = claim.back or summed  # 3月进口437万吨,累计进口1483万吨
            claim.dated = not claim.back
            return found
        if when.fiscal or when.to_date or (when.shift is not None and not asked.context.published):
            return ""  # nobody says in which month the year of this reporter begins
    return None


def _more_than(view: Scene, amount: Amount) -> bool:
    """Tell whether an amount is what another one is more or less than: 2021 жылғы 4,1 млрд доллардан көп."""
    if view.words.ending("ablative", view.text[amount.start : amount.end]) is None:
        return False
    return view.words.starting("than", view.text[amount.end :]) is not None


def _longer(asked: Asked) -> str:
    """Give the months to date that were told last as those of "the same period": in May 5 bn, in January to May 20."""
    spoken, told = asked.spoken, asked.context.told_of
    if not spoken or not told:
        return spoken
    (first, last), (start, end) = read(spoken), read(told)
    return told if start <= first and end == last else spoken


def _same_months(asked: Asked, main: str) -> bool:
    """Tell whether a sentence sets this year against its months of last year: geçen yıl şubatta 1,4 (or bir yıl önce), bu yıl 1,6."""
    first, last = (at % YEAR + 1 for at in read(main))
    times = asked.view.times
    alike = any(w.shift == -1 and (w.first, w.last) == (first, last) for w in times)
    return alike or any(w.prior and not w.first and not w.before for w in times)


def _months_of(asked: Asked, when: When) -> str:
    """Take this year, where the text gives its first months, for these: былтыр 108 мың тонна, биыл 294 (Jan-May)."""
    main = asked.context.period
    if asked.view.words.language not in AGGLUTINATIVE or when.first or when.to_date or when.fiscal:
        return ""
    if len(main) <= DATED or when.shift not in (0, -1) or when.year:
        return ""
    if ".." not in main and not _same_months(asked, main):
        return ""
    now = [w for w in asked.view.times if w.shift == 0 and not w.first and not w.to_date]
    year = int(main[:4])
    published = asked.context.published
    if not now or main[-7:-3] != main[:4] or (published and published[0] != year):
        return ""
    at = asked.amount.start
    return main if when.shift == 0 else settle(When(at, at, prior=True), published, main, 0, "")


def _so_far(asked: Asked, when: When) -> str:
    """Give the months that the text tells of this year where a figure is of this year: 前8个月2.9万吨; 今年对大陆出口4028吨."""
    main, published = asked.context.main, asked.context.published
    plain = when.shift == 0 and not (when.first or when.fiscal or when.to_date or when.year)
    if not plain or not published or len(main) < DATED or main[:4] != str(published[0]):
        return ""
    return main if read(main)[0] % YEAR == 0 and read(main)[0] != read(main)[1] else ""


def _looks_back(asked: Asked, when: When, found: str) -> tuple[bool, int]:
    """Tell whether an amount with a time of its own is an earlier level, and where that time stands."""
    view, claim, amount, main = asked.view, asked.claim, asked.amount, asked.context.period
    was = was_level(view, amount) or asked.origin or left_level(view, amount, asked.noun)
    if was and found != main:
        return True, when.start
    compared = view.words.ending("compare_before", view.text[: when.start]) is not None
    back = (
        claim.back
        or _year_before(found, claim, asked.out, main)
        or when.prior
        or (when.same and bool(asked.spoken) and read(found)[1] < read(asked.spoken)[1])
        or (compared and when.end <= amount.start)  # above the 45 bn of May
        or (_more_than(view, amount) and bool(main) and read(found)[1] < read(main)[1])
    )
    return back, claim.timed


def _as_whole(asked: Asked) -> str | None:
    """Give a part of the figure just told its time: in 2019 it sold 9 tonnes. Of these 3 went to China."""
    part = asked.view.words.find("of_it", asked.view.text[: 4 * FRONT])
    return asked.context.told_of or None if part and not asked.order else None


def _as_opened(asked: Asked) -> str | None:
    """Let amounts share the year before with which a sentence opens: a year before, sales were 1 bn, purchases 2."""
    times, out = asked.view.times, asked.out
    opened = len(times) == 1 and times[0].prior and times[0].start < FRONT
    if not opened or not out or not out[-1].back:
        return None
    asked.claim.back = True
    if is_origin(asked.view, out[-1].amount):  # a year before, it had gone from 5 to 6 bn
        return asked.settle(times[0], asked.spoken)
    return out[-1].period


def _as_beside(asked: Asked) -> str | None:
    """Take the time of an amount before it in the sentence."""
    ahead = (c for c in reversed(asked.out) if not c.back)
    return next((c.period for c in ahead if not _within(asked.view, c, asked.amount)), "") or None


def _elsewhere(asked: Asked) -> str | None:
    """Take a time of the sentence that no other amount has taken, before the amount or behind it."""
    view, out, amount, times = asked.view, asked.out, asked.amount, asked.view.times
    taken = {c.timed for c in out}
    inside = [c for c in out if _within(view, c, amount)]
    taken |= {w.start for w in times for c in inside if c.amount.end < w.start}
    free = [w for w in times if not w.prior]
    earlier = [w for w in free if w.end <= amount.start and w.start not in taken]
    later = [w for w in free if w.start >= amount.end]
    later = [
        w for w in later if not view.text[w.end :].startswith(" (")
    ]  # above last year's (5 bn)
    alone = len(times) == 1 and bool(later) and later[-1].start >= view.amounts[-1].end
    trailing = not asked.context.period and alone
    led = asked.context.period or view.words.language in TIME_FIRST
    if followed(view, amount) and led and not trailing:
        later = []  # it belongs to the amount that follows
    found = (asked.settle(w, asked.spoken, asked.year) for w in (*reversed(earlier), *later[:1]))
    return next(filter(None, found), None)


_RULES: tuple[Callable[[Asked], str | None], ...] = (
    to_come, after_level, against, was_so, in_ablative, at_ends, came, _own_time, _as_whole, _as_opened,
    _as_beside, _elsewhere,
)  # fmt: skip


def _beside(gap: str) -> bool:
    """Tell whether a time behind an amount is its own: 3.5 trillion, which it was a year before."""
    return len(gap) <= _BESIDE and not re.search(r"[,、，;；。(（]", gap)


def _within(view: Scene, claim: Claim, amount: Amount) -> bool:
    """Tell whether a claim stands in a relative clause and an amount behind it: which ran a surplus of 1 bn in 2016, has a gap of 7."""
    pattern = view.words.pattern(r",\s(?:<relative_clause>)\s(?:[^,;]|,(?=\d))*,(?!\d)")
    spans = [h.span() for h in pattern.finditer(view.text)]
    return any(lo < claim.amount.start < hi <= amount.start for lo, hi in spans)


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
    return bool(re.fullmatch(r"\s?(?:[(:]|の|的)?\s?", gap)) or (
        opened and when.prior and bool(re.fullmatch(r"[\s-]*(?:\w+ ){1,2}", gap))
    )


def _open(view: Scene, left: int, right: int, dated: bool) -> bool:
    """Tell whether the time of an amount is one that no period can be given for: FY25, the last 12 months."""
    said = view.words.find("no_period", view.text)
    if not dated and any(code == "yearly" and left <= at < right for at, _, code in said):
        return True  # it imports about 12 m tonnes every year
    found = [s for s, e, code in said if code != "yearly" and not _spelt(view, e)]
    found = [
        at
        for at in found
        if not any((w.run or w.prior) and w.start <= at < w.end for w in view.times)
    ]
    if view.words.language in TIME_FIRST:
        found = [start for start in found if start < right]
        dates = [w.start for w in view.times if w.year and not w.prior and left <= w.start < right]
        if found and dates and re.search(", ", view.text[found[-1] : dates[-1]]):
            return False  # in the last five years it doubled, but at the end of 2017 it was 5 bn
    return any(left <= start for start in found if start < right) or bool(found and not dated)


def _spelt(view: Scene, end: int) -> bool:
    """Tell whether brackets say which months a season has: last season (September 2018 to August 2019)."""
    return any(w.run and re.fullmatch(r" ?\(", view.text[end : w.start]) for w in view.times)


def _year_before(period: str, claim: Claim, out: list[Claim], spoken: str) -> bool:
    """Tell whether a period is the one of an earlier level: 2.7 bn after 2 bn in 2021."""
    same = [c.period for c in out if c.flow == claim.flow and c.period and not c.back]
    later = same[-1] if same else spoken
    return bool(later) and all(
        b - a == YEAR for a, b in zip(read(period), read(later), strict=True)
    )
