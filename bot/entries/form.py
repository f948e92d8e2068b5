"""The form of a list's entries, learned from entries that people wrote: what they share stays, facts become slots.

Every entry is taken apart into slots, groups (a link, a badge, brackets, emphasis) and the words between. Words and
groups that the entries share belong to the form; what is particular to one of them (a venue, a tag, a link to a
project) is not known of another paper and is left out, or written as the list writes what it does not know.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.document import EntryForm
from bot.entries.markup import Group, parse
from bot.entries.slots import Slot, Span, find_slots, is_sound, name_and_rest, split_authors
from bot.index import Listed

_HALF, _NEARLY_ALL = 0.5, 0.8  # shares of the samples
_FIRST_MARK = 0xE000  # slots stand in the text as characters of Unicode's private area while it is taken apart
_DROPPED = "\uf8ff"
_MARK = re.compile("[\ue000-\uf0ff]")
_WORD = re.compile(r"[^\W_]|[^\w\s!-/:-@\[-`{-~–—’‘“”…·•]")  # letters, digits, emoji
_LABEL = re.compile(r"^(\s*[-*+]\s+[*_]*[A-Z][\w() /-]{1,30}?[*_]*:[*_]*)\s*(.*?)\s*$")
_UNKNOWN = re.compile(r"(?:-|–|—|/|N/?A|TBD|None|\?|❌|⚠️|✗|)", re.IGNORECASE)
_BAR = re.compile(r"(?<!\\)\|")
_CELL = re.compile(r"(<td\b[^<>]{0,300}>)(.*?)(</td\s*>)", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"^(\s*)\d{1,9}(?=[.)])")
_PREPRINT = re.compile(r"arxiv|preprint", re.IGNORECASE)
_ADDRESS = re.compile(r"\]\([^()]{0,2000}\)|https?://\S{1,2000}|<[^<>]{1,1000}>")


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


@dataclass(frozen=True, slots=True)
class Sample:
    """An entry to learn from: its text with slots as marks, the slots, and what kind of paper it is of."""

    text: str
    spans: tuple[Span, ...]
    originals: tuple[str, ...]
    form: EntryForm
    named: bool
    code: bool
    preprint: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of the paper to write: whether its title starts with a name, and whether its code is known."""

    named: bool
    code: bool


def sample(text: str, listed: Listed, form: EntryForm) -> Sample | None:
    """An entry as a sample; None where its title or id can't be told from the rest of it."""
    text = text.replace("\r\n", "\n")
    if form is EntryForm.NUMBERED:
        text = _NUMBER.sub(r"\g<1>1", text)
    if _MARK.search(text):
        return None
    spans = find_slots(text, listed)
    if not is_sound(spans):
        return None
    parts, position = [], 0
    for number, span in enumerate(spans):
        parts += [text[position : span.start], chr(_FIRST_MARK + number)]
        position = span.end
    parts.append(text[position:])
    marked = "".join(parts).rstrip("\n")
    return Sample(
        marked,
        spans,
        tuple(text[span.start : span.end] for span in spans),
        form,
        named=bool(name_and_rest(listed.title)[0]),
        code=any(span.slot is Slot.REPOSITORY for span in spans),
        preprint=bool(_PREPRINT.search(_ADDRESS.sub("]", text))),
    )


def learn(samples: Sequence[Sample], wanted: Wanted) -> Form | None:
    """The form for a paper of that kind, from entries given nearest first; None where there are none.

    Entries that know as much as is known of the paper are preferred: they show how what is unknown is written.
    """
    if not samples:
        return None
    chosen = _alike(samples, wanted)
    form = samples[0].form
    if form in (EntryForm.TABLE_ROW, EntryForm.HTML_ROW):
        pieces = _learn_row(chosen, samples, html=form is EntryForm.HTML_ROW, wanted=wanted)
    else:
        pieces = _vote([_learn_lines(one, chosen, samples, wanted) for one in chosen])
    if not {Slot.TITLE, Slot.REST, Slot.NAME} & {piece.slot for piece in pieces}:
        return None
    return _with_authors(Form(_with_padding(pieces, samples)), samples)


def _alike(samples: Sequence[Sample], wanted: Wanted) -> list[Sample]:
    """The samples of papers of the wanted kind; less and less alike until there are two."""
    labelled = any(one.preprint for one in samples)
    tests: tuple[Callable[[Sample], bool], ...] = (
        lambda one: one.preprint == labelled,
        lambda one: one.code == wanted.code,
        lambda one: one.named == wanted.named,
    )
    for number in range(len(tests) + 1):
        for chosen_tests in (tests[number:], tests[: len(tests) - number]):
            found = [one for one in samples if all(test(one) for test in chosen_tests)]
            if len(found) >= 2:
                return found
    return list(samples)


def _vote(forms: Sequence[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """The form that most samples come to; of equals the one with more slots, then the first."""
    counted = Counter(forms)
    return max(counted, key=lambda one: (counted[one], len({piece.slot for piece in one})))


def _with_padding(pieces: tuple[Piece, ...], samples: Sequence[Sample]) -> tuple[Piece, ...]:
    """Months from October on don't tell whether the list writes others with a zero: the others do."""
    written = [
        span.how
        for one in samples
        for span in one.spans
        if span.slot is Slot.DATE and "m" in span.how
    ]
    bare = sum("%-m" in how for how in written)
    padded = sum(
        "%m" in span.how and re.search(r"(?<!\d)0[1-9]", original) is not None
        for one in samples
        for span, original in zip(one.spans, one.originals, strict=True)
        if span.slot is Slot.DATE
    )
    if bare <= padded:
        return pieces
    return tuple(
        replace(piece, text=piece.text.replace("%m", "%-m")) if piece.slot is Slot.DATE else piece
        for piece in pieces
    )


def _with_authors(form: Form, samples: Sequence[Sample]) -> Form:
    """How many authors the list writes, and how it cuts the rest off."""
    found = [
        split_authors(one.originals[n])
        for one in samples
        for n, span in enumerate(one.spans)
        if span.slot is Slot.AUTHORS
    ]
    cut = [(len(names), et_al) for names, et_al in found if et_al]
    most = max((len(names) for names, et_al in found if not et_al), default=0)
    if not cut or len(cut) * 4 < len(found):
        return replace(form, most=most)
    (size, et_al), _ = Counter(cut).most_common(1)[0]
    return replace(form, most=most if len(cut) < len(found) else 0, cut=size, et_al=et_al)


# Entries of lines: bullets, numbered items, headings, paragraphs


def _learn_lines(
    one: Sample, chosen: Sequence[Sample], everyone: Sequence[Sample], wanted: Wanted
) -> tuple[Piece, ...]:
    """The sample's form: its lines with slots reduced to what is shared, its other lines if they are."""
    shared = _shared([one.text.split("\n") for one in chosen])
    lines = []
    for number, line in enumerate(one.text.split("\n")):
        if _MARK.search(line):
            reduced = _reduce(_without_unknown(line, one, wanted), shared, _dates(one))
            if number == 0 or _MARK.search(reduced):
                lines.append(reduced)
        elif not line.strip():
            lines.append("")
        elif (kept := _other_line(line, chosen, everyone)) is not None:
            lines.append(kept)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip("\n")
    return tuple(_pieces(text, one, table=False))


def _other_line(line: str, chosen: Sequence[Sample], everyone: Sequence[Sample]) -> str | None:
    """A line without slots: itself where it is shared, its label with the list's word for "unknown", or None."""
    if _count(lambda other: line in other.text.split("\n"), chosen) >= _quorum(
        len(chosen), _NEARLY_ALL
    ):
        return line
    if not (label := _LABEL.match(line)):
        return None
    for other in everyone:
        for theirs in other.text.split("\n"):
            match = _LABEL.match(theirs)
            if match and match[1] == label[1] and _UNKNOWN.fullmatch(match[2]):
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
    shared = _shared([cells for _, (cells, _) in rows])
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
    reduced = _reduce(_without_unknown(body, one, wanted), shared, _dates(one)).strip()
    if not _MARK.search(reduced) and body not in shared:
        reduced = ""
    if not reduced:
        return ""
    lead, trail = len(cell) - len(cell.lstrip()), len(cell) - len(cell.rstrip())
    return f"{cell[:lead]}{reduced}{cell[len(cell) - trail :] if trail < 2 else ' '}"


def _unknown_cell(cells: Sequence[str]) -> str:
    """How the list leaves a cell open: the commonest sign for it that occurs in the column, else a blank."""
    signs = Counter(cell for cell in cells if _UNKNOWN.fullmatch(cell.strip()))
    return signs.most_common(1)[0][0] if signs else " "


def _cells(row: str) -> tuple[list[str], list[str]]:
    """A row's cells, and the text before, between and after them."""
    parts = _BAR.split(row)
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


# What samples share


def _shared(samples: Sequence[Sequence[str]]) -> frozenset[str]:
    """The words and groups without slots that enough of the samples (each given in parts) have.

    That a paper is a preprint is known of every paper, other words only if nearly all have them.
    """
    counted = Counter(
        unit for parts in samples for unit in {u for part in parts for u in _units(parse(part))}
    )
    return frozenset(
        unit
        for unit, count in counted.items()
        if count >= _quorum(len(samples), _HALF if _PREPRINT.search(unit) else _NEARLY_ALL)
    )


def _quorum(size: int, share: float) -> float:
    return 1 if size == 1 else max(2, share * size)


def _count(test: Callable[[Sample], bool], samples: Iterable[Sample]) -> int:
    return sum(test(one) for one in samples)


def _units(parts: Iterable[str | Group]) -> Iterator[str]:
    """What may be shared: groups without slots, each as a whole, and runs of words."""
    for part in parts:
        if isinstance(part, Group):
            if _MARK.search(str(part)):
                yield from _units(part.inside)
            else:
                yield str(part)
        else:
            yield from filter(None, map(_core, _MARK.split(part)))


def _core(run: str) -> str:
    """A run of text from its first word to its last."""
    words = list(_WORD.finditer(run))
    return run[words[0].start() : words[-1].end()] if words else ""


def _reduce(text: str, shared: frozenset[str], dates: str) -> str:
    """The text without the words and groups that are not shared, and without what only joined them to the rest."""
    reduced = "".join(_reduced(parse(text), shared, dates))
    reduced = re.sub(rf"{_DROPPED}\s*<br ?/?>\s*", "", reduced)
    reduced = re.sub(
        rf"(?:[ \t]*[,;|/&+·][ \t]*|[ \t]+)?{_DROPPED}(?=[ \t]*(?:[,;.)\]|]|$))", "", reduced
    )
    reduced = re.sub(rf"{_DROPPED}[ \t]*(?:[,;:|/&+·][ \t]*)?", "", reduced)
    return reduced.rstrip(" \t") if text.rstrip(" \t") == text else reduced


def _reduced(parts: Iterable[str | Group], shared: frozenset[str], dates: str) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Group):
            yield _reduced_group(part, shared, dates)
            continue
        text = "".join(
            run if _MARK.match(run) or not (core := _core(run)) or core in shared else _drop(run)
            for run in re.split("([\ue000-\uf0ff])", part)
        )
        # a year beside words that are not known is that of a venue
        yield (
            re.sub(rf"{_DROPPED}\s*[{dates}]|[{dates}]\s*{_DROPPED}", _DROPPED, text)
            if dates
            else text
        )


def _reduced_group(group: Group, shared: frozenset[str], dates: str) -> str:
    if not _MARK.search(str(group)):
        return str(group) if str(group) in shared else _DROPPED
    inside = "".join(_reduced(group.inside, shared, dates))
    if _MARK.search(group.opened + group.closed):
        kept = inside.replace(_DROPPED, "").strip()
        return group.opened + (inside if kept else "".join(map(str, group.inside))) + group.closed
    return group.opened + inside + group.closed if _MARK.search(inside) else _DROPPED


def _drop(run: str) -> str:
    """A run less its words: what stands before the first and the white space at its end."""
    words = list(_WORD.finditer(run))
    return run[: words[0].start()] + _DROPPED + run[len(run.rstrip(" \t")) :]


def _dates(one: Sample) -> str:
    """The marks of the sample's dates."""
    return "".join(
        chr(_FIRST_MARK + n) for n, span in enumerate(one.spans) if span.slot is Slot.DATE
    )


def _without_unknown(text: str, one: Sample, wanted: Wanted) -> str:
    """The text less the groups that hold only what is not known of the paper: a name, code."""
    unknown = {Slot.NAME} - {Slot.NAME if wanted.named else None}
    unknown |= {Slot.REPOSITORY} - {Slot.REPOSITORY if wanted.code else None}
    marks = {chr(_FIRST_MARK + n) for n, span in enumerate(one.spans) if span.slot in unknown}

    def kept(parts: Iterable[str | Group]) -> Iterator[str]:
        for part in parts:
            found = set(_MARK.findall(str(part)))
            if not isinstance(part, Group) or not found & marks:
                yield str(part)
            elif found <= marks:
                yield _DROPPED
            else:
                yield part.opened + "".join(kept(part.inside)) + part.closed

    return "".join(kept(parse(text))) if marks & set(text) else text


def _pieces(text: str, one: Sample, *, table: bool) -> Iterator[Piece]:
    for part in re.split("([\ue000-\uf0ff])", text):
        if _MARK.match(part):
            span = one.spans[ord(part) - _FIRST_MARK]
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
