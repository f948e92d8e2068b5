"""Runs the bot with a failure at one of its requests to GitHub, and then once more without."""

from __future__ import annotations

import os
import queue
import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.core.errors import BotError
from tests.life.scenarios import Stage
from tests.servers.http import After, Fault, Misfortune, Request

Json = Any


class Crash(Enum):
    """What goes wrong at a request.

    The bot retries a GET three times if there is no response, so the first three failures also apply to later requests
    for the same URL. A write is not retried, so there they apply to that one request only.
    """

    DROPPED_BEFORE = "dropped before"
    DROPPED_AFTER = "dropped after"
    BAD_GATEWAY = "502 after"
    OUTAGE = "down from here on"
    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"


_FAULTS = {
    Crash.DROPPED_BEFORE: Fault.DROP_BEFORE,
    Crash.DROPPED_AFTER: Fault.DROP_AFTER,
    Crash.BAD_GATEWAY: Fault.BAD_GATEWAY_AFTER,
}
_TELLING = (Crash.DROPPED_BEFORE, Crash.DROPPED_AFTER, Crash.OUTAGE, Crash.KILLED_AFTER)


@dataclass(frozen=True)
class Reference:
    """A run without failures: its requests, and the state that is visible after it and after one more run."""

    requests: tuple[Request, ...]
    seen: Json


def reference(stage: Stage) -> Reference:
    stage.reset()
    start = len(stage.asked())
    stage.run()
    requests = tuple(stage.asked(start))
    seen = stage.seen()
    stage.run()
    assert seen == stage.seen(), "a second run changes something"
    return Reference(requests, seen)


def recovered(stage: Stage, number: int, crash: Crash) -> Json:
    """The visible state after a run that failed at its request `number` (from 1), and one more run."""
    crashed(stage, number, crash)
    stage.run()
    return stage.seen()


def crashed(stage: Stage, number: int, crash: Crash) -> None:
    """Runs the bot with a failure at its request `number`."""
    stage.reset()
    first = len(stage.asked()) + number
    if crash in {Crash.KILLED_BEFORE, Crash.KILLED_AFTER}:
        _run_and_kill(stage, first, crash)
    else:
        stage.server.server.always = _trouble(first, crash)
        _run_as_far_as_it_goes(stage)
    assert len(stage.asked()) >= first, "the run did not come that far"
    stage.server.server.always = None


def telling(requests: Sequence[Request]) -> Iterator[tuple[int, Crash]]:
    """The most useful part of the matrix: four kinds of failure for writes, and one for reads."""
    for number, request in enumerate(requests, 1):
        if request.method == "GET":
            yield number, Crash.BAD_GATEWAY
        else:
            yield from ((number, crash) for crash in _TELLING)


def _run_as_far_as_it_goes(stage: Stage) -> None:
    try:
        stage.run()
    except BotError:
        return


def _trouble(first: int, crash: Crash) -> Callable[[Request], Misfortune | None]:
    question: list[tuple[str, dict[str, str]]] = []

    def interfere(request: Request) -> Misfortune | None:
        if request.number < first:
            return None
        if crash is Crash.OUTAGE:
            return Fault.DROP_BEFORE
        if request.number == first and request.method == "GET":
            question.append((request.path, dict(request.query)))
        again = request.method == "GET" and (request.path, dict(request.query)) in question
        return _FAULTS[crash] if request.number == first or again else None

    return interfere


def _run_and_kill(stage: Stage, first: int, crash: Crash) -> None:
    """Runs the bot in its own process, and kills it at a request."""
    stage.pass_time()
    child: queue.SimpleQueue[int] = queue.SimpleQueue()

    def kill(_: Request) -> None:
        os.kill(child.get(), signal.SIGKILL)

    def interfere(request: Request) -> Misfortune | None:
        if request.number != first:
            return None
        if crash is Crash.KILLED_AFTER:
            return After(kill)
        kill(request)
        return Fault.DROP_BEFORE

    stage.server.server.always = interfere
    with warnings.catch_warnings():
        # Python 3.12 and later warn about a fork with threads; the server's threads only wait for a request here.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        try:
            stage.world.bot_now()
        finally:
            os._exit(1)
    child.put(pid)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "the run ended before it could be killed"
