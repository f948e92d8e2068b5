"""Runs the lists of a shard one after the other; a failing list does not affect the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.core.errors import BotError
from bot.core.model import OutcomeKind, RunReport
from bot.tools.fleet.plan import FleetList
from bot.tools.fleet.report import ListResult

_WRITES = {
    OutcomeKind.CREATED: 3,
    OutcomeKind.UPDATED: 2,
    OutcomeKind.CLOSED: 1,
    OutcomeKind.LABELLED: 1,
}
"""How many writes an action needs, for GitHub's rate limit: a pull request, its labels and its reviewers."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """A monotonic clock, a sleep function, and the pause for each write, all in seconds."""

    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    pause: float


def run_shard(
    lists: Sequence[FleetList],
    run: Callable[[FleetList], RunReport],
    pacing: Pacing,
    progress: Callable[[str], None],
) -> tuple[ListResult, ...]:
    """Runs every list.

    Args:
        lists: the lists of the shard.
        run: runs one list.
        pacing: how fast to write.
        progress: called with the list that is being run.
    """
    results = []
    for number, item in enumerate(lists, start=1):
        progress(f"{item.repo} ({number} of {len(lists)})")
        start = pacing.monotonic()
        result, writes = _run(item, run)
        seconds = pacing.monotonic() - start
        results.append(result.model_copy(update={"seconds": round(seconds, 3)}))
        if number < len(lists) and (wait := writes * pacing.pause - seconds) > 0:
            pacing.sleep(wait)
    return tuple(results)


def _run(item: FleetList, run: Callable[[FleetList], RunReport]) -> tuple[ListResult, int]:
    """Runs a list; returns its result and the number of writes."""
    try:
        report = run(item)
    except BotError as error:
        return ListResult(repo=item.repo, failures=(str(error),)), 0
    except Exception as error:  # noqa: BLE001 (a bug with one list must not stop the others)
        reason = f"a bug: {type(error).__name__}: {error}"
        return ListResult(repo=item.repo, failures=(reason,)), 0
    result = ListResult(
        repo=item.repo,
        proposed=len(report.proposed),
        held=len(report.held),
        pull_requests=tuple(dict.fromkeys(out.url for out in report.outcomes if out.url)),
        failures=report.failures,
    )
    return result, sum(_WRITES.get(outcome.kind, 0) for outcome in report.outcomes)
