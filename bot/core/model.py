"""The values that the steps of a run pass on. They are frozen, and their properties use only their own fields.

All times have a time zone and are in UTC. All dates are arXiv's announcement dates (US Eastern), as the services
state them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cache

from bot.core.arxiv_id import ArxivId
from bot.core.effect import Effect
from bot.core.english import at_line
from bot.core.judgement import Judgement, JudgingReport


class Announcement(Enum):
    """How arXiv announced a paper on a day, in the words of its feed."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"


@dataclass(frozen=True, slots=True)
class Paper:
    """One arXiv paper as a source describes it. Texts are untrusted; whitespace is collapsed, TeX is kept.

    `authors` are display names; the first of `categories` is the primary one.
    `submitted` is the time of the first version, `updated` that of the described version, `announced` the day of
    announcement; each is None if the source does not say.
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
    """One topic of keywords.toml: a paper belongs to it if one of its phrases matches and none of its excludes does."""

    name: str
    phrases: tuple[str, ...]
    excludes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    section: str = ""


@cache
def phrase_parts(phrase: str) -> tuple[str, ...]:
    """Splits a phrase into the parts that must all occur: `LLM judge + reward` has two, most phrases have one."""
    return tuple(part.strip() for part in phrase.split(" + ") if part.strip())


class Field(Enum):
    """The parts of a paper that are searched for phrases."""

    TITLE = "title"
    ABSTRACT = "abstract"


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in a field; `start` and `end` are the half-open range of its characters there."""

    topic: str
    phrase: str
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """The phrases found in a paper: matches of phrases count for it, matches of excludes against it."""

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
    """A listed paper that is similar to a candidate: its title, the similarity (0 to 1), and its line (from 1).

    `path` is the file that has the line; empty for the list's first file.
    """

    title: str
    similarity: float
    line: int
    path: str = ""

    @property
    def where(self) -> str:
        """The line as messages name it: `line 5`, or `line 5 of archive.md`."""
        return at_line(self.line, self.path)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper with all that is known about its relevance.

    `score` is between 0 and 1; `speaks_for` and `speaks_against` are the words that raise and lower it most.
    `nearest` are the most similar listed papers, `judgement` is the judge's answer, if there is one. `effects` are the
    features that raise and lower the score most, the strongest first.
    """

    paper: Paper
    evidence: Evidence
    score: float
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()
    nearest: tuple[Neighbour, ...] = ()
    judgement: Judgement | None = None
    effects: tuple[Effect, ...] = ()


class Kind(Enum):
    """A kind of paper that curators want to know about; the value is the text shown."""

    SURVEY = "survey"
    BENCHMARK = "benchmark"
    NEW_VERSION = "new version of a listed paper"


class Verdict(Enum):
    """The result of screening a candidate."""

    PROPOSE = "propose"
    """The upper tier: the score reaches the threshold; the bot adds the paper to a pull request."""
    PERHAPS = "perhaps"
    """The lower tier: the next best scores, at most `max_perhaps`; a person ticks the paper to add it."""
    HOLD = "hold back"
    REJECT = "leave out"


class Reason(Enum):
    """The reason for a verdict; the value is the text shown. A paper that is held back may be proposed later."""

    RELEVANT = "relevant"
    ALIKE = "like the list's papers, though no phrase matches"
    UNSURE = "score below the threshold, among the next best"
    ASKED = "asked for by a person"
    LISTED = "already in the list"
    SAME_TITLE = "a paper of the same title is in the list"
    PENDING = "already in an open batch"
    DECLINED = "declined before"
    PASSED_OVER = "shown before, and not ticked"
    NOTED = "not sure enough for a pull request of its own"
    CLAIMED = "already in someone's pull request"
    REPEATED = "found twice in this run"
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
    """A candidate with its verdict; `detail` completes the reason ("#12", "line 40").

    `sections` are paths of headings: the section of its entry, then other possible sections.
    `looks_like` are listed papers with a similar title. `kinds` are the kinds of paper that it is.
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
    """A range of submission times (UTC), without seconds, including both ends."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one source was asked for and how much of it was read, so that "nothing new" means "read everything".

    `asked` is the request (a query, a list of categories, a path), `of` the service or file.
    `matched` is the number of papers that the service reports (None if it does not say), `read` the number read.
    `capped` says why not all were read, `failure` why the source failed, fully or partly; both are empty otherwise.
    `note` is worth knowing but no fault, such as no announcement on a Saturday.
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
        """The window in words; "" if there is none. A snapshot's window is of announcement days, where it has them."""
        if self.window is None:
            return ""
        verb = "appeared" if self.source == "snapshot" else "submitted"
        return f"{verb} {self.window.since:%Y-%m-%d} to {self.window.until:%Y-%m-%d}"

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for was read."""
        return not self.capped and not self.failure


@dataclass(frozen=True, slots=True)
class Harvest:
    """The result of a source: its papers in the source's order without repeats, and its coverage.

    `background` are recent papers of the categories, not selected by any words. They show how ordinary papers score,
    and may include papers of the harvest.
    """

    papers: tuple[Paper, ...]
    coverage: Coverage
    background: tuple[Paper, ...] = ()


class OutcomeKind(Enum):
    """The result of an action on the forge; the value is the text shown."""

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
    """The result of one action on a pull request; `failure` says what failed and what to do.

    `detail` says why the pull request is left alone, or what somebody else changed. `diff` is the change to the list.
    A preview also has what would be written: the pull request's `body`, and the new `content` of the list.
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

    `place` is where the list is stored ("owner/name", or a folder's name). `decisions` has one item per distinct
    paper read, `outcomes` one per action. `topics` and `threshold` are those of the configuration.
    `run_url` is the URL of the run's log; empty if there is none. `judging` is what a judge was asked, if there is one.
    """

    version: str
    started: datetime
    place: str
    list_path: str
    window: Window
    coverage: tuple[Coverage, ...]
    decisions: tuple[Decision, ...]
    outcomes: tuple[Outcome, ...]
    topics: tuple[Topic, ...]
    threshold: float
    run_url: str = ""
    judging: JudgingReport | None = None

    @property
    def proposed(self) -> tuple[Decision, ...]:
        """The decisions to propose, in the order of the run: best first, unless another order was requested."""
        return tuple(decision for decision in self.decisions if decision.verdict is Verdict.PROPOSE)

    @property
    def perhaps(self) -> tuple[Decision, ...]:
        """The decisions that a person may tick, best first."""
        return tuple(decision for decision in self.decisions if decision.verdict is Verdict.PERHAPS)

    @property
    def held(self) -> tuple[Decision, ...]:
        """The decisions to hold back, in the order of the run."""
        return tuple(decision for decision in self.decisions if decision.verdict is Verdict.HOLD)

    @property
    def failures(self) -> tuple[str, ...]:
        """What failed outside the bot, one sentence each; empty if nothing failed."""
        sources = [f"{read.source}: {read.failure}" for read in self.coverage if read.failure]
        actions = [
            f"{outcome.title}: {outcome.failure}" for outcome in self.outcomes if outcome.failure
        ]
        return (*sources, *actions)

    @property
    def covered(self) -> bool:
        """Whether every source read all that it was asked for, so that "nothing new" is true."""
        return bool(self.coverage) and all(source.complete for source in self.coverage)

    @property
    def exit_code(self) -> int:
        """0 if all went well, 1 if something outside the bot failed."""
        return 1 if self.failures else 0
