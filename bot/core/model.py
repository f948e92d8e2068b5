"""The values that travel from step to step. Frozen, without behaviour beyond what follows from their own fields.

All times are aware and in UTC; all dates are arXiv's announcement dates (US Eastern), as the services state them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from bot.core.arxiv_id import ArxivId
from bot.core.judgement import Judgement, JudgingReport


class Announcement(Enum):
    """How arXiv announced a paper on a day, in its feed's own words."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"


@dataclass(frozen=True, slots=True)
class Paper:
    """One arXiv paper as a source describes it: text is untrusted, whitespace is collapsed, TeX is left as served.

    `authors` are display names, `categories` has the primary one first.
    `submitted` is the time of the first version, `updated` of the one described, `announced` the day of announcement;
    each is None where the source does not say.
    """

    id: ArxivId
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    submitted: datetime | None = None
    updated: datetime | None = None
    announced: date | None = None
    announcement: Announcement | None = None
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """One block of keywords.toml: a paper belongs to it when a phrase matches and no exclude does."""

    name: str
    phrases: tuple[str, ...]
    excludes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    section: str = ""


def phrase_parts(phrase: str) -> tuple[str, ...]:
    """The parts of a phrase that must all occur: `LLM judge + reward` has two, most phrases have one."""
    return tuple(part.strip() for part in phrase.split(" + ") if part.strip())


class Field(Enum):
    """The parts of a paper in which phrases are looked for."""

    TITLE = "title"
    ABSTRACT = "abstract"


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in a field; `start` and `end` are the half-open range of characters of that field as it stands."""

    topic: str
    phrase: str
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a paper by its words: matches of phrases, and matches of excludes that speak against it."""

    matches: tuple[Match, ...] = ()
    excluded: tuple[Match, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """The distinct phrases that matched, in order of appearance."""
        return tuple(dict.fromkeys(match.phrase for match in self.matches))

    @property
    def topics(self) -> tuple[str, ...]:
        """The distinct topics that matched, in order of appearance."""
        return tuple(dict.fromkeys(match.topic for match in self.matches))


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A listed paper near to a candidate: its title, how near (0 to 1), and its line in the list (from 1)."""

    title: str
    similarity: float
    line: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper with all that is known of its relevance. `score` is between 0 and 1; `judgement` is what a judge said."""

    paper: Paper
    evidence: Evidence
    score: float
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()
    nearest: tuple[Neighbour, ...] = ()
    judgement: Judgement | None = None


class Kind(Enum):
    """What sort of paper it is, where a curator wants to know; the value is the text shown."""

    SURVEY = "survey"
    BENCHMARK = "benchmark"
    NEW_VERSION = "new version of a listed paper"


class Verdict(Enum):
    """What screening says of a candidate."""

    PROPOSE = "propose"
    """The upper tier: the score reaches the threshold; the bot adds the paper to a pull request."""
    PERHAPS = "perhaps"
    """The lower tier: the next best scores, at most `max_perhaps`; a person ticks the paper to add it."""
    HOLD = "hold back"
    REJECT = "leave out"


class Reason(Enum):
    """Why; the value is the text shown. Held back means it may be proposed by a later run."""

    RELEVANT = "relevant"
    ALIKE = "like the list's papers, though no phrase matches"
    UNSURE = "score below the threshold, among the next best"
    ASKED = "asked for by a person"
    LISTED = "already in the list"
    SAME_TITLE = "a paper of the same title is in the list"
    PENDING = "already in an open batch"
    DECLINED = "declined before"
    PASSED_OVER = "shown before, and not ticked"
    CLAIMED = "already in someone's pull request"
    REPEATED = "met twice in this run"
    NO_PHRASE = "no phrase of any topic matches"
    EXCLUDED = "an excluded phrase matches"
    OTHER_CATEGORY = "not in the topic's categories"
    LOW_SCORE = "score below the threshold"
    WITHDRAWN = "withdrawn by its authors"
    REPLACEMENT = "a new version of a paper announced before the window"
    SNOOZED = "snoozed by a maintainer"
    WAITS = "waits to be shown under Perhaps"
    BATCHES_OPEN = "as many batches are open as the limit allows"
    NO_PLACE = "no place for it in the list"


@dataclass(frozen=True, slots=True)
class Decision:
    """A candidate with its verdict; `detail` adds the particulars to the reason ("#12", "line 40").

    `sections` are where its entry goes, as a path of headings, and then those that would do as well.
    `kinds` are what sort of paper it is, where a curator wants to know.
    """

    candidate: Candidate
    verdict: Verdict
    reason: Reason
    detail: str = ""
    looks_like: tuple[Neighbour, ...] = ()
    sections: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """The submission times asked for, both ends included, to the minute, UTC."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one source was asked and what came of it: the difference between "nothing new" and "did not look".

    `asked` is the question (a query, a list of categories, a path), `of` the service or file,
    `matched` how many papers the service says there are (None where it does not say), `read` how many were read;
    `capped` says why not all were read; `failure` why the source failed, whole or in part; both empty otherwise.
    `note` is worth knowing and no fault (no announcement on a Saturday).
    """

    source: str
    of: str
    asked: str
    read: int = 0
    matched: int | None = None
    requests: int = 0
    window: Window | None = None
    capped: str = ""
    failure: str = ""
    note: str = ""

    @property
    def days(self) -> str:
        """The window in words; "" for none. A snapshot uses the day of announcement where it knows that."""
        if self.window is None:
            return ""
        verb = "appeared" if self.source == "snapshot" else "submitted"
        return f"{verb} {self.window.since:%Y-%m-%d} to {self.window.until:%Y-%m-%d}"

    @property
    def complete(self) -> bool:
        """Whether everything asked for was read."""
        return not self.capped and not self.failure


@dataclass(frozen=True, slots=True)
class Harvest:
    """A source's answer: papers without repeats, in the source's order, and a statement of what was covered.

    `background` are papers of the categories that were not chosen by their words. The scores compare papers with them;
    papers of the harvest may be among them.
    """

    papers: tuple[Paper, ...]
    coverage: Coverage
    background: tuple[Paper, ...] = ()


class OutcomeKind(Enum):
    """What became of an action on the forge."""

    CREATED = "opened"
    UPDATED = "updated"
    UNCHANGED = "left as it is"
    CLOSED = "closed"
    LABELLED = "given its labels"
    PREVIEWED = "previewed"
    FROZEN = "left alone"
    RACE_LOST = "changed by someone else meanwhile; left to the next run"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one action: which pull request, and for a failure what happened and what to do.

    `detail` says why it is one to be left alone, or what changed meanwhile. `diff` is what it changes in the list;
    a preview also has what else would be written: the pull request's `body`, the list's new `content`.
    """

    kind: OutcomeKind
    title: str
    number: int | None = None
    url: str = ""
    papers: tuple[ArxivId, ...] = ()
    failure: str = ""
    detail: str = ""
    body: str = field(default="", repr=False)
    diff: str = field(default="", repr=False)
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class RunReport:
    """The report of one run.

    `place` is where the list lives ("owner/name", a folder's name), `decisions` has one per distinct paper read,
    `outcomes` one per action taken; `topics` and `threshold` are what the papers were compared with.
    `run_url` is the address of the run's log, where there is one. `judging` is what a judge was asked, if there is one.
    """

    version: str
    started: datetime
    place: str
    list_path: str
    window: Window
    coverage: tuple[Coverage, ...]
    decisions: tuple[Decision, ...]
    outcomes: tuple[Outcome, ...]
    topics: tuple[Topic, ...] = ()
    threshold: float | None = None
    run_url: str = ""
    judging: JudgingReport | None = None

    @property
    def proposed(self) -> tuple[Decision, ...]:
        """The decisions to propose, in the order of the run: best first unless another was asked for."""
        return tuple(decision for decision in self.decisions if decision.verdict is Verdict.PROPOSE)

    @property
    def perhaps(self) -> tuple[Decision, ...]:
        """The decisions that a person may tick, best first."""
        return tuple(decision for decision in self.decisions if decision.verdict is Verdict.PERHAPS)

    @property
    def held(self) -> tuple[Decision, ...]:
        """The decisions to hold back, in the same order."""
        return tuple(decision for decision in self.decisions if decision.verdict is Verdict.HOLD)

    @property
    def failures(self) -> tuple[str, ...]:
        """What failed outside the bot, a sentence each; empty when all went well."""
        sources = [f"{read.source}: {read.failure}" for read in self.coverage if read.failure]
        actions = [
            f"{outcome.title}: {outcome.failure}" for outcome in self.outcomes if outcome.failure
        ]
        return (*sources, *actions)

    @property
    def covered(self) -> bool:
        """Whether every source read all that it was asked for, so that "nothing new" means it."""
        return bool(self.coverage) and all(source.complete for source in self.coverage)

    @property
    def exit_code(self) -> int:
        """0 when all went well, 1 when something outside failed."""
        return 1 if self.failures else 0
