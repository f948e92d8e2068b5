"""The HTML report is complete, self-contained and bounded in size."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Field, Match, RunReport, Verdict
from bot.reports.page.marks import MarkedText, marked
from bot.reports.page.papers import LINES
from bot.reports.page.render import render_html
from tests.factories import decision, paper
from tests.reports.runs import DIFF, make_run

VOID = {"meta", "link", "input"}


class Reader(HTMLParser):
    """Parses a page: its elements with attributes, the addresses it uses, the texts of some elements, unclosed elements."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.wrong: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.wrong += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.wrong.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts[tag][-1] += data

    @property
    def addresses(self) -> set[str]:
        names = ("href", "src", "srcset", "action", "data", "poster", "xlink:href")
        return {said[name] or "" for _, said in self.elements for name in names if name in said}


RUN = make_run(300)
PAGE = render_html(RUN)


def test_the_page_is_well_formed_and_the_same_every_time():
    read = Reader(PAGE)

    assert [] == read.wrong
    assert PAGE == render_html(make_run(300))
    ids = [said["id"] for _, said in read.elements if "id" in said]
    assert len(ids) == len(set(ids))
    assert {address[1:] for address in read.addresses if address.startswith("#")} <= set(ids)


def test_the_page_loads_nothing_and_runs_only_its_own_script():
    read = Reader(PAGE)

    outside = {address for address in read.addresses if not address.startswith(("#", "data:,"))}
    assert all(
        re.fullmatch(r"https://(arxiv\.org/abs/[\d.]+|github\.com/curator/list/pull/12)", item)
        for item in outside
    )
    assert {"a"} == {tag for tag, said in read.elements if said.get("href") in outside}
    assert not re.search(r"@import|url\(", PAGE)
    assert [] == [said for _, said in read.elements if "style" in said]
    assert [] == [name for _, said in read.elements for name in said if name.startswith("on")]
    (policy,) = [said["content"] or "" for _, said in read.elements if "http-equiv" in said]
    for tag in ("style", "script"):
        (text,) = read.texts[tag]
        wanted = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{wanted}'" in policy
    assert policy.startswith("default-src 'none'; ")


def test_the_page_shows_everything_about_a_run():
    text = " ".join(" ".join(Reader(PAGE).texts["body"]).split())

    for wanted in (
        "9 papers proposed, 2 held back",
        "README.md in curator/list",
        "Something failed announcements: no answer from arXiv (timed out)",
        "opened #12 Add 9 papers from arXiv",
        "The diff: 1 line added, 1 removed",
        "Failed: GitHub answered 403",
        "0.97 RLAIF for robots: an LLM judge, part 0",
        "AI feedback RLAIF in title, critic in abstract, AI feedback + reward in abstract",
        "Looks like line 40: RLAIF for Speech",
        "Words for reward, judge",
        "Words against galaxy",
        "line 12: An Entry of the List, about Critics 0.41",
        "Goes to Papers / 2025, or to Papers / Judges",
        "none matches; it is like the list’s papers",
        "Held back: as many batches are open as the limit allows 2",
        "Left out: already in the list 3",
        "Left out: no phrase of any topic matches 300",
        "✓ complete search: read 40 of 40 from export.arxiv.org",
        "✗ not complete announcements: read 0 from rss.arxiv.org; failed: no answer",
        "16 candidates by week",
        "RLAIF AI feedback 11 8",
    ):
        assert wanted in text, wanted
    assert "survey" in Reader(PAGE).texts["span"]


def test_what_matched_is_marked():
    read = Reader(PAGE)

    assert {"RLAIF", "LLM judge", "critic", "AI feedback", "reward", "constitution"} == set(
        read.texts["mark"]
    )


def test_the_diff_is_shown_verbatim():
    shown = next(text for text in Reader(PAGE).texts["pre"] if text.startswith("---"))

    assert DIFF == shown


def test_every_chart_has_a_text_alternative():
    pictures = [said for tag, said in Reader(PAGE).elements if tag == "svg"]

    assert 3 == sum(said.get("role") == "img" and bool(said.get("aria-label")) for said in pictures)
    assert all("role" in said or said.get("aria-hidden") == "true" for said in pictures)


def test_a_run_that_found_nothing_has_a_page():
    empty = replace(RUN, decisions=(), outcomes=(), coverage=(), topics=())
    read = Reader(render_html(empty))

    assert [] == read.wrong
    assert "Nothing is proposed." in read.texts["p"]
    assert "No source was asked." in read.texts["p"]
    assert 0 == sum(said.get("role") == "img" for _, said in read.elements)


def test_thousands_of_rejected_papers_are_cut_and_the_cut_is_mentioned():
    page = render_html(make_run(LINES + 1000))

    assert len(page.encode()) < 3_000_000
    assert "1,007 more, with the lowest scores, are left off this page." in page
    assert "A study of robots, number 0<" in page
    assert f"number {LINES + 999}" not in page


def long_run(text: str) -> RunReport:
    authors = tuple(f"Author {n} {text[:50]}" for n in range(3000))
    item = decision(paper(title=text, abstract=text, authors=authors, comment=text))
    others = tuple(
        decision(paper(id=f"2510.{n:05}", title=text), verdict=Verdict.HOLD, detail=text)
        for n in range(2, 20)
    )
    outcome = replace(RUN.outcomes[0], title=text, detail=text, failure=text, diff=text, body=text)
    source = replace(RUN.coverage[1], failure=text, asked=text, note=text, of=text)
    return replace(
        RUN, decisions=(item, *others), outcomes=(outcome,), coverage=(source,), place=text
    )


@pytest.mark.parametrize("text", ["x" * 10**6, "[a](b) " * 150_000, "<b>*" * 250_000, "&" * 10**6])
def test_a_megabyte_anywhere_stays_within_bounds(text: str):
    assert len(render_html(long_run(text))) < 3_000_000


def test_too_many_proposed_papers_are_cut_and_the_cut_is_mentioned():
    many = tuple(decision(paper(id=f"2510.{n:05}")) for n in range(1, 131))
    page = render_html(replace(RUN, decisions=many))

    assert "30 more proposed papers are not shown here; the report in JSON has them." in page
    assert 100 == page.count('class="abstract"')


def match(start: int, end: int, field: Field = Field.TITLE) -> Match:
    return Match("topic", "phrase", field, start, end)


@pytest.mark.parametrize(
    ("text", "spans", "shown"),
    [
        ("a judge of b", [(2, 7)], ["a ", "<judge>", " of b"]),
        ("judge", [(0, 5)], ["<judge>"]),
        ("a judge of b", [], ["a judge of b"]),
        ("an LLM judge b", [(3, 12), (7, 12)], ["an ", "<LLM judge>", " b"]),
        ("ab cd ef", [(0, 5), (3, 8)], ["<ab cd ef>"]),
        (r"Schr\"odinger {\bf judge}", [(19, 24)], ["Schrödinger ", "<judge>"]),
        ("**LLM judge** b", [(2, 11)], ["<LLM judge>", " b"]),
        ("x <b>judge</b> y", [(5, 10)], ["x ", "<judge>", " y"]),
        ("a\u202ejudge\ue001 b\ue002", [(2, 7)], ["a", "<judge>", " b"]),
        ("a <a title='judge'>b</a> c", [(12, 17)], ["a b c"]),
        ("a <a title='judge'>b</a> c", [(12, 20)], ["a b c"]),
    ],
)
def test_marks_enclose_the_matched_words(text: str, spans: list[tuple[int, int]], shown: list[str]):
    pieces = marked(text, [match(*span) for span in spans], Field.TITLE, 300)

    assert shown == [f"<{piece.text}>" if piece.marked else piece.text for piece in pieces]


def test_matches_in_another_field_are_not_marked():
    pieces = marked("judge", [match(0, 5, Field.ABSTRACT)], Field.TITLE, 300)

    assert (MarkedText("judge", marked=False),) == pieces


def test_a_long_text_is_cut():
    pieces = marked("judge " * 100, [match(0, 5), match(594, 599)], Field.TITLE, 20)

    assert MarkedText("judge", marked=True) == pieces[0]
    assert MarkedText("…", marked=False) == pieces[-1]
    assert 1 == sum(piece.marked for piece in pieces)
    assert sum(len(piece.text) for piece in pieces) <= 21


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6),
)
def test_marked_text_has_no_invisible_characters_and_loses_nothing(
    text: str, spans: list[tuple[int, int]]
):
    ends = [(start, min(start + more, len(text))) for start, more in spans if start < len(text)]
    pieces = marked(text, [match(*span) for span in ends], Field.TITLE, 300)
    whole = "".join(item.text for item in marked(text, [], Field.TITLE, 300))

    assert "".join("".join(piece.text for piece in pieces).split()) == "".join(whole.split())
    assert not any(char in piece.text for piece in pieces for char in "\ue001\ue002\x1b\u202e")
