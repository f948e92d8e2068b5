"""`arxiv-bot evaluate`: tests the configuration against the papers that the curator added later."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import CONFIG, ConfigOption, ListOption, day, show, width
from bot.commands.progress import progress
from bot.core.english import count
from bot.core.errors import SourceError, UsageError

if TYPE_CHECKING:
    from datetime import date

    from bot.core.config import Config
    from bot.core.model import Paper
    from bot.tools.evaluation.evaluate import Evaluation
    from bot.tools.evaluation.split import Split

_LATER = timedelta(days=182)  # of the list's history, compared with by default
_EARLIER = timedelta(days=365)  # of the stream, what is learned from
_EARLIER_ASKED = timedelta(days=28)  # as much as arXiv can be asked for


def evaluate(
    *,
    source: Annotated[
        str,
        typer.Option(
            "--source",
            help="The stream of papers: snapshot:PATH, or search, which takes minutes. Needed.",
            metavar="SOURCE",
        ),
    ] = "",
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    cut: Annotated[
        str,
        typer.Option(
            "--cut",
            help="The day to go back to; by default half a year before the last entry.",
            metavar="DATE",
        ),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Test the configuration against papers that were added later.

    Goes back to a day of the list's history, learns from what was there, and ranks what came after: what a threshold
    or a phrase finds, and what it costs to read.
    """
    from bot.core.config import load
    from bot.tools.evaluation.render import render_json, render_text

    if not source:
        fix = "add --source snapshot:PATH for saved papers, or --source search to ask arXiv, which takes minutes"
        raise UsageError("it needs the papers that came since", where="--source", fix=fix)
    settings = load(config)
    found = _evaluate(settings, Path(list_path or settings.list.path), source, day(cut, "--cut"))
    if json:
        typer.echo(render_json(found), nl=False)
    else:
        show(render_text(found, width()))


def _evaluate(settings: Config, path: Path, source: str, wanted: datetime | None) -> Evaluation:
    from bot.forge.local import LocalForge
    from bot.listing.history import read_history
    from bot.listing.paper_list import PaperList
    from bot.tools.evaluation.evaluate import evaluate as measure
    from bot.tools.evaluation.split import day_of, last_day, split

    listing = PaperList.parse(LocalForge(Path(), str(path)).read().base.content)
    history = read_history(path)
    last = last_day(listing.index, history)
    if last is None:
        fix = "the list must name arXiv papers; see `arxiv-bot check`"
        raise UsageError("no entry has a known day", where=str(path), fix=fix)
    cut = wanted.date() if wanted else last - _LATER

    def measured(cut: date) -> tuple[Evaluation | None, Split, tuple[Paper, ...]]:
        papers = _stream(settings, source, cut, last)
        parted = split(listing, history, papers, cut)
        progress(
            f"learning from {count(len(parted.before), 'entry')}, ranking what came after {cut}"
        )
        topics = tuple(block.topic() for block in settings.topics)
        threshold = settings.screening.threshold
        index = listing.index
        return measure(papers, index, parted, topics, cut=cut, threshold=threshold), parted, papers

    found, parted, papers = measured(cut)
    if found is None and wanted is None and papers:
        cut = max(map(day_of, papers)) - _LATER
        typer.echo(
            f"{source} has no later entry; going back from its last paper, to {cut}", err=True
        )
        found, parted, papers = measured(cut)
    if found is None:
        came = len(parted.later)
        what = (
            f"of {came} entries since {cut} {source} has none" if came else f"nothing since {cut}"
        )
        raise UsageError(
            f"{what}; the last entry is of {last} or before",
            where=str(path),
            fix="choose another day with --cut, or a source that covers the time after it",
        )
    return found


def _stream(settings: Config, source: str, cut: date, last: date) -> tuple[Paper, ...]:
    """The papers of the configured categories, from some time before the cut to the last addition."""
    from bot.commands.compose import RunOptions, sources_of
    from bot.commands.open_sources import LASTING
    from bot.core.model import Window
    from bot.sources.search import Search
    from bot.sources.snapshot import Snapshot

    until = datetime.combine(last, time.max, UTC)
    options = RunOptions(CONFIG, "", "", (source,), None, None, dry_run=True, progress=progress)
    (found,) = sources_of(options, settings, LASTING)
    if isinstance(found, Snapshot):
        progress(f"reading {found.path}")
        harvest = found.collect((), Window(_start(cut - _EARLIER), until))
    elif isinstance(found, Search):
        harvest = found.stream(Window(_start(cut - _EARLIER_ASKED), until))
    else:
        raise UsageError(f"{found.name} knows one day only", where="--source", fix=f"use {LASTING}")
    if harvest.coverage.failure:
        fix = "correct that file" if isinstance(found, Snapshot) else "try again later"
        raise SourceError(harvest.coverage.failure, where=source, fix=fix)
    if harvest.coverage.capped:
        typer.echo(f"{source}: {harvest.coverage.capped}", err=True)
    return harvest.papers


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
