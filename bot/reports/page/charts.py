"""The pictures of the report's page as shapes: places and widths in percent, so that they fit any screen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.english import count
from bot.reports.figures import Spread, Tally, Timeline

MONTHS = tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())
KINDS = (
    ("proposed", "proposed"),
    ("held", "held back"),
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
    told = [f"{getattr(tally, name):,} {says}" for name, says in KINDS if getattr(tally, name)]
    return f"{tally.all:,}{': ' if told else ''}{', '.join(told)}"


def weekly(timeline: Timeline) -> Chart | None:
    """The candidates over time; None where there is none."""
    spans = timeline.spans
    if not spans or not any(span.tally.all for span in spans):
        return None
    names = [
        f"{MONTHS[span.start.month - 1]} {span.start.year}"
        if timeline.by_month
        else f"{span.start.day} {MONTHS[span.start.month - 1]}"
        for span in spans
    ]
    every = -(-len(spans) // _LABELS)
    labels = [name if n % every == 0 else "" for n, name in enumerate(names)]
    peak = max(range(len(spans)), key=lambda n: spans[n].tally.all)
    total = sum(span.tally.all for span in spans)
    begins = "" if timeline.by_month else "the week of "
    says = (
        f"{count(total, 'candidate')} by {timeline.unit}, {names[0]} to {names[-1]}; "
        f"the most in {begins}{names[peak]} ({in_words(spans[peak].tally)})"
    )
    tallies = [span.tally for span in spans]
    ground = _tallest(tallies) + _TOP
    bars = _bars(tallies, names, labels, gap=0.25, ground=ground)
    return Chart(ground + 22, ground, _COLUMN * len(spans), bars, says)


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
    proposed = sum(one.proposed + one.held for one in spread.tallies)
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
    numbers = [one.all for one in tallies]
    one, broken = _heights(numbers)
    return round(max(_height(n, one, broken) for n in numbers))


def _height(number: int, one: float, broken: int) -> float:
    second = _HIGH if number >= broken else 0.0
    return min(_HIGH, second or max(number * one, 2.0 if number else 0.0))


def _bars(
    tallies: Sequence[Tally],
    names: Sequence[str],
    labels: Sequence[str],
    *,
    gap: float,
    ground: int,
) -> tuple[Bar, ...]:
    numbers = [one.all for one in tallies]
    one, broken = _heights(numbers)
    step = 100 / len(tallies)
    bars = []
    for n, tally in enumerate(tallies):
        tall = _height(tally.all, one, broken)
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
        number: int = getattr(tally, kind)
        if number:
            height = tall * number / tally.all
            top -= height
            # A part in its own right is parted from the one below.
            parts.append(Part(kind, f"{top:.1f}", f"{max(1.0, height - (1 if parts else 0)):.1f}"))
    return tuple(parts)
