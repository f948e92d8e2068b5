"""A form as pieces: literal text, and slots for the facts of a paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from bot.listing.fields import Slot
from bot.listing.samples import MARK, Sample

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_PREPRINT = re.compile(r"(?<!//)(?:arxiv(?!\.org)|preprint)", re.IGNORECASE)
_NEWEST = 3.0
_WRONG, _MISSING = 2, 1
"""What a token costs that a form has and an entry has not, and the other way round: leaving out is the lesser harm."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a form: literal text, or a slot whose `text` says how ("html", "table", a date's format)."""

    text: str
    slot: Slot | None = None


Pieces = tuple[Piece, ...]


def pieces_of(text: str, sample: Sample, *, table: bool) -> Iterator[Piece]:
    """A text with a sample's marks, as pieces."""
    for part in re.split("([\ue000-\uf0ff])", text):
        if MARK.match(part):
            span = sample.span(part)
            yield Piece(span.how or ("table" if table else ""), span.slot)
        elif part:
            yield Piece(part)


def merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces with neighbouring texts as one."""
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


Tokens = tuple[str, ...]


def tokens_of(pieces: Iterable[Piece]) -> Tokens:
    """The words, marks and slots that a form consists of; a month without its zero is the same slot as one with it."""
    found: list[str] = []
    for piece in pieces:
        if piece.slot is None:
            found += _TOKEN.findall(piece.text)
        else:
            found.append(f"{piece.slot.name} {piece.text.replace('%-m', '%m')}")
    return tuple(found)


def cost(form: Tokens, entries: Sequence[Tokens], weights: Sequence[float]) -> float:
    """How far the form is from giving back entries, each as tokens with its own facts as slots."""
    total = 0.0
    for entry, weight in zip(entries, weights, strict=True):
        common = LCSseq.similarity(form, entry)
        total += weight * (_WRONG * (len(form) - common) + _MISSING * (len(entry) - common))
    return total


def best(
    candidates: Sequence[Pieces], entries: Sequence[Tokens], samples: Sequence[Sample]
) -> Pieces:
    """The candidate that gives the entries (each of a sample) back most exactly; of equals the first.

    A curator's form changes with time: the newest papers' entries count more. Where a candidate says that a paper is
    a preprint, those that don't are left out: every paper of arXiv is one.
    """
    preprints = [candidate for candidate in candidates if _says_preprint(candidate)]
    weights = _weights(samples)
    costs: dict[Pieces, float] = {}
    for candidate in preprints or candidates:
        if candidate not in costs:
            costs[candidate] = cost(tokens_of(candidate), entries, weights)
    return min(costs, key=lambda candidate: costs[candidate])


def _weights(samples: Sequence[Sample]) -> list[float]:
    """1 for the entry of the oldest paper, up to `_NEWEST` for that of the newest, by their ids."""
    ids = [max(sample.given(Slot.ID), default="") for sample in samples]
    ids = ["" if "/" in paper_id else paper_id for paper_id in ids]  # of before 2007
    ranks = {paper_id: rank for rank, paper_id in enumerate(sorted(set(ids)))}
    return [1 + (_NEWEST - 1) * ranks[paper_id] / max(1, len(ranks) - 1) for paper_id in ids]


def _says_preprint(candidate: Pieces) -> bool:
    text = "".join(piece.text for piece in candidate if piece.slot is None)
    return _PREPRINT.search(text) is not None
