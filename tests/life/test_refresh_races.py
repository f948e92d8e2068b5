"""Whatever happens between two requests of a refresh: nothing of a person's is lost, no change is lost or twice."""

from collections.abc import Callable, Iterator

import pytest

from tests.life.crashes import reference
from tests.life.races import BY_A_SECOND_RUN, BY_PEOPLE, Act, raced_everywhere, unguarded
from tests.life.refreshing import AUTHORS, LACKING, REFRESHES, RefreshWorld
from tests.life.scenarios import Stage, staged

GROWING = next(one for one in REFRESHES if one.name == "refresh, growing")
CHANGE = f"{LACKING[0]}/authors"


def _tick(stage: Stage) -> Callable[[], str]:
    world = stage.world
    assert isinstance(world, RefreshWorld)
    world.tick_change(1, CHANGE)
    return lambda: "" if world.changes_in(1).get(CHANGE) else "the person's tick is gone"


TICK = Act("tick", _tick, member="body", lost="the person's tick is gone")
NAMES = (
    "push to the branch",
    "note in the text",
    "close",
    "merge",
    "hold",
    "push elsewhere in the list",
)
ACTS = [TICK, *(one for one in BY_PEOPLE if one.name in NAMES), BY_A_SECOND_RUN[0]]


def wrong(stage: Stage, act: Act) -> Iterator[str]:
    """Changes that are lost, or in two open pull requests, or made by nobody."""
    world = stage.world
    assert isinstance(world, RefreshWorld)
    text = world.hub.read().decode()
    shown = {one.number: world.changes_in(one.number) for one in world.hub.pulls}
    for name in LACKING:
        change = f"{name}/authors"
        made = f"{name})\n{AUTHORS}" in text
        homes = [number for number in world.open if shown[number].get(change) is False]
        told = [number for number, changes in shown.items() if change in changes]
        if len(homes) > 1:
            yield f"{change} is in two open pull requests"
        elif made and homes and not act.freezes:
            yield f"{change} is made and proposed"
        elif not made and not told:
            yield f"{change} is lost"
    if len(world.open) > 1:
        yield "two are open"


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_only_a_text_edited_right_before_it_is_written_is_lost(act: Act):
    with staged(GROWING) as stage:
        requests = reference(stage).requests

        assert unguarded(act, requests) == raced_everywhere(stage, act, requests, wrong=wrong)
