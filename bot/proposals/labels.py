"""The labels by which a maintainer controls the bot's pull requests; GitHub decides who may set labels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A label as GitHub shows it: its name, what it means, and its colour (six hexadecimal digits)."""

    name: str
    meaning: str
    colour: str


HOLD = Label("arxiv-bot:hold", "The bot leaves this pull request alone", "d4c5f9")
LATER = Label("arxiv-bot:later", "Closed for now: the bot asks again in 30 days", "fef2c0")
REBUILD = Label(
    "arxiv-bot:rebuild", "The bot rewrites this; edits on the branch are lost", "f9d0c4"
)
STEERING = (HOLD, LATER, REBUILD)
