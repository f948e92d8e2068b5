"""`arxiv-bot explain`: why a paper would be in or out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import (
    CONFIG,
    DEFAULT_SOURCES,
    ConfigOption,
    ListOption,
    RepoOption,
    SourceOption,
    one_id,
    show,
)
from bot.commands.progress import waiting
from bot.core.errors import UsageError


def explain(
    paper: Annotated[
        str,
        typer.Argument(help="An arXiv id, in any form, or a file of papers.", metavar="ID|FILE"),
    ],
    *,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    source: SourceOption = DEFAULT_SOURCES,
    judge: Annotated[
        bool,
        typer.Option(
            "--judge", help="Ask the configured judge too, and show question, answers and quotes."
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say why a paper would be in or out, and what would change it.

    A file holds papers as JSON lines, as a snapshot does.
    """
    from bot.commands.compose import RunOptions, forge_of, lookups, sources_of
    from bot.commands.open_judge import needed_judge
    from bot.core.config import load
    from bot.reports.decision import render_decision
    from bot.sources.snapshot import Snapshot
    from bot.tools.explain import explain as explain_papers
    from bot.tools.explain import find_paper, render_json
    from bot.tools.explain_judge import ask_about, render_answers, render_question

    settings = load(config)
    opened = needed_judge(settings, config) if judge else None
    looks_like_a_file = Path(paper).suffix in {".jsonl", ".json", ".gz"}
    if looks_like_a_file and not Path(paper).is_file():
        fix = "check its name, or write an arXiv id such as 2309.00267"
        raise UsageError("there is no such file", where=paper, fix=fix)
    with waiting() as wait:
        options = RunOptions(
            config, list_path, repo, tuple(source), None, None, dry_run=True, progress=wait
        )
        named, forge = sources_of(options, settings), forge_of(options, settings)
        if Path(paper).is_file():
            papers = tuple(Snapshot(Path(paper), ()).papers())
            if not papers:
                fix = "name one with a paper a line"
                raise UsageError("the file contains no paper", where=paper, fix=fix)
        else:
            papers = (find_paper(one_id(paper), lookups(options, settings), forge),)
        explained = explain_papers(
            settings,
            papers,
            sources=named,
            forge=forge,
            now=datetime.now(UTC),
        )
        if opened:
            explained = ask_about(explained, opened, settings, forge)
    if json:
        typer.echo(render_json(explained), nl=False)
        return
    texts = []
    for explanation in explained:
        texts.append(render_decision(explanation.decision, explanation.changes))
        if opened:
            found = explanation.decision.candidate
            texts += [render_question(found.paper, opened), render_answers(found, opened)]
    show("\n\n".join(texts) + "\n")
