"""A harvest in memory, read once and used by every list of a shard."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from bot.core.categories import covers
from bot.core.model import Paper, Window
from bot.sources.snapshot import Snapshot


class SharedPapers:
    """The papers of a harvest in some categories; every list looks at them through a `SharedSnapshot` of its own."""

    def __init__(self, path: Path, categories: Collection[str]) -> None:
        self.path = path
        self.papers: tuple[Paper | None, ...] = tuple(
            paper if covers(categories, paper.categories) else None
            for paper in Snapshot(path, tuple(categories)).papers()
        )

    def snapshot(self, categories: Sequence[str]) -> SharedSnapshot:
        """The harvest as a source for one list."""
        return SharedSnapshot(self, categories)


class SharedSnapshot(Snapshot):
    """Brings what a `Snapshot` of the same files brings, without reading them."""

    def __init__(self, shared: SharedPapers, categories: Sequence[str]) -> None:
        super().__init__(shared.path, categories)
        self._shared = shared

    def candidates(self, window: Window) -> Iterator[Paper | None]:
        """Every paper of the harvest, None for one that no list of the shard wants."""
        del window
        return iter(self._shared.papers)
