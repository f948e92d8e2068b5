"""Makes values for tests: everything has a default, a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.core.arxiv_id import ArxivId
from bot.core.model import Candidate, Decision, Evidence, Field, Match, Paper, Reason, Verdict
from bot.listing.paper_list import ListFiles, PaperList

NOW = datetime(2025, 10, 20, 6, 23, tzinfo=UTC)

_PAPER = Paper(
    id=ArxivId("2510.00001"),
    title="A Paper about Rewards",
    abstract="We reward.",
    authors=("Ada Lovelace", "Alan Turing"),
    categories=("cs.CL", "cs.LG"),
    submitted=datetime(2025, 10, 16, 12, 0, tzinfo=UTC),
    announced=date(2025, 10, 17),
)


def list_of_one_file(content: bytes, heading: str = "") -> ListFiles:
    return ListFiles.of({"": PaperList.parse(content, heading)})


def paper(**changes: Any) -> Paper:
    if isinstance(changes.get("id"), str):
        changes["id"] = ArxivId(changes["id"])
    return replace(_PAPER, **changes)


def candidate(
    item: Paper | None = None, *, score: float = 0.8, phrase: str = "reward"
) -> Candidate:
    item = item or paper()
    start = max(item.title.casefold().find(phrase.casefold()), 0)
    match = Match("topic", phrase, Field.TITLE, start, start + len(phrase))
    return Candidate(item, Evidence((match,)), score)


def decision(
    item: Paper | None = None,
    *,
    verdict: Verdict = Verdict.PROPOSE,
    reason: Reason = Reason.RELEVANT,
    score: float = 0.8,
    detail: str = "",
) -> Decision:
    return Decision(candidate(item, score=score), verdict, reason, detail)
