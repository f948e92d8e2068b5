"""Lays out the charts of the HTML report, with positions and widths in percent, so that they fit any screen. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.core.english import SHORT_MONTHS, count
from bot.reports.figures import ScoreHistogram, Tally, Timeline

KINDS = (
    ("proposed", "proposed"),
    ("held", "held back or perhaps"),
    ("listed", "in the list already"),
    ("left_out", "left out"),
)
"""The parts of a bar, in stacking order: the field of the tally, and the text for readers."""

# Pixels
_HIGH = 96  # the tallest bar
_ONE = 24  # the most that one paper adds, so that few papers make no peak
_TOP = 18  # room for a number above the tallest bar
_LINE = 16  # room above that for the threshold's label
_COLUMN = 64  # a column's greatest width, so that a window of three weeks has no huge bars

_LABELS = 6  # the most dates below the bars, so that they do not overlap on a phone
_TOWER = 12.0  # a bar this many times the next tallest is broken, so that the others stay visible
_BROKEN = 1.35  # height of a broken bar, in multiples of the next tallest


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: total height, height of the baseline, greatest width (0 for any), bars, and a description.

    A bar is the template's values for it: position, width and middle in percent, its parts, its description, and its
    number with its height. `line` is the threshold's position in percent, and `line_label` its label.
    """

    height: int
    ground: int
    across: int
    bars: list[dict[str, Any]]
    says: str
    line: str = ""
    line_label: str = ""

    @property
    def line_on_the_right(self) -> bool:
        """Whether the threshold is so far right that its label belongs on its left."""
        return float(self.line or 0) > 55


def in_words(tally: Tally) -> str:
    """Describes a tally without its zeros: `9: 7 proposed, 2 left out`."""
    parts = [f"{getattr(tally, name):,} {says}" for name, says in KINDS if getattr(tally, name)]
    return ": ".join(filter(None, (f"{tally.all:,}", ", ".join(parts))))


def weekly(timeline: Timeline) -> Chart | None:
    """Charts the candidates over time; returns None if there are none."""
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
    """Describes the chart of candidates over time in a sentence."""
    total = sum(tally.all for tally in tallies)
    name, most = max(zip(names, tallies, strict=True), key=lambda pair: pair[1].all)
    begins = "" if timeline.by_month else "the week of "
    return (
        f"{count(total, 'candidate')} by {timeline.unit}, {names[0]} to {names[-1]}; "
        f"the most in {begins}{name} ({in_words(most)})"
    )


def scores(histogram: ScoreHistogram, what: str) -> Chart | None:
    """Charts papers by score; returns None if there are none. `what` describes the papers."""
    if not histogram.all:
        return None
    step = 1 / len(histogram.tallies)
    names = [f"{n * step:.2f} to {(n + 1) * step:.2f}" for n in range(len(histogram.tallies))]
    ground = _tallest(histogram.tallies) + _TOP + _LINE
    bars = _bars(histogram.tallies, names, [""] * len(names), gap=0.12, ground=ground)
    least = f"{histogram.threshold:.2f}"
    proposed = sum(tally.proposed + tally.held for tally in histogram.tallies)
    says = (
        f"{count(histogram.all, 'paper')} {what}, by score; "
        f"{proposed:,} at or above the threshold of {least}"
    )
    line = f"{histogram.threshold * 100:.2f}"
    return Chart(ground + 22, ground, 0, bars, says, line, f"threshold {least}")


def _heights(numbers: Sequence[int]) -> tuple[float, int]:
    """Returns the pixels for one paper, and the number of papers from which a bar is broken."""
    ordered = sorted(numbers, reverse=True)
    most, second = ordered[0], next((n for n in ordered if n < ordered[0]), 0)
    if second and most > second * _TOWER:
        return min(_ONE, _HIGH / (second * _BROKEN)), most
    return min(_ONE, _HIGH / most), most + 1


def _tallest(tallies: Sequence[Tally]) -> int:
    """Returns the height of the tallest bar, in pixels."""
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
) -> list[dict[str, Any]]:
    numbers = [tally.all for tally in tallies]
    pixels, broken = _heights(numbers)
    step = 100 / len(tallies)
    bars = []
    for n, tally in enumerate(tallies):
        tall = _height(tally.all, pixels, broken)
        bars.append(
            {
                "x": f"{n * step + step * gap / 2:.3f}",
                "width": f"{step * (1 - gap):.3f}",
                "middle": f"{(n + 0.5) * step:.3f}",
                "parts": list(_parts(tally, tall, ground)),
                "says": f"{names[n]}: {in_words(tally)}",
                "number": f"{tally.all:,}" if tally.all else "",
                "top": f"{ground - tall - 5:.1f}",
                "broken": tally.all >= broken,
                "label": labels[n],
            }
        )
    return bars


def _parts(tally: Tally, tall: float, ground: int) -> Iterator[dict[str, str]]:
    """Yields the parts of a bar from the bottom: kind, top and height, with a gap of a pixel between two of them."""
    top, gap = float(ground), 0
    for kind, _ in KINDS:
        if height := tall * getattr(tally, kind) / max(tally.all, 1):
            top -= height
            yield {"kind": kind, "y": f"{top:.1f}", "height": f"{max(1.0, height - gap):.1f}"}
            gap = 1
