"""The form of entries that are lines: bullets, numbered items, headings, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
from bot.listing.pieces import Pieces, best, pieces_of, tokens_of
from bot.listing.samples import MARK, Sample, Wanted

_LABEL = re.compile(r"^(\s*[-*+]\s+[*_]*[A-Z][\w() /-]{1,30}?[*_]*:[*_]*)\s*(.*?)\s*$")
UNKNOWN = re.compile(r"(?:[-–—]{1,3}|/|N/?A|TBD|None|\?|❌|⚠️|✗|)", re.IGNORECASE)
"""A blank value, or one of the signs by which lists say "unknown"."""
_SHARES = (NEARLY_ALL, HALF)
_PROSE = 10  # words of a line beside its facts from which it is a description
_NOT_WORDS = re.compile(r"https?://\S+|<[^<>]*>|!?\[|\]\([^()]*\)")
_NEAREST = 5


def learn_lines(chosen: Sequence[Sample], everyone: Sequence[Sample], wanted: Wanted) -> Pieces:
    """The form that gives the chosen entries back most exactly; empty where their first line can't be written.

    Args:
        chosen: entries of the wanted kind, nearest first.
        everyone: all entries of the list's form around them.
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
    return best(candidates, entries)


def _candidates(
    chosen: Sequence[Sample], everyone: Sequence[Sample], wanted: Wanted
) -> Iterator[Pieces]:
    """Each chosen entry less what it does not share: with nearly all of them, with half, with the nearest."""
    parts = [sample.text.split("\n") for sample in chosen]
    shares = [shared_by(parts, share) for share in _SHARES]
    if len(parts) > _NEAREST:
        shares.append(shared_by(parts[:_NEAREST], NEARLY_ALL))
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
    """The sample's lines with slots reduced to what is shared, its other lines if they are; None without its first."""
    lines = []
    for number, line in enumerate(sample.text.split("\n")):
        if MARK.search(line) and not (number and _is_prose(line, sample)):
            known = without_unknown(line, sample, wanted)
            kept: str | None = reduce(
                known, shared, sample.marks(Slot.DATE), own_address(sample.text, sample)
            )
            if number and kept is not None and not MARK.search(kept):
                continue
        else:
            kept = _other_line(line, chosen, everyone) if line.strip() else ""
        if kept is None:
            if not number:
                return None
            continue
        lines.append(kept)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip("\n")


def _is_prose(line: str, sample: Sample) -> bool:
    """Whether a line describes the paper in words of its own: a fact in it, its link aside, is there by chance."""
    if set(line) & set(sample.marks(Slot.ID, Slot.TITLE, Slot.REST)):
        return False
    words = re.findall(r"[^\W\d_]+", MARK.sub(" ", _NOT_WORDS.sub(" ", line)))
    return len(words) > _PROSE


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


def open_labels(form: str, samples: Sequence[Sample]) -> tuple[str, ...]:
    """The labels that nearly all samples give a value and the form does not: a maintainer's to fill in."""
    given: dict[str, int] = {}
    for sample in samples:
        found = {
            match[1].strip(" -*+_:\t")
            for line in sample.text.split("\n")
            if (match := _LABEL.match(line)) and not UNKNOWN.fullmatch(match[2])
        }
        for label in found:
            given[label] = given.get(label, 0) + 1
    written = {
        match[1].strip(" -*+_:\t")
        for line in form.split("\n")
        if (match := _LABEL.match(line)) and not UNKNOWN.fullmatch(match[2])
    }
    least = quorum(len(samples), NEARLY_ALL)
    return tuple(label for label, n in given.items() if n >= least and label not in written)
