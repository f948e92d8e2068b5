"""Shows what a command is doing: on one changing line at a terminal, else as a new line now and then."""

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
"""Seconds from which a wait is mentioned in a workflow's log, so that it explains why the job stands still."""

EVERY = 30.0
"""Seconds between two lines without a terminal."""

_SLOW = 3.0  # seconds after which the line shows how long the work has taken
_WORKING = "working"


class Verbosity(Enum):
    """How much a command prints besides its result and errors."""

    QUIET = "quiet"
    USUAL = "usual"
    ALL = "all"


_verbosity = [Verbosity.USUAL]  # of the one command that this process runs


def set_verbosity(chosen: Verbosity) -> None:
    """Sets how much the command prints from now on."""
    _verbosity[0] = chosen


def progress(message: str, seconds: float = 0.0) -> None:
    """Prints what the command is waiting for, on a line of its own.

    Prints everything at a terminal or with --verbose, and only long waits in a workflow's log.
    """
    in_log = os.environ.get("GITHUB_ACTIONS") == "true" and seconds >= LONG
    shown = sys.stderr.isatty() or in_log or _verbosity[0] is Verbosity.ALL
    if message and shown and _verbosity[0] is not Verbosity.QUIET:
        left = f"; waiting {seconds:.0f} s" if seconds else ""
        typer.echo(f"… {printable(message)}{left}", err=True)


@contextmanager
def waiting() -> Iterator[Wait]:
    """Shows progress during the work: one line at a terminal, removed at the end; else a line every 30 s."""
    from rich.console import Console
    from rich.live import Live

    console = Console(file=sys.stderr)
    if _verbosity[0] is Verbosity.QUIET:
        yield Wait(time.monotonic, _silent)
        return
    if not sys.stderr.isatty() or console.is_dumb_terminal or _verbosity[0] is Verbosity.ALL:
        wait = Wait(time.monotonic, progress)
        with _printing_regularly(wait):
            yield wait
        return
    wait = Wait(time.monotonic, _silent)
    # Standard output may be redirected, so it must not pass through this console.
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
def _printing_regularly(wait: Wait) -> Iterator[None]:
    """Prints the state of the work every 30 s, from its own thread."""
    done = threading.Event()

    def print_state() -> None:
        while not done.wait(EVERY):
            typer.echo(f"… {wait.text()}", err=True)

    thread = threading.Thread(target=print_state, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _silent(message: str, seconds: float = 0.0) -> None:
    del message, seconds


class Wait:
    """What a command is doing at the moment, and since when; `listener` is called with every change."""

    def __init__(
        self, clock: Callable[[], float], listener: Callable[[str, float], None] = _silent
    ) -> None:
        self._clock = clock
        self._listener = listener
        self._message, self._seconds, self._since = _WORKING, 0.0, clock()
        self._done = self._total = 0

    def __call__(self, message: str, seconds: float = 0.0) -> None:
        """Sets what the command is doing, and its duration in seconds if known; an empty message ends it."""
        self._message, self._seconds, self._since = message or _WORKING, seconds, self._clock()
        self._listener(message, seconds)

    def reading(self, done: int, total: int) -> None:
        """Sets how much has been read, and the total."""
        self._done, self._total = done, total

    def text(self) -> str:
        """Says what the command is doing, and for how long."""
        share = f"{self._done * 100 // self._total} % read: " if self._total else ""
        return f"{share}{printable(self._message)}{f' ({time})' if (time := self.time()) else ''}"

    def time(self) -> str:
        """Says how long the work will still take, or how long it has taken."""
        past = self._clock() - self._since
        if self._seconds:
            return f"{max(0, math.ceil(self._seconds - past))} s left"
        return f"{past:.0f} s" if past >= _SLOW else ""

    def line(self, console: Console) -> RenderableType:
        """Returns the current line, which fits the terminal's width."""
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
