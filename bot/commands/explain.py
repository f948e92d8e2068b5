"""`arxiv-bot explain`: why a paper would be in or out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.commands.options import (
    CONFIG,
    ConfigOption,
    ListOption,
    RepoOption,
    SourceOption,
    one_id,
    progress,
)


def explain(
    paper: Annotated[str, typer.Argument(help="An arXiv id, in any form.", metavar="ID")],
    *,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    source: SourceOption = ["search"],  # noqa: B006 (typer reads it and does not keep it)
) -> None:
    """Tell why a paper would be in or out."""
    from bot.config import load
    from bot.pipeline import explain as explain_paper
    from bot.reports import render_decision
    from bot.wiring import Job, forge_of, lookups

    wanted = one_id(paper)
    settings = load(config)
    job = Job(config, list_path, repo, tuple(source), None, None, dry_run=True, progress=progress)
    decision = explain_paper(
        settings,
        wanted,
        sources=lookups(job, settings),
        forge=forge_of(job, settings),
        now=datetime.now(UTC),
    )
    typer.echo(render_decision(decision))
