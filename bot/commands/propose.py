"""`arxiv-bot propose`: proposes one paper that the maintainer chose."""

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
    SourceOption,
    one_id,
    publish,
)
from bot.commands.progress import waiting


def propose(
    paper: Annotated[str, typer.Argument(help="An arXiv id, in any form.", metavar="ID")],
    *,
    dry_run: DryRunOption = False,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    source: SourceOption = ["search"],  # noqa: B006 (typer reads it and does not keep it)
    full: FullOption = False,
    json: JsonOption = False,
) -> None:
    """Propose one paper, whatever was decided about it before."""
    from bot.commands.compose import RunOptions, propose_once

    wanted = one_id(paper)
    with waiting() as wait:
        options = RunOptions(config, list_path, repo, wait, tuple(source), dry_run=dry_run)
        result = propose_once(options, wanted)
    publish(result, json=json, full=full)
    raise typer.Exit(result.exit_code)
