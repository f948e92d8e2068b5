"""Finds the titles of declined papers in the texts of the pull requests that proposed them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.model import Reason
from bot.proposals.model import Pull
from bot.relevance.screening import Known

# A line of a batch's text as `bot.proposals.body` writes it: the box, the id, and the title as a link in bold.
# The line of a paper that was taken out may instead have the id as a link, followed by the title.
_ITEM = re.compile(
    r"^- \[[ xX]\] <!-- (?P<id>\S{1,40}) --> "
    r"(?:\*\*\[(?P<bold>.{1,1000}?)\]\(https://[^\s()]{1,100}\)\*\*"
    r"|\[[^\[\]\s]{1,40}\]\(https://[^\s()]{1,100}\) (?P<plain>.{1,1000}))",
    re.MULTILINE,
)


def proposed_titles(pulls: Iterable[Pull]) -> dict[ArxivId, str]:
    """The titles of papers in the texts of the batches that proposed them."""
    found = {}
    for pull in pulls:
        for item in _ITEM.finditer(pull.body) if pull.marker else ():
            with suppress(ValueError):
                found[ArxivId.parse(item["id"])] = titles.plain(item["bold"] or item["plain"])
    return found


def declined_titles(known: Mapping[ArxivId, Known], pulls: Iterable[Pull]) -> dict[ArxivId, str]:
    """The declined papers with their titles; "" if no text contains the title."""
    found = proposed_titles(pulls)
    return {
        paper_id: found.get(paper_id, "")
        for paper_id, before in known.items()
        if before.reason is Reason.DECLINED
    }
