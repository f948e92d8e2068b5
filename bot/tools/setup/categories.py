"""The arXiv categories of a list, told by its papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.core.model import Paper

USUAL = ("cs.AI", "cs.CL", "cs.CV", "cs.LG")
"""Where most lists' papers are: for a list of whose papers nothing could be learned."""

_ENOUGH = 0.95  # of the papers, that are in one of the categories
_FEW = (
    10  # papers, or half of the list's: with fewer known their categories are no more than a hint
)
_WORTH = 0.02  # of the papers, that a category must add


def categories_of(papers: Sequence[Paper], listed: int) -> tuple[str, ...]:
    """The fewest categories that nearly all of the papers are in, by name.

    Where the papers that are known are few of those `listed`, the usual ones are added.
    """
    left = [frozenset(paper.categories) for paper in papers if paper.categories]
    size = len(left)
    primary = Counter(paper.categories[0] for paper in papers if paper.categories)
    chosen: list[str] = []
    while len(left) > (1 - _ENOUGH) * size:
        counted = Counter(category for one in left for category in one)
        best = max(counted, key=lambda name: (counted[name], primary[name], name))
        if chosen and counted[best] < _WORTH * size:
            break
        chosen.append(best)
        left = [one for one in left if best not in one]
    few = len(papers) < min(_FEW, listed / 2) or not chosen
    return tuple(sorted({*chosen, *USUAL} if few else chosen))
