"""Owns what stands around the name of an area: exclusions, remainders, brackets, footnote marks, codes.

"Asia excluding China" is neither Asia nor China but `ASIA-CHN`; "other countries of Asia" is `OTHER_ASIA`;
where the parts of such a text are not known, the text means nothing rather than the area named inside.
"""

from __future__ import annotations

import functools
import re

from sources import area_codes, area_names
from sources.words import clean

# Words between a group and what is left out of it, in the languages read.
_LESS = (
    r"\b(?:exclud\w*|excl|except(?: for)?|excepted|without|other than|minus|less|not includ\w*|apart from|besides|ex|"
    r"hors|sauf|excepté\w*|à l'exception d\w*|à l'exclusion d\w*|sans|moins|"
    r"ohne|außer|ausser|ausgenommen|ausschlie\w+|excepto|excluy\w*|excluid\w*|sin|salvo|fuera de|"
    r"exceto|hariç|dışında|tashqari)\b\.?|"
    r"\b(?:кроме|за исключением|исключая|без(?: учета)?|вне|не входящ\w*|помимо|не включая|"
    r"қоспағанда|тыс|тышкары|ташқари)\b|"
    r"باستثناء|ما ?عدا|عدا|\bغير\b|سوى|بدون|بخلاف|خارج|"
    r"不包括|不含|以外|之外|除外|除了|除く"
)
# Words that make a remainder of what they stand by.
_OTHER = (
    r"\b(?:others?|rest of(?: the)?|remain\w*|residual|autres?|reste(?: du| de la| de l'| des| d')?|restant\w*|übrige\w*|andere\w*|sonstige\w*|"
    r"otr[oa]s|resto(?: de| del| do| da)?|outr[oa]s|restantes|demais|diğer|boshqa|qolgan|"
    r"проч\w*|друг(?:ие|их|им|ими)|остальн\w*|басқа\w*|өзге\w*|қалған|башка\w*|калган|бошқа|қолган)\b|"
    r"[أا]خرى|بقية|باقي|其他|其它|其余|その他"
)
# Words that open or announce parts, never the whole.
_OF_WHICH = (
    r"\b(?:of which|from which|thereof|dont|darunter|davon|de los cuales|dos quais|jumladan|из них|из которых|"
    r"в том числе|в т\.?\s?ч|оның ішінде|анын ичинде|жумладан)\b|\bمنها\b|其中|うち"
)
_ANY = re.compile(f"{_LESS}|{_OTHER}|{_OF_WHICH}")
_LESS_MIDDLE = re.compile(rf"^(?P<outer>.+?)[\s,(（]*(?:{_LESS})\s*(?P<inner>.+?)[)）]?$")
_LESS_FRONT = re.compile(r"^除(?:了)?(?P<inner>.+?)(?:以外|之外|外)(?:的)?(?P<outer>.+)$")
_LESS_BEHIND = re.compile(
    r"^(?P<inner>.+?)(?:ды|ді|ны|ні|ты|ті|дан|ден|тан|тен|нан|нен|dan|ни|нинг)?\s+(?:қоспағанда|тыс|тышкары|tashqari|hariç|dışındaki|ташқари)\s+(?P<outer>.+)$"
)
_LESS_LAST = re.compile(
    r"^(?P<outer>\S+)\s+(?P<inner>.+?)(?:dan|дан|ден|тан|тен|нан|нен|дон|тон)\s+(?:tashqari|ташқари|тышкары|тыс)$"
)
_OUTSIDE = re.compile(
    r"^(?:countries |страны |государства )?(?:outside(?: of)?(?: the)?|вне|non-)\s*(?P<inner>.+)$"
)
_REST = re.compile(rf"^(?:{_OTHER})\s*(?:of(?: the)?|in|countries of|countries in|страны|стран|государства|pays d\w*'?|länder|países de|)?\s*(?P<outer>.+?)(?:\s*\((?:nes|n\.e\.s\.?)\))?$")  # fmt: skip
_REST_HAN = re.compile(
    r"^(?P<outer>.+?)(?:其他|其它|其余)(?:国家|地区|国家和地区|国家（地区）|国家\(地区\))?$"
)
_AND = re.compile(r"\s*(?:,|;|/|&|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bи\b|和|及|、|\sو)\s*")
_COUNTRIES = re.compile(
    r"^(?:countries of|countries in|countries|страны|стран|государства|pays d\w+|länder|países de|دول|بلدان)\s+|"
    r"\s*(?:countries|länder|елдері|өлкөлөрү|davlatlari|mamlakatlari|国家|各国|地区)$"
)

_NOTE_MARK = re.compile(
    r"(?:\s*(?:[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[\w{1,2}\]|(?<!\d)\(?\d{1,2}\)|(?<!\d)\d{1,2}/|\s\d))+$"
)
_PARENTHESIS = re.compile(r"\s*[(（\[]([^()（）\[\]]*(?:\([^()]*\)[^()]*)*)[)）\]]\s*$")
_HARMLESS = re.compile(
    r"^(?:incl|including|включая|в границах|y compris|einschl|incluid|from|until|since|до|с\b|"
    r"\.{2,}|->|\d{4}|total|всего|[a-z]{2}-\d\d/\d{4})"
)
_CODE_AND_NAME = re.compile(r"^([A-Za-z]{2,3}|\d{1,3})\s*(?:[-–—:=.]|\s)\s*(\D.*)$")
_NAME_AND_CODE = re.compile(r"^(.*\D)\s*[-–—:]\s*([A-Z]{2,3}|\d{3})$")
_OFFICIAL = re.compile(
    r"^(?:the )?(?:(?:islamic|federal|federative|plurinational|bolivarian|cooperative|united)? ?republic of(?: the)?|"
    r"kingdom of(?: the)?|principality of|grand duchy of|state of|sultanate of|commonwealth of(?: the)?|"
    r"république (?:islamique |fédérale )?(?:de la |du |des |de l'|de |d')|royaume (?:de la |du |des |de l'|de |d')|"
    r"(?:bundes|islamische )?republik|königreich|"
    r"república (?:islámica |federal |bolivariana |plurinacional )?(?:de la |del |de los |de |da |do )|reino de |"
    r"республика|республики|республике|республикой|королевство|"
    r"جمهورية|مملكة|دولة|سلطنة) ?(?P<rest>.+)$|"
    r"^(?P<first>.+?),? (?:республикасы|республикаси|respublikasi|cumhuriyeti)$"
)
# Groups that have a code for all the world beside them.
_OUTER_NAMES = {
    "EU": "EXTRA_EU", "EU27": "EXTRA_EU27", "EU28": "EXTRA_EU28", "CIS": "NON_CIS",
    "EURO_AREA": "EXTRA_EURO_AREA",
}  # fmt: skip
_CHINESE_TERRITORIES = frozenset({"HKG", "MAC", "TWN"})
_BOTH = re.compile(r"\s(?:and|und|et|y|e|и|&|\+|және|жана|va)\s|(?<!共)和|[与及]|\sو")
_OFFICE_BEHIND = re.compile(r"^([^,]+),\s*([^,]+ (?:of|of the|de|du))$")
# Areas of which "Republic of X" may be another one than X.
_DOUBLED = frozenset({"CHN", "COG", "COD", "KOR", "PRK", "TWN", "VNM", "YEM", "DEU"})


@functools.lru_cache(maxsize=65536)
def meanings(text: str) -> frozenset[str]:
    """Give the areas that a printed text may mean, taking off ever more of what stands around the name."""
    tidy = clean(text)
    if len(tidy) > 500 or not re.search(r"[^\W\d_]", tidy):
        return frozenset()
    found = area_names.lookup(tidy)
    if found and found <= _CHINESE_TERRITORIES and _BOTH.search(tidy):
        return frozenset()  # "China and Hong Kong" is no name of Hong Kong
    if found:
        return found
    bare = _NOTE_MARK.sub("", tidy).strip(" .,;:-–—*")
    bare = re.sub(r"(?<=[^\W\d_])\d{1,2}$", "", bare)
    if bare != tidy and bare and (found := area_names.lookup(bare)):
        return found
    if _ANY.search(bare) or bare.startswith("除"):
        return _parenthesis(bare) or _without(bare) or _remainder(bare)
    return _parenthesis(bare) or _pair(str(text), bare) or _official(bare) or _countries(bare)


def _one(text: str) -> str:
    """Give the one area that a piece of text means, else an empty text."""
    found = area_names.settled(meanings(text.strip(" ,;:()")))
    return next(iter(found)) if len(found) == 1 else ""


def _without(text: str) -> frozenset[str]:
    """Read "Asia excluding China and Hong Kong" as `ASIA-CHN-HKG`, where every part is known."""
    outside = _OUTSIDE.match(text)
    if outside:
        inside = _one(outside["inner"])
        if not inside or "-" in inside:
            return frozenset()
        return frozenset({_OUTER_NAMES.get(inside, f"WORLD-{inside}")})
    for pattern in (_LESS_FRONT, _LESS_LAST, _LESS_BEHIND, _LESS_MIDDLE):
        match = pattern.match(text)
        if match is None:
            continue
        outer = _one(match["outer"])
        whole = _one(match["inner"])
        inner = [whole] if whole else [_one(part) for part in _AND.split(match["inner"]) if part]
        if outer and inner and all(inner) and not any("-" in code for code in (outer, *inner)):
            return frozenset({"-".join((outer, *inner))})
    return frozenset()


def _remainder(text: str) -> frozenset[str]:
    """Read "other countries of Asia" as `OTHER_ASIA`; the remainder of something unknown means nothing."""
    for pattern in (_REST, _REST_HAN):
        match = pattern.match(text)
        outer = _one(_COUNTRIES.sub("", match["outer"])) if match else ""
        if outer and area_codes.kind(outer) in ("group", "country"):
            return frozenset({f"OTHER_{outer}"})
    return frozenset()


def _parenthesis(text: str) -> frozenset[str]:
    """Read "Spain (incl. Canary Islands)" and "Laos (LA)"; the bracket must agree or add only scope."""
    match = _PARENTHESIS.search(text)
    if not match:
        return frozenset()
    outside, inside = text[: match.start()], match[1].strip()
    if _ANY.search(inside):
        return frozenset()
    found = meanings(outside)
    if not found:
        return frozenset()
    if _HARMLESS.match(inside):
        return found
    coded = area_codes.code_of(inside) if inside.isascii() and len(inside) <= 4 else None
    if coded is not None:
        return found & {coded}
    agreed = found & area_names.lookup(inside)
    return agreed or (found & _official(f"{inside} {outside}"))


def _pair(text: str, tidy: str) -> frozenset[str]:
    """Read a code beside a name, and one name in several languages; all must mean the same area."""
    for pattern, code_at, name_at in ((_CODE_AND_NAME, 1, 2), (_NAME_AND_CODE, 2, 1)):
        match = pattern.match(text.strip())
        if match:
            coded = _coded(match[code_at])
            named = meanings(match[name_at])
            if coded and named:
                return named & {coded}
    parts = [part for part in re.split(r"\s*[/|;\n]\s*|\s+[-–—]\s+", tidy) if part]
    if not 2 <= len(parts) <= 6:
        return frozenset()
    answers = [meanings(part) for part in parts]
    return answers[0].intersection(*answers[1:])


def _coded(code: str) -> str:
    for scheme in ("iso2", "iso3", "comtrade", "eurostat"):
        found = area_codes.code_of(code, scheme)
        if found is not None:
            return found
    return ""


def _official(text: str) -> frozenset[str]:
    """Read "Republic of Kazakhstan" and the like, except where it may be another state than the bare name."""
    behind = _OFFICE_BEHIND.match(text)  # "Armenia, Republic of"
    match = _OFFICIAL.match(f"{behind[2]} {behind[1]}" if behind else text)
    if not match:
        return frozenset()
    found = area_names.lookup(match["rest"] or match["first"])
    safe = {code for code in found if area_codes.kind(code) == "country" and code not in _DOUBLED}
    return frozenset(safe) if safe == found else frozenset()


def _countries(text: str) -> frozenset[str]:
    """Read "countries of Central Asia" as the group; of a country it means nothing."""
    bare = _COUNTRIES.sub("", text)
    found = area_names.lookup(bare) if bare != text else frozenset()
    return frozenset(code for code in found if area_codes.kind(code) == "group")
