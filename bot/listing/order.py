"""Learns the order that a curator keeps in a section, and finds the position of a new paper.

The order is one of five: newest first, oldest first, new entries at the top or at the bottom whatever their date, or
alphabetical by title. For a short section, the habit of the whole list counts too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate, chain, pairwise

from bot.core.arxiv_id import ArxivId
from bot.listing.dates import find_dates

_TOLERATED = 0.08  # a section with more neighbours out of order is not ordered by date
_SHORT = 5  # the number of entries of a section at which the list's habit counts half
_WITHIN_MONTH = 0.6  # minimum share of neighbours within a month in the order of their ids


class Order(Enum):
    """The order of a section's entries."""

    NEWEST_FIRST = "newest first"
    OLDEST_FIRST = "oldest first"
    TOP = "new ones at the top"
    BOTTOM = "new ones at the bottom"
    ALPHABETICAL = "by title"


@dataclass(frozen=True, slots=True)
class Item:
    """The facts of an entry that determine its position.

    `month` counts from year 0; it is the month that the entry writes, else that of its id. `number` is the number of
    the id within that month; None if the id is of another month. `title` is a sort key.
    """

    month: int | None
    number: int | None
    title: str


@dataclass(frozen=True, slots=True)
class Habit:
    """The habit of all sections of a list together.

    `by_neighbours` and `by_position` are from -1 to 1, and positive if the newest entries are on top. The first
    compares pairs of neighbours, the second looks at the position of the newest quarter. `disorder` is the share of
    neighbours out of order. `numbered` says whether entries within a month are in the order of their ids.
    """

    by_neighbours: float
    by_position: float
    disorder: float
    numbered: bool


@dataclass(frozen=True, slots=True)
class Position:
    """A position in a section: the number of entries above it, and the order that determines it."""

    above: int
    order: Order


def items_of(
    entries: Sequence[tuple[str, ArxivId | None, str]], *, dated: bool
) -> tuple[Item, ...]:
    """Converts a section's entries (text, id, title), top to bottom; `dated` says whether entries write dates."""
    return tuple(_item(text, paper_id, title, dated=dated) for text, paper_id, title in entries)


def writes_dates(texts: Iterable[str]) -> bool:
    """Returns whether most entries of a list write their month."""
    written = [_written_month(text) is not None for text in texts]
    return len(written) >= 3 and sum(written) >= 0.6 * len(written)


def _written_month(text: str) -> int | None:
    """The first month that an entry writes, counted from year 0."""
    return next((date.year * 12 + date.month for date in find_dates(text) if date.month), None)


def _item(text: str, paper_id: ArxivId | None, title: str, *, dated: bool) -> Item:
    own = paper_id.year * 12 + paper_id.month if paper_id else None
    month = (_written_month(text) if dated else None) or own
    number = paper_id.order[3] if paper_id and own == month else None
    return Item(month, number, title.casefold())


def learn_habit(sections: Iterable[Sequence[Item]]) -> Habit:
    """Learns the habit of a list from its sections, each given top to bottom."""
    read = list(sections)
    falls, rises = _falls_and_rises(chain.from_iterable(map(_months, read)))
    down, up = _falls_and_rises(chain.from_iterable(map(_numbers, read)))
    ends = [_newest_position(items) for items in read if len(items) > 2]
    return Habit(
        by_neighbours=_share(falls - rises, falls + rises),
        by_position=_share(sum(ends), len(ends)),
        disorder=_share(min(falls, rises), falls + rises),
        numbered=(down if falls >= rises else up) >= _WITHIN_MONTH * (down + up),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def find_position(section: Sequence[Item], habit: Habit, paper_id: ArxivId, title: str) -> Position:
    """Finds the position that a curator with this habit would give the paper in a section (items top to bottom)."""
    if _alphabetical(section):
        key = title.casefold()
        later = (n for n, item in enumerate(section) if item.title > key)
        return Position(next(later, len(section)), Order.ALPHABETICAL)
    falling = _is_newest_first(section, habit)
    dated = [n for n, item in enumerate(section) if item.month is not None]
    if not dated or not _is_by_date(section, habit, falling=falling):
        return Position(0, Order.TOP) if falling else Position(len(section), Order.BOTTOM)
    above = _gap_by_date([section[n] for n in dated], paper_id, falling=falling)
    if falling:
        return Position([*dated, dated[-1] + 1][above], Order.NEWEST_FIRST)
    return Position([dated[0] - 1, *dated][above] + 1, Order.OLDEST_FIRST)


def _is_by_date(items: Sequence[Item], habit: Habit, *, falling: bool) -> bool:
    """Whether the items are in the order of their dates: the months, and the ids within a month."""
    falls, rises = _falls_and_rises(_months(items))
    against = rises if falling else falls
    disorder = (against + 4 * habit.disorder) / (falls + rises + 4)
    return habit.numbered and disorder <= _TOLERATED


def _gap_by_date(items: Sequence[Item], paper_id: ArxivId, *, falling: bool) -> int:
    """The gap that leaves the fewest entries on the wrong side; among equal gaps, the one nearest the newest end."""
    unknown = -1 if falling else 10**6
    ages = [(item.month or 0, unknown if item.number is None else item.number) for item in items]
    own = (paper_id.year * 12 + paper_id.month, paper_id.order[3])
    return _best_gap(ages, own) if falling else len(ages) - _best_gap(ages[::-1], own)


def _best_gap(ages: Sequence[tuple[int, int]], own: tuple[int, int]) -> int:
    """The first gap in a newest-first section that leaves the fewest entries on the wrong side."""
    steps = ((age < own) - (age > own) for age in ages)
    wrong = list(accumulate(steps, initial=sum(age > own for age in ages)))
    return wrong.index(min(wrong))


def _is_newest_first(items: Sequence[Item], habit: Habit) -> bool:
    """Whether the newest are on top: by neighbours and positions, and in short sections by the list's habit."""
    falls, rises = _falls_and_rises(_months(items))
    down, up = _falls_and_rises(_numbers(items))
    steps = (falls - rises + 0.5 * (down - up)) / (falls + rises + 0.5 * (down + up) + 1)
    stand = _newest_position(items) * min(1.0, len(items) / 5)
    weight = 0.4 * _SHORT / (_SHORT + len(items))
    return steps + 2 * stand + weight * (habit.by_neighbours + habit.by_position) >= 0


def _alphabetical(section: Sequence[Item]) -> bool:
    known = [item.title for item in section if item.title]
    steps = [a <= b for a, b in pairwise(known)]
    return len(steps) >= 4 and sum(steps) >= 0.95 * len(steps)


def _falls_and_rises(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The number of pairs that go down, and the number that go up."""
    signs = [(a > b) - (a < b) for a, b in pairs]
    return signs.count(1), signs.count(-1)


def _months(items: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """The pairs of months of neighbours, top to bottom."""
    return pairwise([item.month for item in items if item.month is not None])


def _numbers(items: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """The pairs of numbers of neighbours in the same month, if both have one."""
    for a, b in pairwise([item for item in items if item.month is not None]):
        if a.month == b.month and a.number is not None and b.number is not None:
            yield a.number, b.number


def _newest_position(items: Sequence[Item]) -> float:
    """The position of the newest quarter: 1 for the top, -1 for the bottom, 0 if all have the same age."""
    known = sorted((item.month, n) for n, item in enumerate(items) if item.month is not None)
    if len(known) < 2:
        return 0.0
    least = known[-max(1, len(known) // 4)][0]
    newest = [n for month, n in known if month >= least]
    if len(newest) == len(known):
        return 0.0
    return 1 - 2 * sum(newest) / len(newest) / (len(items) - 1)
