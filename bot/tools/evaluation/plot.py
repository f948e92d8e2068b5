"""Recall against papers read, drawn in text for a terminal and as SVG. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.tools.evaluation.evaluate import Evaluation
from bot.tools.evaluation.measures import Order

_WIDTH, _HEIGHT = 64, 11
_LEFT, _TOP, _WIDE, _HIGH = 60, 40, 560, 300  # of the drawing's field, in pixels
_COLOURS = ("#0969da", "#bc4c00")
_NAMES = ("what was learned", "the words alone")


def draw(found: Evaluation) -> str:
    """The curves as text: papers read to the right, by powers of ten; the share found upwards."""
    grid = [[" "] * _WIDTH for _ in range(_HEIGHT)]
    for mark, order in (("·", found.words), ("●", found.learned)):
        for column in range(_WIDTH):
            share = _share(order, _read(column / (_WIDTH - 1), order.size))
            grid[_HEIGHT - 1 - round(share * (_HEIGHT - 1))][column] = mark
    lines = []
    for number, row in enumerate(grid):
        percent = round(100 * (1 - number / (_HEIGHT - 1)))
        lines.append(f"{percent:>4} % ┤{''.join(row).rstrip()}")
    lines.append(f"       └{'─' * _WIDTH}")
    axis = [" "] * (_WIDTH + 10)
    for tick in _ticks(found.stream):
        at = 8 + round(_place(tick, found.stream) * (_WIDTH - 1))
        text = f"{tick:,}"
        axis[at : at + len(text)] = text
    lines.append("".join(axis).rstrip())
    lines.append(f"        papers read   ● {_NAMES[0]}   · {_NAMES[1]}")
    return "\n".join(lines) + "\n"


def draw_svg(found: Evaluation) -> str:
    """The curves as a drawing."""
    size = found.stream
    marks = [
        f'<line x1="{_x(tick, size):.1f}" x2="{_x(tick, size):.1f}" y1="{_TOP}" y2="{_TOP + _HIGH}"/>'
        for tick in _ticks(size)
    ]
    marks += [
        f'<line x1="{_LEFT}" x2="{_LEFT + _WIDE}" y1="{_y(n / 5):.1f}" y2="{_y(n / 5):.1f}"/>'
        for n in range(6)
    ]
    texts = [
        f'<text x="{_x(tick, size):.1f}" y="{_TOP + _HIGH + 18}" text-anchor="middle">{tick:,}</text>'
        for tick in _ticks(size)
    ]
    texts += [
        f'<text x="{_LEFT - 8}" y="{_y(n / 5) + 4:.1f}" text-anchor="end">{20 * n} %</text>'
        for n in range(6)
    ]
    curves = [
        f'<polyline points="{_points(order)}" stroke="{colour}"/>'
        for order, colour in zip((found.learned, found.words), _COLOURS, strict=True)
    ]
    legend = [
        f'<text x="{_LEFT + 12}" y="{_TOP + 22 + 18 * n}" fill="{colour}">{name}</text>'
        for n, (name, colour) in enumerate(zip(_NAMES, _COLOURS, strict=True))
    ]
    title = (
        f"Found of {found.belonging} later additions, by papers read, {found.cut} to {found.until}"
    )
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 390" font-family="sans-serif" font-size="12">',
        '<rect width="660" height="390" fill="#fff"/>',
        f'<text x="{_LEFT}" y="24" font-size="14">{title}</text>',
        f'<g stroke="#d0d7de">{"".join(marks)}</g>',
        f'<g fill="#57606a">{"".join(texts)}</g>',
        f'<g fill="none" stroke-width="2">{"".join(curves)}</g>',
        *legend,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _points(order: Order) -> str:
    reads = sorted({_read(n / 200, order.size) for n in range(201)})
    return " ".join(f"{_x(n, order.size):.1f},{_y(_share(order, n)):.1f}" for n in reads)


def _share(order: Order, read: int) -> float:
    return sum(place <= read for place in order.places) / len(order.places)


def _read(along: float, size: int) -> int:
    """How many papers are read so far along the axis."""
    return max(1, round(math.exp(along * math.log(size))))


def _place(read: int, size: int) -> float:
    """Where on the axis so many papers are, from 0 to 1."""
    return math.log(read) / math.log(size) if size > 1 else 0.0


def _x(read: int, size: int) -> float:
    return _LEFT + _WIDE * _place(read, size)


def _y(share: float) -> float:
    return _TOP + _HIGH * (1 - share)


def _ticks(size: int) -> Sequence[int]:
    return [10**n for n in range(len(str(max(1, size))))]
