"""Code that several commands share: options, printing to the terminal's width, and parsing days and ids."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.core.errors import UsageError

if TYPE_CHECKING:
    from bot.core.arxiv_id import ArxivId
    from bot.core.model import RunReport

_YEARS = range(1990, 2101)  # years that arXiv may have; extreme years overflow date arithmetic
CONFIG = Path("config/keywords.toml")

ConfigOption = Annotated[Path, typer.Option("--config", help="The configuration.", metavar="FILE")]
ListOption = Annotated[
    str,
    typer.Option("--list", help="The list's file, instead of the configured one.", metavar="PATH"),
]
RepoOption = Annotated[
    str,
    typer.Option(
        "--repo",
        help="The list's repository on GitHub. Writing needs GITHUB_TOKEN.",
        metavar="OWNER/NAME",
    ),
]
SourceOption = Annotated[
    list[str],
    typer.Option(
        "--source",
        help="Where papers come from: search, announcements, oai, snapshot:PATH. Repeatable.",
        metavar="SOURCE",
    ),
]
SinceOption = Annotated[
    str, typer.Option("--since", help="Ask for papers submitted from this day on.", metavar="DATE")
]
UntilOption = Annotated[
    str,
    typer.Option(
        "--until", help="Ask for papers submitted up to the end of this day.", metavar="DATE"
    ),
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what would be proposed; write nothing.")
]
FullOption = Annotated[
    bool,
    typer.Option(
        "--full",
        help="Print every paper left out and, in a dry run, the diff and the pull request's text.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
ReportOption = Annotated[
    list[Path],
    typer.Option(
        "--report", help="Also write the report: .html, .json or .md. Repeatable.", metavar="FILE"
    ),
]
DEFAULT_SOURCES = ["search", "announcements"]


def width() -> int:
    """Returns the width for output, in columns: from COLUMNS or the terminal, at most 140."""
    return min(shutil.get_terminal_size((110, 24)).columns, 140)


def show(text: str) -> None:
    """Prints a text for a person; wraps it at a terminal or if COLUMNS is set, else keeps its lines."""
    from bot.reports.layout import fit

    wraps = sys.stdout.isatty() or "COLUMNS" in os.environ
    typer.echo(fit(text, width()) if wraps else text, nl=False)


def print_report(result: RunReport, *, full: bool = False) -> None:
    """Prints a run's report in this terminal's width and colours; `full` adds diffs and texts."""
    from bot.reports.terminal import render_terminal

    capable = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    colour = (capable or bool(os.environ.get("FORCE_COLOR"))) and not os.environ.get("NO_COLOR")
    text = render_terminal(result, width=width(), colour=colour, links=capable, full=full)
    typer.echo(text, nl=False, color=colour or capable)


def day(text: str, option: str, fix: str = "write it as 2025-10-20") -> datetime | None:
    """Parses an option's day into its start (UTC); None for an empty text. `fix` is the advice for a wrong day."""
    if not text:
        return None
    try:
        moment = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise UsageError(f"{text!r} is not a day", where=option, fix=fix) from None
    if moment.year not in _YEARS:
        message = f"{text!r} is outside arXiv's time, which began in 1991"
        raise UsageError(message, where=option, fix=fix)
    return moment


def end_of_day(text: str, option: str) -> datetime | None:
    """Parses an option's day into its last second (UTC), so that the day is included; None for an empty text."""
    start = day(text, option)
    return start + timedelta(days=1, seconds=-1) if start else None


def publish(
    result: RunReport, *, json: bool, full: bool = False, files: Sequence[Path] = ()
) -> None:
    """Reports a run on standard output, in `files`, and in GitHub Actions' job summary and outputs."""
    from bot.commands.report_files import write_reports

    if json:
        from bot.reports.records import json_parts

        for part in json_parts(result):
            typer.echo(part, nl=False)
    else:
        print_report(result, full=full)
    write_reports(result, files)
    if files and not json:
        typer.echo(f"\nReport: {', '.join(map(str, files))}")


def one_id(text: str) -> ArxivId:
    """Parses an argument that must hold exactly one arXiv id, in any form.

    Raises:
        UsageError: the argument holds no id, or several.
    """
    from bot.core.arxiv_id import ArxivId

    try:
        return ArxivId.parse(text)
    except ValueError as error:
        fix = "write one id, for example 2309.00267"
        raise UsageError(str(error), where="ID", fix=fix) from None
