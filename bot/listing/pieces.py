"""Represents a form as pieces (literal text, and slots for facts), and picks the form that fits best."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from bot.listing.fields import Slot
from bot.listing.samples import MARK, Sample

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_NEWEST = 3.0
_WRONG, _MISSING = 2, 1
"""The cost of a token that only the form has, and of one that only the entry has, because omitting does less harm."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a form: literal text, or a slot whose `text` says how to write it ("html", "table", a date format)."""

    text: str
    slot: Slot | None = None


Pieces = tuple[Piece, ...]


def pieces_of(text: str, sample: Sample, *, table: bool) -> Iterator[Piece]:
    """Splits a text with a sample's marks into pieces."""
    for part in re.split("([\ue000-\uf0ff])", text):
        if MARK.match(part):
            span = sample.span(part)
            yield Piece(span.how or ("table" if table else ""), span.slot)
        elif part:
            yield Piece(part)


def merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Merges neighbouring pieces of literal text."""
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
    """Splits a form into words, punctuation and slots; months with and without a leading zero are the same slot."""
    found: list[str] = []
    for piece in pieces:
        if piece.slot is None:
            found += _TOKEN.findall(piece.text)
        else:
            found.append(f"{piece.slot.name} {piece.text.replace('%-m', '%m')}")
    return tuple(found)


def cost(form: Tokens, entries: Sequence[Tokens], weights: Sequence[float]) -> float:
    """Returns how far the form is from reproducing the entries, each given as tokens with its facts as slots."""
    total = 0.0
    for entry, weight in zip(entries, weights, strict=True):
        common = LCSseq.similarity(form, entry)
        total += weight * (_WRONG * (len(form) - common) + _MISSING * (len(entry) - common))
    return total


def best(
    candidates: Sequence[Pieces], entries: Sequence[Tokens], samples: Sequence[Sample]
) -> Pieces:
    """Returns the candidate that reproduces the entries (one of each sample) best; the first one if several are equal.

    A curator's form changes with time, so the entries of newer papers count more.
    """
    weights = _weights(samples)
    costs: dict[Pieces, float] = {}
    for candidate in candidates:
        if candidate not in costs:
            costs[candidate] = cost(tokens_of(candidate), entries, weights)
    return min(costs, key=lambda candidate: costs[candidate])


def _weights(samples: Sequence[Sample]) -> list[float]:
    """The weights of samples: from 1 for the oldest paper to `_NEWEST` for the newest, by their ids."""
    ids = [max(sample.given(Slot.ID), default="") for sample in samples]
    # Ids from before 2007 count as the oldest.
    ids = ["" if "/" in paper_id else paper_id for paper_id in ids]
    ranks = {paper_id: rank for rank, paper_id in enumerate(sorted(set(ids)))}
    return [1 + (_NEWEST - 1) * ranks[paper_id] / max(1, len(ranks) - 1) for paper_id in ids]
