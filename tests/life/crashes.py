"""A run that goes wrong at one of its requests to GitHub, and the run after it."""

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

    The bot asks a question (GET) again when it gets no answer, three times: there the first three last for all
    questions after the same that the run asks. A write is not repeated, so there they befall that one request.
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
    """A run in which nothing goes wrong: what it asks, and what can be seen after it and one more."""

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
    """What can be seen after a run that went wrong at its request `number` (from 1), and one more."""
    crashed(stage, number, crash)
    stage.run()
    return stage.seen()


def crashed(stage: Stage, number: int, crash: Crash) -> None:
    """A run that goes wrong at its request `number`."""
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
    """The part of the matrix that differs most: writes in four ways, questions in one."""
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

    def befall(request: Request) -> Misfortune | None:
        if request.number < first:
            return None
        if crash is Crash.OUTAGE:
            return Fault.DROP_BEFORE
        if request.number == first and request.method == "GET":
            question.append((request.path, dict(request.query)))
        again = request.method == "GET" and (request.path, dict(request.query)) in question
        return _FAULTS[crash] if request.number == first or again else None

    return befall


def _run_and_kill(stage: Stage, first: int, crash: Crash) -> None:
    """A run in a process of its own, which is killed at a request."""
    stage.pass_time()
    child: queue.SimpleQueue[int] = queue.SimpleQueue()

    def kill(_: Request) -> None:
        os.kill(child.get(), signal.SIGKILL)

    def befall(request: Request) -> Misfortune | None:
        if request.number != first:
            return None
        if crash is Crash.KILLED_AFTER:
            return After(kill)
        kill(request)
        return Fault.DROP_BEFORE

    stage.server.server.always = befall
    with warnings.catch_warnings():
        # Python 3.12 and later warn of threads; those of the server wait for a request when this one forks.
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
