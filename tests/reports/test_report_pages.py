"""The views for people: terminal, markdown and html say the same story, and no source text can misbehave in them."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from reconcile.commands.reading import read_inputs
from reconcile.result import Result
from reports import bridge, html, labels, markdown, reading, story, svg, text

HOSTILE = "\x1b[31mred\x07 <script>alert(1)</script> | `x` \u202e"


@pytest.fixture(scope="module")
def hostile(made: Result) -> Result:
    """The hand-made result with a source that tries to steer whatever shows it."""
    figures, sources, findings = made.figures.copy(), made.sources.copy(), made.findings.copy()
    figures.loc[figures["id"] == "b-total", "source"] = HOSTILE
    sources.loc[0, "source"] = HOSTILE
    sources.loc[0, "url"] = "javascript:alert(1)"
    findings.loc[0, "message"] = HOSTILE
    return dataclasses.replace(
        made, figures=figures, sources=sources, findings=findings, title=HOSTILE
    )


def flat(said: str) -> str:
    return re.sub(r"\s+", " ", said)


@pytest.mark.parametrize("view", [text.check, markdown.text, html.text])
def test_every_view_tells_the_headline(example: Result, view: object) -> None:
    said = flat(re.sub("<[^>]+>", " ", view(example)))  # type: ignore[operator]
    for part in (
        "66.2 billion USD", "94.8 billion USD", "35.5 % of the mean", "43.2 % of the lowest",
        "30.2 % of the highest", "Kazakhstan +13.72", "Kyrgyzstan + Tajikistan +19.07",
        "Uzbekistan -4.22", "Turkmenistan +0.05", "without regard to sign the members differ by 37.06",
        "all is unexplained", "MIRROR_COPY", "CURRENCY_ASSUMED", "69.27 billion USD",
    ):  # fmt: skip
        assert part in said, part


def test_the_sentence_of_a_case_names_causes_evidence_and_residual(made: Result) -> None:
    case = story.compared(made)[0]
    said = story.taken_apart(case, story.by_case(made)["c1"], "USD")
    assert said == (
        "Of 28.6 billion USD, 1.43 is transit margin (assumed), 0.05 is mirror figure (recorded), "
        "27.12 is unexplained."
    )


def test_a_cause_against_the_gap_is_named_as_such() -> None:
    case = {"gap": -10e9, "residual": -12e9}
    causes = [{"cause": "valuation", "amount": 2e9, "evidence": "assumed", "note": ""}]
    said = story.taken_apart(case, causes, "USD")
    assert (
        said == "Of 10.0 billion USD, -2 is valuation (assumed) against the gap, 12 is unexplained."
    )


def test_discrepancies_come_first_and_the_located_one_leads(example: Result) -> None:
    rows = story.ranked(example)
    assert rows[0]["id"] == "mirror-C_ASIA-CHN-turnover-2024"
    verdicts = [story.ORDER.index(row["verdict"]) for row in rows]
    assert verdicts == sorted(verdicts)


def test_one_code_does_not_fill_the_page(made: Result) -> None:
    many = pd.concat([made.findings[made.findings["code"] == "SAME_ORIGIN"]] * 30)
    chosen, more = story.findings(dataclasses.replace(made, findings=many))
    assert len(chosen) == 3 and more == 27


def test_bars_add_up_and_the_bridge_turns_with_the_sign(made: Result) -> None:
    case = story.compared(made)[0]
    parts = bridge.pieces(made, case)
    assert sum(piece.amount for piece in parts[:-1]) == pytest.approx(parts[-1].amount)
    turned = dict(case, gap=-case["gap"], figure_a=case["figure_b"], figure_b=case["figure_a"])
    members = made.members.assign(gap=-made.members["gap"])
    again = bridge.pieces(dataclasses.replace(made, members=members), turned)
    assert [piece.amount for piece in again] == pytest.approx([piece.amount for piece in parts])


def test_check_shows_no_control_characters(hostile: Result) -> None:
    for said in (text.check(hostile), text.headline(hostile), text.explain(hostile)):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202e]", said)
        assert "red" in said


def test_check_keeps_to_the_width(example: Result) -> None:
    assert max(map(len, text.check(example, 80).split("\n"))) <= 90


def test_explain_can_be_asked_for_one_case(example: Result) -> None:
    said = text.explain(example, "rival-C_ASIA-CHN-turnover-2024")
    assert "exchange rate" in said and "recorded" in said and "7.110 CNY per USD" in flat(said)
    assert "Kazakhstan" not in said


class Page(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_loads_nothing_and_runs_nothing(hostile: Result) -> None:
    page = html.text(hostile)
    found = Page(page)
    tags = {tag for tag, _ in found.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert not any(
        name.startswith("on") or name == "src" for _, attrs in found.tags for name in attrs
    )
    links = [str(attrs["href"]) for tag, attrs in found.tags if tag == "a"]
    assert links and all(link.startswith(("https://", "http://")) for link in links)
    policy = next(a for t, a in found.tags if t == "meta" and "http-equiv" in a)
    assert "default-src 'none'" in str(policy["content"])
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", page.replace("\n", ""))


def test_the_page_isolates_scripts_and_numbers(example: Result) -> None:
    page = html.text(example)
    assert "<bdi>تبلغ 66,2" in page and '<bdi dir="ltr">-4,220,000,000</bdi>' in page
    assert page.count("<svg") == 2 and page.count("<desc>") == 2
    assert 'lang="en"' in page and "<title>" in page
    heads = re.findall("<th[^>]*>([^<]*)</th>", page)
    assert "gap, % of the mean" in heads and all(heads)


def test_pictures_stay_within_their_frame(example: Result) -> None:
    case = story.compared(example)[0]
    drawn = svg.figures(bridge.bars(example, case), "USD", "t") + svg.bridged(
        bridge.pieces(example, case), "USD", "t"
    )
    for x, width in re.findall(r'<rect x="([-\d.]+)" y="[-\d.]+" width="([-\d.]+)"', drawn):
        assert float(x) >= 0 and float(x) + float(width) <= svg.WIDTH + 0.1
    assert all(float(height) > 0 for height in re.findall(r'height="([-\d.]+)" fill', drawn))


def test_markdown_tables_hold_together(hostile: Result) -> None:
    said = markdown.text(hostile)
    assert "<script>" not in said and "\x1b" not in said
    block: list[int] = []
    for line in said.split("\n"):
        cells = len(re.findall(r"(?<!\\)\|", line))
        if line.startswith("|"):
            block.append(cells)
        elif block:
            assert len(set(block)) == 1, line
            block = []


def test_the_view_of_what_was_read() -> None:
    said = reading.describe(read_inputs(()))
    assert said.startswith("figures.csv: 27 figures, read as figures_file")
    assert "about 44" in said and "Bundled" not in said and "line 28" in said


@pytest.mark.parametrize(
    ("value", "said"),
    [(28.6e9, "28.6 billion USD"), (94.82e9, "94.82 billion USD"), (-2.5e6, "-2.5 million USD"),
     (0.0, "0.0 USD"), (None, "not known"), (1234.0, "1.23 thousand USD")],
)  # fmt: skip
def test_amounts_in_words(value: float | None, said: str) -> None:
    assert labels.amount(value, "USD") == said


def test_a_negative_nought_is_nought() -> None:
    assert labels.percent(-0.0) == "0.0 %" and labels.percent(-0.04) == "0.0 %"
