"""The sentences about a run that all reports share. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.core import titles
from bot.core.effect import Effect, ScoreFeature
from bot.core.english import count
from bot.core.escaping import printable
from bot.core.model import Candidate, Coverage, Decision, Reason, RunReport, Verdict
from bot.relevance.judge.wording import judge_lines
from bot.relevance.phrases import describe
from bot.relevance.quotation import grade, quote

COUNTED_ONLY = frozenset({Reason.NO_PHRASE})
"""Reasons whose papers are counted but not listed, since they are most of a day's announcements."""

_QUOTED = frozenset({Verdict.PROPOSE, Verdict.PERHAPS})


def headline(report: RunReport) -> str:
    """Sums the run up in one sentence; "nothing new" only appears if everything asked for was read."""
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
    """Returns the number of papers for each reason's text, most frequent first."""
    found = Counter(decision.reason.value for decision in report.decisions)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def left_out(report: RunReport) -> tuple[Decision, ...]:
    """Returns the rejected papers, without those that no phrase matches."""
    return tuple(
        decision
        for decision in report.decisions
        if decision.verdict is Verdict.REJECT and decision.reason not in COUNTED_ONLY
    )


def quotation(decision: Decision) -> str:
    """Returns the abstract's best sentence with its matches marked; empty if no phrase matches in the abstract."""
    found = quote(decision.candidate)
    return printable(titles.plain(found.marked("»", "«"))) if found else ""


def score_word(decision: Decision, report: RunReport) -> str:
    """Describes the score in a word."""
    return grade(decision.candidate.score, report.threshold)


def effect_text(effect: Effect, candidate: Candidate) -> str:
    """Says in a few words how a feature raised or lowered a paper's score."""
    raised, lowered = _EFFECTS[effect.feature]
    if effect.log_odds < 0:
        return lowered
    match effect.feature:
        case ScoreFeature.PHRASES:
            found = " and ".join(map(repr, candidate.evidence.phrases))
            return f"{raised} {plain(found)}"
        case ScoreFeature.ENTRIES if candidate.nearest:
            return f"{raised}: {plain(candidate.nearest[0].title)}"
        case _:
            return raised


_EFFECTS = {
    ScoreFeature.PHRASES: ("matches", "matches nothing"),
    ScoreFeature.WORDS: ("words usual for the list", "words unusual for the list"),
    ScoreFeature.SUBJECT: ("close to the list's subject", "far from the list's subject"),
    ScoreFeature.ENTRIES: ("close to entries of the list", "not close to entries of the list"),
    ScoreFeature.AUTHORS: (
        "its authors have papers in the list",
        "no author has a paper in the list",
    ),
    ScoreFeature.TEAM: ("more authors than usual", "fewer authors than usual"),
}
"""The words for a feature that raised the score, and for one that lowered it."""


def effect_texts(candidate: Candidate) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Returns what raised a paper's score and what lowered it, the strongest first, each side with its name."""
    texts = [(effect.log_odds, effect_text(effect, candidate)) for effect in candidate.effects]
    raised = tuple(text for log_odds, text in texts if log_odds > 0)
    lowered = tuple(text for log_odds, text in texts if log_odds < 0)
    return (("raised", raised), ("lowered", lowered))


def coverage_text(coverage: Coverage) -> str:
    """Describes a source's coverage in a sentence: how many papers it read, of how many, and what is missing."""
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
    """Lists the reasons for and against a paper, one per line: the decision's reason first."""
    similar = [f"looks like {near.where}: {plain(near.title)}" for near in decision.looks_like]
    return [
        *_reason(decision),
        *map(printable, judge_lines(decision.candidate)),
        *_resemblance(decision),
        *_phrases(decision),
        *_other_sections(decision.sections),
        *similar,
    ]


def _reason(decision: Decision) -> Iterator[str]:
    """Yields the reason with its detail, and the paper's kinds; a proposed paper needs no reason."""
    detail = printable(decision.detail)
    if decision.verdict is not Verdict.PROPOSE or decision.reason is Reason.ASKED:
        yield decision.reason.value + (f" ({detail})" if detail else "")
    elif detail:
        yield detail
    if decision.kinds:
        yield f"kind: {', '.join(kind.value for kind in decision.kinds)}"


def _resemblance(decision: Decision) -> Iterator[str]:
    """Yields what a paper without a matching phrase has in common with the list."""
    candidate = decision.candidate
    if decision.reason is Reason.ALIKE:
        words = ", ".join(candidate.speaks_for)
        yield f"no phrase of a topic{f', but {words}' if words else ''}"
        yield from (
            f"similar to {near.where}: {plain(near.title)}" for near in candidate.nearest[:1]
        )


def _phrases(decision: Decision) -> Iterator[str]:
    """Yields the phrases that match, and the best sentence of a paper that is proposed or perhaps proposed."""
    evidence = decision.candidate.evidence
    if evidence.matches:
        yield describe(evidence)
        if decision.verdict in _QUOTED and (sentence := quotation(decision)):
            yield sentence


def _other_sections(sections: Sequence[str]) -> Iterator[str]:
    if sections[1:]:
        yield printable(f"goes to {sections[0]}, or to {' or '.join(sections[1:])}")


def plain(text: str) -> str:
    """Returns text from arXiv or the list without markup and without terminal control characters."""
    return printable(titles.plain(text))
