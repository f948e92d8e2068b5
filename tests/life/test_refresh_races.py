"""Whatever happens between two requests of a refresh, no edit by a person is lost, and no change is lost or duplicated.

All pairs are run by `python -m benchmarks.races`.
"""

import pytest

from tests.conftest import thinned
from tests.life.crashes import reference
from tests.life.races import Act, raced_everywhere, unguarded
from tests.life.refresh_races import (
    REFRESHES_BY_A_SECOND,
    REFRESHES_BY_PEOPLE,
    wrong_with_changes,
)
from tests.life.refreshing import REFRESHES
from tests.life.scenarios import staged

GROWING = next(scenario for scenario in REFRESHES if scenario.name == "refresh, growing")
NAMES = (
    "push to the branch",
    "note in the text",
    "click on a box",
    "close",
    "merge",
    "hold",
    "push elsewhere in the list",
)
ACTS = [*(act for act in REFRESHES_BY_PEOPLE if act.name in NAMES), REFRESHES_BY_A_SECOND[0]]


@pytest.mark.parametrize("act", thinned(ACTS, every=8), ids=lambda act: act.name)
def test_only_a_text_edited_right_before_it_is_written_is_lost(act: Act):
    with staged(GROWING) as stage:
        requests = reference(stage).requests
        found = raced_everywhere(stage, act, requests, wrong=wrong_with_changes)

        assert unguarded(act, requests) == found
