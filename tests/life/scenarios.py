"""Scenarios: runs of the bot that change something, the events before each, and the visible state after it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.model import RunReport
from bot.proposals.commits import Commit, is_sealed
from bot.proposals.marker import is_edited, parse_marker, parse_refresh, parse_removals
from tests.life.world import LIST, World
from tests.servers.github import GitHubServer
from tests.servers.github.git import ZERO
from tests.servers.http import Request

Json = Any
ONE, TWO, THREE, FOUR = (f"2510.{number:05}" for number in (1, 2, 3, 4))
UNSURE, UNSURE_TOO = "2510.00031", "2510.00032"
_WINDOW = re.compile(r"(?<=, submitted )\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d")
BY_HAND = "- [By Hand](https://arxiv.org/abs/2510.09999)\n"


@dataclass(frozen=True)
class Scenario:
    """The events before the run under test, in a world of the given kind; `world` are the arguments of the world."""

    name: str
    before: Callable[[World], None]
    world: Mapping[str, Any] = field(default_factory=dict)
    has_graphql: bool = True
    kind: type[World] = World
    content: str = LIST
    others: Mapping[str, str] = field(default_factory=dict)


def _first(world: World) -> None:
    world.announce(1, 2)


def _growing(world: World) -> None:
    world.announce(1, 2)
    world.bot()
    world.announce(3)


def _unticked(world: World) -> None:
    world.announce(1, 2)
    world.bot()
    world.hub.untick(1, ONE)


def _conflicting(world: World) -> None:
    world.announce(1, 2)
    world.bot()
    changed = LIST.replace("### 2025\n\n", f"### 2025\n\n{BY_HAND}")
    world.hub.push_base(changed.encode())


def _merged(world: World) -> None:
    world.announce(1, 2)
    world.bot()
    world.hub.merge(1)
    world.announce(3)


def _all_unticked(world: World) -> None:
    world.announce(1, 2)
    world.bot()
    world.hub.untick(1, ONE)
    world.hub.untick(1, TWO)


def _added_by_hand(world: World) -> None:
    world.announce(1, 2)
    world.bot()
    entry = f"- [RLAIF, Part 1](https://arxiv.org/pdf/{ONE}v3)\n"
    world.hub.push_base(LIST.replace("### 2025\n\n", f"### 2025\n\n{entry}").encode())


def _rebuilt_on_request(world: World) -> None:
    world.announce(1, 2)
    world.bot()
    branch = world.hub.pull(1).branch
    world.hub.push(world.hub.read(branch=branch) + b"\nA line.\n", branch=branch)
    world.hub.label(1, "arxiv-bot:rebuild")


def _full(world: World) -> None:
    world.announce(1, 2)
    world.bot()
    world.announce(3, 4, days_ago=15)
    world.wait(30)


def _two(world: World) -> None:
    world.announce(1, 2, days_ago=40)


def _unticked_too_late(world: World) -> None:
    world.announce(1, 2)
    world.bot()
    world.hub.untick(1, ONE)
    world.hub.merge(1)


def _perhaps_ticked(world: World) -> None:
    world.announce(1, 2)
    world.announce_unsure(31, 32)
    world.bot()
    world.hub.tick(1, UNSURE)


def _perhaps_new(world: World) -> None:
    world.announce(1, 2)
    world.bot()
    world.announce_unsure(31, 32)


def _perhaps_passed_over(world: World) -> None:
    world.announce(1, 2)
    world.announce_unsure(31, 32)
    world.bot()
    world.hub.merge(1)
    world.announce(3)


_REVIEWERS = {"reviewers": ["maintainer"]}
FIRST = Scenario("first pull request", _first, _REVIEWERS)
GROWING = Scenario("growing batch", _growing, _REVIEWERS)
UNTICKED = Scenario("a box unticked", _unticked, _REVIEWERS)
CONFLICTING = Scenario("rebuilt on conflict", _conflicting, _REVIEWERS)
PERHAPS_TICKED = Scenario("a paper of Perhaps ticked", _perhaps_ticked, _REVIEWERS)
EACH = Scenario("one for each paper", _two, {**_REVIEWERS, "mode": "paper", "max_open": 5})
ALL_UNTICKED = Scenario("all boxes unticked", _all_unticked, _REVIEWERS)
BY_OTHERS = Scenario("a paper added by hand", _added_by_hand, _REVIEWERS)
GROWING_BY_REST = Scenario("growing, without GraphQL", _growing, _REVIEWERS, has_graphql=False)
SCENARIOS = (
    FIRST,
    GROWING,
    UNTICKED,
    CONFLICTING,
    Scenario("rebuilt on request", _rebuilt_on_request, _REVIEWERS),
    Scenario("merged, and the next", _merged, _REVIEWERS),
    Scenario("filled up, and the next", _full, {**_REVIEWERS, "max_items": 3}),
    ALL_UNTICKED,
    BY_OTHERS,
    EACH,
    Scenario("unticked too late", _unticked_too_late, _REVIEWERS),
    PERHAPS_TICKED,
    Scenario("papers of Perhaps to show", _perhaps_new, _REVIEWERS),
    Scenario("papers of Perhaps passed over", _perhaps_passed_over, _REVIEWERS),
    Scenario("first, without GraphQL", _first, _REVIEWERS, has_graphql=False),
    GROWING_BY_REST,
)


class Stage:
    """A world in which the events of a scenario have happened, and that can be reset to that moment.

    Git objects that no branch reaches any more stay in the repository, but are not visible.
    """

    def __init__(self, server: GitHubServer, scenario: Scenario) -> None:
        server.hub.has_graphql = scenario.has_graphql
        self.server = server
        self.world = scenario.kind(server, **scenario.world)
        self.hub = server.hub
        scenario.before(self.world)
        self._branches = self.hub.git.branches()
        self._pulls = copy.deepcopy(self.hub.pulls)
        self._statuses = copy.deepcopy(self.hub.statuses)
        self._papers = list(self.world.arxiv.papers)
        self._seconds = self.hub.git.seconds
        self.times: list[datetime] = []

    @property
    def pulls_before(self) -> int:
        """The number of pull requests before the run."""
        return len(self._pulls)

    def reset(self) -> None:
        """Resets the world to the moment before the run."""
        now, then, prefix = self.hub.git.branches(), self._branches, "refs/heads/"
        moves: list[tuple[str, str, str | None]] = [
            (f"{prefix}{name}", then.get(name, ZERO), None)
            for name in {*now, *then}
            if now.get(name) != then.get(name)
        ]
        self.hub.git.move(*moves)
        self.hub.pulls[:] = copy.deepcopy(self._pulls)
        self.hub.statuses = copy.deepcopy(self._statuses)
        self.world.arxiv.papers[:] = self._papers
        self.hub.git.seconds = self._seconds
        self.server.server.always = None
        self.times.clear()

    def run(self) -> RunReport:
        """Does a run, some time later."""
        self.pass_time()
        return self.world.bot_now()

    def pass_time(self) -> None:
        self.world.wait(0.01)
        self.times.append(self.world.now)

    def asked(self, start: int = 0) -> list[Request]:
        return self.server.server.requests[start:]

    def seen(self) -> Json:
        """The visible state, without what differs between a run and the same run at a later time.

        It leaves out times, and therefore the SHAs of commits; the numbers of pull requests, which follow the order of
        opening; and the window in the text, which starts where the previous batch ended.
        """
        state, tips = self.hub.state(), self.hub.git.branches()
        state["pulls"] = {pull.pop("branch"): pull for pull in state["pulls"]}
        for branch, pull in state["pulls"].items():
            del pull["number"]
            pull["body"] = self._body(pull["body"], tips.get(branch, ""))
        base = tips.pop(self.hub.branch)
        state["commits"] = {
            name: [_described(commit) for commit in self.hub.git.commits(f"{base}..{sha}")]
            for name, sha in tips.items()
        }
        state["statuses"] = {
            name: given[-1]["state"]
            for name, sha in tips.items()
            if (given := self.hub.statuses.get(sha))
        }
        return state

    def _body(self, body: str, head: str) -> Json:
        marker = parse_marker(body) or parse_refresh(body) or parse_removals(body)
        assert marker is not None
        first, _, rest = body.partition("\n")
        data = json.loads(first[len("<!-- arxiv-bot ") : -len(" -->")])
        if marker.head == head:
            data["head"] = "where its branch is"
        if not is_edited(body, marker):
            data["digest"] = "of its text"
        if marker.written in self.times:
            data["written"] = "a run's time"
        if marker.resume <= self.times[-1]:
            data["resume"] = "a run's time, or earlier"
        return data, _WINDOW.sub("from here to there", rest)


def _described(commit: Any) -> Json:
    """A commit as tree, number of parents, and message; checks the seal of a bot's commit and leaves it out."""
    plain = Commit(commit.sha, commit.message, commit.tree, commit.parents)
    message = commit.message
    if is_sealed(plain):
        message = message.rpartition("\n")[0] + "\n(sealed)"
    return commit.tree, len(commit.parents), message


@contextmanager
def staged(scenario: Scenario) -> Iterator[Stage]:
    """A scenario's world, just before the run."""
    files = {"README.md": scenario.content, **scenario.others}
    with GitHubServer({path: text.encode() for path, text in files.items()}) as server:
        yield Stage(server, scenario)
