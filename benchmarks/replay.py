"""Checks that every paper that belongs is proposed exactly once, whatever fails on the way.

    python -m benchmarks.replay CORPUS [--fault NAME]

CORPUS is a folder of `YYYY-MM.jsonl.gz` of papers with the day of their announcement. Three months of it are replayed,
a working day at a time. The test arXiv on loopback knows what was announced by then. The whole pipeline runs over HTTP
with the real sources, the shipped configuration (with a threshold that any phrase meets), and a list of two papers. A
maintainer merges the oldest batch before each run. Afterwards the bot continues for as long as it finds something.

A perfect bot proposes every paper that a phrase matches on the day of its announcement, and reads every other paper of
the categories. The table shows how close the bot comes with each fault.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from bot.core.arxiv_id import ArxivId
from bot.core.config import Config, load
from bot.core.model import Outcome, OutcomeKind, Paper
from bot.core.titles import key
from bot.pipeline import run
from bot.proposals.anchors import transplant
from bot.proposals.marker import compose, parse_marker
from bot.proposals.model import (
    AnyBatch,
    Base,
    Closing,
    ForgeState,
    Inspection,
    Proposal,
    Pull,
    PullState,
)
from bot.relevance.phrases import Matcher, in_categories
from bot.relevance.screening import is_withdrawn
from bot.sources.announcements import Announcements
from bot.sources.oai import OaiPmh
from bot.sources.search import Search
from bot.sources.session import ArxivSession, Timing, silent
from tests.servers.arxiv import Arxiv, Record, read_records
from tests.servers.http import Request, Response, Server

ROOT = Path(__file__).resolve().parent.parent
MONTHS = ("2025-06", "2025-07", "2025-08")
FIRST, LAST = date(2025, 6, 2), date(2025, 8, 29)
AFTER = timedelta(days=30)  # in which what was missed can still be proposed
THRESHOLD = (
    0.01  # lower than the score of any paper that a phrase matches, and higher than most others
)
THIN = 10  # of the papers that no phrase matches, one in so many is kept: they only take time


def between(start: date, end: date) -> Callable[[date], bool]:
    return lambda day: start <= day <= end


def never(day: date) -> bool:
    del day
    return False


def always(day: date) -> bool:
    del day
    return True


@dataclass(frozen=True, slots=True)
class World:
    """What fails on which days: no run, an empty feed, a feed that stopped at a day, a throttled or empty search.

    `held` is how long papers wait from submission to announcement.
    """

    skipped: Callable[[date], bool] = never
    empty: Callable[[date], bool] = never
    stale: date | None = None
    throttled: Callable[[date], bool] = never
    lying: Callable[[date], bool] = never
    held: timedelta = timedelta(days=2)


JULY = between(date(2025, 7, 7), date(2025, 7, 25))
WEEK = between(date(2025, 7, 7), date(2025, 7, 11))
FAULTS = {
    "none": World(),
    "every Wednesday skipped": World(skipped=lambda day: day.weekday() == 2),
    "a week skipped": World(skipped=WEEK),
    "ten weeks skipped": World(skipped=between(date(2025, 6, 9), date(2025, 8, 17))),
    "feed always empty": World(empty=always),
    "feed stale from the first day": World(stale=FIRST),
    "search throttled for a week": World(throttled=WEEK),
    "search throttled for three weeks": World(throttled=JULY),
    "search throttled always": World(throttled=always),
    "throttled for three weeks, feed empty": World(throttled=JULY, empty=JULY),
    "search without results for three weeks": World(lying=JULY),
    "without results for three weeks, feed empty": World(lying=JULY, empty=JULY),
    "announced two weeks late": World(held=timedelta(days=14)),
    "two weeks late, feed always empty": World(held=timedelta(days=14), empty=always),
    "two weeks late, a week skipped": World(held=timedelta(days=14), skipped=WEEK),
    "two weeks late, ten weeks skipped": World(
        held=timedelta(days=14), skipped=between(date(2025, 6, 9), date(2025, 8, 17))
    ),
    "six weeks late": World(held=timedelta(days=42)),
    "six weeks late, a week skipped": World(held=timedelta(days=42), skipped=WEEK),
    "six weeks late, feed always empty": World(held=timedelta(days=42), empty=always),
}


class Services:
    """The test arXiv with a world's faults."""

    def __init__(self, records: list[Record], world: World) -> None:
        self._world = world
        self.arxiv = Arxiv(records, FIRST)

    def respond(self, request: Request) -> Response:
        """Answers as arXiv would on that day."""
        today = self.arxiv.today
        if request.path == "/api/query":
            if self._world.throttled(today):
                return Response(429, b"Rate exceeded.", {"Content-Type": "text/plain"})
            if self._world.lying(today):
                return Arxiv([], today).respond(request)
            return self.arxiv.respond(request)
        if request.path == "/oai":
            return self.arxiv.respond(request)
        if self._world.empty(today):
            return Arxiv([], today).respond(request)
        return Arxiv(self.arxiv.records, self._world.stale or today).respond(request)


@dataclass
class MergingForge:
    """A list in memory, whose maintainer merges a batch before every run."""

    content: bytes
    now: datetime
    pulls: list[Pull] = field(default_factory=list)
    open: dict[int, Proposal] = field(default_factory=dict)
    proposed: list[tuple[ArxivId, date]] = field(default_factory=list)
    merged: int = 0

    def read(self) -> ForgeState:
        """The list and its pull requests."""
        base = Base("main", f"{self.merged}", "README.md", self.content)
        return ForgeState("memory", base, tuple(self.pulls))

    def examine(self, batch: AnyBatch, *, conflicts: bool) -> Inspection:
        """Confirms each supposed conflict, because another batch was merged at the same position."""
        del batch
        return Inspection(conflicts=conflicts)

    def mark_waiting(self, batch: AnyBatch) -> None:
        """Does nothing, because nobody answers here."""
        raise AssertionError(batch)

    def ensure(self, proposal: Proposal) -> Outcome:
        """Opens a pull request, or changes one."""
        old = proposal.pull
        number = old.number if old else len(self.pulls) + 1
        known = self.open[number].papers if old else ()
        self.proposed += [
            (paper, self.now.date()) for paper in proposal.papers if paper not in known
        ]
        self.open[number] = proposal
        pull = Pull(
            number=number,
            url="",
            branch=proposal.branch,
            head_sha="head",
            state=PullState.OPEN,
            title=proposal.title,
            body="",
            labels=proposal.labels,
            created=self.now,
            marker=None,
        )
        body = compose(replace(proposal.marker, head="head"), proposal.text)
        pull = replace(pull, body=body, marker=parse_marker(body))
        self.pulls[number - 1 : number] = [pull]
        kind = OutcomeKind.UPDATED if old else OutcomeKind.CREATED
        return Outcome(kind, proposal.title, number, papers=proposal.papers)

    def close(self, closing: Closing) -> Outcome:
        """Nobody ticks a box or adds a paper by hand here."""
        raise AssertionError(closing)

    def label_and_request_review(
        self, pull: Pull, labels: Sequence[str], reviewers: Sequence[str]
    ) -> Outcome | None:
        """Does nothing, because labels play no part here."""
        raise AssertionError(pull, labels, reviewers)

    def merge(self) -> None:
        """Merges the oldest batch without a conflict, as the maintainer does before each run."""
        for number, proposal in sorted(self.open.items()):
            (file,) = proposal.files
            merged = transplant(file.before, file.content, self.content)
            if merged is not None:
                self.content = merged
                self.merged += 1
                pull = self.pulls[number - 1]
                self.pulls[number - 1] = replace(pull, state=PullState.MERGED, closed=self.now)
                del self.open[number]
                return


def days_of(world: World) -> Iterator[date]:
    """The days of runs: working days that the world does not skip, and some after the last."""
    day = FIRST
    while day <= LAST + AFTER:
        if day.weekday() < 5 and not world.skipped(day):
            yield day
        day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was proposed on which day, every paper that was read, and how often OAI-PMH was asked."""

    proposed: list[tuple[ArxivId, date]]
    read: set[ArxivId]
    oai_requests: int


def replay(config: Config, records: list[Record], world: World) -> Replayed:
    """The runs of all days."""
    read: set[ArxivId] = set()
    records = [
        replace(record, submitted=record.submitted + timedelta(days=2) - world.held)
        for record in records
    ]
    services = Services(records, world)
    forge = MergingForge(
        (ROOT / "bot" / "tools" / "demo" / "list.md").read_bytes(),
        datetime.combine(FIRST, time(), UTC),
    )
    with Server(services) as server:
        for day in days_of(world):
            services.arxiv.today = day
            forge.now = datetime.combine(day, time(6, 23), UTC)
            forge.merge()
            session = ArxivSession(
                config.arxiv.contact,
                frozenset({urlsplit(server.url).netloc}),
                _clockwork(forge.now),
                silent,
            )
            sources = (
                Search(session, config.arxiv.categories, f"{server.url}/api/query"),
                Announcements(session, config.arxiv.categories, f"{server.url}/atom"),
            )
            gaps = OaiPmh(session, config.arxiv.categories, f"{server.url}/oai")
            report = run(config, sources=sources, forge=forge, now=forge.now, gaps=gaps)
            read |= {decision.candidate.paper.id for decision in report.decisions}
        asked = sum(request.path == "/oai" for request in server.requests)
    return Replayed(forge.proposed, read, asked)


def _clockwork(now: datetime) -> Timing:
    """A clock that moves only when somebody waits."""
    passed = 0.0

    def sleep(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    return Timing(sleep, lambda: passed, lambda: 0.5, lambda: now)


def due(config: Config, records: list[Record]) -> dict[ArxivId, date]:
    """The papers that a perfect bot proposes, with the day of their announcement."""
    topics = {block.name: block.topic() for block in config.topics}
    matcher = Matcher(topics.values())
    found: dict[ArxivId, date] = {}
    titles: set[str] = set()
    for item in sorted(records, key=lambda record: (record.announced, record.id)):
        paper = Paper(
            ArxivId.parse(item.id),
            item.title,
            item.abstract,
            categories=item.categories,
            comment=item.comment,
        )
        evidence = matcher.match(paper)
        if (
            any(in_categories(paper, topics[name]) for name in evidence.topics)
            and set(item.categories) & set(config.arxiv.categories)
            and not is_withdrawn(paper)
            and key(item.title) not in titles
        ):
            titles.add(key(item.title))
            found[paper.id] = item.announced
    return found


def thinned(config: Config, records: list[Record]) -> list[Record]:
    """All papers that may be due, and some of the others."""
    wanted = {str(paper) for paper in due(config, records)}
    return [record for n, record in enumerate(records) if record.id in wanted or n % THIN == 0]


def main() -> int:
    """Replays every fault; returns 1 if a paper is lost or proposed twice."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--fault", choices=FAULTS, help="this one only")
    args = parser.parse_args()
    config = load(ROOT / "config" / "keywords.toml")
    screening = config.screening.model_copy(update={"threshold": THRESHOLD})
    batches = config.pull_request.model_copy(update={"max_perhaps": 0})
    config = config.model_copy(update={"screening": screening, "pull_request": batches})
    every = read_records([args.corpus / f"{month}.jsonl.gz" for month in MONTHS])
    records = thinned(config, [item for item in every if FIRST <= item.announced <= LAST])
    wanted = due(config, records)
    wrong, categories = 0, set(config.arxiv.categories)
    others = {
        ArxivId(record.id) for record in records if set(record.categories) & categories
    } - set(wanted)
    print(
        "| fault | due | proposed | twice | days late, median | most | lost | others read | lost | OAI requests |"
    )
    print("|---|--:|--:|--:|--:|--:|---|--:|--:|--:|")
    for name in [args.fault] if args.fault else FAULTS:
        replayed = replay(config, records, FAULTS[name])
        first = dict(reversed(replayed.proposed))
        late = [(first[paper] - day).days for paper, day in wanted.items() if paper in first]
        times = Counter(paper for paper, _ in replayed.proposed)
        twice = sum(count > 1 for count in times.values())
        lost = sorted(str(paper) for paper in wanted if paper not in first)
        unread = others - replayed.read
        wrong += bool(twice or lost or unread)
        named = f"{len(lost)}: {', '.join(lost[:5])}" if lost else "–"
        figures = f"{len(wanted)} | {len(late)} | {twice}"
        days = f"{statistics.median(late):g} | {max(late)}" if late else "– | –"
        rest = f"{len(others) - len(unread):,} | {len(unread):,} | {replayed.oai_requests:,}"
        print(f"| {name} | {figures} | {days} | {named} | {rest} |", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
