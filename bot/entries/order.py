"""The order a curator keeps in a section, and the place of a paper in it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from bot.arxiv_id import ArxivId


class Order(Enum):
    """How a section's entries follow each other."""

    NEWEST_FIRST = "newest first"
    OLDEST_FIRST = "oldest first"
    TOP = "new ones at the top"
    BOTTOM = "new ones at the bottom"


def learn_order(ids: Sequence[ArxivId | None]) -> Order:
    """The order of a section from its entries' ids, top to bottom (None for an entry without one).

    Where neighbours mostly fall, or mostly rise, that is the order; where they do neither, what counts is the end at
    which the newest entries stand. A section too short to tell is taken for newest first.
    """
    known = [one.order[:2] + one.order[3:] for one in ids if one]
    pairs = list(pairwise(known))
    falls = sum(a > b for a, b in pairs)
    rises = sum(a < b for a, b in pairs)
    if falls + rises == 0:
        return Order.NEWEST_FIRST
    if falls >= 0.7 * (falls + rises):
        return Order.NEWEST_FIRST
    if rises >= 0.7 * (falls + rises):
        return Order.OLDEST_FIRST
    newest = sorted(range(len(known)), key=lambda n: known[n])[-max(1, len(known) // 4) :]
    middle = sum(newest) / len(newest)
    return Order.TOP if middle < (len(known) - 1) / 2 else Order.BOTTOM


def position(ids: Sequence[ArxivId | None], order: Order, paper: ArxivId) -> int:
    """How many of the section's entries stand above the paper."""
    if order is Order.TOP:
        return 0
    if order is Order.BOTTOM:
        return len(ids)
    if order is Order.NEWEST_FIRST:
        older = (n for n, one in enumerate(ids) if one and one.order <= paper.order)
        return next(older, len(ids))
    newer = [n for n, one in enumerate(ids) if one and one.order <= paper.order]
    return newer[-1] + 1 if newer else 0
