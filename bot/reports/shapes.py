"""What runs print with `--json`, field by field; the published schemas are made from here."""

from __future__ import annotations

from typing import Annotated, TypedDict

from bot.core.model import Field, Kind, OutcomeKind, Reason, Verdict


class WindowRecord(TypedDict):
    """The submission times asked for, both ends included."""

    since: str
    """The start, ISO 8601, UTC."""
    until: str
    """The end, ISO 8601, UTC."""


class CoverageRecord(TypedDict):
    """What one source was asked, and what came of it."""

    source: str
    """The source: `search`, `announcements`, `snapshot`."""
    of: str
    """The service or file that was asked."""
    asked: str
    """The question: a query, categories, a path."""
    read: int
    """How many papers were read."""
    matched: int | None
    """How many papers the service says there are; null where it does not say."""
    requests: int
    """How many requests it took."""
    complete: bool
    """Whether everything asked for was read."""
    capped: str
    """Why not all were read, though nothing failed; empty otherwise."""
    failure: str
    """Why the source failed, in whole or in part; empty otherwise."""


class MatchRecord(TypedDict):
    """A phrase found in a paper."""

    topic: str
    """The topic's name."""
    phrase: str
    """The phrase, as the configuration has it."""
    field: Annotated[str, Field]
    """Where it was found."""
    start: int
    """The first character of the field that belongs to it, from 0."""
    end: int
    """The first character behind it."""


class NeighbourRecord(TypedDict):
    """A listed paper that is near."""

    title: str
    """Its title."""
    similarity: float
    """How near it is, from 0 to 1."""
    line: int
    """Its line in the list, from 1."""


class DecisionRecord(TypedDict):
    """A paper, and what was decided of it."""

    id: str
    """The arXiv id, without a version."""
    url: str
    """The abstract's page."""
    title: str
    """The title, as arXiv has it."""
    authors: list[str]
    """The authors' names."""
    categories: list[str]
    """arXiv's categories, the primary one first."""
    submitted: str | None
    """When the first version was submitted, ISO 8601, UTC; null where the source does not say."""
    announced: str | None
    """The day of its announcement; null where the source does not say."""
    verdict: Annotated[str, Verdict]
    """What was decided."""
    reason: Annotated[str, Reason]
    """Why."""
    detail: str
    """The particulars of the reason, such as `#12` or `line 40`."""
    sections: list[str]
    """Where its entry goes, a path of headings, and then those that would do as well."""
    kinds: list[Annotated[str, Kind]]
    """What sort of paper it is, where a curator wants to know."""
    score: float
    """How relevant it is, from 0 to 1."""
    matches: list[MatchRecord]
    """The phrases that were found."""
    speaks_for: list[str]
    """Words that speak for it."""
    speaks_against: list[str]
    """Words that speak against it."""
    nearest: list[NeighbourRecord]
    """The listed papers that are nearest by their words."""
    looks_like: list[NeighbourRecord]
    """Listed papers with nearly the same title."""


class OutcomeRecord(TypedDict):
    """What became of one pull request."""

    outcome: Annotated[str, OutcomeKind]
    """What was done."""
    number: int | None
    """Its number; null where there is none yet."""
    url: str
    """Its address; empty where there is none."""
    title: str
    """Its title."""
    papers: list[str]
    """The ids of its papers."""
    failure: str
    """What failed, and what to do; empty otherwise."""
    detail: str
    """Why it is left alone, or what changed meanwhile."""


class RunRecord(TypedDict):
    """The report of one run."""

    version: str
    """The bot's version."""
    started: str
    """When the run began, ISO 8601, UTC."""
    place: str
    """Where the list lives: OWNER/NAME, or a folder's name."""
    list: str
    """The list's file."""
    headline: str
    """The run in one sentence."""
    covered: bool
    """Whether every source read all that it was asked for, so that "nothing new" means it."""
    window: WindowRecord
    """The time asked for."""
    coverage: list[CoverageRecord]
    """What each source was asked, and what came of it."""
    counts: dict[str, int]
    """How many papers were decided for each reason, also those that are not listed below."""
    decisions: list[DecisionRecord]
    """The papers, the best first, less those that no phrase matches."""
    pull_requests: list[OutcomeRecord]
    """What became of each pull request."""
    failures: list[str]
    """What failed outside the bot, a sentence each."""


class AnswerRecord(TypedDict):
    """A paper that a maintainer declined or put off."""

    id: str
    """The arXiv id, without a version."""
    url: str
    """The abstract's page."""
    reason: Annotated[str, Reason]
    """Whether it was declined or put off."""
    detail: str
    """How and where, such as `ticked in #12`."""
    pull_request: int | None
    """The pull request's number."""


class ExplanationRecord(TypedDict):
    """Why a paper would be in or out."""

    decision: DecisionRecord
    """What a run would decide of it."""
    changes: list[str]
    """What would change that, a sentence each."""
