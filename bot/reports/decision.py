"""One paper's decision, and what maintainers answered, for a person who asks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.core.arxiv_id import ArxivId
from bot.core.escaping import printable
from bot.core.model import Candidate, Decision, Reason
from bot.relevance.screening import Known
from bot.reports.wording import plain, quotation

ANSWERS = frozenset({Reason.DECLINED, Reason.PASSED_OVER, Reason.SNOOZED})
"""The reasons that are a maintainer's answer."""


def render_answers(known: Mapping[ArxivId, Known]) -> str:
    """What maintainers answered: a line a paper, declined or put off, and where."""
    ordered = sorted(known.items(), key=lambda item: item[0].order)
    lines = [
        f"{paper!s:16} {answer.reason.value}: {answer.detail}\n"
        for paper, answer in ordered
        if answer.reason in ANSWERS
    ]
    return "".join(lines) or "nothing was declined or put off\n"


def render_decision(decision: Decision, changes: Sequence[str]) -> str:
    """One paper's decision for a person who asks why, and what would change it."""
    candidate, paper = decision.candidate, decision.candidate.paper
    detail = f" ({decision.detail})" if decision.detail else ""
    lines = [
        f"{plain(paper.title)}",
        f"{paper.id.url}  {', '.join(paper.categories)}",
        "",
        f"decision  {decision.verdict.value}: {decision.reason.value}{detail}",
        f"score     {candidate.score:.2f}",
    ]
    lines += [f"kind      {kind.value}" for kind in decision.kinds]
    lines += [*_phrases(decision), *_words(candidate), *_alike(decision)]
    lines += [f"change    {change}" for change in changes]
    return printable("\n".join(lines), newlines=True)


def _phrases(decision: Decision) -> Iterator[str]:
    """The phrases for the paper, each with the fields it is in, the sentence that says most, and those against."""
    evidence = decision.candidate.evidence
    places = {(match.topic, match.phrase, match.field.value): None for match in evidence.matches}
    for topic, phrase, field in places:
        yield f"for       {topic}: {phrase!r} in the {field}"
    if sentence := quotation(decision):
        yield f"          {sentence}"
    for match in evidence.excluded:
        yield f"against   {match.topic} excludes {match.phrase!r}, in the {match.field.value}"


def _words(candidate: Candidate) -> Iterator[str]:
    """The words that the learned score rests on, as far as it has any."""
    sides = (("for", candidate.speaks_for), ("against", candidate.speaks_against))
    return (f"words     {side}: {', '.join(words)}" for side, words in sides if words)


def _alike(decision: Decision) -> Iterator[str]:
    """The entries with such a title, and those with such a subject."""
    for near in decision.looks_like:
        yield f"like      line {near.line}: {near.title}"
    for near in decision.candidate.nearest:
        yield f"near      line {near.line}: {near.title} ({near.similarity:.2f})"
