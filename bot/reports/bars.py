"""The pictures of a run in characters, for places that strip every other kind (GitHub's job summaries). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.core.english import count
from bot.core.escaping import inline
from bot.reports.figures import Spread, Tally, Timeline, Yield

LEGEND = "█ proposed  ▓ held back  ▒ in the list already  ░ left out"
_WIDTH = 40  # characters of the longest bar, which a phone still shows on one line
_TOWER = 4  # a bar this many times the next longest is broken off, so that the others can be seen
_ROWS = 10  # of a picture of scores
_PHRASES = 15


def weekly(timeline: Timeline) -> Iterator[str]:
    """The candidates over time: a line for each week or month."""
    tallies = [span.tally for span in timeline.spans]
    form = "%Y-%m" if timeline.by_month else "%Y-%m-%d"
    names = [f"{span.start:{form}}" for span in timeline.spans]
    yield from _rows(names, tallies, [""] * len(names))


def scores(spread: Spread) -> Iterator[str]:
    """Papers by score: a line for each tenth; the one with the threshold says so."""
    together = len(spread.tallies) // _ROWS
    tallies = [
        _sum(spread.tallies[n : n + together]) for n in range(0, len(spread.tallies), together)
    ]
    names = [f"{n / _ROWS:.1f} to {(n + 1) / _ROWS:.1f}" for n in range(_ROWS)]
    notes = [""] * _ROWS
    if spread.threshold is not None:
        notes[min(int(spread.threshold * _ROWS + 1e-9), _ROWS - 1)] = (
            f" ← threshold {spread.threshold:.2f}"
        )
    yield from _rows(names, tallies, notes)


def phrases(yields: Sequence[Yield]) -> Iterator[str]:
    """The phrases that were found, as a table of Markdown, and how many were not."""
    some = [one for one in yields if one.tally.all]
    if some:
        yield from ("| phrase | papers | proposed | |", "|---|--:|--:|---|")
    longest = max((one.tally.all for one in some), default=0)
    for one in some[:_PHRASES]:
        bar = _bar(one.tally, min(_WIDTH // 2, longest), longest)
        yield f"| {inline(one.phrase[:200], table=True)} | {one.tally.all:,} | {one.tally.proposed:,} | {bar} |"
    more, none = len(some[_PHRASES:]), len(yields) - len(some)
    told = [f"{count(more, 'more phrase')} found something"] if more else []
    told += [f"{count(none, 'phrase')} found nothing"] if none else []
    if told:
        yield from ("", f"{'; '.join(told)}.")


def _rows(names: Sequence[str], tallies: Sequence[Tally], notes: Sequence[str]) -> Iterator[str]:
    numbers = sorted((one.all for one in tallies), reverse=True)
    most, second = numbers[0], next((n for n in numbers if n < numbers[0]), 0)
    tower = second and most > max(second * _TOWER, _WIDTH)  # a shorter one is seen with the others
    longest = second if tower else most
    width = min(_WIDTH, longest)
    for name, tally, note in zip(names, tallies, notes, strict=True):
        broken = tally.all > longest
        across = min(_WIDTH, width * 3 // 2) if broken else width
        bar = _bar(tally, across, tally.all if broken else longest) + "…" * broken
        yield f"{name}  {bar}{' ' if bar else ''}{tally.all:,}{note}"


def _bar(tally: Tally, width: int, longest: int) -> str:
    """As long as the papers are many; what there is any of is seen."""
    parts = zip((tally.proposed, tally.held, tally.listed, tally.left_out), "█▓▒░", strict=True)
    return "".join(
        char * max(1, round(number * width / longest)) for number, char in parts if number
    )


def _sum(tallies: Sequence[Tally]) -> Tally:
    return Tally(
        sum(one.proposed for one in tallies),
        sum(one.held for one in tallies),
        sum(one.listed for one in tallies),
        sum(one.left_out for one in tallies),
    )
