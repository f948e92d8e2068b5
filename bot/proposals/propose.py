"""From decisions to proposals: which papers go into which batch, and the whole text of each. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.core.arxiv_id import ArxivId
from bot.core.english import count
from bot.core.escaping import words
from bot.core.model import (
    Candidate,
    Coverage,
    Decision,
    Outcome,
    OutcomeKind,
    Paper,
    Reason,
    Topic,
    Verdict,
)
from bot.core.titles import plain
from bot.listing.document import verify
from bot.listing.draft import Draft, Place, Refused, draft
from bot.listing.paper_list import PaperList
from bot.proposals.anchors import anchors
from bot.proposals.answers import branch_of
from bot.proposals.batch_updates import Upkeep
from bot.proposals.batching import BatchRules, Job, retired, share_out
from bot.proposals.body import Item, Origin, render_closed, render_text
from bot.proposals.commits import render_trailers
from bot.proposals.marker import Marker
from bot.proposals.model import Batch, Closing, ForgeState, Proposal, describe

_TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a proposal also tells of: coverage, the run, its time, and where the next starts if nothing is held back.

    `reached` is how far earlier runs had come, where this one was told to start elsewhere: the next starts there at
    least, whatever is held back of older papers.
    """

    coverage: tuple[Coverage, ...]
    origin: Origin
    now: datetime
    resume: datetime
    reached: datetime | None = None

    def resume_with(self, waiting: Iterable[datetime]) -> datetime:
        """Where the next run starts so that it meets papers of these times again, which find no room now."""
        earliest = min([self.resume, *waiting])
        return max(earliest, self.reached) if self.reached else earliest


PaperJob = Job[ArxivId, Decision]
"""A batch to make or to change: the papers it keeps, and the decisions that are new in it."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who goes where: the jobs, and the papers that find no room, with the reason and its particulars."""

    jobs: tuple[PaperJob, ...]
    held: Mapping[ArxivId, tuple[Reason, str]]

    @property
    def named(self) -> tuple[ArxivId, ...]:
        """The papers that are in batches already, and have to be known to write those anew."""
        return tuple(dict.fromkeys(one for job in self.jobs for one in (*job.keep, *job.declined)))


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, and every decision with its final verdict, in the order given.

    `stuck` are open batches that would have to change and can't.
    """

    proposals: tuple[Proposal, ...]
    closings: tuple[Closing, ...]
    stuck: tuple[Outcome, ...]
    decisions: tuple[Decision, ...]


def assign(
    decisions: Sequence[Decision], batches: Sequence[Upkeep[ArxivId]], rules: BatchRules
) -> Assignment:
    """Puts the accepted papers, best first, into batches."""
    waiting = [one for one in decisions if one.verdict is Verdict.PROPOSE]
    jobs, left = share_out(waiting, batches, rules)
    each = "" if rules.one_each else f", with at most {count(rules.max_items, 'paper')} each"
    why = (Reason.BATCHES_OPEN, f"at most {count(rules.max_open, 'pull request')} at a time{each}")
    return Assignment(jobs, {one.candidate.paper.id: why for one in left})


@dataclass(frozen=True, slots=True)
class Desk:
    """All that proposals are written from.

    `known` has the papers of open batches as far as anybody knows them, `failure` says why some are missing.
    """

    state: ForgeState
    papers: PaperList
    topics: Mapping[str, Topic]
    known: Mapping[ArxivId, Candidate]
    template: str | None
    rules: BatchRules
    circumstances: Circumstances
    failure: str = ""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One job with its entries: those written, those refused, and why a batch that is there can't be written anew."""

    job: PaperJob
    items: tuple[Item, ...] = ()
    refused: tuple[Refused, ...] = ()
    stuck: str = ""


def plan(decisions: Sequence[Decision], assignment: Assignment, desk: Desk) -> Plan:
    """Writes what was assigned.

    Raises:
        ListError: the list can't be edited safely.
        ConfigError: a section or the template of the configuration is wrong.
    """
    sheets = [_draft(job, desk) for job in assignment.jobs if not job.is_empty]
    held = dict(assignment.held)
    for sheet in sheets:
        why = {one.paper.id: (Reason.NO_PLACE, one.why) for one in sheet.refused}
        if sheet.stuck:
            why = {one.candidate.paper.id: (Reason.NO_PLACE, sheet.stuck) for one in sheet.job.new}
        held |= why
    written = [sheet for sheet in sheets if sheet.items and not sheet.stuck]
    places = {item.draft.paper.id: item.draft.place for one in written for item in one.items}
    final = tuple(_with_place(_with_verdict(one, held), places) for one in decisions)
    waiting = [one for one in final if one.verdict is Verdict.HOLD]
    taken = set(desk.state.branches) | {pull.branch for pull in desk.state.pulls}
    return Plan(
        proposals=tuple(_proposal(sheet, waiting, taken, desk) for sheet in written),
        closings=tuple(
            _closing(job.batch, job, desk) for job in assignment.jobs if job.batch and job.is_empty
        ),
        stuck=tuple(_stuck(sheet) for sheet in sheets if sheet.stuck),
        decisions=final,
    )


def _draft(job: PaperJob, desk: Desk) -> _Sheet:
    if unknown := [str(one) for one in job.keep if one not in desk.known]:
        why = f": {desk.failure}" if desk.failure else ""
        stuck = f"it can't be written anew, as {', '.join(unknown)} could not be looked up{why}"
        return _Sheet(job, stuck=f"{stuck}\n  fix: run again later, with --source search")
    kept = [
        Decision(
            desk.known[one],
            Verdict.PROPOSE,
            Reason.RELEVANT,
            looks_like=desk.papers.index.looks_like(desk.known[one].paper),
        )
        for one in job.keep
    ]
    by_id = {one.candidate.paper.id: one for one in (*kept, *job.new)}
    wanted = [(one.candidate.paper, _section(one, desk.topics)) for one in by_id.values()]
    drafted = draft(desk.papers, wanted, desk.template)
    refused = tuple(one for one in drafted if isinstance(one, Refused))
    lost = [f"{one.paper.id}: {one.why}" for one in refused if one.paper.id in job.keep]
    return _Sheet(
        job,
        tuple(Item(by_id[one.paper.id], one) for one in drafted if isinstance(one, Draft)),
        refused,
        f"it can't be written anew, as a paper of it has no place any more ({lost[0]})"
        if lost
        else "",
    )


def _stuck(sheet: _Sheet) -> Outcome:
    pull = sheet.job.batch.pull if sheet.job.batch else None
    title, number, url = describe(pull, "a batch")
    return Outcome(OutcomeKind.FAILED, title, number, url, sheet.job.keep, failure=sheet.stuck)


def _with_verdict(one: Decision, held: Mapping[ArxivId, tuple[Reason, str]]) -> Decision:
    if one.verdict is not Verdict.PROPOSE or one.candidate.paper.id not in held:
        return one
    reason, detail = held[one.candidate.paper.id]
    return replace(one, verdict=Verdict.HOLD, reason=reason, detail=detail)


def _with_place(one: Decision, places: Mapping[ArxivId, Place]) -> Decision:
    place = places.get(one.candidate.paper.id)
    if place is None or one.verdict is not Verdict.PROPOSE:
        return one
    return replace(one, sections=(place.section, *place.alternatives))


def _section(one: Decision, topics: Mapping[str, Topic]) -> str:
    """The section that the first matching topic names, if any does."""
    named = (topics[name].section for name in one.candidate.evidence.topics if name in topics)
    return next(filter(None, named), "")


def _proposal(sheet: _Sheet, held: Sequence[Decision], taken: set[str], desk: Desk) -> Proposal:
    job, state, around = sheet.job, desk.state, desk.circumstances
    insertions = [item.draft.insertion for item in sheet.items]
    after = verify(desk.papers.document, insertions, added=len(insertions))
    ordered = sorted(
        sheet.items, key=lambda item: (-item.decision.candidate.score, item.draft.paper.id.order)
    )
    papers = tuple(item.draft.paper.id for item in ordered)
    title = _title(desk.rules.title, ordered)
    branch = job.batch.branch if job.batch else branch_of(papers, taken)
    marker = Marker(
        items=papers,
        path=state.base.path,
        resume=around.resume_with(when(one.candidate.paper) for one in held),
        declined=job.declined,
        written=around.now,
        base=state.base.sha,
        anchors=anchors(
            desk.papers.document.content, [(one.offset, one.offset) for one in insertions]
        ),
        title=title,
    )
    declined = [(one, _name(one, desk)) for one in job.declined]
    return Proposal(
        branch=branch,
        base_branch=state.base.branch,
        base_sha=state.base.sha,
        path=state.base.path,
        before=state.base.content,
        content=after.content,
        message=_message(marker, branch, ordered),
        title=title,
        text=render_text(marker, ordered, declined, around.coverage, held, around.origin),
        marker=marker,
        labels=desk.rules.labels,
        reviewers=desk.rules.reviewers,
        head=job.batch.head if job.batch else "",
        pull=job.batch.pull if job.batch else None,
    )


def _closing(batch: Batch[ArxivId], job: PaperJob, desk: Desk) -> Closing:
    declined = [(one, _name(one, desk)) for one in job.declined]
    marker = retired(job, batch)
    return Closing(batch, marker, render_closed(marker, declined, desk.circumstances.origin))


def _name(paper: ArxivId, desk: Desk) -> str:
    candidate = desk.known.get(paper)
    return candidate.paper.title if candidate else ""


def when(paper: Paper) -> datetime:
    """From when arXiv must be asked to meet the paper again: its submission, else the start of its id's month (UTC)."""
    return paper.submitted or datetime(paper.id.year, paper.id.month, 1, tzinfo=UTC)


def _title(pattern: str, items: Sequence[Item]) -> str:
    papers = count(len(items), "paper")
    title = pattern.format(count=papers, title=plain(items[0].draft.paper.title))
    title = words(title)
    return title if len(title) <= _TITLE_LIMIT else f"{title[: _TITLE_LIMIT - 1]}…"


def _message(marker: Marker[ArxivId], branch: str, items: Sequence[Item]) -> str:
    """The commit's message; its trailers tell what the marker does, should a person take that away."""
    lines = [f"* {words(plain(item.draft.paper.title))} ({item.draft.paper.id})" for item in items]
    trailers = render_trailers(branch, marker.path, marker.items, declined=marker.declined)
    return "\n\n".join([marker.title, "\n".join(lines), trailers])
