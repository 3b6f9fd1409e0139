"""Owns what an amount is: the noun that governs it, whether it is a level, and where its stretch of text ends."""

from __future__ import annotations

import re
from dataclasses import replace

from sources.press.numerals import Amount
from sources.press.scene import OPPOSITE, Context, Noun, Scene
from sources.press.vocabulary import ADJECTIVE_LAST, AGGLUTINATIVE, TIME_FIRST, VERB_LAST


def tight(view: Scene, amount: Amount) -> Noun | None:
    """Give the noun that stands right after an amount and says what it is: $5 billion in exports."""
    for noun in view.nouns:
        if noun.start < amount.end:
            continue
        gap = view.without_parties(amount.end, noun.start)
        if any(amount.end < a.start < noun.start for a in view.amounts):
            gap = _CONVERTED.sub("", gap)  # 2 bn kwanzas (11 mn euros) of exports
        if len(gap) > 34 or _and(view, noun):
            return None  # in Arabic "and" is written with the word: and imported 9 billion
        if any(amount.end < a.start < noun.start for a in view.amounts):
            gap = _CONVERTED.sub("", gap)  # a 953 bn yen ($11bn) trade deficit
        if view.words.pattern(r"\s?(?:<tight>\s?){0,3}").fullmatch(gap):
            return noun
        return None
    return None


def _and(view: Scene, noun: Noun) -> bool:
    """Tell whether the Arabic "and" is written with a noun: وصادرات; not so in واردات (imports), فائض."""
    if view.words.language != "ar" or view.text[noun.start] not in "وف":
        return False
    return view.words.pattern("<flow>").match(view.text, noun.start) is None


_CONVERTED = re.compile(r"^\s?[(（][^()（）]{2,32}[)）]")


def _bracketed(view: Scene, amount: Amount) -> Noun | None:
    """Give the noun after a bracket that splits an amount: 5.1 bn (exports 1.2 bn, imports 3.9 bn) of trade."""
    hit = re.match(r"[^\W\d]{0,9}\s?\(([^()]*)\)\s?", view.text[amount.end :])
    if not hit or view.words.language not in AGGLUTINATIVE:
        return None
    start, end = amount.end + hit.start(1), amount.end + hit.end(1)
    inside = [a for a in view.amounts if start <= a.start < end]
    behind = [n for n in view.nouns if n.start == amount.end + hit.end()]
    return behind[0] if inside and behind else None


def governor(view: Scene, index: int, last: Noun | None) -> Noun | None:
    """Give the noun that says what an amount is, None where none does."""
    amount = view.amounts[index]
    lo, hi = view.clause(amount.start)
    priced = [n for n in view.nouns if n.weak and not n.flow and 0 <= amount.start - n.end <= 1]
    if priced and _each(view, priced[0]):
        return priced[0]  # new cars that cost more than 40 thousand dollars
    close = tight(view, amount) or _bracketed(view, amount)
    if close is not None:
        held = [n for n in view.nouns if lo <= n.start and n.end <= amount.start]
        if close.flow == "turnover" and _gap_in(view, index, held):
            return held[-1]  # a surplus of 15 bn in trade in goods
        if close.weak and held and not held[-1].weak and held[-1].flow == close.flow:
            return held[-1]  # from exports of uranium it earned 1.1 bn
        return _of_else(view, amount, lo, close) or close
    share = _share_of(view, amount, lo)
    if share is not None:
        return share
    following = _behind(view, index)
    before = [n for n in view.nouns if n.end <= amount.start]
    here = [n for n in before if n.start >= lo]
    after = [n for n in view.nouns if amount.end <= n.start < min(hi, following)]
    previous = view.amounts[index - 1].end if index else 0
    fresh = [n for n in here if n.start >= previous]
    if view.words.language in VERB_LAST and index:
        fresh = [n for n in fresh if n is not last]  # it closed the amount before: exporting 3, ...
    if view.words.language in AGGLUTINATIVE and index and after:  # 3 tonnes were grown, 1 came
        fresh = [n for n in fresh if n.flow or "," not in view.text[n.end : amount.start]]
    if view.words.language in VERB_LAST or view.words.language == "de":
        if (
            after
            and not fresh
            and (last is None or last not in here or view.words.language != "de")
        ):
            plain = view.text[amount.end : after[0].start]
            if not re.search(r"[,;、。]", plain) or not here:
                return _of_else(view, amount, lo, after[0]) or after[0]
        ranked = fresh and fresh[-1].kind == "rank" and view.words.language in AGGLUTINATIVE
        if ranked and after and after[0].flow and after[0].kind != "rank":
            return after[0]  # once the main buyer, Nigeria imported 326 tonnes
        if after and fresh and not fresh[-1].flow and fresh[-1].weak and after[0].flow:
            return after[0]
        if after and _invested(view, amount, fresh, after[0]):
            return after[0]
    if view.words.language in VERB_LAST and not before and not after:
        later = [n for n in view.nouns if amount.end <= n.start < hi]
        return (
            later[0] if later else None
        )  # 3 billion worth to Russia and 2 billion worth to China were exported
    for pool in (fresh, here, before):
        if not pool:
            continue
        chosen = pool[-1]
        if index and last is not None and _explains(view, index, last, chosen):
            return last  # a surplus of 15 bn in trade in goods, against 16 bn
        if chosen.flow == "turnover" and _balance_of(view, here) is not None:
            return here[-2]
        if len(here) > 1 and chosen is here[-1] and _closes(view, here):
            return here[-2]
        if not chosen.flow and chosen.weak:
            trade = [n for n in pool if n.flow]
            return trade[-1] if trade else chosen
        return chosen
    if (
        after
        and (not after[0].weak or (amount.code == "tonne" and not index))
        and not re.search(r"[,;:،؛，；、。]", view.text[amount.end : after[0].start])
    ):
        return after[0]  # the figure was 435 million: exports ... has none
    return None


def _gap_in(view: Scene, index: int, held: list[Noun]) -> bool:
    """Tell whether a balance stands right before an amount that trade named behind only explains: a gap of 5 bn in trade with China."""
    apart = view.words.language in TIME_FIRST or not held
    if apart or not held[-1].flow.startswith("balance"):
        return False
    return not index or view.amounts[index - 1].end <= held[-1].start


def _explains(view: Scene, index: int, last: Noun, chosen: Noun) -> bool:
    """Tell whether trade behind the amount before only explained its balance: a gap of 15 bn in trade, against 16 bn."""
    if chosen.flow != "turnover" or not last.flow.startswith("balance"):
        return False
    return view.words.language not in TIME_FIRST and tight(view, view.amounts[index - 1]) is chosen


def _behind(view: Scene, index: int) -> int:
    """Give where the next amount begins that says something else: 16 bn dollars (14 bn euros) were exported."""
    later = range(index + 1, len(view.amounts))
    starts = (view.amounts[at].start for at in later if at > index + 1 or not converted(view, at))
    return next(starts, len(view.text))


def _each(view: Scene, price: Noun) -> bool:
    """Tell whether a word is one of price, and not that of the exports: narxi 40 ming dollardan oshadigan mashina."""
    if view.words.starting("price", view.text[price.start :]) is None:
        return False
    return not any(n.flow and 0 <= price.start - n.end <= 1 for n in view.nouns)


def _balance_of(view: Scene, here: list[Noun]) -> Noun | None:
    """Give the balance that trade named behind it only explains: China's surplus in its trade with the USA reached 397 bn."""
    if len(here) < 2 or not here[-2].flow.startswith("balance"):
        return None
    gap = view.text[here[-2].end : here[-1].start]
    plain = len(gap) < 30 and not re.search(r"[,;:.\d]", gap) and not view.words.find("and", gap)
    return here[-2] if plain else None


def _share_of(view: Scene, amount: Amount, lo: int) -> Noun | None:
    """Give the noun of the whole that an amount is said to be a share of: 15 trillion, or 80 per cent of all exports."""
    if "share_of" not in view.words.rows:
        return None
    if any(n.flow and not n.weak and lo <= n.start < amount.start for n in view.nouns):
        return None
    behind = [n for n in view.nouns if n.start > amount.end and n.flow and not n.weak]
    gap = view.text[amount.end : behind[0].start] if behind else ""
    return behind[0] if gap and view.words.pattern("<share_of>").fullmatch(gap) else None


def _closes(view: Scene, here: list[Noun]) -> bool:
    """Tell whether a verb only closes what is no trade: 15 bn of investment brought in, 21 bn are expected."""
    stop, verb = here[-2:]
    if view.words.language not in AGGLUTINATIVE or stop.flow or stop.weak:
        return False
    return bool(verb.weak and verb.flow) and verb.start - stop.end < 24


def _invested(view: Scene, amount: Amount, fresh: list[Noun], noun: Noun) -> bool:
    """Tell whether what stands behind an amount says that it is no trade: since then 3 bn of investment."""
    if view.words.language not in AGGLUTINATIVE or noun.flow or noun.weak:
        return False
    gap = view.text[amount.end : noun.start]
    return bool(fresh) and fresh[-1].weak and len(gap) < 24 and "," not in gap


def _of_else(view: Scene, amount: Amount, lo: int, verb: Noun) -> Noun | None:
    """Give the noun that takes a verb out of trade: of the money sent home, 3 bn came from Russia."""
    here = [n for n in view.nouns if lo <= n.start and n.end <= amount.start]
    if view.words.language not in AGGLUTINATIVE or not (verb.weak and verb.flow and here):
        return None
    done = any(a.code and lo <= a.start and a.end <= here[-1].start for a in view.amounts)
    trade = max((n.end for n in here if n.flow and not n.weak), default=lo)
    money = [n for n in here if not n.flow and not n.weak and n.start >= trade]
    if money and amount.code != "tonne" and not done:
        return money[-1]  # of Chinese capital, firms work here, in which 11 bn were put
    # 8 tonnes were grown, 3 more came from Kazakhstan: the first verb has had its amount.
    return None if here[-1].flow or here[-1].weak or done else here[-1]


TRADE = re.compile(
    "balanza|balanca|balance agro|trade|trading|commerc|comerc|handel|ausfuhr|export|ticaret|торг|экспорт|сауда|соода|savdo|савдо"
    "|goods|merchandise|تجار|贸易|外贸|貿易|顺差|逆差|输|輸|通関|サービス収支"
)


def turned(view: Scene, index: int, noun: Noun | None) -> Noun | None:
    """Give the other flow where an amount without a noun of its own went the other way: in return 5 bn."""
    if noun is None or noun.flow not in OPPOSITE:
        return noun
    start = max([view.amounts[index - 1].end if index else 0, noun.end])
    if not view.words.find("reverse", view.text[start : view.amounts[index].start]):
        return noun
    return replace(noun, flow=OPPOSITE[noun.flow])


def of_trade(view: Scene, noun: Noun, context: Context) -> bool:
    """Tell whether a deficit, surplus or bare volume is one of trade: budgets and accounts have them, too."""
    spelt = view.text[noun.start : noun.end]
    thin = bool(view.words.pattern("<thin>").fullmatch(spelt))
    if not (thin or noun.flow.startswith("balance")) or TRADE.search(spelt):
        return True
    nearest = [n for n in view.nouns if view.clause(noun.start)[0] <= n.start < noun.start][-1:]
    if nearest and not nearest[0].flow and not nearest[0].weak:
        return False  # the current account was 3 bn in deficit
    beside = any(n is not noun and n.flow and not n.flow.startswith("balance") for n in view.nouns)
    beside = beside or any(m.role in ("with", "partner") for m in view.parties)
    known = bool(context.flow) and not context.strayed
    return beside or known or bool(TRADE.search(view.text))


def of_countries(view: Scene, noun: Noun, amount: Amount, context: Context) -> bool:
    """Tell whether sold, bought and the like speak of countries: firms sell and buy, too."""
    lo = view.clause(amount.start)[0]
    if view.words.find("firm", view.text[lo : amount.start]) and (noun.weak or not view.parties):
        return False  # a plant in Tatarstan supplied China with goods for 40 million
    if not noun.weak:
        return True
    if context.strayed and view.words.language in AGGLUTINATIVE and _pays(view, noun, amount):
        return False  # of the money sent home 29 million went to Turkey
    owner = [m for m in view.parties if m.role == "own" and 0 <= noun.start - m.end <= len("'s ")]
    if owner and view.words.starting("owned", view.text[noun.start :]) is not None:
        return True  # Taiwan's shipments
    if noun.kind == "rank":
        return any(m.role != "in" for m in view.parties)
    if noun.kind == "earning" and noun.flow == "imports":  # and what was paid, after imports
        return context.flow == noun.flow and context.fresh and all(n.weak for n in view.nouns)
    if noun.kind == "earning":  # proceeds count where exports were spoken of just before
        told = any(
            n.flow == noun.flow and n is not noun and n.end <= noun.start for n in view.nouns
        )
        return told or (context.flow == noun.flow and bool(context.fresh or context.topic))
    if context.fresh and context.flow and not any(not n.flow and not n.weak for n in view.nouns):
        return True  # the text speaks of trade: purchases from there came to 5 bn
    if noun.flow == "turnover" and any(m.role == "with" for m in view.parties):
        return True  # business with China
    codes = {m.code for m in view.parties if m.role != "in"}
    if context.home and view.words.find("our", view.text):
        codes.add(context.home)
    away = bool(context.home or codes) and bool(view.words.find("abroad", view.text))
    if away or view.words.pattern("<sent>").fullmatch(view.text[noun.start : noun.end]):
        return away or _sent(view, noun, context)
    if noun.flow == "turnover" and any(m.role == "with" for m in view.parties):
        return True  # trade with Uzbekistan
    if len(codes) >= 2 or (codes and (amount.code == "tonne" or context.home in codes)):
        return True
    if not codes and context.fresh and all(n.flow for n in view.nouns):
        return True  # a year before, goods worth 1.3 bn had been sold
    if not codes and amount.code == "tonne" and context.topic[-1:] == [context.home]:
        return True  # the country at home was spoken of: next year 48 tonnes will be brought in
    known = bool(codes or context.national or context.home or context.pair[0])
    if known and "carry" in view.words.rows and view.words.find("world", view.text):
        return True  # what a country's enterprises sell abroad
    goods = bool(view.words.find("goods", view.text)) or any(
        n.flow and not n.weak for n in view.nouns
    )
    goods = goods or bool(view.words.find("product", view.text))
    told = bool(context.flow and context.topic) or (context.told and bool(view.credits))
    spoken = bool(codes) or context.fresh or told  # the country may have been named before
    return spoken and (goods or bool(context.flow))


def _pays(view: Scene, noun: Noun, amount: Amount) -> bool:
    """Tell whether money moved and no goods are named."""
    goods = view.words.find("goods", view.text) or view.words.find("product", view.text)
    moved = view.words.pattern("<sent>").fullmatch(view.text[noun.start : noun.end]) is not None
    return amount.code != "tonne" and moved and not goods and all(n.weak for n in view.nouns)


def _sent(view: Scene, noun: Noun, context: Context) -> bool:
    """Tell whether what was sent or taken crossed a border: it went to a country, or another country took it."""
    roles = {m.role for m in view.parties}
    if "to" in roles or "from" in roles:
        return True
    takers = {m.code for m in view.parties if m.role in ("bare", "partner")}
    return bool(context.teller and takers - {context.teller, context.home})


def converted(view: Scene, index: int) -> bool:
    """Tell whether an amount only says the amount before it again in another currency, in brackets."""
    if not index or view.amounts[index].code == view.amounts[index - 1].code:
        return False
    gap = view.text[view.amounts[index - 1].end : view.amounts[index].start]
    if view.words.find("flow", gap):
        return False  # 5 bn dollars (exports 2 bn)
    if any(
        view.amounts[index - 1].end <= m.start < view.amounts[index].start for m in view.parties
    ):
        return False  # Turkmenistan (10 bn) and Tajikistan (4 bn dollars)
    both = "tonne" not in (view.amounts[index].code, view.amounts[index - 1].code)
    if both and view.words.pattern(r",? ?(?:<same_value>) ?(?:<approx>)? ?").fullmatch(gap):
        return True  # 7.9 milliards de dirhams, soit 710 millions d'euros
    return both and bool(re.fullmatch(r"[^\d(（,;.]{0,20}[(（](?:[^\w)）]|[^\W\d_]){0,16}", gap))


def worth(view: Scene, index: int) -> bool:
    """Tell whether an amount says in money what the mass before it was worth, or the other way: 5 tonnes for 3 million."""
    if not index:
        return False
    before, amount = view.amounts[index - 1], view.amounts[index]
    if (before.code == "tonne") == (amount.code == "tonne") or not before.code:
        return False
    gap = view.text[before.end : amount.start]
    starts = [part.start for part in view.parties] + [part.start for part in view.times]
    starts += [part.start for part in view.nouns]
    apart = any(before.end <= start < amount.start for start in starts)
    return not apart and view.words.pattern(r"\W*(?:\w+\W+){0,3}<worth>\W*(?:<approx>)?\W*|\s?[(]\W*(?:<approx>)?\W*").fullmatch(gap) is not None  # fmt: skip


def signed(view: Scene, noun: Noun, amount: Amount) -> Noun:
    """Give a balance the sign that a word between it and its amount has: the balance showed a minus of 14 bn."""
    if noun.flow != "balance":
        return noun
    # Russian writes a dash for "was", so that a sign stands close to its number there.
    space = r"" if view.words.language in ("ru", "kk", "ky", "uz_cyrl") else r"\s?"
    if view.words.language in ADJECTIVE_LAST:
        space = ""  # a dash apart is one of the sentence: 29 bn - US$ 1.4 bn less
    if re.search(rf"(?:^|\s)-{space}$|\( ?-\s?$", view.text[: amount.start]):
        return replace(noun, flow="balance-")
    lo, hi = sorted((noun.end, amount.start))
    stretch = view.text[lo:hi] + " " + view.text[amount.end : amount.end + 16]
    stretch = f"{view.text[max(0, noun.start - 24) : noun.start]} {stretch}"
    for kind, mark in (("minus", "balance-"), ("plus", "balance+")):
        if view.words.find(kind, stretch):
            return replace(noun, flow=mark)
    return noun


def elided(view: Scene, amount: Amount) -> bool:
    """Tell whether nothing after an amount could be a unit of its own: 94.8 billion according to ..."""
    goods = re.match(r"\s?(?:d'|de )(?=\w)", view.text[amount.end :])
    if goods and view.words.starting("product", view.text[amount.end + goods.end() :]) is not None:
        return True  # of them 1.7 milliard d'hydrocarbures
    rest = re.sub(r"^\s?d'(?=\w)", " ", view.text[amount.end :])  # 7,4 milliards d'exportations
    if not rest.strip() or re.match(r"\s?[,.;:)،。，）、]|\s?[-(（]", rest):
        return True
    if any(
        m.start == amount.end + 1
        and (m.role in ("to", "from", "with", "partner") or view.words.language == "ar")
        for m in view.parties
    ):
        return True  # оның 27 миллиарды Ресейге тиесілі
    kinds = ("label_after", "status_after", "credit", "role", "prior", "same", "relative", "month", "flow", "range", "and", "clause", "tight", "half", "quarter", "each", "goes", "was_level", "benefit", "plus")  # fmt: skip
    if re.match(r" ?(?:\w{1,3} )?(?:19|20)\d\d", rest):
        return True
    if view.words.pattern(r" (?:<during>) $").search(
        view.text[amount.end : _next_time(view, amount)]
    ):
        return True  # against 86 billion over the first eleven months of 2014
    return any(view.words.starting(kind, rest) is not None for kind in kinds)


def _next_time(view: Scene, amount: Amount) -> int:
    """Give where the next time behind an amount begins, where the amount ends if there is none near."""
    following = [w.start for w in view.times if amount.end < w.start < amount.end + 24]
    return min(following, default=amount.end)


def respectively(view: Scene, found: list[Amount], nouns: list[Noun]) -> list[Noun]:
    """Deal nouns that stand in one list before their amounts out in order: exports and imports were 5 and 3 bn."""
    flows = [n for n in view.nouns if n.flow]
    joint = view.words.pattern(r"(?:\W|<and>|<article>|<list_gap>)*")
    for at in range(len(found) - 1):
        group = [n for n in flows if n.end <= found[at].start]
        if len(group) < 2 or nouns[at] is not nouns[at + 1]:
            continue
        pair = group[-2:]
        if (
            pair[1] is nouns[at]
            and pair[0].flow != pair[1].flow
            and joint.fullmatch(view.text[pair[0].end : pair[1].start])
            and ":" not in view.text[pair[0].end : pair[1].start]
            and (view.words.language != "ar" or _and(view, pair[1]))
        ):
            nouns = [*nouns[:at], *pair, *nouns[at + 2 :]]
    return nouns
