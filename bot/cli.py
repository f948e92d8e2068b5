"""The command line: where arguments, environment, clock and network meet the rest, and nothing is decided.

Results go to standard output, everything else to standard error.
Exit codes: 0 done; 1 something outside failed; 2 the command or the configuration is wrong; 3 a bug; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from bot import __version__
from bot.errors import BotError, UsageError

if TYPE_CHECKING:
    from bot.model import RunReport

CONFIG = Path("config/keywords.toml")
DEMO_OUTPUT = Path("build/demo")

app = typer.Typer(
    name="arxiv-bot",
    help="Keeps a curated list of arXiv papers current: finds, deduplicates, and proposes entries in pull requests.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ConfigOption = Annotated[Path, typer.Option("--config", help="The configuration.", metavar="FILE")]
ListOption = Annotated[
    str,
    typer.Option("--list", help="The list's file, in place of the configured one.", metavar="PATH"),
]
RepoOption = Annotated[
    str, typer.Option("--repo", help="The repository the list lives in.", metavar="OWNER/NAME")
]
SourceOption = Annotated[
    list[str],
    typer.Option(
        "--source",
        help="Where to ask: search, announcements, snapshot:PATH. Repeatable.",
        metavar="SOURCE",
    ),
]
SinceOption = Annotated[
    str, typer.Option("--since", help="Ask for papers submitted from this day on.", metavar="DATE")
]
UntilOption = Annotated[
    str, typer.Option("--until", help="Ask for papers submitted up to this day.", metavar="DATE")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
ReportOption = Annotated[
    Path | None,
    typer.Option("--report", help="Also write the report: .json or .md.", metavar="FILE"),
]
DEFAULT_SOURCES = ["search", "announcements"]


def _version(*, value: bool) -> None:
    if value:
        typer.echo(f"arxiv-bot {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Declares what stands before any command."""


@app.command()
def run(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be proposed; write nothing.")
    ] = False,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    source: SourceOption = DEFAULT_SOURCES,
    since: SinceOption = "",
    until: UntilOption = "",
    json: JsonOption = False,
    report: ReportOption = None,
) -> None:
    """Ask arXiv what is new and propose what belongs in the list.

    Without --repo, --dry-run works on the list in this directory.
    """
    from bot.wiring import Job, run_once

    job = Job(
        config,
        list_path,
        repo,
        tuple(source),
        _day(since, "--since"),
        _day(until, "--until"),
        dry_run,
        _progress,
    )
    result = run_once(job)
    _publish(result, json=json, file=report)
    raise typer.Exit(result.exit_code)


@app.command()
def demo(
    *,
    config: ConfigOption = CONFIG,
    output: Annotated[
        Path,
        typer.Option("--output", help="Where to leave list, diff, text and report.", metavar="DIR"),
    ] = DEMO_OUTPUT,
) -> None:
    """Do the whole job on a bundled day of arXiv, without network or token."""
    from bot.config import load
    from bot.demo import NOW, BundledArxiv
    from bot.forge.local import LocalForge
    from bot.pipeline import run as run_pipeline
    from bot.records import render_json
    from bot.sources.announcements import Announcements
    from bot.sources.search import Search
    from bot.wiring import write

    settings = load(config)
    session = BundledArxiv()
    _progress(
        f"a bundled day of arXiv, {NOW:%Y-%m-%d}, against {settings.list.path} in this directory"
    )
    result = run_pipeline(
        settings,
        sources=(
            Search(session, settings.arxiv.categories),
            Announcements(session, settings.arxiv.categories),
        ),
        forge=LocalForge(Path(), settings.list.path),
        now=NOW,
    )
    _print_report(result)
    output.mkdir(parents=True, exist_ok=True)
    write(output / "report.json", render_json(result))
    for outcome in result.outcomes:
        write(output / "pull-request.md", f"# {outcome.title}\n\n{outcome.body}")
        write(output / "changes.diff", outcome.diff)
        (output / Path(settings.list.path).name).write_bytes(outcome.content)
    typer.echo(f"\nLeft in {output}/: {', '.join(sorted(path.name for path in output.iterdir()))}")
    typer.echo("Next: make dry-run asks live arXiv; nothing is written there either.")


@app.command()
def check(*, config: ConfigOption = CONFIG, list_path: ListOption = "") -> None:
    """Check the configuration and the list, offline."""
    from bot.config import load
    from bot.document import Document
    from bot.entries import papers_part
    from bot.forge.local import LocalForge
    from bot.index import ListIndex

    settings = load(config)
    document = Document.parse(
        LocalForge(Path(), list_path or settings.list.path).read().base.content
    )
    part = papers_part(document, settings.list.heading)
    index = ListIndex.build(document)
    phrases = sum(len(topic.phrases) for topic in settings.topics)
    typer.echo(f"{config}: {len(settings.topics)} topics, {phrases} phrases")
    entries = sum(part.start <= entry.start < part.end for entry in document.entries)
    typer.echo(
        f"{list_path or settings.list.path}: {entries} papers in {len(document.sections)} sections"
    )
    repeated = list(index.repeated())
    for first, again in repeated:
        typer.echo(f"line {again.line}: {again.title!r} is already at line {first.line}")
    raise typer.Exit(1 if repeated else 0)


@app.command()
def explain(
    paper: Annotated[str, typer.Argument(help="An arXiv id, in any form.", metavar="ID")],
    *,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    source: SourceOption = ["search"],  # noqa: B006 (typer reads it and does not keep it)
) -> None:
    """Tell why a paper would be in or out."""
    from bot.arxiv_id import ArxivId
    from bot.config import load
    from bot.pipeline import explain as explain_paper
    from bot.reports import render_decision
    from bot.wiring import Job, forge_of, lookups

    try:
        wanted = ArxivId.parse(paper)
    except ValueError as error:
        raise UsageError(
            str(error), where="ID", fix="write one id, for example 2309.00267"
        ) from None
    settings = load(config)
    job = Job(config, list_path, repo, tuple(source), None, None, dry_run=True, progress=_progress)
    decision = explain_paper(
        settings, wanted, sources=lookups(job, settings), forge=forge_of(job, settings)
    )
    typer.echo(render_decision(decision))


@app.command()
def schedule(
    *,
    cron: Annotated[
        str,
        typer.Option(
            "--cron",
            help="When: minute hour day month weekdays, days by name.",
            metavar="EXPRESSION",
        ),
    ] = "23 6 * * mon-fri",
    time_zone: Annotated[
        str, typer.Option("--time-zone", help="The time zone of --cron.", metavar="ZONE")
    ] = "UTC",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be proposed; write nothing.")
    ] = False,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    source: SourceOption = DEFAULT_SOURCES,
) -> None:
    """Stay, and do a run at every time of a schedule."""
    import logging

    from bot.schedule import Schedule, parse_cron, serve
    from bot.wiring import Job, check_job, run_once

    job = Job(config, list_path, repo, tuple(source), None, None, dry_run, _progress)
    log = logging.getLogger("arxiv-bot")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)

    def once() -> None:
        result = run_once(job)
        _publish(result, json=False, file=None)
        for failure in result.failures:
            log.error("%s", failure)

    check_job(job)
    serve(Schedule(parse_cron(cron, time_zone), once, log), log.info)


def _publish(result: RunReport, *, json: bool, file: Path | None) -> None:
    """Tells of a run: standard output, the file asked for, and what GitHub Actions collects."""
    from bot.records import render_json
    from bot.wiring import write_reports

    if json:
        typer.echo(render_json(result), nl=False)
    else:
        _print_report(result)
    write_reports(result, file)


def _print_report(result: RunReport) -> None:
    import shutil

    from bot.reports import render_terminal

    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = min(shutil.get_terminal_size((110, 24)).columns, 140)
    typer.echo(render_terminal(result, width=width, colour=colour), nl=False)


def _progress(message: str) -> None:
    """Progress is for a person who waits: nothing is said where nobody sees it."""
    if sys.stderr.isatty():
        typer.echo(f"… {message}", err=True)


def _day(text: str, option: str) -> datetime | None:
    """A day of the command line as its start in UTC; None for none."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        fix = "write it as 2025-10-20"
        raise UsageError(f"{text!r} is not a day", where=option, fix=fix) from None


def main(arguments: Sequence[str]) -> int:
    """Runs one command; returns its exit code. Every error ends here, as a message and a code."""
    try:
        result = app(args=list(arguments), standalone_mode=False)
    except TyperException as error:
        typer.echo(f"error: {error.format_message()}\n  fix: see arxiv-bot --help", err=True)
        return 2
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("interrupted", err=True)
        return 130
    except BotError as error:
        typer.echo(f"error: {error}", err=True)
        return error.exit_code
    except Exception:  # noqa: BLE001 (the one place where a bug becomes a report)
        return _report_bug()
    return int(result or 0)


def _report_bug() -> int:
    """Tells of a bug in the bot, with all that an issue about it needs; no secret is in it."""
    import platform
    import traceback

    text = traceback.format_exc()
    if token := os.environ.get("GITHUB_TOKEN"):
        text = text.replace(token, "***")
    typer.echo(
        "This is a bug in arxiv-bot. Please report it with the following text.\n\n"
        f"arxiv-bot {__version__}, Python {platform.python_version()}, {platform.system()}\n\n```\n{text}```",
        err=True,
    )
    return 3
