"""What every report says of a run, in the same words wherever it is shown. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.core import titles
from bot.core.english import count
from bot.core.escaping import printable
from bot.core.model import Coverage, Decision, Reason, RunReport, Verdict
from bot.relevance.phrases import describe
from bot.relevance.quotation import grade, quote

UNTOLD = frozenset({Reason.NO_PHRASE})
"""The bulk of a day's announcements: counted, and named only where there is room for thousands."""

_QUOTED = frozenset({Verdict.PROPOSE, Verdict.PERHAPS})


def headline(report: RunReport) -> str:
    """The run in one sentence. "Nothing new" is said only when everything asked for was read."""
    if report.proposed:
        sentence = f"{count(len(report.proposed), 'paper')} proposed"
    elif report.covered:
        sentence = "nothing new"
    else:
        sentence = "nothing proposed, but not everything could be read"
    if report.perhaps:
        sentence += f", {len(report.perhaps)} perhaps"
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
        decision
        for decision in report.decisions
        if decision.verdict is Verdict.REJECT and decision.reason not in UNTOLD
    )


def quotation(decision: Decision) -> str:
    """The sentence of the abstract that says most, its matches marked; empty where no phrase matches there."""
    found = quote(decision.candidate)
    return printable(titles.plain(found.marked("»", "«"))) if found else ""


def strength(decision: Decision, report: RunReport) -> str:
    """The score in a word."""
    return grade(decision.candidate.score, report.threshold or 0.0)


def coverage_text(coverage: Coverage) -> str:
    """One source's statement in a sentence: what was read, of how many, and what was not."""
    of = "" if coverage.matched is None else f" of {coverage.matched:,}"
    requests = count(coverage.requests, "request")
    parts = (
        (True, f"{coverage.source}: read {coverage.read:,}{of} from {coverage.of}"),
        (coverage.requests, f" in {requests}"),
        (coverage.window, f", {coverage.days}"),
        (coverage.note, f"; {coverage.note}"),
        (coverage.capped, f"; not all of it: {coverage.capped}"),
        (coverage.failure, f"; failed: {coverage.failure}"),
    )
    return "".join(text for known, text in parts if known)


def why(decision: Decision) -> list[str]:
    """What speaks for and against a paper, a line each: the reason first."""
    alike = [f"looks like line {near.line}: {plain(near.title)}" for near in decision.looks_like]
    return [
        *_reason(decision),
        *_resemblance(decision),
        *_phrases(decision),
        *_other_sections(decision.sections),
        *alike,
    ]


def _reason(decision: Decision) -> Iterator[str]:
    """The reason, where a reader asks for it, with its detail; then the paper's kinds."""
    detail = printable(decision.detail)
    if decision.verdict is not Verdict.PROPOSE or decision.reason is Reason.ASKED:
        yield decision.reason.value + (f" ({detail})" if detail else "")
    elif detail:
        yield detail
    if decision.kinds:
        yield f"kind: {', '.join(kind.value for kind in decision.kinds)}"


def _resemblance(decision: Decision) -> Iterator[str]:
    """What a paper without a phrase has in common with the list."""
    candidate = decision.candidate
    if decision.reason is Reason.ALIKE:
        words = ", ".join(candidate.speaks_for)
        yield f"no phrase of a topic{f', but {words}' if words else ''}"
        yield from (
            f"near to line {near.line}: {plain(near.title)}" for near in candidate.nearest[:1]
        )


def _phrases(decision: Decision) -> Iterator[str]:
    """The phrases that match; of a proposed paper also the sentence that says most."""
    evidence = decision.candidate.evidence
    if evidence.matches:
        yield describe(evidence)
        if decision.verdict in _QUOTED and (sentence := quotation(decision)):
            yield sentence


def _other_sections(sections: Sequence[str]) -> Iterator[str]:
    if sections[1:]:
        yield printable(f"goes to {sections[0]}, or to {' or '.join(sections[1:])}")


def plain(text: str) -> str:
    """Text of arXiv or of the list as a reader wants it: without markup, and without what controls a terminal."""
    return printable(titles.plain(text))
