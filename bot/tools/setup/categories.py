"""Finds the arXiv categories that cover a list's papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.core.model import Paper

USUAL = ("cs.AI", "cs.CL", "cs.CV", "cs.LG")
"""The categories of most lists' papers, used if a source knows too few of the list's papers."""

_ENOUGH = 0.95  # share of the papers that the categories must cover
_FEW = 10  # papers, or half of the list's; the categories of fewer papers are only a hint
_WORTH = 0.02  # share of the papers that another category must add


def categories_of(papers: Sequence[Paper], listed: int) -> tuple[str, ...]:
    """Returns the smallest set of categories that covers nearly all of the papers, sorted.

    Args:
        papers: the listed papers that a source knows.
        listed: how many papers the list has; if the source knows few of them, `USUAL` is added.
    """
    chosen = _smallest_cover([paper.categories for paper in papers if paper.categories])
    few = len(papers) < min(_FEW, listed / 2) or not chosen
    return tuple(sorted({*chosen, *USUAL} if few else chosen))


def _smallest_cover(papers: Sequence[Sequence[str]]) -> list[str]:
    """Adds, again and again, the category that covers the most papers not yet covered."""
    primary = Counter(categories[0] for categories in papers)
    left = [frozenset(categories) for categories in papers]
    chosen: list[str] = []
    while len(left) > (1 - _ENOUGH) * len(papers):
        counted = Counter(name for categories in left for name in categories)
        best = max(counted, key=lambda name: (counted[name], primary[name], name))
        if chosen and counted[best] < _WORTH * len(papers):
            break
        chosen.append(best)
        left = [categories for categories in left if best not in categories]
    return chosen
