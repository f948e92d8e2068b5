"""The interface of a source of papers: one call that returns papers and what they cover."""

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

        A failure is never an exception, and never an empty harvest that looks complete: the coverage reports it,
        and the harvest keeps the papers that were read before it.
        """


@runtime_checkable
class Selective(Protocol):
    """A source that returns papers on the topics only, and can also return a sample of papers on any subject."""

    def sample(self, until: datetime) -> tuple[Paper, ...]:
        """Returns papers on any subject from the days before `until`. Raises SourceError if the source fails."""


@runtime_checkable
class LookUp(Protocol):
    """A source that can look papers up by their ids."""

    def look_up(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        """Returns the papers with these ids, in any order, without unknown ones. Raises SourceError if it fails."""


@runtime_checkable
class Versions(Protocol):
    """A source that also has older versions of papers."""

    def versions(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        """Returns the papers in exactly the versions that the ids name. Raises SourceError if it fails."""
