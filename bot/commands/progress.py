"""Shows what a command is doing: on a line that comes and goes at a terminal, else as a line now and then."""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING

import typer

from bot.core.escaping import printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

LONG = 10.0
"""Seconds of a wait that a workflow's log mentions, so that it says why the job stands still."""

EVERY = 30.0
"""Seconds between two lines where there is no terminal."""

_SLOW = 3.0  # seconds of work after which the line shows how long it has taken
_WORKING = "working"


class Verbosity(Enum):
    """How much a command prints beside its result and errors."""

    QUIET = "quiet"
    USUAL = "usual"
    ALL = "all"


_verbosity = [Verbosity.USUAL]  # of the command that runs; a process runs one


def set_verbosity(chosen: Verbosity) -> None:
    """Sets how much the command prints from now on."""
    _verbosity[0] = chosen


def progress(message: str, seconds: float = 0.0) -> None:
    """Prints what the command waits for on a line of its own.

    It does so at a terminal and with --verbose; in a workflow's log it mentions long waits alone.
    """
    in_log = os.environ.get("GITHUB_ACTIONS") == "true" and seconds >= LONG
    shown = sys.stderr.isatty() or in_log or _verbosity[0] is Verbosity.ALL
    if message and shown and _verbosity[0] is not Verbosity.QUIET:
        left = f"; waiting {seconds:.0f} s" if seconds else ""
        typer.echo(f"… {printable(message)}{left}", err=True)


@contextmanager
def waiting() -> Iterator[Wait]:
    """Shows progress for the time of some work: one line at a terminal, gone at the end; else a line every 30 s."""
    from rich.console import Console
    from rich.live import Live

    console = Console(file=sys.stderr)
    if _verbosity[0] is Verbosity.QUIET:
        yield Wait(time.monotonic, _silent)
        return
    if not sys.stderr.isatty() or console.is_dumb_terminal or _verbosity[0] is Verbosity.ALL:
        wait = Wait(time.monotonic, progress)
        with _beating(wait):
            yield wait
        return
    wait = Wait(time.monotonic, _silent)
    # Standard output may go elsewhere: what is written there must not come by way of this console.
    with Live(
        get_renderable=lambda: wait.line(console),
        console=console,
        transient=True,
        refresh_per_second=8,
        redirect_stdout=False,
        redirect_stderr=False,
    ):
        yield wait


@contextmanager
def _beating(wait: Wait) -> Iterator[None]:
    """Prints the state of the work every 30 s, from a thread of its own."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(EVERY):
            typer.echo(f"… {wait.text()}", err=True)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _silent(message: str, seconds: float = 0.0) -> None:
    del message, seconds


class Wait:
    """What a command is doing at the moment, since when, and for how long.

    Args:
        clock: a monotonic clock, in seconds.
        listener: called with every change too.
    """

    def __init__(
        self, clock: Callable[[], float], listener: Callable[[str, float], None] = _silent
    ) -> None:
        self._clock = clock
        self._listener = listener
        self._message, self._seconds, self._since = _WORKING, 0.0, clock()
        self._done = self._total = 0

    def __call__(self, message: str, seconds: float = 0.0) -> None:
        """Sets what is being done, for so many seconds if that is known; an empty message ends it."""
        self._message, self._seconds, self._since = message or _WORKING, seconds, self._clock()
        self._listener(message, seconds)

    def reading(self, done: int, total: int) -> None:
        """Sets how much is read, of how much."""
        self._done, self._total = done, total

    def text(self) -> str:
        """What is being done, and for how long."""
        share = f"{self._done * 100 // self._total} % read: " if self._total else ""
        return f"{share}{printable(self._message)}{f' ({time})' if (time := self.time()) else ''}"

    def time(self) -> str:
        """How long the work will still take, or has taken."""
        past = self._clock() - self._since
        if self._seconds:
            return f"{max(0, math.ceil(self._seconds - past))} s left"
        return f"{past:.0f} s" if past >= _SLOW else ""

    def line(self, console: Console) -> RenderableType:
        """The line as it is now, no longer than the terminal is wide."""
        from rich.text import Text

        signs = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏" if console.encoding == "utf-8" else "-\\|/"
        text = Text(no_wrap=True, overflow="ellipsis", end="")
        text.append(f"{signs[int(self._clock() * 8) % len(signs)]} ", style="cyan")
        if self._total:
            text.append(f"{self._done * 100 // self._total:3} % read  ", style="bold")
        text.append(printable(self._message))
        if time := self.time():
            text.append(f" · {time}", style="dim")
        return text
