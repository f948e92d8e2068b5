"""`arxiv-bot refresh`: proposes updates to listed papers that have changed on arXiv."""

from __future__ import annotations

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
    show,
)
from bot.commands.progress import waiting


def refresh(
    *,
    dry_run: DryRunOption = False,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    source: Annotated[
        str, typer.Option(help="Where to look papers up: search, snapshot:PATH.", metavar="SOURCE")
    ] = "search",
    full: FullOption = False,
    json: JsonOption = False,
) -> None:
    """Look listed papers up, and propose updates to their entries.

    Without --repo only --dry-run works, on the list in this directory.
    """
    from bot.commands.compose import RunOptions, refresh_once
    from bot.commands.report_files import summarise
    from bot.reports.refresh import render_json, render_terminal

    with waiting() as wait:
        result = refresh_once(RunOptions(config, list_path, repo, wait, (source,), dry_run=dry_run))
    if json:
        typer.echo(render_json(result), nl=False)
    else:
        show(render_terminal(result, full=full))
    summarise(result)
    raise typer.Exit(result.exit_code)
