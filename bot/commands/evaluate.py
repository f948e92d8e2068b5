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
    from collections.abc import Mapping
    from datetime import date

    from bot.core.arxiv_id import ArxivId
    from bot.core.config import Config
    from bot.core.model import Paper
    from bot.relevance.judge.judge import Judge
    from bot.tools.evaluation.evaluate import Evaluation, ScoredStream
    from bot.tools.evaluation.judge import JudgeEvaluation
    from bot.tools.evaluation.split import Split

_LATER = timedelta(days=182)  # the list's last months, used for the test by default
_EARLIER = timedelta(days=365)  # of background papers before the cut, from a snapshot
_EARLIER_ASKED = timedelta(days=28)  # of background papers, if arXiv has to be asked for them


def evaluate(
    *,
    source: Annotated[
        str,
        typer.Option(
            "--source",
            help="All papers of the time: snapshot:PATH, or search, which takes minutes. Required.",
            metavar="SOURCE",
        ),
    ] = "",
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    cut: Annotated[
        str,
        typer.Option(
            "--cut",
            help="The day to go back to. By default half a year before the last entry.",
            metavar="DATE",
        ),
    ] = "",
    judge: Annotated[
        bool,
        typer.Option(
            "--judge", help="Ask the configured judge too, about judge.max_papers papers."
        ),
    ] = False,
    labels: Annotated[
        Path | None,
        typer.Option(
            "--labels",
            help="Compare the judge with your own verdicts: a CSV of id and verdict.",
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
    from bot.core.config import load
    from bot.tools.evaluation.judge import read_labels
    from bot.tools.evaluation.render import render_json, render_text

    if not source:
        fix = "add --source snapshot:PATH for saved papers, or --source search to ask arXiv, which takes minutes"
        raise UsageError("evaluate needs a source of papers", where="--source", fix=fix)
    settings = load(config)
    if labels and not judge:
        fix = "add --judge, or leave --labels out"
        raise UsageError("labels are compared with a judge", where="--labels", fix=fix)
    found, judged = _evaluate(
        settings,
        Path(list_path or settings.list.path),
        source,
        day(cut, "--cut"),
        needed_judge(settings, config) if judge else None,
        read_labels(labels) if labels else {},
    )
    if json:
        typer.echo(render_json(found, judged), nl=False)
    else:
        show(render_text(found, width(), judged))


def _evaluate(
    settings: Config,
    path: Path,
    source: str,
    wanted: datetime | None,
    judge: Judge | None,
    labels: Mapping[ArxivId, str],
) -> tuple[Evaluation, JudgeEvaluation | None]:
    from bot.forge.local import LocalForge
    from bot.listing.history import read_history
    from bot.listing.paper_list import PaperList
    from bot.tools.evaluation.evaluate import evaluate as measure
    from bot.tools.evaluation.evaluate import read_stream
    from bot.tools.evaluation.judge import evaluate_judge
    from bot.tools.evaluation.split import day_of, last_day, split

    listing = PaperList.parse(LocalForge(Path(), str(path)).read().base.content)
    history = read_history(path)
    last = last_day(listing.index, history)
    if last is None:
        fix = "make sure that the entries name arXiv papers; see `arxiv-bot check`"
        raise UsageError("no entry has a known date", where=str(path), fix=fix)
    cut = wanted.date() if wanted else last - _LATER
    topics = tuple(block.topic() for block in settings.topics)

    def scored(cut: date) -> tuple[ScoredStream | None, Split, tuple[Paper, ...]]:
        papers = _stream(settings, source, cut, last)
        parted = split(listing, history, papers, cut)
        progress(
            f"learning from {count(len(parted.before), 'entry')}, ranking the papers after {cut}"
        )
        return read_stream(papers, listing.index, parted, topics, cut), parted, papers

    stream, parted, papers = scored(cut)
    if stream is None and wanted is None and papers:
        cut = max(map(day_of, papers)) - _LATER
        why = f"{source} has none of the later entries"
        typer.echo(f"{why}; going back to {cut}, half a year before its last paper", err=True)
        stream, parted, papers = scored(cut)
    if stream is None:
        raise _no_later_entry(path, source, parted, cut, last)
    threshold = settings.screening.threshold
    found = measure(stream, parted, topics, cut=cut, threshold=threshold)
    if judge is None:
        return found, None
    progress("asking the judge")
    return found, evaluate_judge(stream, judge, threshold, labels)


def _no_later_entry(path: Path, source: str, parted: Split, cut: date, last: date) -> UsageError:
    later = len(parted.later)
    lacking = f"{source} has none of the {later} entries" if later else "the list has no entry"
    what = f"{lacking} since {cut}; the last entry is from {last} or earlier"
    fix = "choose another day with --cut, or a source that covers the time after it"
    return UsageError(what, where=str(path), fix=fix)


def _stream(settings: Config, source: str, cut: date, last: date) -> tuple[Paper, ...]:
    """Reads all papers of the configured categories, from some time before the cut to the last addition."""
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
        raise UsageError(
            f"{found.name} covers only one day", where="--source", fix=f"use {LASTING}"
        )
    if harvest.coverage.failure:
        fix = "correct the file" if isinstance(found, Snapshot) else "try again later"
        raise SourceError(harvest.coverage.failure, where=source, fix=fix)
    if harvest.coverage.capped:
        typer.echo(f"{source}: {harvest.coverage.capped}", err=True)
    return harvest.papers


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
