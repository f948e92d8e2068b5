"""`arxiv-bot evaluate`: tests the configuration against the papers that the curator added later."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import CONFIG, ConfigOption, ListOption, day, show, width
from bot.commands.progress import progress
from bot.core.errors import UsageError


def evaluate(
    *,
    source: Annotated[
        str,
        typer.Option(
            help="Where all papers of that time come from: snapshot:PATH, or search (takes minutes). Required.",
            metavar="SOURCE",
        ),
    ] = "",
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    cut: Annotated[
        str,
        typer.Option(
            help="The day to go back to. By default half a year before the last entry.",
            metavar="DATE",
        ),
    ] = "",
    judge: Annotated[
        bool,
        typer.Option(
            "--judge", help="Also ask the configured judge about judge.max_papers papers."
        ),
    ] = False,
    labels: Annotated[
        Path | None,
        typer.Option(
            help="Compare the judge with your own verdicts: a CSV with id and verdict.",
            metavar="FILE",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Test the configuration against papers that were added later.

    Goes back to a day in the list's history, learns from the entries of that day, and ranks the papers that came later.
    Shows how many later additions each threshold and phrase finds, and how many papers you would have to read.
    """
    from bot.commands.open_judge import needed_judge
    from bot.commands.open_sources import lasting_source
    from bot.core.config import load
    from bot.tools.evaluation.judge import read_labels
    from bot.tools.evaluation.render import render_json, render_text
    from bot.tools.evaluation.run import NamedSource, evaluate_list

    if not source:
        fix = "add --source snapshot:PATH for saved papers, or --source search to ask arXiv, which takes minutes"
        raise UsageError("evaluate needs a source of papers", where="--source", fix=fix)
    settings = load(config)
    if labels and not judge:
        fix = "add --judge, or leave --labels out"
        raise UsageError("labels are compared with a judge", where="--labels", fix=fix)
    found, judged = evaluate_list(
        settings,
        Path(list_path or settings.list.path),
        NamedSource(source, lasting_source(source, settings.arxiv, progress)),
        start.date() if (start := day(cut, "--cut")) else None,
        needed_judge(settings, config) if judge else None,
        read_labels(labels) if labels else {},
        warn=lambda text: typer.echo(text, err=True),
        progress=progress,
    )
    if json:
        typer.echo(render_json(found, judged), nl=False)
    else:
        show(render_text(found, width(), judged))
