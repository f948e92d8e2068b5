"""How many papers appeared in which month: what a picture of it and a table beside it need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.english import MONTHS, count
from bot.tools.site.papers import Item

SHORT_MONTHS = tuple(name[:3] for name in MONTHS)
_YEARS = 12  # the picture's last years; older ones are in the table alone
_HIGH, _ONE = 80, 20  # the tallest bar, and the most that one paper adds to it: a few are no peak
_LABELS = 6  # years named below the bars, so that they stand apart on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """A month: its place and width in percent of the picture, its height, and what it says."""

    x: str
    width: str
    height: str
    says: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture: height, bars, the years below them with their places, its words, and twelve counts a year."""

    height: int
    bars: tuple[Bar, ...]
    years: tuple[tuple[str, int], ...]
    says: str
    rows: tuple[tuple[int, tuple[int, ...]], ...]


def chart(items: Sequence[Item]) -> Chart | None:
    """The chart of the papers whose months are known; None where those don't make one."""
    count = Counter((item.year, item.month) for item in items if item.year and item.month)
    months = {(year or 0, month or 0): papers for (year, month), papers in count.items()}
    if len(months) < 2:
        return None
    first, last = min(months)[0], max(months)[0]
    rows = tuple(
        (year, tuple(months.get((year, month), 0) for month in range(1, 13)))
        for year in range(last, first - 1, -1)
        if any(key[0] == year for key in months)
    )
    start = max(first, last - _YEARS + 1)
    span = [(year, month) for year in range(start, last + 1) for month in range(1, 13)]
    tallest = max(months.values())
    height = min(_HIGH, _ONE * tallest)
    step = 100 / len(span)
    bars = tuple(
        Bar(
            f"{n * step:.3f}",
            f"{step * 0.78:.3f}",
            f"{max(1.5, height * months[key] / tallest):.1f}",
            f"{SHORT_MONTHS[key[1] - 1]} {key[0]}: {months[key]}",
        )
        for n, key in enumerate(span)
        if key in months
    )
    every = -(-(last - start + 1) // _LABELS)
    years = tuple(
        (f"{(year - start) * 12 * step:.3f}", year) for year in range(start, last + 1, every)
    )
    return Chart(height, bars, years, _says(months, len(items)), rows)


def _says(months: dict[tuple[int, int], int], of: int) -> str:
    """The picture in a sentence."""
    peak = max(months, key=lambda key: (months[key], key))
    known = sum(months.values())
    papers = count(known, "paper") if known == of else f"{known:,} of {count(of, 'paper')}"
    return (
        f"{papers} by the month they appeared, {_named(min(months))} to {_named(max(months))}; "
        f"the most in {_named(peak)}: {months[peak]}"
    )


def _named(month: tuple[int, int]) -> str:
    return f"{SHORT_MONTHS[month[1] - 1]} {month[0]}"
