"""`arxiv-bot doctor`: reports what would keep a run from working, and how to fix it. Only reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.commands.options import CONFIG, ConfigOption, ListOption, RepoOption, show
from bot.commands.progress import progress


def doctor(
    *,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check everything a run needs, on GitHub too; change nothing.

    Without --repo, checks only the configuration and the list in this directory.
    """
    from bot.commands.compose import inspector_of, repo_option
    from bot.tools.doctor.diagnose import diagnose
    from bot.tools.doctor.findings import Status, render_json, render_text

    inspector = inspector_of(repo, progress) if repo else None
    if inspector:
        progress(f"asking GitHub about {repo}")
    found = tuple(diagnose(config, list_path, inspector, repo_option(), datetime.now(UTC)))
    if json:
        typer.echo(render_json(found), nl=False)
    else:
        show(render_text(found))
    raise typer.Exit(1 if any(diagnosis.status is Status.PROBLEM for diagnosis in found) else 0)
