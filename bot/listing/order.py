"""The order a curator keeps in a section, and the place of a paper in it.

What the entries' dates show is one of four habits: newest first, oldest first, or new ones always at the top or at the
bottom, whatever their date; or the titles are in alphabetical order. A short section is read by the habit of the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from bot.core.arxiv_id import ArxivId
from bot.listing.dates import find_dates

_TOLERATED = 0.01  # share of neighbours out of order up to which an order by date is meant
_GROUPED = 0.3  # with more out of order as a whole than this, and less among its preprints, those are a group
_WITHIN_MONTH = (
    0.6  # least share of a month's neighbours in the order of their numbers in an order by date
)


class Order(Enum):
    """How a section's entries follow each other."""

    NEWEST_FIRST = "newest first"
    OLDEST_FIRST = "oldest first"
    TOP = "new ones at the top"
    BOTTOM = "new ones at the bottom"
    ALPHABETICAL = "by title"


@dataclass(frozen=True, slots=True)
class Item:
    """What of an entry counts for its place.

    `month` counts from year 0: as the entry writes it, else that of its id; `number` is the id's number where the id is
    of that month, for the order within it; `preprint` is whether the entry calls itself one; `title` is a sort key.
    """

    month: int | None
    number: int | None
    preprint: bool
    title: str


@dataclass(frozen=True, slots=True)
class Habit:
    """What all sections of a list show together; `falls` and `stands` are positive for the newest on top, -1 to 1."""

    falls: float
    stands: float
    disorder: float
    numbered: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a section: how many of its entries stand above, and the order that says so."""

    above: int
    order: Order


def items_of(
    entries: Sequence[tuple[str, ArxivId | None, str]], *, dated: bool
) -> tuple[Item, ...]:
    """The entries (text, id, title) of a section, top to bottom; `dated` where the list's entries write dates."""
    return tuple(_item(text, paper_id, title, dated=dated) for text, paper_id, title in entries)


def writes_dates(texts: Iterable[str]) -> bool:
    """Whether most entries of a list write their month."""
    written = [any(one.month for one in find_dates(text)) for text in texts]
    return len(written) >= 3 and sum(written) >= 0.6 * len(written)


def _item(text: str, paper_id: ArxivId | None, title: str, *, dated: bool) -> Item:
    own = paper_id.year * 12 + paper_id.month if paper_id else None
    month = own
    if dated:
        written = next((one for one in find_dates(text) if one.month), None)
        month = written.year * 12 + (written.month or 0) if written else own
    number = paper_id.order[3] if paper_id and own == month else None
    lower = text.lower()
    preprint = "preprint" in lower or lower.count("arxiv") > lower.count("arxiv.org")
    return Item(month, number, preprint, title.casefold())


def learn_habit(sections: Iterable[Sequence[Item]]) -> Habit:
    """The habit of a list from its sections, each top to bottom."""
    falls = rises = down = up = 0
    ends = []
    for items in sections:
        f, r = _steps(items)
        d, u = _steps_within(items)
        falls, rises, down, up = falls + f, rises + r, down + d, up + u
        if len(items) > 2:
            ends.append(_newest_stand(items))
    along = down if falls >= rises else up
    return Habit(
        falls=(falls - rises) / (falls + rises) if falls + rises else 0.0,
        stands=sum(ends) / len(ends) if ends else 0.0,
        disorder=min(falls, rises) / (falls + rises) if falls + rises else 0.0,
        numbered=along >= _WITHIN_MONTH * (down + up),
    )


def find_spot(section: Sequence[Item], habit: Habit, paper_id: ArxivId, title: str) -> Spot:
    """Where a curator of this habit would put the paper into the section (its items from top to bottom)."""
    if _alphabetical(section):
        key = title.casefold()
        later = (n for n, item in enumerate(section) if item.title > key)
        return Spot(next(later, len(section)), Order.ALPHABETICAL)
    group = _group(section)
    among = [section[n] for n in group]
    falling = _falling(among, habit)
    falls, rises = _steps(among)
    against = rises if falling else falls
    disorder = (against + 4 * habit.disorder) / (falls + rises + 4)
    dated = [n for n in group if section[n].month is not None]
    if disorder > _TOLERATED or not habit.numbered or not dated:
        if falling:
            return Spot(group[0] if group else 0, Order.TOP)
        return Spot(group[-1] + 1 if group else len(section), Order.BOTTOM)
    above = _by_date([section[n] for n in dated], paper_id, falling=falling)
    if falling:
        spot = dated[above] if above < len(dated) else dated[-1] + 1
        return Spot(spot, Order.NEWEST_FIRST)
    return Spot(dated[above - 1] + 1 if above else dated[0], Order.OLDEST_FIRST)


def _by_date(items: Sequence[Item], paper_id: ArxivId, *, falling: bool) -> int:
    """The gap that leaves the fewest entries on the wrong side; of equals the one at the newer end."""
    last = -1 if falling else 10**6
    keys = [(item.month or 0, item.number if item.number is not None else last) for item in items]
    own = (paper_id.year * 12 + paper_id.month, paper_id.order[3])
    older, newer = [key < own for key in keys], [key > own for key in keys]
    wrong_above, wrong_below = (older, newer) if falling else (newer, older)
    cost = sum(wrong_below)
    costs = [cost]
    for above, below in zip(wrong_above, wrong_below, strict=True):
        cost += above - below
        costs.append(cost)
    best = [n for n, cost in enumerate(costs) if cost == min(costs)]
    return best[0] if falling else best[-1]


def _falling(items: Sequence[Item], habit: Habit) -> bool:
    """Whether the newest are on top: by neighbours, by where the newest stand, a little by the list's habit."""
    falls, rises = _steps(items)
    down, up = _steps_within(items)
    steps = (falls - rises + 0.5 * (down - up)) / (falls + rises + 0.5 * (down + up) + 1)
    stand = _newest_stand(items) * min(1.0, len(items) / 5)
    return steps + 2 * stand + 0.1 * (habit.falls + habit.stands) >= 0


def _group(section: Sequence[Item]) -> list[int]:
    """The entries among which a new paper goes: all, or the preprints where only these have an order."""
    everything = list(range(len(section)))
    alike = [n for n in everything if section[n].preprint]
    if not 2 <= len(alike) < len(section):
        return everything
    whole, own = _steps(section), _steps([section[n] for n in alike])
    mixed = min(whole) > _GROUPED * sum(whole)
    return alike if mixed and sum(own) >= 2 and min(own) <= _GROUPED * sum(own) else everything


def _alphabetical(section: Sequence[Item]) -> bool:
    known = [item.title for item in section if item.title]
    steps = [a <= b for a, b in pairwise(known)]
    return len(steps) >= 4 and sum(steps) >= 0.95 * len(steps)


def _steps(items: Sequence[Item]) -> tuple[int, int]:
    """How many neighbours, top to bottom, go from newer to older months, and from older to newer."""
    months = [item.month for item in items if item.month is not None]
    return sum(a > b for a, b in pairwise(months)), sum(a < b for a, b in pairwise(months))


def _steps_within(items: Sequence[Item]) -> tuple[int, int]:
    """The same for neighbours of one month, by the numbers of their ids."""
    pairs = [
        (a.number, b.number)
        for a, b in pairwise([item for item in items if item.month is not None])
        if a.month == b.month and a.number is not None and b.number is not None
    ]
    return sum(a > b for a, b in pairs), sum(a < b for a, b in pairs)


def _newest_stand(items: Sequence[Item]) -> float:
    """Where the newest quarter stands: 1 for the top, -1 for the bottom, 0 where all are of one age."""
    known = sorted((item.month, n) for n, item in enumerate(items) if item.month is not None)
    if len(known) < 2:
        return 0.0
    least = known[-max(1, len(known) // 4)][0]
    newest = [n for month, n in known if month >= least]
    if len(newest) == len(known):
        return 0.0
    return 1 - 2 * sum(newest) / len(newest) / (len(items) - 1)
