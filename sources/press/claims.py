"""Owns the reading of claims: which amounts of a sentence are trade, whose, which way, when, and who says so."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sources.press.text import Sentence
from sources.press.vocabulary import UNSPACED, Vocabulary, fold

_NUMBER = r"\d{1,3}(?:[ ,.]\d{3})+(?:[.,]\d{1,2})?(?![\d])|\d+(?:[.,]\d+)?"
_SIGN = {"us$": "USD", "$": "USD", "€": "EUR", "£": "GBP", "hk$": "HKD", "a$": "AUD", "c$": "CAD"}
_SIGNS = r"(?P<sign>us\$|hk\$|a\$|c\$|\$|€|£)\s?"
_YEAR = re.compile(r"(?<![\d.,])(?:19[89]\d|20[0-4]\d)(?!\d|[.,]\d)")
_CLAUSE = re.compile(r"[;；]|, (?:while|whereas|compared)|، مقابل")


@dataclass
class Claim:
    """One figure quoted in prose, fields empty where the text does not settle them."""

    sentence: Sentence
    start: int
    end: int
    printed: str
    printed_unit: str
    value: float
    quantum: float
    scale: float
    currency: str
    flow: str = ""
    reporter: str = ""
    partner: str = ""
    period: str = ""
    source: str = ""
    records: str = ""
    approx: str = ""
    status: str = ""
    concept: str = ""
    commodity: str = ""
    assumed: bool = False
    doubts: list[str] = field(default_factory=list)


@dataclass
class Context:
    """What earlier sentences settled and a later one may lean on."""

    year: int | None = None
    published: int | None = None
    pair: tuple[str, str] = ("", "")
    period: str = ""


def _value(text: str, language: str, scale: float) -> tuple[float, float]:
    """Read a printed number: (number, one unit of its last digit)."""
    text = text.replace(" ", "")
    point = language in ("en", "zh", "ja")
    marks = re.findall(r"[.,]", text)
    decimal = ""
    if marks:
        last = marks[-1]
        tail = len(text) - text.rfind(last) - 1
        if (
            len(set(marks)) == 2
            or (len(marks) == 1 and tail != 3)
            or (len(marks) == 1 and (last == "." if point else last == "," or scale >= 1e9))
        ):
            decimal = last
    whole = "".join(c if c.isdigit() or c == decimal else "" for c in text).replace(",", ".")
    places = len(whole.split(".")[1]) if "." in whole else 0
    return float(whole), 10.0**-places


def amount_pattern(words: Vocabulary) -> re.Pattern[str]:
    """Give the pattern of an amount in one language: sign, number, scale, further parts, currency."""

    def join(kind: str) -> str:
        return "|".join(p for _, p in words.fragments.get(kind, []))

    gap = r"\s?" if words.language in UNSPACED else r"[ -]?"
    part = rf"(?:{_NUMBER}){gap}(?:{join('scale')})"
    last = rf"(?:{_NUMBER})(?:{gap}(?:{join('scale')}))?"
    unit = rf"(?:{gap}(?:of )?(?:(?P<currency>{join('currency')})|(?P<measure>{join('measure')})))?"
    return re.compile(rf"(?:{_SIGNS})?(?<![\d.,])(?P<body>(?:{part} ?)*{last}){unit}")


def _amounts(
    sentence: Sentence, text: str, words: Vocabulary, pattern: re.Pattern[str]
) -> list[Claim]:
    out: list[Claim] = []
    scales = re.compile(
        rf"({_NUMBER})\s?-?(?:" + "|".join(f"({p})" for _, p in words.fragments["scale"]) + ")?"
    )
    factors = [float(code) for code, _ in words.fragments["scale"]]
    for match in pattern.finditer(text):
        parts = list(scales.finditer(match["body"]))
        total, quantum, largest, shown = 0.0, 0.0, 1.0, 0
        for part in parts:
            hit = next((i for i, g in enumerate(part.groups()[1:]) if g), None)
            factor = factors[hit] if hit is not None else 1.0
            number, step = _value(part[1], words.language, factor)
            total += number * factor
            quantum = step * factor
            largest = max(largest, factor)
            shown += hit is not None
        code = _SIGN.get(match["sign"] or "", "")
        for kind in ("currency", "measure"):
            if match[kind]:
                code = next(c for c, p in words.fragments[kind] if re.fullmatch(p, match[kind]))
        if (not shown and not code) or re.match(r"\s?[%％]", text[match.end() :]):
            continue
        first = parts[0].end(1) if parts else 0
        base = match.start("body")
        printed_unit = sentence.text[base + first : match.end()].strip()
        out.append(
            Claim(
                sentence, match.start(), match.end(),
                sentence.text[base : base + first] if len(parts) == 1 else match["body"].strip(),
                (match["sign"] or "") + printed_unit, total, quantum, largest, code,
            )
        )  # fmt: skip
    return out


def _parties(text: str, words: Vocabulary) -> list[tuple[int, int, str, str]]:
    """Give (start, end, code, role) of the parties of a sentence; the role is the word before the name."""
    out = []
    for start, end, code in words.find("party", text):
        before = text[max(0, start - 28) : start + (1 if words.language == "ar" else 0)]
        role = ""
        for name, pattern in words.fragments.get("role", []):
            edge = r"(?<!\w)" if words.language not in UNSPACED else ""
            if re.search(rf"{edge}(?:{pattern})\s?$", text[max(0, start - 28) : start]):
                role = name
                break
        for name, pattern in words.fragments.get("role_after", []):
            if re.match(pattern, text[end:]):
                role = "of" if words.language == "en" else name
        if words.language == "ar" and text[start:end].startswith("ل") and "with" not in before:
            role = role or "of"
        out.append((start, end, code, role))
    return out


def _pair(parties: list[tuple[int, int, str, str]], flow: str) -> tuple[str, str]:
    """Give (reporter, partner) from the roles; empty where the sentence does not settle them."""
    codes = list(dict.fromkeys(p[2] for p in parties))
    if len(codes) > 2 or not codes:
        return "", ""
    roles = {p[2]: p[3] for p in reversed(parties)}
    towards = "from" if flow == "imports" else "to"
    partner = next((c for c in codes if roles[c] == towards), "")
    partner = partner or next((c for c in codes if roles[c] == "with" and c != codes[0]), "")
    reporter = next((c for c in codes if c != partner), "")
    if len(codes) == 2 and not partner:
        reporter, partner = codes[0], codes[1]
    elif len(codes) == 1 and roles[codes[0]] in ("to", "from", "with"):
        other_way = {"exports": "from", "imports": "to"}.get(flow)
        reporter, partner = (codes[0], "") if roles[codes[0]] == other_way else ("", codes[0])
    return reporter, partner


def _period(
    text: str, start: int, end: int, words: Vocabulary, context: Context
) -> tuple[str, int]:
    """Give (period, position) of the period named in a stretch of text; "" where there is none."""
    stretch = text[start:end]
    years = [(m.start(), int(m[0])) for m in _YEAR.finditer(stretch)]
    if not years and context.published:
        years = [(s, context.published + int(c)) for s, _, c in words.find("relative", stretch)]
    year = years[0][1] if years else None
    if year is None:
        return "", -1
    months = [int(c) for _, _, c in words.find("month", stretch)]
    if words.language == "en" and not months:
        names = (
            "january february march april may june july august september october november december"
        )
        table = {name: i for i, name in enumerate(names.split(), 1)}
        months = [table[w] for w in re.findall(r"[a-z]+", stretch) if w in table]
    if words.language in UNSPACED and not months:
        found = re.search(r"(?<!\d)(\d{1,2})(?:月)?\s?[-~至到]\s?(\d{1,2})月", stretch)
        months = [int(m) for m in found.groups()] if found else []
        if not months:
            months = [int(m) for m in re.findall(r"(?<!\d)(1[0-2]|[1-9])月", stretch)][:1]
    months = [m for m in months if 1 <= m <= 12]
    if len(months) > 1 and months[0] < months[1]:
        return f"{year}-{months[0]:02d}..{year}-{months[1]:02d}", years[0][0]
    if months:
        return f"{year}-{months[0]:02d}", years[0][0]
    numbers = {p: c for c, row in words.fragments.get("number", []) for p in row.split("|")}
    for m in re.finditer(
        "|".join(p for _, p in words.fragments.get("months", [])) or "$^", stretch
    ):
        count = next((g for g in m.groups() if g), "")
        count = count if count.isdigit() else numbers.get(count, "")
        if not count and not m.groups():
            count = next((c for c, p in words.fragments["months"] if re.fullmatch(p, m[0])), "")
        if count.isdigit() and 1 < int(count) < 12:
            return f"{year}-01..{year}-{int(count):02d}", years[0][0]
    if words.find("quarters", stretch):
        return f"{year}-01..{year}-09", years[0][0]
    for kind, mark in (("half", "H"), ("quarter", "Q")):
        hits = words.find(kind, stretch)
        if hits:
            return f"{year}-{mark}{hits[0][2]}", years[0][0]
    return str(year), years[0][0]


def claims(
    sentence: Sentence, words: Vocabulary, pattern: re.Pattern[str], context: Context
) -> list[Claim]:
    """Give the trade figures of one sentence, in order; none where the sentence is about something else."""
    text = fold(sentence.text)
    flows = words.find("flow", text)
    if not flows:
        return []
    found = _amounts(sentence, text, words, pattern)
    if not any(c.currency for c in found):
        return []
    nouns = [(s, e, c, True) for s, e, c in flows] + [
        (s, e, c, False) for s, e, c in words.find("stop", text)
    ]
    nouns.sort()
    credits = [c for c in words.find("credit", text) if c[2] == "before"]
    parties = _parties(text, words)

    def inside(place: int) -> bool:
        for _, end, _ in credits:
            later = [c.start for c in found if c.start > end]
            if end <= place < min([end + 45, *later]):
                return True
        return False

    inherited = ""
    out: list[Claim] = []
    for index, claim in enumerate(found):
        left = found[index - 1].end if index else 0
        right = found[index + 1].start if index + 1 < len(found) else len(text)
        stop = _CLAUSE.search(text, claim.end, right)
        right = stop.start() if stop else right
        if not claim.currency:
            if not inherited or claim.scale < 1e6:
                continue
            claim.currency, claim.assumed = inherited, True
        tight = [
            n
            for n in nouns
            if claim.end <= n[0] <= claim.end + 14
            and not re.search(r"[,،，]", text[claim.end : n[0]])
        ]
        before = [n for n in nouns if n[1] <= claim.start]
        noun = (
            tight[0]
            if tight and (tight[0][3] is False or not before)
            else before[-1]
            if before
            else tight[0]
            if tight
            else None
        )
        if noun is None or not noun[3]:
            continue
        if re.search(_tail(words, "change_before"), text[max(0, claim.start - 40) : claim.start]):
            continue
        if any(
            s == 0
            for s, _, _ in words.find("change_after", text[claim.end : claim.end + 24].lstrip())
        ):
            continue
        inherited = claim.currency if claim.currency.isupper() else inherited
        claim.flow = {"balance+": "balance", "balance-": "balance"}.get(noun[2], noun[2])
        if noun[2] == "balance-":
            claim.value = -claim.value
        approx = words.find("approx", text[max(0, claim.start - 22) : claim.start])
        claim.approx = approx[-1][2] if approx else ""
        own = [p for p in parties if left <= p[0] < right and not inside(p[0])]
        every = [p for p in parties if not inside(p[0])]
        first = [p for p in every if p[0] < found[0].start]
        if len({p[2] for p in own}) == 2 or index == 0:
            claim.reporter, claim.partner = _pair(own or every, claim.flow)
        else:
            claim.reporter, claim.partner = _pair(first, claim.flow)
            if len({p[2] for p in own}) == 1 and claim.reporter and own[0][2] != claim.reporter:
                claim.partner = own[0][2]
        if not every:
            claim.reporter, claim.partner = context.pair
        if out and not own and out[-1].reporter and out[-1].partner:
            claim.reporter, claim.partner = out[-1].reporter, out[-1].partner
        claim.period = _period(text, claim.end, right, words, context)[0]
        claim.period = claim.period or _period(text, left, claim.start, words, context)[0]
        claim.period = claim.period or (out[-1].period if out else "") or context.period
        if words.find("prior", text[claim.end : right]) and claim.period[:4].isdigit():
            claim.period = claim.period if _YEAR.search(text, claim.end, right) else ""
        near = [c for c in credits if claim.end <= c[0] < right] or [
            c for c in credits if c[0] < found[0].start
        ]
        if near:
            cut = re.split(r"[,،，;.。]", sentence.text[near[0][1] : near[0][1] + 60])[0].strip()
            claim.source = cut
            area = (
                words.find("org", fold(cut))
                or words.find("party", fold(cut))
                or words.find("region", fold(cut))
            )
            claim.records = area[0][2] if area else ""
            sides = [claim.reporter, claim.partner]
            others = {p[2] for p in every} - {claim.records}
            if claim.flow == "turnover" and "" in sides and len(others) == 1:
                other = others.pop()
                if claim.records and other not in ("", claim.records):
                    claim.reporter, claim.partner = claim.records, other
                elif out and out[-1].records not in ("", claim.records) and claim.records:
                    claim.reporter, claim.partner = claim.records, out[-1].records
            elif claim.flow == "turnover" and out and "" in sides and claim.records:
                claim.reporter, claim.partner = claim.records, out[-1].reporter
            if claim.records and claim.records == claim.partner and claim.flow == "turnover":
                claim.reporter, claim.partner = claim.partner, claim.reporter
        status = words.find("status", text[left : claim.start])
        claim.status = status[-1][2] if status else ""
        concept = words.find("concept", text)
        claim.concept = concept[0][2] if concept else ""
        product = words.find("product", text[max(left, noun[0] - 25) : claim.end])
        claim.commodity = (
            text[max(left, noun[0] - 25) :][product[0][0] : product[0][1]] if product else "TOTAL"
        )
        out.append(claim)
    if out:
        context.period = out[-1].period
        if out[-1].reporter and out[-1].partner:
            context.pair = (out[-1].reporter, out[-1].partner)
    return out


def _tail(words: Vocabulary, kind: str) -> str:
    rows = words.fragments.get(kind, [])
    return "(?:" + "|".join(p for _, p in rows) + r")\s*$" if rows else "$^"
