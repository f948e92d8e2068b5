"""Formats one paper's decision for `explain`, and the maintainers' answers for `decisions`. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.core.arxiv_id import ArxivId
from bot.core.escaping import printable
from bot.core.model import Candidate, Decision, Reason
from bot.relevance.judge.wording import judge_lines
from bot.relevance.screening import Known
from bot.reports.wording import effect_texts, plain, quotation

_ANSWERS = frozenset({Reason.DECLINED, Reason.PASSED_OVER, Reason.SNOOZED, Reason.NOTED})
"""The reasons that `arxiv-bot decisions` lists: a maintainer's answers, and papers that no pull request asks about."""


def answered(known: Mapping[ArxivId, Known]) -> list[tuple[ArxivId, Known]]:
    """Returns the papers that were declined, snoozed or only noted, in the order of their ids."""
    found = [(paper, answer) for paper, answer in known.items() if answer.reason in _ANSWERS]
    return sorted(found, key=lambda pair: pair[0].order)


def render_answers(known: Mapping[ArxivId, Known]) -> str:
    """Lists the papers that were declined, snoozed or only noted, one per line, with the pull request."""
    lines = (
        f"{paper!s:16} {answer.reason.value}: {answer.detail}\n"
        for paper, answer in answered(known)
    )
    return "".join(lines) or "nothing was declined, snoozed or noted\n"


def render_decision(decision: Decision, changes: Sequence[str]) -> str:
    """Shows one paper's decision, the reasons for it, and what would change it."""
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
    lines += [f"judge     {line}" for line in judge_lines(candidate)]
    lines += [f"{side:9} {text}" for side, texts in effect_texts(candidate) for text in texts]
    lines += [*_phrases(decision), *_words(candidate), *_similar_entries(decision)]
    lines += [f"change    {change}" for change in changes]
    return printable("\n".join(lines), newlines=True)


def _phrases(decision: Decision) -> Iterator[str]:
    """Lists the matching phrases with their fields, the best sentence of the abstract, and the excludes that match."""
    evidence = decision.candidate.evidence
    places = {(match.topic, match.phrase, match.field.value): None for match in evidence.matches}
    for topic, phrase, field in places:
        yield f"for       {topic}: {phrase!r} in the {field}"
    if sentence := quotation(decision):
        yield f"          {sentence}"
    for match in evidence.excluded:
        yield f"against   {match.topic} excludes {match.phrase!r}, in the {match.field.value}"


def _words(candidate: Candidate) -> Iterator[str]:
    """Lists the words that raised or lowered the learned score."""
    sides = (("for", candidate.speaks_for), ("against", candidate.speaks_against))
    return (f"words     {side}: {', '.join(words)}" for side, words in sides if words)


def _similar_entries(decision: Decision) -> Iterator[str]:
    """Lists the entries with a similar title, and the entries on a similar subject."""
    for near in decision.looks_like:
        yield f"like      {near.where}: {near.title}"
    for near in decision.candidate.nearest:
        yield f"near      {near.where}: {near.title} ({near.similarity:.2f})"
