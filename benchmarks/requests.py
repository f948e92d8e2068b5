"""Counts the requests to GitHub of each kind of run, by method.

    python -m benchmarks.requests

Bars: a quiet run or refresh sends at most 4 requests, and one more for each open pull request of other people. A run
that opens a pull request sends at most 11, one of them for the commit's status.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from tests.life.refreshing import LIST as LAGGING
from tests.life.refreshing import REFRESHES, RefreshWorld
from tests.life.scenarios import (
    ALL_UNTICKED,
    CONFLICTING,
    EACH,
    FIRST,
    GROWING,
    SCENARIOS,
    UNTICKED,
    Scenario,
    Stage,
    staged,
)
from tests.life.world import LIST, World
from tests.servers.http import Request

METHODS = ("GET", "POST", "PATCH", "DELETE")
_OTHERS = 3


def _nothing(world: World) -> None:
    del world


def _waiting(world: World) -> None:
    world.announce(1, 2)
    world.bot()


def _others(world: World) -> None:
    _waiting(world)
    for number in range(_OTHERS):
        entry = f"- [Theirs](https://arxiv.org/abs/2510.0700{number})\n"
        content = LIST.replace("### 2025\n\n", f"### 2025\n\n{entry}").encode()
        world.hub.open_pull(content, branch=f"theirs-{number}", title="Theirs", fork="someone/fork")


def _changed_elsewhere(world: World) -> None:
    _waiting(world)
    world.hub.push_base(LIST.replace("Please do.", "Please do, soon.").encode())


def _changed_nearby(world: World) -> None:
    _waiting(world)
    world.hub.push_base(LIST.replace("### 2023", "### 2023 and before").encode())


def _frozen_in_conflict(world: World) -> None:
    _pushed_to(world)
    entry = "- [By Hand](https://arxiv.org/abs/2510.09999)\n"
    world.hub.push_base(LIST.replace("### 2025\n\n", f"### 2025\n\n{entry}").encode())


def _pushed_to(world: World) -> None:
    _waiting(world)
    branch = world.hub.pull(1).branch
    world.hub.push(world.hub.read(branch=branch) + b"\nA line.\n", branch=branch)


def _updated(world: World) -> None:
    _changed_elsewhere(world)
    world.hub.update_branch(1)


def _plain(scenario: Scenario) -> Scenario:
    """Without reviewers, as is the default."""
    world = {key: value for key, value in scenario.world.items() if key != "reviewers"}
    return replace(scenario, world=world)


def _refreshed(world: World) -> None:
    world.bot()


def _refresh_merged(world: World) -> None:
    world.bot()
    world.hub.merge(1)


_CALM = Scenario("", _nothing, kind=RefreshWorld, content=LAGGING)


QUIET = (
    (Scenario("quiet, nothing open", _nothing), 4),
    (Scenario("quiet, a batch open", _waiting), 4),
    (Scenario(f"quiet, {_OTHERS} pull requests of others", _others), 4 + _OTHERS),
    (Scenario("quiet, the list changed elsewhere", _changed_elsewhere), 4),
    (Scenario("quiet, the list changed two lines away, which merges", _changed_nearby), None),
    (Scenario("quiet, somebody pushed to the batch", _pushed_to), None),
    (
        Scenario(
            "quiet, somebody pushed, and the list changed where its entries go", _frozen_in_conflict
        ),
        None,
    ),
    (Scenario('quiet, after "Update branch"', _updated), None),
    (replace(_CALM, name="quiet refresh, nothing open", before=_refresh_merged), 4),
    (replace(_CALM, name="quiet refresh, a batch open", before=_refreshed), 4),
)
BUSY = (
    (_plain(FIRST), 11),
    *((_plain(item), None) for item in (GROWING, UNTICKED, CONFLICTING, ALL_UNTICKED, EACH)),
    *((_plain(item), None) for item in SCENARIOS if not item.has_graphql),
    *((_plain(item), 11 if item.name == "refresh, first" else None) for item in REFRESHES),
)


def asked(stage: Stage, act: Callable[[], object]) -> list[Request]:
    start = len(stage.asked())
    act()
    return stage.asked(start)


def main() -> int:
    missed = []
    print(f"| run | {' | '.join(METHODS)} | all | bar |")
    print(f"|---|{'--:|' * (len(METHODS) + 2)}")
    for scenario, bar in (*QUIET, *BUSY):
        with staged(scenario) as stage:
            requests = asked(stage, stage.run)
        counts = Counter(request.method for request in requests)
        row = " | ".join(str(counts[method] or "–") for method in METHODS)
        print(f"| {scenario.name} | {row} | {len(requests)} | {bar or '–'} |")
        if bar is not None and len(requests) > bar:
            missed.append(scenario.name)
    print("\nEvery bar is met." if not missed else f"\nMissed: {', '.join(missed)}")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
