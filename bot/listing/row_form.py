"""Learns the form of entries that are table rows, in Markdown or HTML, column by column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.listing.fields import Slot
from bot.listing.generalise import (
    HALF,
    NEARLY_ALL,
    own_address,
    quorum,
    reduce,
    shared_by,
    without_unknown,
)
from bot.listing.line_form import UNKNOWN
from bot.listing.links import BAR
from bot.listing.pieces import Piece, Pieces, best, merged, pieces_of, tokens_of
from bot.listing.samples import MARK, PREPRINT, Sample, Wanted

_CELL = re.compile(r"(<td\b[^<>]{0,300}>)((?:(?!</?td\b).)*+)(</td\s*>)", re.IGNORECASE | re.DOTALL)


def learn_row(
    chosen: Sequence[Sample], everyone: Sequence[Sample], *, html: bool, wanted: Wanted
) -> Pieces:
    """Learns a row: for each column the best cell for most rows, with the text around cells from the nearest row."""
    split = html_cells if html else cells
    rows = _of_one_width([(sample, *split(sample.text)) for sample in chosen])
    width = len(rows[0][1])
    parts = [found for _, found, _ in rows]
    shares = dict.fromkeys(shared_by(parts, share) for share in (NEARLY_ALL, HALF))
    others = _rows_of(width, [split(sample.text)[0] for sample in everyone])
    frame = rows[0][2]
    pieces: list[Piece] = []
    for column in range(width):
        examples = [(sample, found[column]) for sample, found, _ in rows]
        cell = _learn_cell(examples, shares, html=html, wanted=wanted)
        cell = cell or _open_cell(examples, [row[column] for row in others], wanted)
        pieces += [Piece(frame[column]), *cell]
    pieces.append(Piece(frame[width].rstrip("\n")))
    return tuple(merged(pieces))


def _rows_of(width: int, rows: Sequence[list[str]]) -> list[list[str]]:
    return [row for row in rows if len(row) == width]


_Row = tuple[Sample, list[str], list[str]]
"""A row's sample, its cells, and the text before, between and after them."""


def _of_one_width(rows: Sequence[_Row]) -> list[_Row]:
    """The rows that have the most common number of cells."""
    width = Counter(len(found) for _, found, _ in rows).most_common(1)[0][0]
    return [row for row in rows if len(row[1]) == width]


def _learn_cell(
    examples: Sequence[tuple[Sample, str]],
    shares: Iterable[frozenset[str]],
    *,
    html: bool,
    wanted: Wanted,
) -> Pieces:
    """The cell that best reproduces a column's cells, each given with its row; empty if they share nothing."""
    candidates = [
        tuple(pieces_of(_cell(cell, sample, shared, wanted), sample, table=not html))
        for shared in shares
        for sample, cell in examples
    ]
    known = [(sample, without_unknown(cell, sample, wanted).strip()) for sample, cell in examples]
    entries = [tokens_of(pieces_of(cell, sample, table=not html)) for sample, cell in known]
    learned = best(candidates, entries, [sample for sample, _ in examples])
    return learned if any(piece.slot or piece.text.strip() for piece in learned) else ()


def _open_cell(
    column: Sequence[tuple[Sample, str]], everyone: Sequence[str], wanted: Wanted
) -> Pieces:
    """A cell without known facts; if most rows are named by their code, a paper without code gets its short name."""
    naming = sum(
        not set(cell).isdisjoint(sample.marks(Slot.REPOSITORY_NAME)) for sample, cell in column
    )
    if wanted.named and not wanted.code and 2 * naming > len(column):
        return (Piece(" "), Piece("table", Slot.NAME), Piece(" "))
    todo = wanted.todo and _is_usually_filled(everyone)
    return (Piece(" TODO " if todo else _unknown_cell(everyone)),)


def _cell(cell: str, sample: Sample, shared: frozenset[str], wanted: Wanted) -> str:
    body = cell.strip()
    known = without_unknown(body, sample, wanted)
    reduced = reduce(
        known, shared, sample.marks(Slot.DATE), own_address(sample.text, sample)
    ).strip()
    if not MARK.search(reduced) and not (body in shared and PREPRINT.search(body)):
        reduced = ""  # text without a slot is a fact of other papers, even if many rows share it
    if not reduced:
        return ""
    lead, trail = len(cell) - len(cell.lstrip()), len(cell) - len(cell.rstrip())
    return f"{cell[:lead]}{reduced}{cell[len(cell) - trail :] if trail < 2 else ' '}"


def _unknown_cell(column: Sequence[str]) -> str:
    """The most common sign for "unknown" in the column, else a blank."""
    signs = Counter(cell for cell in column if UNKNOWN.fullmatch(cell.strip()))
    return signs.most_common(1)[0][0] if signs else " "


def cells(row: str) -> tuple[list[str], list[str]]:
    """Splits a Markdown row into its cells, and the text before, between and after them."""
    parts = BAR.split(row)
    head = parts[0] if not parts[0].strip() else None
    tail = parts[-1] if len(parts) > 1 and not parts[-1].strip() else None
    found = parts[head is not None : len(parts) - (tail is not None)]
    frame = [f"{head}|" if head is not None else "", *["|"] * (len(found) - 1)]
    return found, [*frame, f"|{tail}" if tail is not None else ""]


def html_cells(row: str) -> tuple[list[str], list[str]]:
    """Splits an HTML row into its cells, and the text before, between and after them."""
    found, frame, position = [], [], 0
    for match in _CELL.finditer(row):
        frame.append(row[position : match.end(1)])
        found.append(match[2])
        position = match.start(3)
    return found, [*frame, row[position:]]


def open_columns(row: str, heads: Sequence[str], samples: Sequence[Sample]) -> Iterator[str]:
    """Yields the heads of columns that nearly all samples fill and the row leaves open, for a maintainer to fill in."""
    rows = [cells(sample.text)[0] for sample in samples]
    for column, (cell, head) in enumerate(zip(cells(row)[0], heads, strict=False)):
        values = [found[column] for found in rows if column < len(found)]
        if UNKNOWN.fullmatch(cell.strip()) and _is_usually_filled(values):
            yield head.strip(" *_")


def _is_usually_filled(column: Sequence[str]) -> bool:
    """Whether nearly all cells of a column have a value."""
    filled = sum(not UNKNOWN.fullmatch(cell.strip()) for cell in column)
    return filled >= quorum(len(column), NEARLY_ALL)
