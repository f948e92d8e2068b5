"""What is waited for and why, while some work is done: on a line that comes and goes, for a person at a terminal."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.commands.options import progress
from bot.core.escaping import printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from bot.sources.session import Progress

_SLOW = 3.0  # seconds of work after which it is told how long it has taken
_WORKING = "working"


@contextmanager
def waiting() -> Iterator[Wait]:
    """For the time of some work: a terminal has a line that tells what is waited for, and is gone at the end."""
    from rich.console import Console
    from rich.live import Live

    from bot.sources.session import silent

    console = Console(file=sys.stderr)
    if not sys.stderr.isatty() or console.is_dumb_terminal:
        yield Wait(time.monotonic, progress)
        return
    wait = Wait(time.monotonic, silent)
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


class Wait:
    """What is waited for at the moment, since when, and for how long.

    Args:
        clock: a monotonic clock, in seconds.
        told: is told of every change too.
    """

    def __init__(self, clock: Callable[[], float], told: Progress) -> None:
        self._clock = clock
        self._told = told
        self._message, self._seconds, self._since = _WORKING, 0.0, clock()
        self._done = self._total = 0

    def __call__(self, message: str, seconds: float = 0.0) -> None:
        """Something is waited for from now on, for so many seconds if that is known; an empty message ends that."""
        self._message, self._seconds, self._since = message or _WORKING, seconds, self._clock()
        self._told(message, seconds)

    def reading(self, done: int, total: int) -> None:
        """So much is read, of how much."""
        self._done, self._total = done, total

    def time(self) -> str:
        """How long it will still be, or has been."""
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
