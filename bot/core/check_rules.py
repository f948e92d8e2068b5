"""The rules of `arxiv-bot check`, the most serious first; the configuration can switch a rule off by its name."""

from __future__ import annotations

from enum import Enum


class CheckRule(Enum):
    """A kind of mistake in a list; the value is the rule's name in reports, configurations and comments."""

    OTHER_PAPER = "other-paper"
    TWO_TITLES = "two-titles"
    TWO_IDS = "two-ids"
    MALFORMED = "malformed-id"
    NO_LINK = "no-link"
    REPEATED = "repeated"
    YEAR = "year"
    ORDER = "order"
    VERSION = "version"
    PDF = "pdf"
    HTTP = "http"
