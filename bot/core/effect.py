"""How a feature of a paper moved its score. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ScoreFeature(Enum):
    """What the ranker's score is made of; the value is the name in the JSON."""

    PHRASES = "phrases"
    """The topics' phrases."""
    WORDS = "words"
    """How much more frequent its words are in the list than elsewhere."""
    SUBJECT = "subject"
    """The meaning of its words, compared with that of the list's."""
    ENTRIES = "entries"
    """How many words it shares with the nearest entries."""
    AUTHORS = "authors"
    """Its authors' papers in the list."""
    TEAM = "team"
    """How many authors it has."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a feature adds to the log odds of a paper, compared with an ordinary paper of the stream."""

    feature: ScoreFeature
    log_odds: float
