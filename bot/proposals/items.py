"""Identifies the items of batches: a paper, or a change to one fact of a listed paper's entry."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from bot.core import titles
from bot.core.arxiv_id import ArxivId

_FORM = re.compile(r"(?P<paper>\S{1,24})/(?P<fact>[a-z]{1,12})/(?P<digest>[0-9a-f]{8})")


class Fact(Enum):
    """The fact that a change is about; the value is its word in texts, the order is that of facts in an entry."""

    WITHDRAWAL = "withdrawal"
    TITLE = "title"
    AUTHORS = "authors"
    VENUE = "venue"
    DOI = "doi"
    ABSTRACT = "abstract"


@dataclass(frozen=True, slots=True)
class ChangeId:
    """The identity of a change: paper, fact, and a hash of the new value. A different value is a different change."""

    paper: ArxivId
    fact: Fact
    digest: str

    def __str__(self) -> str:
        return f"{self.paper}/{self.fact.value}/{self.digest}"

    @classmethod
    def of(cls, paper: ArxivId, fact: Fact, value: str) -> ChangeId:
        """Returns the identity of a change to this value, whatever its markup and spacing."""
        key = titles.key(value).encode("utf-8", "surrogatepass")
        return cls(paper, fact, hashlib.sha256(key).hexdigest()[:8])

    @classmethod
    def parse(cls, text: str) -> ChangeId:
        """Reads an identity as `str` writes it.

        Raises:
            ValueError: the text has another form.
        """
        if not (match := _FORM.fullmatch(text)):
            raise ValueError(f"not a change: {text!r}")
        return cls(ArxivId.parse(match["paper"]), Fact(match["fact"]), match["digest"])


AnyItem = ArxivId | ChangeId
Item = TypeVar("Item", bound=AnyItem, covariant=True)  # noqa: PLC0105 (functions use it too)
"""What a person decides on one by one: papers to add or remove, or changes to the entries of listed papers."""


def papers_among(items: Iterable[AnyItem]) -> tuple[ArxivId, ...]:
    """The papers that the items are about, each once."""
    found = (item if isinstance(item, ArxivId) else item.paper for item in items)
    return tuple(dict.fromkeys(found))
