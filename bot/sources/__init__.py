"""Where papers come from. Every source answers one call and tells what it covered."""

from __future__ import annotations

from typing import Protocol

from bot.model import Harvest, Topic, Window


class Source(Protocol):
    """A place to ask for papers."""

    @property
    def name(self) -> str:
        """The source's name as shown to users: `search`, `announcements`, `snapshot`."""

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """Asks for the papers on `topics` submitted within `window`.

        A failure is told in the harvest's coverage beside whatever was read whole before it;
        it is never an exception and never an empty harvest that looks complete.
        """
