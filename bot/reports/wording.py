"""What every report says of a run, in the same words wherever it is shown. Pure."""

from __future__ import annotations

from collections import Counter

from bot.core import titles
from bot.core.english import count
from bot.core.escaping import printable
from bot.core.model import Coverage, Decision, Evidence, Field, Match, Reason, RunReport, Verdict
from bot.relevance.phrases import describe, passage

UNTOLD = frozenset({Reason.NO_PHRASE})
"""The bulk of a day's announcements: counted, and named only where there is room for thousands."""


def headline(report: RunReport) -> str:
    """The run in one sentence. "Nothing new" is said only when everything asked for was read."""
    if report.proposed:
        sentence = f"{count(len(report.proposed), 'paper')} proposed"
    elif report.covered:
        sentence = "nothing new"
    else:
        sentence = "nothing proposed, but not everything could be read"
    if report.held:
        sentence += f", {len(report.held)} held back"
    return sentence


def counts(report: RunReport) -> dict[str, int]:
    """How many papers were decided in which way: reasons by their texts, the most frequent first."""
    found = Counter(decision.reason.value for decision in report.decisions)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def left_out(report: RunReport) -> tuple[Decision, ...]:
    """The rejected papers worth naming: all but those that no phrase matches."""
    return tuple(
        one
        for one in report.decisions
        if one.verdict is Verdict.REJECT and one.reason not in UNTOLD
    )


def snippet(match: Match, decision: Decision) -> str:
    """The matched words as they stand in the paper, with some of what is around them."""
    before, words, after = passage(match, decision.candidate.paper)
    return f"{before}»{words}«{after}"


def coverage_text(coverage: Coverage) -> str:
    """One source's statement in a sentence: what was read, of how many, and what was not."""
    of = "" if coverage.matched is None else f" of {coverage.matched:,}"
    text = f"{coverage.source}: read {coverage.read:,}{of} from {coverage.of}"
    if coverage.requests:
        text += f" in {count(coverage.requests, 'request')}"
    if coverage.window:
        text += f", {coverage.days}"
    if coverage.note:
        text += f"; {coverage.note}"
    if coverage.capped:
        text += f"; not all of it: {coverage.capped}"
    if coverage.failure:
        text += f"; failed: {coverage.failure}"
    return text


def why(decision: Decision) -> list[str]:
    """What speaks for and against a paper, a line each: the reason first."""
    evidence = decision.candidate.evidence
    lines: list[str] = []
    if decision.verdict is not Verdict.PROPOSE or decision.reason is Reason.ASKED:
        detail = f" ({printable(decision.detail)})" if decision.detail else ""
        lines.append(f"{decision.reason.value}{detail}")
    elif decision.detail:
        lines.append(printable(decision.detail))
    if decision.kinds:
        lines.append(f"kind: {', '.join(kind.value for kind in decision.kinds)}")
    if decision.reason is Reason.ALIKE:
        words = ", ".join(decision.candidate.speaks_for)
        lines.append(f"no phrase of a topic{f', but {words}' if words else ''}")
        lines += [
            f"near to line {near.line}: {plain(near.title)}"
            for near in decision.candidate.nearest[:1]
        ]
    if evidence.matches:
        lines.append(describe(evidence))
    if decision.verdict is Verdict.PROPOSE and evidence.matches:
        lines.append(printable(titles.plain(snippet(_telling(evidence), decision))))
    if decision.sections[1:]:
        others = " or ".join(decision.sections[1:])
        lines.append(printable(f"goes to {decision.sections[0]}, or to {others}"))
    lines += [f"looks like line {near.line}: {plain(near.title)}" for near in decision.looks_like]
    return lines


def _telling(evidence: Evidence) -> Match:
    """The match to show with what is around it: one in the abstract, as the title can be seen anyway."""
    in_abstract = (one for one in evidence.matches if one.field is Field.ABSTRACT)
    return next(in_abstract, evidence.matches[0])


def plain(text: str) -> str:
    """Text of arXiv or of the list as a reader wants it: without markup, and without what controls a terminal."""
    return printable(titles.plain(text))
