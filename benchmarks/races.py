"""Lets people, or a second run, act between any two requests of a run, and checks that nothing is lost.

    python -m benchmarks.races

Prints for each act and scenario, of runs and of refreshes, in how many intervals everything was right two runs later.
There is one known exception: if a person edits a text between the bot's last read and its write, the bot overwrites the
edit, because GitHub can't prevent that.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from tests.life.crashes import reference
from tests.life.races import (
    BY_A_SECOND_RUN,
    BY_PEOPLE,
    TICK_PERHAPS,
    Act,
    Wrong,
    raced_everywhere,
    unguarded,
)
from tests.life.refresh_races import (
    REFRESHES_BY_A_SECOND,
    REFRESHES_BY_PEOPLE,
    wrong_with_changes,
)
from tests.life.refreshing import REFRESHES
from tests.life.scenarios import (
    ALL_UNTICKED,
    BY_OTHERS,
    CONFLICTING,
    GROWING,
    GROWING_BY_REST,
    PERHAPS_TICKED,
    SCENARIOS,
    UNTICKED,
    Scenario,
    staged,
)


def table(
    scenarios: Sequence[Scenario], acts: Sequence[Act], wrong: Wrong | None = None
) -> list[str]:
    """Prints the table; returns the unexpected results."""
    unexpected = []
    print(f"| scenario | {' | '.join(act.name for act in acts)} |")
    print(f"|---|{'--:|' * len(acts)}")
    for scenario in scenarios:
        cells = []
        with staged(scenario) as stage:
            requests = reference(stage).requests
            for act in acts:
                said = raced_everywhere(stage, act, requests, wrong=wrong)
                cells.append(f"{len(requests) + 1 - len(said)}/{len(requests) + 1}")
                if said != unguarded(act, requests):
                    unexpected.append(f"{scenario.name}: {act.name}: {said}")
        print(f"| {scenario.name} | {' | '.join(cells)} |", flush=True)
    print()
    return unexpected


def main() -> int:
    start = time.monotonic()
    opened = (GROWING, UNTICKED, CONFLICTING, ALL_UNTICKED, BY_OTHERS, GROWING_BY_REST)
    unexpected = table(opened, BY_PEOPLE)
    unexpected += table((PERHAPS_TICKED,), (*BY_PEOPLE, TICK_PERHAPS))
    unexpected += table(SCENARIOS, BY_A_SECOND_RUN)
    refreshed = [scenario for scenario in REFRESHES if scenario.name != "refresh, first"]
    unexpected += table(refreshed, REFRESHES_BY_PEOPLE, wrong_with_changes)
    unexpected += table(REFRESHES, REFRESHES_BY_A_SECOND, wrong_with_changes)
    print(f"{time.monotonic() - start:.0f} s")
    print("\n".join(unexpected) or "Everything else is right.")
    return int(bool(unexpected))


if __name__ == "__main__":
    raise SystemExit(main())
