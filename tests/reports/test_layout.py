"""Text at 60, 80 and 120 columns: lines break between words and fit the terminal."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.help import EXAMPLES, GROUPS
from bot.commands.main import main
from bot.reports.decision import render_decision
from bot.reports.layout import fit
from bot.reports.refresh import render_terminal as render_refresh
from bot.reports.terminal import render_terminal
from bot.tools.doctor.findings import Diagnosis, Status, render_text
from tests.refresh import lists
from tests.reports.runs import make_refresh, make_run

WIDTHS = pytest.mark.parametrize("width", [60, 80, 120])
RUN = make_run(20)


def fits(text: str, width: int) -> None:
    for line in text.splitlines():
        assert len(line) <= width or len(line.split()) == 1, line


def keeps(words: str, text: str) -> None:
    assert words.split() == text.split()


@WIDTHS
def test_the_report_of_a_run_keeps_within_the_width(width: int):
    text = render_terminal(RUN, width=width)

    fits(text, width)
    assert "proposed" in text.splitlines()[-2]


@WIDTHS
def test_the_findings_of_the_doctor_keep_within_the_width(width: int):
    found = [
        Diagnosis(
            "token", Status.PROBLEM, "the token " + "may not do this, " * 12, "give it more " * 9
        ),
        Diagnosis("configuration", Status.OK, "config/keywords.toml: 9 topics, 50 phrases"),
    ]
    text = render_text(found)

    fits(fit(text, width), width)
    keeps(text, fit(text, width))


def test_a_numbered_line_continues_below_its_text():
    assert "1. Read the\n   list." == fit("1. Read the list.", 12)


@WIDTHS
def test_an_explanation_keeps_within_the_width(width: int):
    text = "\n".join(
        render_decision(decision, ("set `threshold` to 0.01 or lower to include it",))
        for decision in RUN.decisions
    )

    fits(fit(text, width), width)
    keeps(text, fit(text, width))


@WIDTHS
def test_the_report_of_a_refresh_keeps_within_the_width(width: int):
    bare = lists.entry(lists.NAMES[0], abstract=False)
    found = lists.found(lists.listing(bare, *lists.complete(*lists.NAMES[1:])), lists.papers())
    text = render_refresh(make_refresh(found))

    assert "abstract of" in text
    fits(fit(text, width), width)
    keeps(text, fit(text, width))


@WIDTHS
@pytest.mark.parametrize("command", ["", *EXAMPLES])
def test_help_keeps_within_the_width(
    width: int, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("COLUMNS", str(width))

    assert 0 == main([*filter(None, [command]), "-h"])

    text = capsys.readouterr().out
    unbroken = ("arxiv-bot ", "Docs:", "--install-completion")
    assert [] == [
        line
        for line in text.splitlines()
        if len(line) > width and not line.strip().startswith(unbroken)
    ]
    several = re.compile(r"(\]|\{ID\|FILE\})\.\.\.")  # arguments of which there can be several
    assert "..." not in several.sub("", text)
    assert not re.search(r"<[a-z]", text)
    docs = [line.split() for line in text.splitlines() if line.strip().startswith("Docs:")]
    assert all(line[1].startswith("https://") and line[1].endswith("/") for line in docs)
    assert "https://" in text


def test_every_command_is_in_one_group_and_has_examples():
    from bot.commands.main import app

    names = [command.callback.__name__ for command in app.registered_commands if command.callback]
    assert sorted(names) == sorted(name for group in GROUPS.values() for name in group)
    assert set(names) == set(EXAMPLES)


def test_without_arguments_it_shows_its_help(capsys: pytest.CaptureFixture[str]):
    assert 0 == main([])

    printed = capsys.readouterr()
    assert "Daily:" in printed.out
    assert "" == printed.err


@given(st.lists(st.text(alphabet="ab -✓:", max_size=200)), st.integers(20, 140))
def test_fitting_moves_no_word_and_keeps_to_the_width(lines: list[str], width: int):
    text = "\n".join(lines)

    keeps(text, fit(text, width))
    for line in fit(text, width).split("\n"):
        assert len(line) <= width or " " not in line.strip()
