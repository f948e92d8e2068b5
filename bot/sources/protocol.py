"""The interface of a source of papers: one call that returns papers and what was covered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.core.arxiv_id import ArxivId
from bot.core.model import Harvest, Paper, Topic, Window


class Source(Protocol):
    """A place to ask for papers."""

    @property
    def name(self) -> str:
        """The source's name as shown to users: `search`, `announcements`, `snapshot`."""

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """Asks for the papers on `topics` submitted within `window`.

        The harvest's coverage reports a failure, beside whatever was read whole before it;
        a failure is never an exception and never an empty harvest that looks complete.
        """


@runtime_checkable
class Selective(Protocol):
    """A source that brings papers on the topics only, and can be asked for some of any subject."""

    def sample(self, until: datetime) -> tuple[Paper, ...]:
        """Papers of the categories as they came in the days before `until`. Raises SourceError if it can't be asked."""


@runtime_checkable
class LookUp(Protocol):
    """A source that can also be asked for papers by their ids."""

    def look_up(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        """The papers of these ids, in no order; unknown ones are absent. Raises SourceError if it can't be asked."""


@runtime_checkable
class Versions(Protocol):
    """A source that also knows what older versions of papers said."""

    def versions(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        """The papers in just the versions that the ids name. Raises SourceError if it can't be asked."""
