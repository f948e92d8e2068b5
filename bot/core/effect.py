"""How a feature of a paper moved its score. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ScoreFeature(Enum):
    """The features that the ranker's score adds up; the value is the name in the JSON."""

    PHRASES = "phrases"
    """The topics' phrases."""
    WORDS = "words"
    """How much more frequent its words are in the list than elsewhere."""
    SUBJECT = "subject"
    """How close the meaning of its words is to that of the list's words."""
    ENTRIES = "entries"
    """How many words it shares with the nearest entries."""
    AUTHORS = "authors"
    """Its authors' papers in the list."""
    TEAM = "team"
    """How many authors it has."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a feature adds to the log odds of a paper, compared with an ordinary background paper."""

    feature: ScoreFeature
    log_odds: float
