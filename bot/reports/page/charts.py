"""The pictures of the report's page as shapes: places and widths in percent, so that they fit any screen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.english import SHORT_MONTHS, count
from bot.reports.figures import Spread, Tally, Timeline

KINDS = (
    ("proposed", "proposed"),
    ("held", "held back or perhaps"),
    ("listed", "in the list already"),
    ("left_out", "left out"),
)
"""What a paper can be, in the order in which bars are stacked: the tally's name for it, and the reader's."""

_HIGH, _ONE = 96, 24  # the tallest bar, and the most that one paper adds to it: a few are no peak
_TOP = 18  # room for a number above the tallest
_LINE = 16  # room for the words of the threshold above that
_COLUMN = 64  # the most that a column takes: a window of three weeks makes no walls
_LABELS = 6  # dates below the bars, so that they stand apart on a phone
_TOWER = (
    12.0  # a bar this many times the next tallest is broken off: beside it the others are not seen
)
_BROKEN = 1.35  # of the next tallest


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: what it stands for, its top and its height."""

    kind: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: place, width and middle in percent, its parts, what it says, its number and where that is."""

    x: str
    width: str
    middle: str
    parts: tuple[Part, ...]
    says: str
    number: str
    top: str
    broken: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: its height in all and to its ground, the most it takes across, its bars, and it in a sentence.

    `line` is the place of the threshold in percent, and `line_says` its words.
    """

    height: int
    ground: int
    across: int
    bars: tuple[Bar, ...]
    says: str
    line: str = ""
    line_says: str = ""

    @property
    def line_on_the_right(self) -> bool:
        """Whether there is more room to the left of the line than to the right."""
        return float(self.line or 0) > 55


def in_words(tally: Tally) -> str:
    """`9: 7 proposed, 2 left out`, without what there is none of."""
    parts = [f"{getattr(tally, name):,} {says}" for name, says in KINDS if getattr(tally, name)]
    return ": ".join(filter(None, (f"{tally.all:,}", ", ".join(parts))))


def weekly(timeline: Timeline) -> Chart | None:
    """The candidates over time; None where there is none."""
    tallies = [span.tally for span in timeline.spans]
    if not any(tally.all for tally in tallies):
        return None
    names = [_span_name(span.start, by_month=timeline.by_month) for span in timeline.spans]
    every = -(-len(names) // _LABELS)
    labels = [name if n % every == 0 else "" for n, name in enumerate(names)]
    ground = _tallest(tallies) + _TOP
    bars = _bars(tallies, names, labels, gap=0.25, ground=ground)
    says = _over_time(timeline, tallies, names)
    return Chart(ground + 22, ground, _COLUMN * len(tallies), bars, says)


def _span_name(start: date, *, by_month: bool) -> str:
    month = SHORT_MONTHS[start.month - 1]
    return f"{month} {start.year}" if by_month else f"{start.day} {month}"


def _over_time(timeline: Timeline, tallies: Sequence[Tally], names: Sequence[str]) -> str:
    """The chart of the candidates over time in a sentence."""
    total = sum(tally.all for tally in tallies)
    name, most = max(zip(names, tallies, strict=True), key=lambda pair: pair[1].all)
    begins = "" if timeline.by_month else "the week of "
    return (
        f"{count(total, 'candidate')} by {timeline.unit}, {names[0]} to {names[-1]}; "
        f"the most in {begins}{name} ({in_words(most)})"
    )


def scores(spread: Spread, what: str) -> Chart | None:
    """Papers by score; None where there is none. `what` names them."""
    if not spread.all:
        return None
    step = 1 / len(spread.tallies)
    names = [f"{n * step:.2f} to {(n + 1) * step:.2f}" for n in range(len(spread.tallies))]
    ground = _tallest(spread.tallies) + _TOP + _LINE
    bars = _bars(spread.tallies, names, [""] * len(names), gap=0.12, ground=ground)
    says = f"{count(spread.all, 'paper')} {what}, by score"
    if spread.threshold is None:
        return Chart(ground + 22, ground, 0, bars, says)
    least = f"{spread.threshold:.2f}"
    proposed = sum(tally.proposed + tally.held for tally in spread.tallies)
    says += f"; {proposed:,} at or above the threshold of {least}"
    return Chart(
        ground + 22, ground, 0, bars, says, f"{spread.threshold * 100:.2f}", f"threshold {least}"
    )


def _heights(numbers: Sequence[int]) -> tuple[float, int]:
    """Pixels for one paper, and the number from which on a bar is broken off."""
    ordered = sorted(numbers, reverse=True)
    most, second = ordered[0], next((n for n in ordered if n < ordered[0]), 0)
    if second and most > second * _TOWER:
        return min(_ONE, _HIGH / (second * _BROKEN)), most
    return min(_ONE, _HIGH / most), most + 1


def _tallest(tallies: Sequence[Tally]) -> int:
    """The height of the tallest bar."""
    numbers = [tally.all for tally in tallies]
    pixels, broken = _heights(numbers)
    return round(max(_height(n, pixels, broken) for n in numbers))


def _height(number: int, pixels: float, broken: int) -> float:
    second = _HIGH if number >= broken else 0.0
    return min(_HIGH, second or max(number * pixels, 2.0 if number else 0.0))


def _bars(
    tallies: Sequence[Tally],
    names: Sequence[str],
    labels: Sequence[str],
    *,
    gap: float,
    ground: int,
) -> tuple[Bar, ...]:
    numbers = [tally.all for tally in tallies]
    pixels, broken = _heights(numbers)
    step = 100 / len(tallies)
    bars = []
    for n, tally in enumerate(tallies):
        tall = _height(tally.all, pixels, broken)
        bars.append(
            Bar(
                x=f"{n * step + step * gap / 2:.3f}",
                width=f"{step * (1 - gap):.3f}",
                middle=f"{(n + 0.5) * step:.3f}",
                parts=_parts(tally, tall, ground),
                says=f"{names[n]}: {in_words(tally)}",
                number=f"{tally.all:,}" if tally.all else "",
                top=f"{ground - tall - 5:.1f}",
                broken=tally.all >= broken,
                label=labels[n],
            )
        )
    return tuple(bars)


def _parts(tally: Tally, tall: float, ground: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    top = float(ground)
    for kind, _ in KINDS:
        height = tall * getattr(tally, kind) / max(tally.all, 1)
        if height:
            top -= height
            gap = 1 if parts else 0  # between a part and the one below
            parts.append(Part(kind, f"{top:.1f}", f"{max(1.0, height - gap):.1f}"))
    return tuple(parts)
