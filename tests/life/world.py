"""A small world for tests: a list on the test GitHub, days of announcements, and the bot in this process."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.arxiv_id import ArxivId, find_ids
from bot.core.config import Config, parse
from bot.core.errors import SourceError
from bot.core.model import Coverage, Harvest, OutcomeKind, Paper, RunReport, Topic, Window
from bot.forge.connection import Connection
from bot.forge.github_api import GitHub
from bot.forge.github_forge import GitHubForge
from bot.pipeline import run
from bot.relevance.judge.judge import Judge
from tests.servers.github import GitHubServer

START = datetime(2025, 10, 20, 6, 23, tzinfo=UTC)
LIST = """\
# Awesome RLAIF

Papers, newest first.

## Papers

### 2025

- [Old and Known](https://arxiv.org/abs/2501.00001)

### 2023

- [RLAIF: Scaling](https://arxiv.org/abs/2309.00267)
- [Another of the Year](https://arxiv.org/abs/2305.00001)

## Contributing

Please do.
"""
CONFIG = """\
[list]
heading = "Papers"

[arxiv]
contact = "someone@example.org"
categories = ["cs.CL"]

[pull_request]
mode = "{mode}"
max_items = {max_items}
max_open = {max_open}
reviewers = {reviewers}
max_perhaps = {max_perhaps}
perhaps_alone = {perhaps_alone}

[screening]
threshold = 0.7

[[topics]]
name = "RLAIF"
phrases = ["RLAIF"]
"""


def paper(number: int, *, month: str = "2510", submitted: datetime | None = None) -> Paper:
    """A relevant paper."""
    return Paper(
        id=ArxivId(f"{month}.{number:05}"),
        title=f"RLAIF, Part {number}",
        abstract=f"Part {number} on RLAIF.",
        authors=("Ada Lovelace",),
        categories=("cs.CL",),
        submitted=submitted or START - timedelta(days=3),
    )


class Stream:
    """A fake of arXiv: a source with the papers submitted so far, which also looks papers up by id."""

    name = "search"

    def __init__(self) -> None:
        self.papers: list[Paper] = []
        self.is_down = False
        self.asked_by_id: list[ArxivId] = []

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        if self.is_down:
            return Harvest((), Coverage("search", "arxiv.test", "RLAIF", failure="HTTP 503"))
        found = tuple(
            paper
            for paper in self.papers
            if paper.submitted and window.since <= paper.submitted <= window.until
        )
        return Harvest(
            found, Coverage("search", "arxiv.test", "RLAIF", read=len(found), window=window)
        )

    def look_up(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        if self.is_down:
            raise SourceError("HTTP 503", where="arxiv.test", fix="wait")
        self.asked_by_id += ids
        return tuple(paper for paper in self.papers if paper.id in ids)


class World:
    """The whole world: call `announce`, then `bot`, then act as people on `hub`."""

    more = ""
    """More lines of the configuration."""

    def __init__(
        self,
        server: GitHubServer,
        *,
        mode: str = "batch",
        max_items: int = 10,
        max_open: int = 2,
        reviewers: Sequence[str] = (),
        max_perhaps: int = 15,
        perhaps_alone: bool = False,
        api: str = "",
    ) -> None:
        self.server = server
        self.hub = server.hub
        self.arxiv = Stream()
        self.api = api or server.url
        self.slept: list[float] = []
        settings = {
            "mode": mode,
            "max_items": max_items,
            "max_open": max_open,
            "reviewers": json.dumps(list(reviewers)),
            "max_perhaps": max_perhaps,
            "perhaps_alone": json.dumps(perhaps_alone),
        }
        self.config: Config = parse(CONFIG.format(**settings) + self.more, where="test")
        self.hub.git.seconds = int(START.timestamp())
        self.judge: Callable[[], Judge | None] = lambda: None

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.hub.git.seconds, UTC)

    def announce(self, *numbers: int, days_ago: float = 3) -> None:
        """Announces papers today that were submitted some days ago."""
        submitted = self.now - timedelta(days=days_ago)
        self.arxiv.papers += [paper(number, submitted=submitted) for number in numbers]

    def announce_unsure(self, *numbers: int, days_ago: float = 3) -> None:
        """Announces papers for "Perhaps": the phrase is only in their abstract."""
        submitted = self.now - timedelta(days=days_ago)
        self.arxiv.papers += [
            replace(paper(number, submitted=submitted), title=f"A Paper, Part {number}")
            for number in numbers
        ]

    def wait(self, days: float) -> None:
        self.hub.git.seconds += int(days * 86_400)

    def forge(self) -> GitHubForge:
        connection = Connection("t0ken", self.api, self.slept.append, monotonic=lambda: 0.0)
        github = GitHub(self.hub.name, connection)
        return GitHubForge(github, lambda _: None, *self.config.paths())

    def bot(self, since: datetime | None = None) -> RunReport:
        """Does a run, some time after the last event."""
        self.wait(0.01)
        return self.bot_now(since)

    def bot_now(self, since: datetime | None = None) -> RunReport:
        """Does a run at the current time."""
        return run(
            self.config,
            sources=[self.arxiv],
            forge=self.forge(),
            now=self.now,
            since=since,
            judge=self.judge(),
        )

    # What is there

    def listed(self, branch: str = "", path: str = "README.md") -> list[str]:
        """The ids in the list, in order, on the default branch or another one."""
        return [str(found.id) for found in find_ids(self.hub.read(path, branch).decode())]

    def new_in(self, number: int, path: str = "README.md") -> set[str]:
        """The papers that a pull request's branch adds to the list."""
        branch = self.hub.pull(number).branch
        return set(self.listed(branch, path)) - set(self.listed(path=path))

    def text_of(self, number: int) -> dict[str, bool]:
        """The papers that a pull request's text shows, and whether they are ticked."""
        boxes = re.findall(r"^- \[(.)\] <!-- (\S+) -->", self.hub.pull(number).body, re.MULTILINE)
        return {name: tick != " " for tick, name in boxes}

    def marker_of(self, number: int) -> dict[str, Any]:
        first = self.hub.pull(number).body.splitlines()[0]
        data: dict[str, Any] = json.loads(first[len("<!-- arxiv-bot ") : -len(" -->")])
        return data

    @property
    def open(self) -> list[int]:
        return [pull.number for pull in self.hub.pulls if pull.state == "open"]


def reasons(report: RunReport) -> dict[str, tuple[str, str]]:
    """The reason and its detail for each paper."""
    return {
        str(decision.candidate.paper.id): (decision.reason.value, decision.detail)
        for decision in report.decisions
    }


def kinds(report: RunReport) -> list[OutcomeKind]:
    """The kinds of the outcomes, in order."""
    return [outcome.kind for outcome in report.outcomes]
