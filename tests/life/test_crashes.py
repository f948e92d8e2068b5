"""After a failure at any request of a run, one more run leads to the same state as without the failure.

The whole matrix takes minutes; `python -m benchmarks.crash_matrix` runs it. This is its most useful part.
"""

import pytest

from tests.conftest import thinned
from tests.life.crashes import Crash, crashed, recovered, reference, telling
from tests.life.refreshing import REFRESHES
from tests.life.scenarios import SCENARIOS, Scenario, staged
from tests.life.several import SEVERAL


@pytest.mark.parametrize(
    "scenario",
    thinned([*SCENARIOS, *REFRESHES, *SEVERAL], every=24),
    ids=lambda scenario: scenario.name,
)
def test_after_a_crash_at_any_request_one_more_run_ends_as_without_the_crash(scenario: Scenario):
    with staged(scenario) as stage:
        without = reference(stage)
        for number, crash in telling(without.requests):
            asked = without.requests[number - 1]
            where = f"{crash.value}: request {number}, {asked.method} {asked.path}"
            assert without.seen == recovered(stage, number, crash), where


def test_a_killed_run_leaves_what_it_had_done():
    with staged(SCENARIOS[0]) as stage:
        requests = reference(stage).requests
        opening = next(
            number
            for number, request in enumerate(requests, 1)
            if (request.method, request.path[-6:]) == ("POST", "/pulls")
        )
        for crash, opened in ((Crash.KILLED_BEFORE, 0), (Crash.KILLED_AFTER, 1)):
            crashed(stage, opening, crash)
            assert opened == len(stage.hub.pulls)
            assert 2 == len(stage.hub.git.branches())
