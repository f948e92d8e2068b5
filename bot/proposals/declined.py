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

# An item of a batch's text as `bot.proposals.body` writes it: the box, the id, and the title as a link in bold; once a
# declined paper is taken out, the id as a link and the title behind it.
_ITEM = re.compile(
    r"^- \[[ xX]\] <!-- (?P<id>\S{1,40}) --> "
    r"(?:\*\*\[(?P<bold>.{1,1000}?)\]\(https://[^\s()]{1,100}\)\*\*"
    r"|\[[^\[\]\s]{1,40}\]\(https://[^\s()]{1,100}\) (?P<plain>.{1,1000}))",
    re.MULTILINE,
)


def proposed_titles(pulls: Iterable[Pull]) -> dict[ArxivId, str]:
    """The titles that the texts of batches of papers have, as far as they name papers."""
    found = {}
    for pull in pulls:
        for item in _ITEM.finditer(pull.body) if pull.marker else ():
            with suppress(ValueError):
                found[ArxivId.parse(item["id"])] = titles.plain(item["bold"] or item["plain"])
    return found


def declined_titles(known: Mapping[ArxivId, Known], pulls: Iterable[Pull]) -> dict[ArxivId, str]:
    """The declined papers with their titles; "" where no text has the title."""
    found = proposed_titles(pulls)
    return {
        paper_id: found.get(paper_id, "")
        for paper_id, before in known.items()
        if before.reason is Reason.DECLINED
    }
