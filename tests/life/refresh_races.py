"""Lets people act between two requests of a refresh, and checks its changes two refreshes later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.life.races import BY_A_SECOND_RUN, BY_PEOPLE, Act, second_run
from tests.life.refreshing import AUTHORS, LACKING, WITHDRAWN, RefreshWorld
from tests.life.scenarios import Stage

_CHANGE = f"{LACKING[1]}/authors"
_TICK_LOST = "the person's tick is gone"


def _world(stage: Stage) -> RefreshWorld:
    assert isinstance(stage.world, RefreshWorld)
    return stage.world


def _tick(stage: Stage) -> Callable[[], str]:
    world = _world(stage)
    if _CHANGE not in world.changes_in(1):  # the batch is closed by then, and its text says so
        return lambda: ""
    world.untick_change(1, _CHANGE)
    return lambda: "" if world.changes_in(1).get(_CHANGE) is False else _TICK_LOST


def _push_in_conflict(stage: Stage) -> Callable[[], str]:
    hub, old, new = stage.hub, b"Lacks Facts, Part 3", b"Lacks No Facts, Part 3"
    hub.push_base(hub.read().replace(old, new))
    sha = hub.tip("main")
    return lambda: "" if hub.git.is_ancestor(sha, hub.tip("main")) else "the person's push is gone"


def _second_with_more(stage: Stage) -> Callable[[], str]:
    _world(stage).withdraw()
    second_run(stage)
    return lambda: ""


_OTHERWISE = {"click on a box": _tick, "push where the entries go": _push_in_conflict}
REFRESHES_BY_PEOPLE = tuple(replace(act, do=_OTHERWISE.get(act.name, act.do)) for act in BY_PEOPLE)
REFRESHES_BY_A_SECOND = (
    BY_A_SECOND_RUN[0],
    Act("second run, with one more change", _second_with_more),
)


def wrong_with_changes(stage: Stage, act: Act) -> Iterator[str]:
    """Changes that are lost, in two open pull requests, made by nobody, or described differently from their edit."""
    world = _world(stage)
    text = world.hub.read().decode()
    shown = {pull.number: world.changes_in(pull.number) for pull in world.hub.pulls}
    due = {f"{name}/authors": f"{name})\n{AUTHORS}" for name in LACKING}
    for change, form in due.items():
        made = form in text
        homes = [number for number in world.open if shown[number].get(change)]
        if len(homes) > 1:
            yield f"{change} is in two open pull requests"
        elif made and homes and not act.freezes:
            yield f"{change} is made and proposed"
        elif not made and not any(change in changes for changes in shown.values()):
            yield f"{change} is lost"
        for number in homes if not act.freezes else ():
            if form not in world.hub.read(branch=world.hub.pull(number).branch).decode():
                yield f"{change} is in the text of #{number}, and not in its branch"
    gone = f"{WITHDRAWN}/withdrawal"
    is_due = WITHDRAWN in text and any(
        "withdrawn" in paper.comment for paper in world.library.papers
    )
    waits = act.freezes  # because only one pull request of changes is open at a time
    if is_due and not waits and not any(gone in shown_in for shown_in in shown.values()):
        yield f"{gone} is lost"
    if len(world.open) > 1:
        yield "two are open"
    left = set(stage.hub.git.branches()) - {pull.branch for pull in stage.hub.pulls}
    if left != {stage.hub.branch}:
        yield f"branches without a pull request: {sorted(left)}"
