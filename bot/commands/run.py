"""`arxiv-bot run` and `arxiv-bot schedule`: one run now, or runs on a schedule."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.commands.options import (
    CONFIG,
    DEFAULT_SOURCES,
    ConfigOption,
    DryRunOption,
    FullOption,
    JsonOption,
    ListOption,
    RepoOption,
    ReportOption,
    SinceOption,
    SourceOption,
    UntilOption,
    day,
    end_of_day,
    publish,
)
from bot.commands.progress import progress, waiting


def run(
    *,
    dry_run: DryRunOption = False,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    source: SourceOption = DEFAULT_SOURCES,
    since: SinceOption = "",
    until: UntilOption = "",
    full: FullOption = False,
    json: JsonOption = False,
    report: ReportOption = [],  # noqa: B006 (typer reads it and does not keep it)
) -> None:
    """Ask arXiv for new papers, and propose those that belong in the list.

    Without --repo only --dry-run works, on the list in this directory.
    """
    from bot.commands.compose import RunOptions, run_once
    from bot.commands.report_files import check_reports

    check_reports(report)
    with waiting() as wait:
        options = RunOptions(
            config,
            list_path,
            repo,
            wait,
            tuple(source),
            day(since, "--since"),
            end_of_day(until, "--until"),
            dry_run,
        )
        result = run_once(options)
    publish(result, json=json, full=full, files=report)
    raise typer.Exit(result.exit_code)


def schedule(
    *,
    cron: Annotated[
        str,
        typer.Option(help="Minute, hour, day, month and weekdays (by name).", metavar="EXPRESSION"),
    ] = "23 6 * * mon-fri",
    time_zone: Annotated[
        str, typer.Option(help="The time zone of --cron.", metavar="ZONE")
    ] = "UTC",
    dry_run: DryRunOption = False,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    source: SourceOption = DEFAULT_SOURCES,
) -> None:
    """Keep running, and start a run on a cron schedule."""
    import logging

    from bot.commands.compose import RunOptions, check_job, run_once
    from bot.commands.scheduler import Schedule, parse_cron, serve

    options = RunOptions(config, list_path, repo, progress, tuple(source), dry_run=dry_run)
    log = logging.getLogger("arxiv-bot")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)

    def once() -> None:
        result = run_once(options)
        publish(result, json=False)
        for failure in result.failures:
            log.error("%s", failure)

    check_job(options)
    serve(Schedule(parse_cron(cron, time_zone), once, log), log.info)
