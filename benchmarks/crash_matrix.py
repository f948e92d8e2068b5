"""Fails each request of a run in each way, and checks that one more run ends as without the failure.

    python -m benchmarks.crash_matrix [NAME ...]

Runs every scenario (or the named ones) with every request and every crash, against the test GitHub. Compares everything
that is visible there: branches and their commits, pull requests, texts, labels, reviewers, comments and events.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from tests.life.crashes import Crash, recovered, reference
from tests.life.refreshing import REFRESHES
from tests.life.scenarios import SCENARIOS, Scenario, staged
from tests.life.several import SEVERAL


def measure(scenario: Scenario) -> tuple[int, Counter[Crash], list[str]]:
    """The number of requests of a run, how many of each crash one more run repaired, and the cases that it did not."""
    mended: Counter[Crash] = Counter()
    broken = []
    with staged(scenario) as stage:
        without = reference(stage)
        for number, asked in enumerate(without.requests, 1):
            for crash in Crash:
                if recovered(stage, number, crash) == without.seen:
                    mended[crash] += 1
                else:
                    broken.append(
                        f"{scenario.name}: {number} {asked.method} {asked.path}: {crash.value}"
                    )
    return len(without.requests), mended, broken


def main(names: list[str]) -> int:
    start, cells = time.monotonic(), 0
    every_broken: list[str] = []
    print(f"| scenario | requests | {' | '.join(item.value for item in Crash)} |")
    print(f"|---|--:|{'--:|' * len(Crash)}")
    for scenario in (*SCENARIOS, *REFRESHES, *SEVERAL):
        if names and scenario.name not in names:
            continue
        count, mended, broken = measure(scenario)
        row = " | ".join(f"{mended[item]}/{count}" for item in Crash)
        print(f"| {scenario.name} | {count} | {row} |", flush=True)
        cells += count * len(Crash)
        every_broken += broken
    print(
        f"\n{cells - len(every_broken)} of {cells} end as without, {time.monotonic() - start:.0f} s"
    )
    print("\n".join(every_broken))
    return int(bool(every_broken))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
