"""Learns the form of entries that are lines: bullets, numbered items, headings, paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.listing.fields import Slot
from bot.listing.generalise import (
    HALF,
    NEARLY_ALL,
    is_badge,
    own_address,
    quorum,
    reduce,
    shared_by,
    without_unknown,
)
from bot.listing.pieces import Pieces, best, pieces_of, tokens_of
from bot.listing.samples import MARK, NO_FACT, Sample, Wanted

_LABEL = re.compile(
    r"^((?:\s*[-*+]\s+|\s+)(?:[^\w\s!-~\ue000-\uf0ff]{1,8}\s*)?"  # a bullet or an indent, and an emoji
    r"[*_]*[A-Z][\w() /-]{1,30}?[*_]*:[*_]*)\s*(.*?)\s*$"
)
UNKNOWN = re.compile(r"(?:[-–—]{1,3}|/|N/?A|TBD|TODO|None|\?|❌|⚠️|✗|)", re.IGNORECASE)
"""Matches a blank value, or a sign that lists use for "unknown"."""
_SHARES = (NEARLY_ALL, HALF)
_PROSE = 10  # a line with more words than this, besides its facts, is a description
_NOT_WORDS = re.compile(r"https?://\S+|<[^<>]*>|!?\[|\]\([^()]*\)")
_NEAREST = 5


def learn_lines(chosen: Sequence[Sample], everyone: Sequence[Sample], wanted: Wanted) -> Pieces:
    """Learns the form that reproduces the chosen entries best; empty if their first line can't be written.

    Args:
        chosen: entries of the wanted kind, nearest first.
        everyone: all nearby entries of the same form.
        wanted: what is known of the paper.
    """
    candidates = list(_candidates(chosen, everyone, wanted))
    if not candidates:
        return ()
    entries = []
    for sample in chosen:
        text = "\n".join(line for line in sample.text.split("\n") if not _is_prose(line, sample))
        known = without_unknown(text, sample, wanted)
        entries.append(tokens_of(pieces_of(known, sample, table=False)))
    return best(candidates, entries, chosen)


def _candidates(
    chosen: Sequence[Sample], everyone: Sequence[Sample], wanted: Wanted
) -> Iterator[Pieces]:
    """Yields three versions of each chosen entry, which keep what nearly all, half, or the nearest entries share."""
    parts = [sample.text.split("\n") for sample in chosen]
    shares = [shared_by(parts, share) for share in _SHARES]
    if len(parts) > _NEAREST:
        nearest = shared_by(parts[:_NEAREST], NEARLY_ALL)
        shares.append(frozenset(unit for unit in nearest if not is_badge(unit)) | shares[0])
    for shared in dict.fromkeys(shares):
        for sample in chosen:
            text = _reduced(sample, chosen, everyone, wanted, shared)
            if text is not None:
                yield tuple(pieces_of(text, sample, table=False))


def _reduced(
    sample: Sample,
    chosen: Sequence[Sample],
    everyone: Sequence[Sample],
    wanted: Wanted,
    shared: frozenset[str],
) -> str | None:
    """The sample reduced to its slots and the text that is shared; None if its first line can't be written."""
    first, *further = sample.text.split("\n")
    if MARK.search(first):
        top: str | None = _fact_line(first, sample, wanted, shared)
    else:
        top = _other_line(first, chosen, everyone, wanted)
    if top is None:
        return None
    lines = [top]
    for line in further:
        if MARK.search(line) and not _is_prose(line, sample):
            known = _fact_line(line, sample, wanted, shared)
            is_known = MARK.search(known) and not _names_by_chance(line, sample, everyone)
            kept = known if is_known else _open_line(line, everyone, wanted)
        else:
            kept = _other_line(line, chosen, everyone, wanted)
        lines += [] if kept is None else [kept]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip("\n")


def _fact_line(line: str, sample: Sample, wanted: Wanted, shared: frozenset[str]) -> str:
    """A line with slots, reduced to the slots and the text that is shared."""
    known = without_unknown(line, sample, wanted)
    return reduce(known, shared, sample.marks(Slot.DATE), own_address(sample.text, sample))


def _is_prose(line: str, sample: Sample) -> bool:
    """Whether a line is a free description of the paper, so that any fact in it is there by chance."""
    if set(line) & set(sample.marks(Slot.ID, Slot.TITLE, Slot.REST)):
        return False
    words = re.findall(r"[^\W\d_]+", MARK.sub(" ", _NOT_WORDS.sub(" ", line)))
    return len(words) > _PROSE


def _other_line(
    line: str, chosen: Sequence[Sample], everyone: Sequence[Sample], wanted: Wanted
) -> str | None:
    """A line without slots: unchanged if shared, else without its value (see `_open_line`)."""
    if not line.strip():
        return ""
    having = sum(line in other.text.split("\n") for other in chosen)
    if NO_FACT not in line and having >= quorum(len(chosen), NEARLY_ALL):
        return line
    return _open_line(line, everyone, wanted)


def _open_line(line: str, everyone: Sequence[Sample], wanted: Wanted) -> str | None:
    """A line's label with the list's word for "unknown"; None if the line has no label, or the list no such word.

    The word is `TODO` if that is wanted and nearly all entries fill the line.
    """
    label = _LABEL.match(line)
    if wanted.todo and label and _name(label) in _usual_labels(everyone):
        return f"{label[1]} TODO"
    lines = (theirs for other in everyone for theirs in other.text.split("\n"))
    open_lines = (theirs.rstrip() for theirs in lines if label and _leaves_open(theirs, label[1]))
    return next(open_lines, None)


def _names_by_chance(line: str, sample: Sample, everyone: Sequence[Sample]) -> bool:
    """Whether a labelled line's only fact is the paper's name, beside words that differ from entry to entry.

    An example is a line of keywords, one of which is the name. The other keywords of a new paper are unknown.
    """
    label = _LABEL.match(line)
    if label is None or not set(MARK.findall(line)) <= set(sample.marks(Slot.NAME)):
        return False
    values = Counter(
        MARK.sub("", found[2])
        for other in everyone
        for theirs in other.text.split("\n")
        if (found := _LABEL.match(theirs)) and found[1] == label[1] and MARK.search(found[2])
    )
    return max(values.values()) < NEARLY_ALL * values.total()


def _leaves_open(line: str, label: str) -> bool:
    """Whether a line has this label and the list's sign for "unknown"."""
    found = _LABEL.match(line)
    return found is not None and found[1] == label and UNKNOWN.fullmatch(found[2]) is not None


def open_labels(form: str, samples: Sequence[Sample]) -> tuple[str, ...]:
    """Returns the labels that nearly all samples fill and the form leaves open; a maintainer must fill them in."""
    written = _given_labels(form)
    return tuple(label for label in _usual_labels(samples) if label not in written)


def _usual_labels(samples: Sequence[Sample]) -> list[str]:
    """The labels that nearly all samples fill."""
    given = Counter(label for sample in samples for label in _given_labels(sample.text))
    least = quorum(len(samples), NEARLY_ALL)
    return [label for label, n in given.items() if n >= least]


def _given_labels(text: str) -> dict[str, None]:
    """The labels of an entry that have a value, without duplicates."""
    found = filter(None, map(_LABEL.match, text.split("\n")))
    return {_name(label): None for label in found if not UNKNOWN.fullmatch(label[2])}


def _name(label: re.Match[str]) -> str:
    """The words of a labelled line's label."""
    return re.sub(r"^\W+|[\W_]+$", "", label[1]).lstrip("_")
