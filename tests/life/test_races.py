"""Whatever happens between two requests of a run, no edit by a person and no paper is lost, and no paper is duplicated.

All pairs are run by `python -m benchmarks.races`. What comes before the run reads the pull requests is what
`test_batch` is about, and is left out here.
"""

import pytest

from tests.conftest import thinned
from tests.life.crashes import reference
from tests.life.races import (
    BY_A_SECOND_RUN,
    BY_PEOPLE,
    TICK_PERHAPS,
    Act,
    raced_everywhere,
    unguarded,
)
from tests.life.scenarios import (
    ALL_UNTICKED,
    CONFLICTING,
    EACH,
    FIRST,
    GROWING,
    GROWING_BY_REST,
    PERHAPS_TICKED,
    UNTICKED,
    Scenario,
    staged,
)

ACTS = {act.name: act for act in BY_PEOPLE}
PAIRS = [
    *((GROWING, act) for act in BY_PEOPLE),
    *(
        (UNTICKED, ACTS[name])
        for name in ("push to the branch", "note in the text", "click on a box", "merge")
    ),
    *((CONFLICTING, ACTS[name]) for name in ("push to the branch", "title", "close", "merge")),
    (ALL_UNTICKED, ACTS["close"]),
    (ALL_UNTICKED, ACTS["merge"]),
    *((PERHAPS_TICKED, act) for act in (*BY_PEOPLE, TICK_PERHAPS)),
    (GROWING_BY_REST, ACTS["push to the branch"]),
    (GROWING_BY_REST, ACTS["amend"]),
    *(
        (scenario, act)
        for scenario in (FIRST, GROWING, CONFLICTING, EACH, PERHAPS_TICKED)
        for act in BY_A_SECOND_RUN
    ),
]


CASES = [pytest.param(*pair, id=f"{pair[0].name}: {pair[1].name}") for pair in PAIRS]


@pytest.mark.parametrize(("scenario", "act"), thinned(CASES, every=30))
def test_only_a_text_edited_right_before_it_is_written_is_lost(scenario: Scenario, act: Act):
    with staged(scenario) as stage:
        requests = reference(stage).requests
        reads = next(n for n, request in enumerate(requests, 1) if request.path.endswith("/pulls"))

        assert unguarded(act, requests) == raced_everywhere(stage, act, requests, reads)
