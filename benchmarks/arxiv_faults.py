"""Runs the bot while arXiv fails in every known way, and again on the next day without failures.

    python -m benchmarks.arxiv_faults

Prints a row for each fault and service (tests/fire/faults.py). A fault strikes once or lasts for the whole run, in one
service or in both. The exit code is 1 if a paper is lost or was read in part, or if a run took longer than a job may.
"""

from __future__ import annotations

import sys
import time

from tests.fire.arxiv_world import RELEVANT, Trial, is_whole, try_out
from tests.fire.faults import FAULTS, places

BOUND = 1500


def said(trial: Trial) -> str:
    """Each source's coverage: how much was read, or that it failed."""
    return ", ".join(
        f"{item.source} {item.read}"
        + (" and failed" if item.failure else " and capped" if item.capped else "")
        for item in trial.report.coverage
    )


def main() -> int:
    start = time.perf_counter()
    wrong = []
    longest, most, rows = 0.0, 0, 0
    print(
        "| fault | on | how long | coverage | exit | seconds waited | papers | after the next run |"
    )
    print("|---|---|---|---|--:|--:|--:|--:|")
    for fault in FAULTS:
        for services in places(fault):
            for lasting in (False, True):
                trial = try_out(fault.strike, services, lasting=lasting)
                rows += 1
                longest, most = max(longest, trial.seconds), max(most, trial.requests)
                on, how = " + ".join(sorted(services)), "lasting" if lasting else "passing"
                print(
                    f"| {fault.name} | {on} | {how} | {said(trial)} | {trial.report.exit_code} "
                    f"| {trial.seconds:.0f} | {len(trial.first)} | {len(trial.second)} |"
                )
                halves = [
                    decision
                    for report in (trial.report, trial.asked_again)
                    for decision in report.decisions
                    if not is_whole(decision.candidate.paper)
                ]
                if trial.lost or halves or trial.seconds > BOUND:
                    wrong.append(f"{fault.name}, {on}, {how}")
    print(
        f"\n{rows} trials of {len(FAULTS)} faults; {len(RELEVANT)} relevant papers, all found by the next run in "
        f"{rows - len(wrong)}; at most {longest:.0f} s waited and {most} requests; "
        f"{time.perf_counter() - start:.0f} s in real time"
    )
    for item in wrong:
        print(f"WRONG: {item}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
