"""The form of a list's entries, learned from entries that people wrote: what they share stays, facts become slots.

Every entry is taken apart into slots, groups (a link, a badge, brackets, emphasis) and the words between. Words and
groups that the entries share belong to the form; what is particular to one of them (a venue, a tag, a link to a
project) is not known of another paper and is left out, or written as the list writes what it does not know.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.listing.fields import Slot, split_authors
from bot.listing.generalise import NEARLY_ALL, quorum, reduce, shared_by, without_unknown
from bot.listing.links import BAR
from bot.listing.parts import EntryForm
from bot.listing.samples import ENOUGH, MARK, PREPRINT, Sample, Wanted, alike

_LABEL = re.compile(r"^(\s*[-*+]\s+[*_]*[A-Z][\w() /-]{1,30}?[*_]*:[*_]*)\s*(.*?)\s*$")
UNKNOWN = re.compile(r"(?:[-–—]{1,3}|/|N/?A|TBD|None|\?|❌|⚠️|✗|)", re.IGNORECASE)
"""A blank value, or one of the signs by which lists say "unknown"."""
_CELL = re.compile(r"(<td\b[^<>]{0,300}>)((?:(?!</?td\b).)*+)(</td\s*>)", re.IGNORECASE | re.DOTALL)
_SECOND_STOP = re.compile(r"(?<=\.[\"”])\.")  # of `"A title." Venue.` without its venue


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a form: literal text, or a slot whose `text` says how ("html", "table", a date's format)."""

    text: str
    slot: Slot | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """The parts of an entry in order; `most` authors are written out, and only `cut` when there are more."""

    pieces: tuple[Piece, ...]
    most: int = 0
    cut: int = 0
    et_al: str = ", et al."

    @property
    def slots(self) -> frozenset[Slot]:
        """Which facts the form has a place for."""
        return frozenset(piece.slot for piece in self.pieces if piece.slot)


def learn(samples: Sequence[Sample], wanted: Wanted) -> Form | None:
    """The form for a paper of that kind, from entries given nearest first; None where there are none.

    Entries that know as much as is known of the paper are preferred: they show how what is unknown is written.
    """
    if not samples:
        return None
    chosen = alike(samples, wanted)
    form = samples[0].form
    if form in (EntryForm.TABLE_ROW, EntryForm.HTML_ROW):
        pieces = _learn_row(chosen, samples, html=form is EntryForm.HTML_ROW, wanted=wanted)
    else:
        shared = shared_by([one.text.split("\n") for one in chosen])
        pieces = _vote([_learn_lines(one, chosen, samples, wanted, shared) for one in chosen])
    if not {Slot.TITLE, Slot.REST, Slot.NAME} & {piece.slot for piece in pieces}:
        return None
    if _has_half_a_quotation("".join(piece.text for piece in pieces if piece.slot is None)):
        return None
    pieces = tuple(Piece(_SECOND_STOP.sub("", one.text), one.slot) for one in pieces)
    return with_authors(Form(_as_names(_with_padding(pieces, samples), samples)), samples)


def _has_half_a_quotation(text: str) -> bool:
    """Whether one mark of a pair is left: the other went with what entries differ in."""
    return text.count('"') % 2 == 1 or text.count("“") != text.count("”")


def _as_names(pieces: tuple[Piece, ...], samples: Sequence[Sample]) -> tuple[Piece, ...]:
    """Where what stands for titles is mostly a word or three, the list gives papers' short names."""
    given = [title for one in samples for title in one.given(Slot.TITLE)]
    short = sum(len(title.split()) <= 3 for title in given)
    if short < NEARLY_ALL * len(given) or len(given) < ENOUGH:
        return pieces
    return tuple(
        replace(piece, slot=Slot.NAME) if piece.slot is Slot.TITLE else piece for piece in pieces
    )


def _vote(forms: Sequence[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """The form that most samples come to; of equals the one with more slots, then the first."""
    counted = Counter(forms)
    return max(counted, key=lambda one: (counted[one], len({piece.slot for piece in one})))


def _with_padding(pieces: tuple[Piece, ...], samples: Sequence[Sample]) -> tuple[Piece, ...]:
    """Months from October on don't tell whether the list writes others with a zero: the others do."""
    hows = [span.how for one in samples for span in one.spans if span.slot is Slot.DATE]
    bare = sum("%-m" in how for how in hows)
    dates = [date for one in samples for date in one.given(Slot.DATE)]
    padded = sum(re.search(r"(?<!\d)0[1-9]", date) is not None for date in dates)
    if bare <= padded:
        return pieces
    return tuple(
        replace(piece, text=piece.text.replace("%m", "%-m")) if piece.slot is Slot.DATE else piece
        for piece in pieces
    )


def with_authors(form: Form, samples: Sequence[Sample]) -> Form:
    """How many authors the list writes, and how it cuts the rest off."""
    found = [split_authors(text) for one in samples for text in one.given(Slot.AUTHORS)]
    cut = [(len(names), et_al) for names, et_al in found if et_al]
    most = max((len(names) for names, et_al in found if not et_al), default=0)
    if not cut or len(cut) * 4 < len(found):
        return replace(form, most=most)
    (size, et_al), _ = Counter(cut).most_common(1)[0]
    return replace(form, most=most if len(cut) < len(found) else 0, cut=size, et_al=et_al)


# Entries of lines: bullets, numbered items, headings, paragraphs


def _learn_lines(
    one: Sample,
    chosen: Sequence[Sample],
    everyone: Sequence[Sample],
    wanted: Wanted,
    shared: frozenset[str],
) -> tuple[Piece, ...]:
    """The sample's form: its lines with slots reduced to what is shared, its other lines if they are."""
    lines = []
    for number, line in enumerate(one.text.split("\n")):
        if MARK.search(line):
            reduced = reduce(without_unknown(line, one, wanted), shared, one.marks(Slot.DATE))
            if number == 0 or MARK.search(reduced):
                lines.append(reduced)
        elif not line.strip():
            lines.append("")
        elif (kept := _other_line(line, chosen, everyone)) is not None:
            lines.append(kept)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip("\n")
    return tuple(_pieces(text, one, table=False))


def _other_line(line: str, chosen: Sequence[Sample], everyone: Sequence[Sample]) -> str | None:
    """A line without slots: itself where it is shared, its label with the list's word for "unknown", or None."""
    having = sum(line in other.text.split("\n") for other in chosen)
    if having >= quorum(len(chosen), NEARLY_ALL):
        return line
    if not (label := _LABEL.match(line)):
        return None
    for other in everyone:
        for theirs in other.text.split("\n"):
            match = _LABEL.match(theirs)
            if match and match[1] == label[1] and UNKNOWN.fullmatch(match[2]):
                return theirs.rstrip()
    return None


# Entries of cells: rows of tables


def _learn_row(
    chosen: Sequence[Sample], everyone: Sequence[Sample], *, html: bool, wanted: Wanted
) -> tuple[Piece, ...]:
    """A row: every column's cell as most rows have it, in the frame of the nearest row."""
    split = _html_cells if html else _cells
    rows = [(one, split(one.text)) for one in chosen]
    width = Counter(len(cells) for _, (cells, _) in rows).most_common(1)[0][0]
    rows = [row for row in rows if len(row[1][0]) == width]
    others = [cells for one in everyone if len(cells := split(one.text)[0]) == width]
    shared = shared_by([cells for _, (cells, _) in rows])
    frame = rows[0][1][1]
    pieces: list[Piece] = []
    for column in range(width):
        pieces.append(Piece(frame[column]))
        candidates = [
            tuple(_pieces(_cell(cells[column], one, shared, wanted), one, table=not html))
            for one, (cells, _) in rows
        ]
        cell = _vote(candidates)
        if not any(piece.slot or piece.text.strip() for piece in cell):
            cell = (Piece(_unknown_cell([row[column] for row in others])),)
        pieces += cell
    pieces.append(Piece(frame[width].rstrip("\n")))
    return tuple(_merged(pieces))


def _cell(cell: str, one: Sample, shared: frozenset[str], wanted: Wanted) -> str:
    body = cell.strip()
    reduced = reduce(without_unknown(body, one, wanted), shared, one.marks(Slot.DATE)).strip()
    if not MARK.search(reduced) and not (body in shared and PREPRINT.search(body)):
        reduced = ""  # a cell of its own is a fact, however many rows agree on it
    if not reduced:
        return ""
    lead, trail = len(cell) - len(cell.lstrip()), len(cell) - len(cell.rstrip())
    return f"{cell[:lead]}{reduced}{cell[len(cell) - trail :] if trail < 2 else ' '}"


def _unknown_cell(cells: Sequence[str]) -> str:
    """How the list leaves a cell open: the commonest sign for it that occurs in the column, else a blank."""
    signs = Counter(cell for cell in cells if UNKNOWN.fullmatch(cell.strip()))
    return signs.most_common(1)[0][0] if signs else " "


def _cells(row: str) -> tuple[list[str], list[str]]:
    """A row's cells, and the text before, between and after them."""
    parts = BAR.split(row)
    head = parts[0] if not parts[0].strip() else None
    tail = parts[-1] if len(parts) > 1 and not parts[-1].strip() else None
    cells = parts[head is not None : len(parts) - (tail is not None)]
    frame = [f"{head}|" if head is not None else "", *["|"] * (len(cells) - 1)]
    return cells, [*frame, f"|{tail}" if tail is not None else ""]


def _html_cells(row: str) -> tuple[list[str], list[str]]:
    cells, frame, position = [], [], 0
    for match in _CELL.finditer(row):
        frame.append(row[position : match.end(1)])
        cells.append(match[2])
        position = match.start(3)
    return cells, [*frame, row[position:]]


def _pieces(text: str, one: Sample, *, table: bool) -> Iterator[Piece]:
    for part in re.split("([\ue000-\uf0ff])", text):
        if MARK.match(part):
            span = one.span(part)
            yield Piece(span.how or ("table" if table else ""), span.slot)
        elif part:
            yield Piece(part)


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    text = ""
    for piece in pieces:
        if piece.slot is None:
            text += piece.text
            continue
        if text:
            yield Piece(text)
            text = ""
        yield piece
    if text:
        yield Piece(text)
