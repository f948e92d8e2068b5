"""One paper's decision, and what maintainers answered, for a person who asks. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.escaping import printable
from bot.core.model import Candidate, Decision, Reason
from bot.relevance.screening import Known
from bot.reports.wording import plain, snippet

ANSWERS = frozenset({Reason.DECLINED, Reason.SNOOZED})
"""The reasons that are a maintainer's answer."""


def render_answers(known: Mapping[ArxivId, Known]) -> str:
    """What maintainers answered: a line a paper, declined or put off, and where."""
    found = [(paper, one) for paper, one in known.items() if one.reason in ANSWERS]
    if not found:
        return "nothing was declined or put off\n"
    ordered = sorted(found, key=lambda pair: pair[0].order)
    return "".join(f"{paper!s:16} {one.reason.value}: {one.detail}\n" for paper, one in ordered)


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
    first = {
        (one.topic, one.phrase, one.field): one for one in reversed(candidate.evidence.matches)
    }
    for match in reversed(first.values()):
        lines.append(f"for       {match.topic}: {match.phrase!r} in the {match.field.value}")
        lines.append(f"          {titles.plain(snippet(match, decision))}")
    lines += [
        f"against   {match.topic} excludes {match.phrase!r}, in the {match.field.value}"
        for match in candidate.evidence.excluded
    ]
    lines += _words(candidate)
    lines += [f"like      line {near.line}: {near.title}" for near in decision.looks_like]
    lines += [
        f"near      line {near.line}: {near.title} ({near.similarity:.2f})"
        for near in candidate.nearest
    ]
    lines += [f"change    {one}" for one in changes]
    return printable("\n".join(lines), newlines=True)


def _words(candidate: Candidate) -> list[str]:
    """The words that the learned score rests on, as far as it has any."""
    sides = (("for", candidate.speaks_for), ("against", candidate.speaks_against))
    return [f"words     {side}: {', '.join(words)}" for side, words in sides if words]
