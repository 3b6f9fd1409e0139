"""Owns the vocabularies of trade prose: one table per language, folded and compiled once."""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "data" / "press"
UNSPACED = ("zh", "ja")
# Languages in which the verb, and with it what an amount is, comes after the amount.
AGGLUTINATIVE = ("tr", "kk", "ky", "uz", "uz_cyrl")
VERB_LAST = ("tr", "kk", "ky", "uz", "uz_cyrl", "ja")
# The time stands before the amount that it belongs to, so a time after it belongs to the next one.
TIME_FIRST = (*VERB_LAST, "zh")
ADJECTIVE_LAST = ("fr", "es", "pt")  # an adjective follows its noun: soja brasileira
_REACH = 140  # characters before a place in which the words that end there begin
_SPELT = (
    "accent",
    "name",
    "adj",
    "city",
    "noun",
    "not_party",
)  # kinds whose rows are words, no patterns
SHARED = "common"  # signs and codes of currencies that every language uses

_FLAT = {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "٫": ".", "٬": ",", "ё": "е", "Ё": "е"}  # fmt: skip
_FLAT |= {"ı": "i", "İ": "i", "–": "-", "—": "-", "−": "-", "‑": "-", "─": "-", "―": "-", "‐": "-", "〜": "~", "～": "~", "ø": "o", "ł": "l"}  # fmt: skip
_FLAT |= dict.fromkeys("’‘ʻʼ`´′", "'") | dict.fromkeys("“”„«»", '"')
# Chinese in traditional letters is read with the simplified vocabulary.
_TRADITIONAL = (
    "億萬貿額總進與對國東韓歐順達關數據發佈單雙邊長減從爾羅馬義亞華來統計區稅過約較準產農業機電氣車煤銅鐵鋼紡織衣穀豬幣盧務線帶實現為會議時間報導稱說資訊點將財經濟製灣兩圓歲協紐緬蘭賓維"
    "奧烏薩剛買賣購際聯餘個輸儲豐銷創歷紀錄強勁續連轉負淨類設備積視訂獨紅參項開門頭無這還週組專廣應當於後處見規觀覽談論證識護讓變象贏責貨質費貸軍載輕輪適遠選遷鄉醫釋針鎊鐘鋁錫鍵鎮隨難雖"
    "離雲靜響頓預領題顯風飛餐館駐驗體魚黃黨齊龍澤潤滿熱營爭獲畫療監盤礎禮種穩競筆節簡簽糧級細終給網緊編縮縣職聲腦臺舉舊艦蘇號裝複認試該語請謝別啟圖麗價僑債興劃則劇勢廳員場堅擴損換撾術構"
    "標欄匯測塗災煉獅環蓋礦磚紗納紹結緩繳罰藥蓮補許訪諸調諒賬帳貼賠贊讚贈躍邁運鄰裏裡鈾銖銀鋰銳聞問陽陸頃飆飲驟鮮麥極櫃漢績記評輛虧眾優內兌衝沖憑幾辦勞佔聽噸園獎學寧寶審盡層島庫異張歸態"
    "戰擬擇擔擁攜條楊歡滬漸漁溫滯煙碼確勝講訴貴賴鑒鑽鎳鋅鉛闊階陳頒飼愛茲鬆復餅捲壓脫葉樣檔橋檢滅瑪鑄鍊鏈顧麼衛傳彈緣殘僅傷側傾倉偵償儘儀凍匱厲廠廢徑慶憂憲戶拋揮攝擊擋攤敗敵斷曆暫棄榮樞"
    "權殺氫汙決沒滾滲潛澀濱瀕燈爐犧獵瓊疊瘋盜矽碩祕禍禦穫窪竄籌籤糾紛紙純綠綱綜縱繞繼罷肅膚膠臨艙艱蔔蔥藍蟲襲親覺觸討訓託診詞詳誌誤課誰諾謀謊譽貧貫販賤賺賽趕趨跡蹟踴軌輔輝轎辭遞遲遼郵釀"
    "釣鈔鈷鈣鉀鋪錢錯鍋鎖鏡鑑閃閉閣閱隊隱險雜雞霧靈韌頁頂須頑頗頸頻願飄飯飽飾駛騙驅驚鬥鯨鱷鳥鴨鵝鹽麵齒齡龐龜"
)
_SIMPLE = (
    "亿万贸额总进与对国东韩欧顺达关数据发布单双边长减从尔罗马义亚华来统计区税过约较准产农业机电气车煤铜铁钢纺织衣谷猪币卢务线带实现为会议时间报导称说资讯点将财经济制湾两圆岁协纽缅兰宾维"
    "奥乌萨刚买卖购际联余个输储丰销创历纪录强劲续连转负净类设备积视订独红参项开门头无这还周组专广应当于后处见规观览谈论证识护让变象赢责货质费贷军载轻轮适远选迁乡医释针镑钟铝锡键镇随难虽"
    "离云静响顿预领题显风飞餐馆驻验体鱼黄党齐龙泽润满热营争获画疗监盘础礼种稳竞笔节简签粮级细终给网紧编缩县职声脑台举旧舰苏号装复认试该语请谢别启图丽价侨债兴划则剧势厅员场坚扩损换挝术构"
    "标栏汇测涂灾炼狮环盖矿砖纱纳绍结缓缴罚药莲补许访诸调谅账账贴赔赞赞赠跃迈运邻里里铀铢银锂锐闻问阳陆顷飙饮骤鲜麦极柜汉绩记评辆亏众优内兑冲冲凭几办劳占听吨园奖学宁宝审尽层岛库异张归态"
    "战拟择担拥携条杨欢沪渐渔温滞烟码确胜讲诉贵赖鉴钻镍锌铅阔阶陈颁饲爱兹松复饼卷压脱叶样档桥检灭玛铸链链顾么卫传弹缘残仅伤侧倾仓侦偿尽仪冻匮厉厂废径庆忧宪户抛挥摄击挡摊败敌断历暂弃荣枢"
    "权杀氢污决没滚渗潜涩滨濒灯炉牺猎琼叠疯盗硅硕秘祸御获洼窜筹签纠纷纸纯绿纲综纵绕继罢肃肤胶临舱艰卜葱蓝虫袭亲觉触讨训托诊词详志误课谁诺谋谎誉贫贯贩贱赚赛赶趋迹迹踊轨辅辉轿辞递迟辽邮酿"
    "钓钞钴钙钾铺钱错锅锁镜鉴闪闭阁阅队隐险杂鸡雾灵韧页顶须顽颇颈频愿飘饭饱饰驶骗驱惊斗鲸鳄鸟鸭鹅盐面齿龄庞龟"
)
_HAN = dict(zip(_TRADITIONAL, _SIMPLE, strict=True))


@functools.lru_cache(maxsize=8192)
def _letter(letter: str) -> str:
    if letter.isspace():
        return " "
    if unicodedata.category(letter) == "Nd":
        return str(unicodedata.decimal(letter))
    if letter in _FLAT:
        return _FLAT[letter]
    wide = unicodedata.normalize("NFKC", letter)
    letter = wide if len(wide) == 1 else letter
    low = letter.lower()
    low = low if len(low) == 1 else letter
    base = unicodedata.normalize("NFD", low)[0]
    return base if "a" <= base <= "z" else low


def fold(text: str) -> str:
    """Fold a text letter by letter for matching: lower case, no Latin accents, ASCII digits, same length."""
    return "".join(map(_letter, text))


@functools.cache
def _accents(language: str) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Give the words that only their accent tells from others (à, a): as written, folded, the kinds that tell them apart."""
    rows = [row for row in _read(language) if row[0] == "accent"]
    return tuple((w, fold(w), frozenset(code.split())) for _, code, words in rows for w in words.split("|"))  # fmt: skip


@functools.cache
def _accented(language: str) -> re.Pattern[str] | None:
    words = "|".join(word for word, _, _ in _accents(language))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.I) if words else None


def folded(text: str, language: str) -> str:
    """Fold a text as `fold` does, but keep the accents that tell small words of its language apart: à China, a China."""
    plain, marked = fold(text), _accented(language)
    for hit in marked.finditer(text) if marked else ():
        plain = plain[: hit.start()] + hit[0].lower() + plain[hit.end() :]
    return plain


def _either(pattern: str, kind: str, language: str) -> str:
    """Let a row's words stand for those with an accent too, except in the kinds that tell the two apart."""
    for word, plain, kinds in _accents(language):
        if kind in _SPELT or kind in kinds:
            continue
        at = next(i for i, (one, other) in enumerate(zip(word, plain, strict=True)) if one != other)
        both = f"{plain[:at]}[{plain[at]}{word[at]}]{plain[at + 1 :]}"
        pattern = re.sub(rf"(?<![\w\\\[]){plain}(?![\w-])", both, pattern)
    return pattern


@functools.lru_cache(maxsize=8192)
def simplified(letter: str) -> str:
    """Give the simplified form of a traditional Chinese letter of trade prose, else the letter itself."""
    return _HAN.get(letter, letter)


Hit = tuple[int, int, str]  # start, end, code


@dataclass(frozen=True)
class Vocabulary:
    """The words of one language: for each kind its rows (code, pattern); compiled when first asked for."""

    language: str
    rows: dict[str, list[tuple[str, str]]]
    # (start, end, code) of every hit of a kind in a text, left to right; kept, as the rules of one sentence
    # ask for the same words many times.
    find: Callable[[str, str], tuple[Hit, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "find", functools.lru_cache(maxsize=2048)(self._search))

    def _search(self, kind: str, text: str) -> tuple[Hit, ...]:
        pattern = self.compiled(kind) if text else None
        if pattern is None or pattern.search(text) is None:
            return ()
        codes = _codes(self.language, kind)
        return tuple([(*m.span(), codes[m.lastgroup]) for m in pattern.finditer(text)])

    def compiled(self, kind: str, where: str = "") -> re.Pattern[str] | None:
        """Give the pattern of a kind anywhere, at the "start" or at the "end" of a text; None where it has no rows."""
        return _alternatives(self.language, kind, where) if kind in self.rows else None

    def starting(self, kind: str, text: str) -> str | None:
        """Give the code of the kind that a text begins with, None for none."""
        pattern = self.compiled(kind, "start")
        hit = pattern.match(text) if pattern else None
        return _codes(self.language, kind)[hit.lastgroup] if hit else None

    def ending(self, kind: str, text: str) -> str | None:
        """Give the code of the kind that a text ends with (spaces aside), None for none."""
        pattern = self.compiled(kind, "end")
        hit = pattern.search(text[-_REACH:]) if pattern else None
        return _codes(self.language, kind)[hit.lastgroup] if hit else None

    def pattern(self, template: str) -> re.Pattern[str]:
        """Give a compiled pattern in which <kind> stands for the alternatives of a kind."""
        return _compiled(self.language, template)

    def fragment(self, kind: str) -> str:
        """Give the alternatives of a kind for building a larger pattern; one that never fits for none."""
        return "|".join(pattern for _, pattern in self.rows.get(kind, [])) or "(?!)"


@functools.cache
def _codes(language: str, kind: str) -> dict[str | None, str]:
    """Give the code of each row of a kind by the name of its group."""
    return {f"g{at}": code for at, (code, _) in enumerate(vocabulary(language).rows[kind])}


@functools.cache
def _compiled(language: str, template: str) -> re.Pattern[str]:
    words = vocabulary(language)
    return re.compile(re.sub(r"<(\w+)>", lambda hit: f"(?:{words.fragment(hit[1])})", template))


def languages() -> list[str]:
    """Give the languages that have a table."""
    return sorted(path.stem for path in FOLDER.glob("*.csv") if path.stem != SHARED)


def _read(name: str) -> list[tuple[str, str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return [(row["kind"], row["code"], row["pattern"]) for row in csv.DictReader(handle)]


def _fold_pattern(pattern: str, language: str) -> str:
    return re.sub(r"\\.|[^\\]+", lambda m: m[0] if m[0][0] == "\\" else folded(m[0], language), pattern)  # fmt: skip


@functools.cache
def vocabulary(language: str) -> Vocabulary:
    """Give the vocabulary of one language; KeyError where there is no table.

    In a pattern a star after a letter stands for any ending; all else is a regular expression.
    """
    if language not in languages():
        raise KeyError(language)
    rows: dict[str, list[tuple[str, str]]] = {}
    for kind, code, pattern in (*_read(language), *_read(SHARED)):
        if language == "zh":
            pattern = "".join(map(simplified, pattern))
        if language == "de" and kind not in ("name", "adj", "city"):
            pattern = pattern.replace("ss", "(?:ss|ß)")
        pattern = re.sub(r"(?<!\\)([^\W\d_])\*", r"\1\\w*", _fold_pattern(pattern, language))
        pattern = _either(pattern, kind, language)
        rows.setdefault(kind, []).append((code, pattern))
    return Vocabulary(language, rows)


@functools.cache
def _alternatives(language: str, kind: str, where: str) -> re.Pattern[str]:
    """Compile the rows of a kind as named alternatives, word by word where the script has spaces."""
    before, after = r"(?<!\w)", r"(?!\w)"
    if language in UNSPACED:
        before = after = ""
    elif language == "ar":
        before = r"(?<!\w)(?:[وف]?(?:بال|كال|لل|ال|[بلك])?)"
    entries = vocabulary(language).rows[kind]
    body = "|".join(f"(?P<g{at}>{pattern})" for at, (_, pattern) in enumerate(entries))
    if where == "start":
        return re.compile(rf"\s*{before}(?:{body}){after}")
    if where == "end":
        return re.compile(rf"{before}(?:{body})\s*$")
    return re.compile(f"{before}(?:{body}){after}")


_LETTERS = {
    "ar": r"[\u0621-\u064a]", "ja": r"[\u3041-\u30ff]", "zh": r"[\u4e00-\u9fff]",
    "cyrillic": r"[\u0400-\u04ff]", "latin": r"[a-zA-Z\u00c0-\u024f]",
}  # fmt: skip
_RUNS = {name: re.compile(f"{letters}+") for name, letters in _LETTERS.items()}
# The commonest small words of each language; a text belongs to the one that it uses most.
_SMALL = {
    "en": "the of and in to for with by from was is that its",
    "fr": "le la les de des du et en dans à au aux une est pour sur avec par selon d l",
    "de": "der die das und in von den im auf mit für zu dem des ist eine sind nach aus",
    "es": "el la los las de del y en con por para que un una fue según",
    "pt": "o a os as de do da dos das e em no na com por para que um uma foi ao",
    "tr": "ve ile bir bu için yılında olarak milyar milyon dolar yılı arasındaki göre",
    "uz": "va bilan uchun bu yilda yil milliard mlrd dollar dollarga hajmi tashkil etdi boʻldi",
    "ru": "россии россия казахстана китая экспорт импорт товарооборот долларов рублей и в на с по из за что до это году года между составил составила также к от",
    "kk": "қазақстан қазақстанның ресей қытай доллар долларға долларды теңге айында экспорты мен және жылы бұл үшін бойынша болды құрады арасындағы жылдың үлгі ең тауар",
    "ky": "кыргызстан кыргызстандын казакстан казакстанга кытайдан кытай россия өзбекстан долларга долларлык долларды сом жылдыкта айында экспорту менен жана жылы бул үчүн боюнча болду түздү ортосундагы жылдын соода",
    "uz_cyrl": "ўзбекистон ўзбекистоннинг хитой россия қозоғистон долларга долларни сўм экспорти ва билан учун бу йилда йил бўлди ташкил этди йили савдо ўртасидаги",
}
_WORDS = {name: frozenset(fold(words).split()) for name, words in _SMALL.items()}


# Kinds whose words tell one language from its neighbours where a text is short.
_TELLING = ("scale", "flow", "currency", "relative", "months", "credit", "measure")


_FEW = 6  # words


def language_of(text: str) -> str:
    """Give the likeliest language of a text among those that have a table; "" where none fits."""
    head = text[:6000]
    counts = {name: sum(map(len, runs.findall(head))) for name, runs in _RUNS.items()}
    if not any(counts.values()):
        return ""
    if 3 * counts["ja"] > 0.15 * counts["zh"] and counts["ja"] + counts["zh"] > 0.2 * len(head):
        return "ja" if counts["ja"] else "zh"
    counts["zh"] *= 3
    best = max(counts, key=lambda name: counts[name])
    if best not in ("latin", "cyrillic"):
        return best
    names = "en fr de es pt tr uz" if best == "latin" else "ru kk ky uz_cyrl"
    tokens = re.findall(r"[^\W\d_]+", fold(head))
    scores = {name: sum(t in _WORDS[name] for t in tokens) for name in names.split()}
    if best == "cyrillic":
        scores["kk"] += 2 * len(re.findall("[әғіұһ]|[ққ]", head.lower()))
        scores["ky"] += 2 * len(re.findall("[өүң]", head.lower())) - scores["kk"]
        scores["uz_cyrl"] += 2 * len(re.findall("[ўҳқғ]", head.lower()))
        if re.search("[әіұ]", head.lower()):
            scores["uz_cyrl"] = 0
        if len(tokens) > _FEW and not re.search("[әғіұһқ]", head.lower()):
            scores["kk"] = 0  # no Kazakh sentence does without these letters
    else:
        low = head.lower()
        scores["tr"] += 2 * len(re.findall("[ığş]", low))
        scores["uz"] += 3 * len(re.findall("[og][ʻ'‘’`](?=[a-z])|sh[iou]|yil|lar(?:i|ni|ga)", low))
        scores["uz"] -= 3 * len(re.findall("[ığşçöüäéèêñãß]", low)) + 2 * scores["en"]
        scores["de"] += 2 * len(re.findall("[äß]", low))
        scores["es"] += 2 * len(re.findall("[ñ¿]", low))
        scores["pt"] += 2 * len(re.findall("[ãõ]", low))
        scores["fr"] += 2 * len(re.findall("[èêœ]|[dl]['’]", low))
    ranked = sorted(scores.values())
    if ranked[-1] < 8 or ranked[-2] > 0.5 * ranked[-1]:
        text = fold(head[:1500])
        for name in scores:
            words = vocabulary(name)
            hits = sum(len(words.find(kind, text)) for kind in _TELLING)
            scores[name] += 2 * hits
    winner = max(scores, key=lambda name: scores[name])
    return winner if scores[winner] >= max(1, 0.05 * len(tokens)) else ""
