"""`arxiv-bot explain`: shows why a run would propose a paper or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from bot.core.arxiv_id import ArxivId
    from bot.core.model import Paper
    from bot.relevance.judge.judge import Judge
    from bot.tools.explain import Explanation


def explain(
    papers: Annotated[
        list[str],
        typer.Argument(help="arXiv ids, in any form, or files of papers.", metavar="ID|FILE"),
    ],
    *,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    source: SourceOption = DEFAULT_SOURCES,
    judge: Annotated[
        bool,
        typer.Option(
            "--judge", help="Also ask the configured judge; show its questions, answers and quotes."
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the explanation as JSON.")] = False,
) -> None:
    """Show why a run would or would not propose papers, and what would change that.

    A file holds one paper per line as JSON, like a snapshot.
    """
    from bot.commands.compose import RunOptions, forge_of, lookups_of, sources_of
    from bot.commands.open_judge import needed_judge
    from bot.core.config import load
    from bot.tools.explain import explain as explain_papers
    from bot.tools.explain import find_papers
    from bot.tools.explain_judge import ask_about

    settings = load(config)
    opened = needed_judge(settings, config) if judge else None
    wanted = [paper for name in papers for paper in _papers_of(name)]
    with waiting() as wait:
        options = RunOptions(config, list_path, repo, wait, tuple(source), dry_run=True)
        named, forge = sources_of(options, settings), forge_of(options, settings)
        found, unknown = find_papers(wanted, lookups_of(named), forge)
        if not found:
            raise _unknown(unknown)
        explained = explain_papers(
            settings, found, sources=named, forge=forge, now=datetime.now(UTC)
        )
        if opened:
            explained = ask_about(explained, opened, settings, forge)
    if json:
        from bot.reports.records import render_explanations

        typer.echo(render_explanations(explained), nl=False)
    else:
        show("\n\n".join(_texts(explained, opened)) + "\n")
    if unknown:
        raise _unknown(unknown)


def _texts(explained: Sequence[Explanation], opened: Judge | None) -> Iterator[str]:
    from bot.reports.decision import render_decision
    from bot.tools.explain_judge import render_answers, render_question

    for explanation in explained:
        yield render_decision(explanation.decision, explanation.changes)
        if opened:
            candidate = explanation.decision.candidate
            yield render_question(candidate.paper, opened)
            yield render_answers(candidate, opened)


def _unknown(ids: Sequence[ArxivId]) -> UsageError:
    fix = "check the id; a paper announced today may not be there yet"
    return UsageError("no source knows this paper", where=", ".join(map(str, ids)), fix=fix)


def _papers_of(name: str) -> Sequence[Paper | ArxivId]:
    """Reads the papers of a file, or parses the name as an id.

    Raises:
        UsageError: there is no such file, the file has no paper, or the name is no id.
    """
    from bot.sources.snapshot import Snapshot

    file = Path(name)
    if file.is_file():
        papers = tuple(Snapshot(file, ()).papers())
        if not papers:
            fix = "name a file with one paper per line"
            raise UsageError("the file contains no paper", where=name, fix=fix)
        return papers
    if file.suffix in {".jsonl", ".json", ".gz"}:
        fix = "check its name, or write an arXiv id such as 2309.00267"
        raise UsageError("there is no such file", where=name, fix=fix)
    return (one_id(name),)
