"""Waits are reported to a person at a terminal and in a workflow's log, and nowhere else."""

import io
import json
import sys
import threading
from pathlib import Path

import pytest
from rich.console import Console, Group

from bot.commands.main import main
from bot.commands.progress import LONG, Wait, progress, waiting
from bot.sources.session import silent
from tests import samples


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def shown(wait: Wait, width: int = 80) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None)
    console.print(Group(wait.line(console)))
    return out.getvalue()[2:].removesuffix("\n")


def test_a_wait_of_known_length_counts_down():
    clock = Clock()
    wait = Wait(clock, silent)
    wait("arXiv asks for 3 s between requests", 3.0)

    assert "arXiv asks for 3 s between requests · 3 s left" == shown(wait)
    clock.now += 2.5
    assert "arXiv asks for 3 s between requests · 1 s left" == shown(wait)
    clock.now += 60
    assert "arXiv asks for 3 s between requests · 0 s left" == shown(wait)


def test_long_work_of_unknown_length_shows_the_time_taken():
    clock = Clock()
    wait = Wait(clock, silent)
    wait("asking export.arxiv.org")

    assert "asking export.arxiv.org" == shown(wait)
    clock.now += 12
    assert "asking export.arxiv.org · 12 s" == shown(wait)
    wait("")
    assert "working" == shown(wait)


def test_reading_shows_the_percentage():
    wait = Wait(Clock(), silent)
    wait.reading(30, 120)

    assert " 25 % read  working" == shown(wait)


def test_the_line_fits_the_terminal_and_has_no_control_characters():
    wait = Wait(Clock(), silent)
    wait("an \x1b[31manswer\x07 of \nthat " + "very " * 40 + "long kind", 9.0)

    assert len(shown(wait, width=40)) <= 40
    assert not set(shown(wait, width=40)) & {"\x1b", "\x07", "\n"}


def test_a_terminals_line_is_removed_at_the_end(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    with waiting() as wait:
        wait("asking export.arxiv.org")

    assert "asking export.arxiv.org" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")


@pytest.mark.parametrize(
    ("actions", "seconds", "expected"),
    [
        ("true", 60.0, "… arXiv is overloaded; waiting 60 s\n"),
        ("true", LONG - 1, ""),
        ("true", 0.0, ""),
        ("", 60.0, ""),
    ],
)
def test_a_workflows_log_mentions_only_long_waits(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    actions: str,
    seconds: float,
    expected: str,
):
    monkeypatch.setenv("GITHUB_ACTIONS", actions)

    with waiting() as wait:
        wait("arXiv is overloaded", seconds)
        wait("")

    assert expected == capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "expected"),
    [("-q", ""), ("-v", "… running on a bundled day of arXiv"), ("--quiet", "")],
)
def test_quiet_and_verbose_say_how_much_is_printed(
    option: str, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert 0 == main(["demo", "--output", str(tmp_path / "demo"), option])

    error = capsys.readouterr().err
    assert error.startswith(expected)
    assert bool(expected) is bool(error)


def test_without_a_terminal_lines_appear_at_intervals(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("bot.commands.progress.EVERY", 0.01)
    beaten = threading.Event()

    def echo(text: str, *, err: bool) -> None:
        assert err
        print(text)
        beaten.set()

    monkeypatch.setattr("typer.echo", echo)

    with waiting() as wait:
        wait.reading(30, 120)
        wait("reading 2026-03.jsonl.gz, 13 of 17")
        assert beaten.wait(30)

    assert "… 25 % read: reading 2026-03.jsonl.gz, 13 of 17\n" in capsys.readouterr().out


def test_a_dry_run_ends_with_the_headline_and_prints_the_diff_only_in_full(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = str(tmp_path / "demo")
    assert 0 == main(["demo", "--output", folder])
    short = capsys.readouterr().out
    assert 0 == main(["demo", "--output", folder, "--full"])
    whole = capsys.readouterr().out

    assert "papers proposed\n" in short[short.index("Proposed (") :]
    assert f"Written to {folder}/: README.md, changes.diff" in short
    assert "\n+- [" not in short
    assert "\n+- [" in whole


def test_a_workflow_command_in_a_message_has_no_effect(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    progress("\n::set-output name=x::y", 60.0)

    assert "\n::" not in capsys.readouterr().err


def test_an_interrupt_is_reported_after_the_line_is_removed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def interrupt(job: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.commands.compose.run_once", interrupt)

    assert 130 == main(["run", "--dry-run"])
    assert "interrupted\n" == capsys.readouterr().err


def test_a_run_says_what_it_reads_learns_and_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "keywords.toml").write_text(samples.CONFIG)
    (tmp_path / "README.md").write_text(samples.LIST)
    (tmp_path / "papers").mkdir()
    record = {
        "id": "2510.00001",
        "announced": "2025-10-20",
        "title": "Another Judge",
        "authors": ["A B"],
        "abstract": "RLAIF, once more.",
        "categories": ["cs.CL"],
    }
    for month in ("2025-09", "2025-10"):
        (tmp_path / "papers" / f"{month}.jsonl").write_text(json.dumps(record) + "\n")

    main(["run", "--dry-run", "--source", "snapshot:papers", "--until", "2025-10-31", "-v"])

    error = capsys.readouterr().err
    assert "… reading 2025-10.jsonl, 2 of 2\n" in error
    assert "… learning from the list and the background papers\n" in error
    assert "… scoring 1 paper\n" in error
