"""A run's report as data: JSON for machines, and the outputs of a workflow's step.

Each record is read from the value of the same name by its attributes. The published schemas are made from the records,
and a field's docstring is its description there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict
from pydantic import Field as Published

from bot.core.arxiv_id import ArxivId
from bot.core.escaping import to_json
from bot.core.model import Field, Kind, Outcome, OutcomeKind, Reason, RunReport, Verdict
from bot.relevance.screening import Known
from bot.reports.decision import ANSWERS
from bot.reports.wording import UNTOLD, counts, headline


def _text(value: object) -> str:
    """The text; a byte of the list that is no UTF-8 becomes U+FFFD, as JSON has no sign for it."""
    text = str(value)
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _rounded(value: float) -> float:
    return round(value, 4)


Text = Annotated[str, BeforeValidator(_text)]
Share = Annotated[float, BeforeValidator(_rounded)]


class JsonRecord(BaseModel):
    """A part of what `--json` prints."""

    model_config = ConfigDict(
        from_attributes=True, use_attribute_docstrings=True, frozen=True, extra="ignore"
    )


def as_json(records: JsonRecord | Sequence[JsonRecord]) -> str:
    """The records as a JSON text that is safe to print."""
    if isinstance(records, JsonRecord):
        return to_json(records.model_dump(mode="json"))
    return to_json([record.model_dump(mode="json") for record in records])


class WindowRecord(JsonRecord):
    """The submission times asked for, both ends included."""

    since: datetime
    """The start, UTC."""
    until: datetime
    """The end, UTC."""


class CoverageRecord(JsonRecord):
    """What one source was asked, and what came of it."""

    source: Text
    """The source: `search`, `announcements`, `snapshot`."""
    of: Text
    """The service or file that was asked."""
    asked: Text
    """The question: a query, categories, a path."""
    read: int
    """How many papers were read."""
    matched: int | None
    """How many papers the service says there are; null where it does not say."""
    requests: int
    """How many requests it took."""
    complete: bool
    """Whether everything asked for was read."""
    capped: Text
    """Why not all were read, though nothing failed; empty otherwise."""
    failure: Text
    """Why the source failed, in whole or in part; empty otherwise."""


class MatchRecord(JsonRecord):
    """A phrase found in a paper."""

    topic: Text
    """The topic's name."""
    phrase: Text
    """The phrase, as the configuration has it."""
    field: Field
    """Where it was found."""
    start: int
    """The first character of the field that belongs to it, from 0."""
    end: int
    """The first character behind it."""


class NeighbourRecord(JsonRecord):
    """A listed paper that is near."""

    title: Text
    """Its title."""
    similarity: Share
    """How near it is, from 0 to 1."""
    line: int
    """Its line in the list, from 1."""


class DecisionRecord(JsonRecord):
    """A paper, and what was decided of it."""

    id: Text = Published(validation_alias=AliasPath("candidate", "paper", "id"))
    """The arXiv id, without a version."""
    url: Text = Published(validation_alias=AliasPath("candidate", "paper", "id", "url"))
    """The abstract's page."""
    title: Text = Published(validation_alias=AliasPath("candidate", "paper", "title"))
    """The title, as arXiv has it."""
    authors: tuple[Text, ...] = Published(
        validation_alias=AliasPath("candidate", "paper", "authors")
    )
    """The authors' names."""
    categories: tuple[Text, ...] = Published(
        validation_alias=AliasPath("candidate", "paper", "categories")
    )
    """arXiv's categories, the primary one first."""
    submitted: datetime | None = Published(
        validation_alias=AliasPath("candidate", "paper", "submitted")
    )
    """When the first version was submitted, UTC; null where the source does not say."""
    announced: date | None = Published(
        validation_alias=AliasPath("candidate", "paper", "announced")
    )
    """The day of its announcement; null where the source does not say."""
    verdict: Verdict
    """What was decided."""
    reason: Reason
    """Why."""
    detail: Text
    """The particulars of the reason, such as `#12` or `line 40`."""
    sections: tuple[Text, ...]
    """Where its entry goes, a path of headings, and then those that would do as well."""
    kinds: tuple[Kind, ...]
    """What sort of paper it is, where a curator wants to know."""
    score: Share = Published(validation_alias=AliasPath("candidate", "score"))
    """How relevant it is, from 0 to 1."""
    matches: tuple[MatchRecord, ...] = Published(
        validation_alias=AliasPath("candidate", "evidence", "matches")
    )
    """The phrases that were found."""
    speaks_for: tuple[Text, ...] = Published(validation_alias=AliasPath("candidate", "speaks_for"))
    """Words that speak for it."""
    speaks_against: tuple[Text, ...] = Published(
        validation_alias=AliasPath("candidate", "speaks_against")
    )
    """Words that speak against it."""
    nearest: tuple[NeighbourRecord, ...] = Published(
        validation_alias=AliasPath("candidate", "nearest")
    )
    """The listed papers that are nearest by their words."""
    looks_like: tuple[NeighbourRecord, ...]
    """Listed papers with nearly the same title."""


class OutcomeRecord(JsonRecord):
    """What became of one pull request."""

    outcome: OutcomeKind = Published(validation_alias="kind")
    """What was done."""
    number: int | None
    """Its number; null where there is none yet."""
    url: Text
    """Its address; empty where there is none."""
    title: Text
    """Its title."""
    papers: tuple[Text, ...]
    """The ids of its papers."""
    failure: Text
    """What failed, and what to do; empty otherwise."""
    detail: Text
    """Why it is left alone, or what changed meanwhile."""


class RunRecord(JsonRecord):
    """The report of one run."""

    version: Text
    """The bot's version."""
    started: datetime
    """When the run began, UTC."""
    place: Text
    """Where the list lives: OWNER/NAME, or a folder's name."""
    list: Text = Published(validation_alias="list_path")
    """The list's file."""
    headline: Text
    """The run in one sentence."""
    covered: bool
    """Whether every source read all that it was asked for, so that "nothing new" means it."""
    window: WindowRecord
    """The time asked for."""
    coverage: tuple[CoverageRecord, ...]
    """What each source was asked, and what came of it."""
    counts: dict[str, int]
    """How many papers were decided for each reason, also those that are not listed below."""
    decisions: tuple[DecisionRecord, ...]
    """The papers, the best first, less those that no phrase matches."""
    pull_requests: tuple[OutcomeRecord, ...] = Published(validation_alias="outcomes")
    """What became of each pull request."""
    failures: tuple[Text, ...]
    """What failed outside the bot, a sentence each."""


class AnswerRecord(JsonRecord):
    """A paper that a maintainer declined or put off."""

    id: Text
    """The arXiv id, without a version."""
    url: Text
    """The abstract's page."""
    reason: Reason
    """Whether it was declined or put off."""
    detail: Text
    """How and where, such as `taken out of #12`."""
    pull_request: int | None
    """The pull request's number."""


class ExplanationRecord(JsonRecord):
    """Why a paper would be in or out."""

    decision: DecisionRecord
    """What a run would decide of it."""
    changes: tuple[Text, ...]
    """What would change that, a sentence each."""


def render_json(report: RunReport) -> str:
    """The report for machines; papers that no phrase matches are counted and not listed."""
    fields = {name: getattr(report, name) for name in RunReport.__slots__}
    listed = [decision for decision in report.decisions if decision.reason not in UNTOLD]
    fields |= {"headline": headline(report), "covered": report.covered, "counts": counts(report)}
    fields |= {"decisions": listed, "failures": report.failures}
    return as_json(RunRecord.model_validate(fields))


def render_answers(known: Mapping[ArxivId, Known]) -> str:
    """The papers that maintainers declined or put off, for machines, by id."""
    answers = sorted(known.items(), key=lambda pair: pair[0].order)
    return as_json(
        [
            AnswerRecord(
                id=str(paper),
                url=paper.url,
                reason=answer.reason,
                detail=answer.detail,
                pull_request=answer.number,
            )
            for paper, answer in answers
            if answer.reason in ANSWERS
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
    """The pull request that a run is about: the one that it opened or changed, before one that it left alone.

    A closed one never counts; a preview has no number.
    """
    numbered = [outcome for outcome in outcomes if outcome.number and outcome.kind in _IMPORTANT]
    return min(numbered, key=lambda outcome: _IMPORTANT.index(outcome.kind), default=None)


def outputs(report: RunReport) -> str:
    """What a workflow's later steps may use, a `name=value` each: numbers, and addresses that GitHub made."""
    pull = pull_request_of(report.outcomes)
    values = {
        "pull-request-number": str(pull.number) if pull else "",
        "pull-request-url": pull.url if pull else "",
        "proposed": str(len(report.proposed)),
        "held-back": str(len(report.held)),
        "failures": str(len(report.failures)),
    }
    return "".join(f"{name}={' '.join(value.split())}\n" for name, value in values.items())
