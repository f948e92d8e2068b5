"""What a change to a listed paper's entry is known by: the paper, which fact of it changes, and to what."""

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
    """What of an entry changes; the value is the word for it, the order that in which entries have them."""

    WITHDRAWAL = "withdrawal"
    TITLE = "title"
    AUTHORS = "authors"
    VENUE = "venue"
    DOI = "doi"
    ABSTRACT = "abstract"


@dataclass(frozen=True, slots=True)
class ChangeId:
    """The identity of a change: another value of the same fact is another change."""

    paper: ArxivId
    fact: Fact
    digest: str

    def __str__(self) -> str:
        return f"{self.paper}/{self.fact.value}/{self.digest}"

    @classmethod
    def of(cls, paper: ArxivId, fact: Fact, value: str) -> ChangeId:
        """The identity of a change to this value; its notation and spacing do not count."""
        key = titles.key(value).encode("utf-8", "surrogatepass")
        return cls(paper, fact, hashlib.sha256(key).hexdigest()[:8])

    @classmethod
    def parse(cls, text: str) -> ChangeId:
        """The inverse of `str`.

        Raises:
            ValueError: it is no such identity.
        """
        if not (match := _FORM.fullmatch(text)):
            raise ValueError(f"not a change: {text!r}")
        return cls(ArxivId.parse(match["paper"]), Fact(match["fact"]), match["digest"])


AnyItem = ArxivId | ChangeId
Item = TypeVar("Item", bound=AnyItem, covariant=True)  # noqa: PLC0105 (it stands in functions too)
"""What a batch holds and a person decides on one by one: papers to add, or changes to the entries of listed ones."""


def papers_among(items: Iterable[AnyItem]) -> tuple[ArxivId, ...]:
    """The papers that items are, or are about."""
    found = (item if isinstance(item, ArxivId) else item.paper for item in items)
    return tuple(dict.fromkeys(found))
