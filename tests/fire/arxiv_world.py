"""Runs the bot on a failing test arXiv and again, without failures, the next day, and records what became of every paper.

The clock is injected, so waiting takes no time; a server's delay moves the clock instead.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from bot.core.config import parse
from bot.core.model import Outcome, OutcomeKind, Paper, RunReport
from bot.pipeline import run
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
from bot.sources.announcements import Announcements
from bot.sources.fields import LONGEST_ABSTRACT
from bot.sources.protocol import Source
from bot.sources.search import Search
from bot.sources.session import ArxivSession, Timing, silent
from tests import samples
from tests.servers.arxiv import Arxiv, Record
from tests.servers.http import Misfortune, Request, Response, Server

TODAY = date(2025, 10, 20)
NOW = datetime(2025, 10, 20, 6, 23, tzinfo=UTC)
LIST = """\
# Awesome RLAIF

## Papers

- [An Old One](https://arxiv.org/abs/2507.00001)
  - Authors: Ada Lovelace
  - <details> <summary>Abstract</summary> Of old. </details>
- [RLAIF in July](https://arxiv.org/abs/2507.00002)
  - Authors: Ada Lovelace
"""
CONFIG = """\
[list]
heading = "Papers"

[arxiv]
contact = "someone@example.org"
categories = ["cs.CL", "cs.LG"]

[[topics]]
name = "RLAIF"
phrases = ["RLAIF"]
"""
SEARCH, FEED = "search", "feed"


def _record(name: str, submitted: datetime, announced: date) -> Record:
    number = int(name.partition(".")[2])
    return samples.record(
        number,
        f"RLAIF, Part {name}",
        f"The abstract of {name} & no other, a < b.",
        id=name,
        authors=(f"Ada of {name}", "Alan Turing"),
        submitted=submitted,
        announced=announced,
    )


def _at(month: int, day: int) -> datetime:
    return datetime(2025, month, day, 12, 30, tzinfo=UTC)


# Announced in July (before a later run's overlap), last week, today and tomorrow; two per page.
RELEVANT = (
    _record("2507.00020", _at(7, 18), date(2025, 7, 21)),
    _record("2507.00021", _at(7, 19), date(2025, 7, 22)),
    _record("2510.00010", _at(10, 9), date(2025, 10, 13)),
    _record("2510.00020", _at(10, 16), TODAY),
    _record("2510.00021", _at(10, 17), TODAY),
    _record("2510.00030", _at(10, 19), TODAY + timedelta(days=1)),
)
OTHERS = tuple(
    samples.record(n, f"Graphs {n}", id=f"2510.{n:05}", announced=TODAY) for n in range(40, 44)
)

CROWD = tuple(
    samples.record(n, f"Crowd {n}", id=f"2510.{n:05}", categories=(("cs.CL", "cs.LG")[n % 2],))
    for n in range(1000, 6000)
)
_TRUE = {paper.id: paper for paper in (*RELEVANT, *OTHERS, *CROWD)}


class Clock:
    """A clock that moves only when somebody sleeps or a server delays; counts how often the client reads it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.looks = 0
        self._looked = threading.Condition()

    def tick(self, seconds: float) -> None:
        self.seconds += seconds

    def monotonic(self) -> float:
        with self._looked:
            self.looks += 1
            self._looked.notify_all()
        return self.seconds

    def looked_since(self, looks: int) -> bool:
        """Whether the client reads the clock more than `looks` times within five real seconds."""
        with self._looked:
            return self._looked.wait_for(lambda: self.looks > looks, timeout=5)


class Shelf:
    """A forge in memory, with one list and its pull requests."""

    def __init__(self) -> None:
        self.pulls: list[Pull] = []

    def read(self) -> ForgeState:
        return ForgeState(
            "shelf", Base("main", "1" * 40, "README.md", LIST.encode()), tuple(self.pulls)
        )

    def examine(self, batch: AnyBatch, *, conflicts: bool) -> Inspection:
        return Inspection()

    def mark_waiting(self, batch: AnyBatch) -> None:
        raise AssertionError("nobody answers")

    def ensure(self, proposal: Proposal) -> Outcome:
        number = proposal.pull.number if proposal.pull else len(self.pulls) + 1
        body = compose(replace(proposal.marker, head="2" * 40), proposal.text)
        pull = Pull(
            number=number,
            url=f"https://github.test/pull/{number}",
            branch=proposal.branch,
            head_sha="2" * 40,
            state=PullState.OPEN,
            title=proposal.title,
            body=body,
            labels=proposal.labels,
            created=NOW,
            in_repository=True,
            marker=parse_marker(body),
        )
        self.pulls[number - 1 : number] = [pull]
        kind = OutcomeKind.UPDATED if proposal.pull else OutcomeKind.CREATED
        return Outcome(kind, proposal.title, number, pull.url, proposal.papers)

    def close(self, closing: Closing) -> Outcome:
        raise AssertionError("nothing is to be closed")

    def label_and_request_review(
        self, pull: Pull, labels: object, reviewers: object
    ) -> Outcome | None:
        return None

    @property
    def proposed(self) -> set[str]:
        return {
            str(paper_id) for pull in self.pulls if pull.marker for paper_id in pull.marker.items
        }


@dataclass(frozen=True)
class At:
    """The context of a fault: the request, a function for the right answer, and the clock to delay."""

    request: Request
    right: Callable[[Request], Response]
    clock: Clock


Strike = Callable[[At], Misfortune | None]
"""A fault: returns what happens to a request, or None for nothing."""


@dataclass(frozen=True)
class Trial:
    """A run with a fault, and the run without faults after it."""

    report: RunReport
    seconds: float
    requests: int
    first: frozenset[str]
    second: frozenset[str]
    asked_again: RunReport

    @property
    def lost(self) -> frozenset[str]:
        """The relevant papers that neither run proposed although the second should have found them."""
        return frozenset(paper.id for paper in RELEVANT) - self.second


def try_out(strike: Strike, services: frozenset[str], *, lasting: bool) -> Trial:
    """Runs the bot while the services fail, once or during the whole run, and then on the next day without failures."""
    arxiv = Arxiv([*RELEVANT, *OTHERS], TODAY)
    clock, shelf = Clock(), Shelf()
    struck: set[str] = set()

    def befalls(request: Request) -> Misfortune | None:
        service = SEARCH if request.path == "/api/query" else FEED
        if service not in services or (service in struck and not lasting):
            return None
        misfortune = strike(At(request, arxiv.respond, clock))
        if misfortune is not None:
            struck.add(service)
        return misfortune

    with Server(arxiv) as server:
        server.always = befalls
        report = _run(server, clock, shelf, NOW)
        seconds, requests, first = clock.seconds, len(server.requests), shelf.proposed
        server.always = None
        arxiv.today = TODAY + timedelta(days=1)
        again = _run(server, Clock(), shelf, NOW + timedelta(days=1))
    return Trial(report, seconds, requests, frozenset(first), frozenset(shelf.proposed), again)


def _run(server: Server, clock: Clock, shelf: Shelf, now: datetime) -> RunReport:
    config = parse(CONFIG, where="test")
    timing = Timing(clock.tick, clock.monotonic, lambda: 0.5, lambda: now)
    hosts = frozenset([server.url.partition("//")[2]])
    session = ArxivSession("someone@example.org", hosts, timing, silent)
    sources: list[Source] = [
        Search(session, config.arxiv.categories, f"{server.url}/api/query", page_size=2),
        Announcements(session, config.arxiv.categories, f"{server.url}/atom"),
    ]
    return run(config, sources=sources, forge=shelf, now=now)


def is_whole(paper: Paper) -> bool:
    """Whether a paper is complete and unchanged; an overlong abstract may be cut at the limit."""
    true = _TRUE[str(paper.id)]
    is_cut = LONGEST_ABSTRACT - 10 <= len(paper.abstract) <= LONGEST_ABSTRACT
    return (paper.title, paper.authors, paper.categories) == (
        true.title,
        true.authors,
        true.categories,
    ) and (is_cut or paper.abstract == true.abstract)
