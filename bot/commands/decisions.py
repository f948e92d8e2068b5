"""`arxiv-bot decisions`: lists the papers that were declined, snoozed or only noted, with the pull requests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.commands.options import CONFIG, ConfigOption, ListOption, RepoOption, show
from bot.commands.progress import progress


def decisions(
    *,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    json: Annotated[bool, typer.Option("--json", help="Print the decisions as JSON.")] = False,
) -> None:
    """List the papers that were declined, snoozed or left unticked, from the pull requests."""
    from bot.commands.compose import RunOptions, forge_of, repo_option
    from bot.core.config import load
    from bot.core.errors import UsageError
    from bot.proposals.answers import read_answers
    from bot.reports.decision import render_answers as render_text
    from bot.reports.records import render_answers

    if not repo:
        raise UsageError(
            "decisions are read from the repository's pull requests",
            where="--repo",
            fix=f"add {repo_option()}",
        )
    settings = load(config)
    options = RunOptions(config, list_path, repo, progress, dry_run=True)
    state = forge_of(options, settings).read()
    known = read_answers(state, state.base.index(), datetime.now(UTC)).known
    if json:
        typer.echo(render_answers(known), nl=False)
    else:
        show(render_text(known))
