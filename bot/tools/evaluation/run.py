"""Goes back to a day in a list's history, and evaluates the configuration and a judge on the papers that came later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.core.arxiv_id import ArxivId
from bot.core.config import Config
from bot.core.english import count
from bot.core.errors import SourceError, UsageError
from bot.core.model import Paper, Window
from bot.forge.local import LocalForge
from bot.listing.history import read_history
from bot.listing.paper_list import PaperList
from bot.relevance.judge.judge import Judge
from bot.sources.search import Search
from bot.sources.snapshot import Snapshot
from bot.tools.evaluation.evaluate import Evaluation, ScoredStream, evaluate, read_stream
from bot.tools.evaluation.judge import JudgeEvaluation, evaluate_judge
from bot.tools.evaluation.split import Split, day_of, last_day, split

_LATER = timedelta(days=182)  # the list's last months, used for the test by default
_EARLIER = timedelta(days=365)  # of background papers before the cut, from a snapshot
_EARLIER_ASKED = timedelta(days=28)  # of background papers, if arXiv has to be asked for them


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source, and its name on the command line."""

    name: str
    source: Search | Snapshot


def evaluate_list(
    config: Config,
    path: Path,
    named: NamedSource,
    wanted: date | None,
    judge: Judge | None,
    labels: Mapping[ArxivId, str],
    *,
    warn: Callable[[str], None],
    progress: Callable[[str], None],
) -> tuple[Evaluation, JudgeEvaluation | None]:
    """Evaluates the configuration, and the judge if there is one.

    The cut is the day that the user `wanted`, or half a year before the last entry or the source's last paper.
    `warn` prints what the user did not expect.

    Raises:
        UsageError: no entry has a date, or none is later than the cut.
        SourceError: the source failed.
    """
    listing = PaperList.parse(LocalForge(Path(), str(path)).read().base.content)
    history = read_history(path)
    last = last_day(listing.index, history)
    if last is None:
        fix = "make sure that the entries name arXiv papers; see `arxiv-bot check`"
        raise UsageError("no entry has a known date", where=str(path), fix=fix)
    cut = wanted or last - _LATER
    topics = tuple(block.topic() for block in config.topics)

    def scored(cut: date) -> tuple[ScoredStream | None, Split, tuple[Paper, ...]]:
        papers = _read(named, cut, last, warn, progress)
        parted = split(listing, history, papers, cut)
        progress(
            f"learning from {count(len(parted.before), 'entry')}, ranking the papers after {cut}"
        )
        return read_stream(papers, listing.index, parted, topics, cut), parted, papers

    stream, parted, papers = scored(cut)
    if stream is None and wanted is None and papers:
        cut = max(map(day_of, papers)) - _LATER
        why = f"{named.name} has none of the later entries"
        warn(f"{why}; going back to {cut}, half a year before its last paper")
        stream, parted, papers = scored(cut)
    if stream is None:
        later = len(parted.later)
        lacking = (
            f"{named.name} has none of the {later} entries" if later else "the list has no entry"
        )
        what = f"{lacking} since {cut}; the last entry is from {last} or earlier"
        fix = "choose another day with --cut, or a source that covers the time after it"
        raise UsageError(what, where=str(path), fix=fix)
    threshold = config.screening.threshold
    found = evaluate(stream, parted, topics, cut=cut, threshold=threshold)
    if judge is None:
        return found, None
    progress("asking the judge")
    return found, evaluate_judge(stream, judge, threshold, labels)


def _read(
    named: NamedSource,
    cut: date,
    last: date,
    warn: Callable[[str], None],
    progress: Callable[[str], None],
) -> tuple[Paper, ...]:
    """Reads all papers of the source, from some time before the cut to the last addition."""
    source, until = named.source, datetime.combine(last, time.max, UTC)
    if isinstance(source, Snapshot):
        progress(f"reading {source.path}")
        harvest = source.collect((), Window(_start(cut - _EARLIER), until))
    else:
        harvest = source.stream(Window(_start(cut - _EARLIER_ASKED), until))
    if harvest.coverage.failure:
        fix = "correct the file" if isinstance(source, Snapshot) else "try again later"
        raise SourceError(harvest.coverage.failure, where=named.name, fix=fix)
    if harvest.coverage.capped:
        warn(f"{named.name}: {harvest.coverage.capped}")
    return harvest.papers


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
