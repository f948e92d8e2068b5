"""Keeps a harvest in memory, so that the lists of a shard share one reading of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from bot.core.categories import covers
from bot.core.model import Paper, Window
from bot.sources.snapshot import Snapshot


class SharedPapers:
    """The papers of a harvest in the given categories; each list reads them through its own `SharedSnapshot`."""

    def __init__(self, path: Path, categories: Collection[str]) -> None:
        self.path = path
        self.papers: tuple[Paper | None, ...] = tuple(
            paper if covers(categories, paper.categories) else None
            for paper in Snapshot(path, tuple(categories)).papers()
        )

    def snapshot(self, categories: Sequence[str]) -> SharedSnapshot:
        """Returns the harvest as a source for one list."""
        return SharedSnapshot(self, categories)


class SharedSnapshot(Snapshot):
    """Returns the same papers as a `Snapshot` of the same files, without reading the files again."""

    def __init__(self, shared: SharedPapers, categories: Sequence[str]) -> None:
        super().__init__(shared.path, categories)
        self._shared = shared

    def candidates(self, window: Window) -> Iterator[Paper | None]:
        """Yields every paper of the harvest, or None for a paper in no list's categories."""
        del window
        return iter(self._shared.papers)
