"""The terminal report fits the width, uses links and colours if possible, and is complete without them."""

import io
import re
import sys
from dataclasses import replace

import pytest
from rich.cells import cell_len

from bot.commands.options import print_report
from bot.core.model import OutcomeKind
from bot.reports.terminal import render_terminal
from bot.reports.wording import plain
from tests.reports.runs import make_run

RUN = make_run(20)
# Diffs and texts are printed verbatim, whatever their width.
NARROW = replace(RUN, outcomes=(replace(RUN.outcomes[1], failure="GitHub answered 403"),))
LINK = re.compile(r"\x1b\]8;(?:id=[0-9.-]+)?;(?P<url>[^\x1b]*)\x1b\\")
STYLE = re.compile(r"\x1b\[([0-9;]*)m")
COLOURS = {"31", "32", "33", "36"}


@pytest.mark.parametrize("width", [40, 60, 75, 76, 80, 110, 140])
def test_the_report_keeps_within_the_width_and_loses_nothing(width: int):
    text = render_terminal(NARROW, width=width)
    bare = re.sub(r"\s", "", text)

    assert max(cell_len(line) for line in text.splitlines()) <= width
    for item in (*NARROW.proposed, *NARROW.held):
        paper = item.candidate.paper
        assert str(paper.id) in text
        if width < 76:  # with two columns, the lines of both are interleaved
            assert re.sub(r"\s", "", plain(paper.title)) in bare


def test_ten_papers_held_back_are_listed_and_the_others_counted():
    many = replace(RUN, decisions=RUN.held[:1] * 12)
    name = str(RUN.held[0].candidate.paper.id)
    short, full = (render_terminal(many, width=80, full=full) for full in (False, True))

    assert "Held back (12)" in short
    assert "2 more; --full lists them" in short
    assert (10, 12) == (short.count(name), full.count(name))


def test_wide_terminals_have_the_reasons_beside_the_title():
    wide = render_terminal(NARROW, width=110).splitlines()
    narrow = render_terminal(NARROW, width=70).splitlines()
    title = "RLAIF for robots: an LLM judge, part 0"

    assert any(title in line and "RLAIF (title)" in line for line in wide)
    assert not any(title in line and "RLAIF (title)" in line for line in narrow)


@pytest.mark.parametrize("width", [60, 110])
@pytest.mark.parametrize("colour", [False, True])
def test_only_verbatim_lines_end_in_spaces(width: int, colour: bool):
    shown = replace(
        RUN,
        outcomes=(
            replace(
                RUN.outcomes[0],
                kind=OutcomeKind.PREVIEWED,
                body="",
                diff="@@ -1 +1 @@\n \n+new  \n",
            ),
        ),
    )
    text = render_terminal(shown, width=width, colour=colour, links=colour, full=True)
    lines = STYLE.sub("", LINK.sub("", text)).splitlines()

    assert [" ", "+new  "] == [line for line in lines if line != line.rstrip()]


def test_a_pipe_gets_plain_text():
    assert "\x1b" not in render_terminal(RUN, width=100)


def test_colours_show_the_decision():
    text = render_terminal(RUN, width=100, colour=True)

    assert "\x1b[32mStrong 0.97\x1b[0m" in text
    assert re.search(r"\x1b\[33m0\.20\x1b\[0m", text)
    assert re.search(r"\x1b\[33mlooks like line 40\x1b\[0m", text)
    assert re.search(r"\x1b\[31m✗\x1b\[0m", text)
    assert not LINK.search(text)


def test_there_are_links_even_without_colours():
    text = render_terminal(RUN, width=100, links=True)

    assert not {code for found in STYLE.findall(text) for code in found.split(";")} & COLOURS
    urls = {found["url"] for found in LINK.finditer(text)} - {""}
    assert "https://arxiv.org/abs/2510.00001" in urls
    assert "https://github.com/curator/list/pull/12" in urls


def test_only_addresses_on_the_web_are_links():
    outcome = replace(RUN.outcomes[0], url="javascript:alert(1)")
    text = render_terminal(replace(RUN, outcomes=(outcome,)), width=100, links=True)

    assert all(
        found["url"].startswith("https://arxiv.org/abs/")
        for found in LINK.finditer(text)
        if found["url"]
    )


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "settings", "coloured", "linked"),
    [
        (Terminal, {}, True, True),
        (Terminal, {"NO_COLOR": "1"}, False, True),
        (Terminal, {"TERM": "dumb"}, False, False),
        (io.StringIO, {}, False, False),
        (io.StringIO, {"FORCE_COLOR": "1"}, True, False),
        (io.StringIO, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_the_terminal_and_its_settings_decide(
    monkeypatch: pytest.MonkeyPatch,
    stream: type[io.StringIO],
    settings: dict[str, str],
    coloured: bool,
    linked: bool,
):
    out = stream()
    monkeypatch.setattr(sys, "stdout", out)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm", **settings}.items():
        monkeypatch.setenv(name, value)

    print_report(RUN)

    codes = {code for found in STYLE.findall(out.getvalue()) for code in found.split(";")}
    assert coloured == bool(codes & COLOURS)
    assert linked == bool(LINK.search(out.getvalue()))
    assert (coloured or linked) == ("\x1b" in out.getvalue())


def test_links_and_colours_change_no_word():
    bare = render_terminal(RUN, width=100)
    dressed = render_terminal(RUN, width=100, colour=True, links=True)

    assert bare == STYLE.sub("", LINK.sub("", dressed))
