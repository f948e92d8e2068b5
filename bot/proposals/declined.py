"""Gathers training data from the list, people's answers, and the titles of papers in the texts of pull requests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.model import Harvest, Paper, Reason
from bot.listing.paper_list import ListFiles
from bot.proposals.model import Pull
from bot.relevance.scoring import TrainingData
from bot.relevance.screening import Known

# A line of a batch's text as `bot.proposals.body` writes it: the box, the id, and the title as a link in bold.
# The line of a paper that was removed may instead have the id as a link, followed by the title.
_ITEM = re.compile(
    r"^- \[[ xX]\] <!-- (?P<id>\S{1,40}) --> "
    r"(?:\*\*\[(?P<bold>.{1,1000}?)\]\(https://[^\s()]{1,100}\)\*\*"
    r"|\[[^\[\]\s]{1,40}\]\(https://[^\s()]{1,100}\) (?P<plain>.{1,1000}))",
    re.MULTILINE,
)


def training_data(
    papers: ListFiles,
    known: Mapping[ArxivId, Known],
    pulls: Sequence[Pull],
    harvests: Sequence[Harvest],
    background: Sequence[Paper],
) -> TrainingData:
    """Builds the training data from the list, people's answers and the papers of this run; see `TrainingData.of`."""
    declined, passed_over = (
        declined_titles(known, pulls, reason) for reason in (Reason.DECLINED, Reason.PASSED_OVER)
    )
    return TrainingData.of(papers, declined, harvests, background, passed_over)


def proposed_titles(pulls: Iterable[Pull]) -> dict[ArxivId, str]:
    """The titles of papers in the texts of the batches that proposed them."""
    found = {}
    for pull in pulls:
        for item in _ITEM.finditer(pull.body) if pull.marker else ():
            with suppress(ValueError):
                found[ArxivId.parse(item["id"])] = titles.plain(item["bold"] or item["plain"])
    return found


def declined_titles(
    known: Mapping[ArxivId, Known], pulls: Iterable[Pull], reason: Reason = Reason.DECLINED
) -> dict[ArxivId, str]:
    """The papers that were declined, or answered with another reason, with their titles; "" if no text has it."""
    found = proposed_titles(pulls)
    return {
        paper_id: found.get(paper_id, "")
        for paper_id, before in known.items()
        if before.reason is reason
    }
