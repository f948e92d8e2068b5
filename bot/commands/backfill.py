"""`arxiv-bot backfill`: proposes the papers of several years, one batch per run."""

from __future__ import annotations

import re
from enum import Enum
from typing import Annotated

import typer

from bot.commands.options import (
    CONFIG,
    ConfigOption,
    DryRunOption,
    FullOption,
    JsonOption,
    ListOption,
    RepoOption,
    ReportOption,
    UntilOption,
    day,
    end_of_day,
    publish,
)
from bot.commands.progress import waiting
from bot.core.errors import UsageError


class BatchOrder(Enum):
    """Which papers come first in a backfill."""

    BEST = "best"
    NEWEST = "newest"


def backfill(
    *,
    since: Annotated[str, typer.Option(help="The first month (2022-01) or day.", metavar="MONTH")],
    dry_run: DryRunOption = False,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    source: Annotated[
        list[str],
        typer.Option(
            help="Where papers come from: search, oai, snapshot:PATH. Repeatable.", metavar="SOURCE"
        ),
    ] = ["search"],  # noqa: B006 (typer reads it and does not keep it)
    until: UntilOption = "",
    order: Annotated[
        BatchOrder, typer.Option(help="Which papers go into the next batch first.")
    ] = BatchOrder.BEST,
    full: FullOption = False,
    json: JsonOption = False,
    report: ReportOption = [],  # noqa: B006 (typer reads it and does not keep it)
) -> None:
    """Go through years of papers, one batch per run.

    When a batch is merged or closed, run the command again: it continues with the next batch.
    """
    from bot.commands.compose import RunOptions, backfill_once
    from bot.commands.report_files import check_reports

    check_reports(report)
    first = f"{since}-01" if re.fullmatch(r"\d{4}-\d\d", since) else since
    start = day(first, "--since", fix="write it as 2022-01 or 2022-01-31")
    end = end_of_day(until, "--until")
    if start is None or (end is not None and end <= start):
        fix = "choose a --since before --until" if until else "write --since 2022-01"
        raise UsageError("the period to search is empty", where="--since", fix=fix)
    with waiting() as wait:
        options = RunOptions(config, list_path, repo, wait, tuple(source), start, end, dry_run)
        result = backfill_once(
            options, newest_first=order is BatchOrder.NEWEST, progress=wait.reading
        )
    publish(result, json=json, full=full, files=report)
    raise typer.Exit(result.exit_code)
