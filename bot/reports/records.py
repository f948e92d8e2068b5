"""A run's report as data: JSON for machines, and the outputs of a workflow step.

Each record takes its values from the attributes of the object it describes. The published schemas are generated from
the records, with each field's docstring as its description.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator
from pydantic import Field as Published
from pydantic.json_schema import SkipJsonSchema

from bot.core.arxiv_id import ArxivId
from bot.core.effect import ScoreFeature
from bot.core.model import Candidate, Field, Kind, Outcome, OutcomeKind, Reason, RunReport, Verdict
from bot.relevance.screening import Known
from bot.reports.decision import answered
from bot.reports.figures import candidates
from bot.reports.json_record import JsonRecord, Share, Text, as_json, at, is_none
from bot.reports.judge_records import JudgementRecord, JudgingRecord
from bot.reports.wording import counts, effect_text, headline

_NO_DECISIONS = '\n  "decisions": []'


class WindowRecord(JsonRecord):
    """The range of submission times asked for, both ends included."""

    since: datetime
    """The start, UTC."""
    until: datetime
    """The end, UTC."""


class CoverageRecord(JsonRecord):
    """What one source was asked, and what it returned."""

    source: Text
    """The source: `search`, `announcements`, `snapshot`."""
    of: Text
    """The service or file that was asked."""
    asked: Text
    """The question: a query, categories, a path."""
    read: int
    """How many papers were read."""
    matched: int | None
    """How many papers the service says there are; null if it does not say."""
    requests: int
    """How many requests it took."""
    complete: bool
    """Whether everything asked for was read."""
    capped: Text
    """Why not all papers were read although nothing failed; empty otherwise."""
    failure: Text
    """Why the source failed, in whole or in part; empty otherwise."""


class MatchRecord(JsonRecord):
    """A phrase found in a paper."""

    topic: Text
    """The topic's name."""
    phrase: Text
    """The phrase, as written in the configuration."""
    field: Field
    """Where it was found."""
    start: int
    """The index of the match's first character in the field, from 0."""
    end: int
    """The index of the first character after the match."""


class NeighbourRecord(JsonRecord):
    """A listed paper that is similar."""

    title: Text
    """Its title."""
    similarity: Share
    """How similar it is, from 0 to 1."""
    line: int
    """Its line in the list, from 1."""
    path: Text
    """The path of the file that has this line; empty for the list's first file."""


class EffectRecord(JsonRecord):
    """How a feature moved a paper's score."""

    feature: ScoreFeature
    """The feature."""
    log_odds: Share
    """What it adds to the log odds of the score, compared with an ordinary paper; negative if it lowers the score."""
    text: Text
    """The effect in a few words."""


def _effects_of(candidate: Candidate) -> list[EffectRecord]:
    """The records of a candidate's effects."""
    return [
        EffectRecord(
            feature=effect.feature, log_odds=effect.log_odds, text=effect_text(effect, candidate)
        )
        for effect in candidate.effects
    ]


class DecisionRecord(JsonRecord):
    """A paper, and what was decided about it."""

    id: Text = at("candidate", "paper", "id")
    """The arXiv id, without a version."""
    url: Text = at("candidate", "paper", "id", "url")
    """The address of the abstract page."""
    title: Text = at("candidate", "paper", "title")
    """The title, as arXiv gives it."""
    authors: tuple[Text, ...] = at("candidate", "paper", "authors")
    """The authors' names."""
    categories: tuple[Text, ...] = at("candidate", "paper", "categories")
    """arXiv's categories, the primary one first."""
    submitted: datetime | None = at("candidate", "paper", "submitted")
    """When the first version was submitted, UTC; null if the source does not say."""
    announced: date | None = at("candidate", "paper", "announced")
    """The day of its announcement; null if the source does not say."""
    verdict: Verdict
    """What was decided."""
    reason: Reason
    """Why."""
    detail: Text
    """The details of the reason, such as `#12` or `line 40`."""
    sections: tuple[Text, ...]
    """The section for its entry, as a path of headings, followed by equally good sections."""
    kinds: tuple[Kind, ...]
    """Its kinds, such as `survey`; empty for an ordinary paper."""
    score: Share = at("candidate", "score")
    """How relevant it is, from 0 to 1."""
    effects: Annotated[tuple[EffectRecord, ...], BeforeValidator(_effects_of)] = at("candidate")
    """The features that raised and lowered its score most, the strongest first; empty where phrases decide alone."""
    matches: tuple[MatchRecord, ...] = at("candidate", "evidence", "matches")
    """The phrases that were found."""
    speaks_for: tuple[Text, ...] = at("candidate", "speaks_for")
    """The words that raised its score."""
    speaks_against: tuple[Text, ...] = at("candidate", "speaks_against")
    """The words that lowered its score."""
    nearest: tuple[NeighbourRecord, ...] = at("candidate", "nearest")
    """The listed papers with the most similar words."""
    looks_like: tuple[NeighbourRecord, ...]
    """Listed papers with nearly the same title."""
    judgement: Annotated[
        JudgementRecord | SkipJsonSchema[None], BeforeValidator(JudgementRecord.of)
    ] = Published(None, validation_alias="candidate", exclude_if=is_none)
    """What a judge answered about it; omitted if no judge was asked."""


class OutcomeRecord(JsonRecord):
    """What the bot did with one pull request."""

    outcome: OutcomeKind = at("kind")
    """What was done."""
    number: int | None
    """Its number; null if it has none yet."""
    url: Text
    """Its address; empty if it has none."""
    title: Text
    """Its title."""
    papers: tuple[Text, ...]
    """The ids of its papers."""
    failure: Text
    """What failed and what to do; empty if nothing failed."""
    detail: Text
    """Why the bot leaves it alone, or what changed during the run."""


class RunRecord(JsonRecord):
    """The report of one run."""

    version: Text
    """The bot's version."""
    started: datetime
    """When the run began, UTC."""
    place: Text
    """Where the list is: OWNER/NAME, or a folder's name."""
    list: Text = at("list_path")
    """The list's file."""
    headline: Text
    """The run in one sentence."""
    covered: bool
    """Whether every source read everything it was asked for, so that "nothing new" can be trusted."""
    window: WindowRecord
    """The range of submission times asked for."""
    coverage: tuple[CoverageRecord, ...]
    """What each source was asked, and what it returned."""
    counts: dict[str, int]
    """The number of papers for each reason, including those that `decisions` omits."""
    decisions: tuple[DecisionRecord, ...]
    """The papers, best first, without those that no phrase matches."""
    pull_requests: tuple[OutcomeRecord, ...] = at("outcomes")
    """What the bot did with each pull request."""
    failures: tuple[Text, ...]
    """What failed outside the bot, one sentence each."""
    judge: JudgingRecord | SkipJsonSchema[None] = Published(
        None, validation_alias="judging", exclude_if=is_none
    )
    """What the judge was asked; omitted if there is no judge."""


class AnswerRecord(JsonRecord):
    """A paper that was declined, snoozed or only noted."""

    id: Text
    """The arXiv id, without a version."""
    url: Text
    """The address of the abstract page."""
    reason: Reason
    """Whether it was declined, snoozed or only noted."""
    detail: Text
    """How and where, such as `removed from #12`."""
    pull_request: int | None
    """The pull request's number."""


class ExplanationRecord(JsonRecord):
    """Why a run would propose a paper or not."""

    decision: DecisionRecord
    """What a run would decide about it."""
    changes: tuple[Text, ...]
    """What would change the decision, one sentence each."""


def render_json(report: RunReport) -> str:
    """Renders the report for machines; papers that no phrase matches are counted but not listed."""
    return "".join(json_parts(report))


def json_parts(report: RunReport) -> Iterator[str]:
    """Yields the report as JSON, in order and in parts; joined, they are the text of `render_json`.

    A part has at most one paper, so that a long report, such as that of a backfill, is never in memory whole.
    """
    fields = {name: getattr(report, name) for name in RunReport.__slots__}
    fields |= {"headline": headline(report), "covered": report.covered, "counts": counts(report)}
    fields |= {"decisions": (), "failures": report.failures}
    # No string in JSON contains a line break, so only the field itself can match.
    before, empty, after = as_json(RunRecord.model_validate(fields)).partition(_NO_DECISIONS)
    yield before + empty.removesuffix("]")
    between = ""
    for decision in candidates(report):
        record = as_json(DecisionRecord.model_validate(decision)).rstrip("\n")
        yield between + "\n    " + record.replace("\n", "\n    ")
        between = ","
    yield ("\n  ]" if between else "]") + after


def render_explanations(explanations: Sequence[object]) -> str:
    """Renders explanations, each with a `decision` and its `changes`, for machines."""
    return as_json([ExplanationRecord.model_validate(explanation) for explanation in explanations])


def render_answers(known: Mapping[ArxivId, Known]) -> str:
    """Renders the papers that were declined, snoozed or only noted, for machines."""
    return as_json(
        [
            AnswerRecord(
                id=str(paper),
                url=paper.url,
                reason=answer.reason,
                detail=answer.detail,
                pull_request=answer.number,
            )
            for paper, answer in answered(known)
        ]
    )


_IMPORTANT = (
    OutcomeKind.CREATED,
    OutcomeKind.UPDATED,
    OutcomeKind.LABELLED,
    OutcomeKind.UNCHANGED,
    OutcomeKind.RACE_LOST,
    OutcomeKind.FAILED,
    OutcomeKind.FROZEN,
)


def pull_request_of(outcomes: Sequence[Outcome]) -> Outcome | None:
    """Returns the run's main pull request: preferably one that it opened or changed, else one that it left alone.

    Closed pull requests do not count, nor do previews, which have no number.
    """
    numbered = [outcome for outcome in outcomes if outcome.number and outcome.kind in _IMPORTANT]
    return min(numbered, key=lambda outcome: _IMPORTANT.index(outcome.kind), default=None)


def outputs(report: RunReport) -> str:
    """Renders the outputs for later workflow steps, one `name=value` per line: numbers, and URLs made by GitHub."""
    pull = pull_request_of(report.outcomes)
    values = {
        "pull-request-number": str(pull.number) if pull else "",
        "pull-request-url": pull.url if pull else "",
        "proposed": str(len(report.proposed)),
        "held-back": str(len(report.held)),
        "failures": str(len(report.failures)),
    }
    return "".join(f"{name}={' '.join(value.split())}\n" for name, value in values.items())
