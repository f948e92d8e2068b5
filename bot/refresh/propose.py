"""From changes to a proposal: the whole text of a batch of changes, and what becomes of those that are open. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.arxiv_id import ArxivId
from bot.core.english import count
from bot.core.escaping import words
from bot.core.model import Coverage, Outcome, OutcomeKind
from bot.core.titles import plain
from bot.listing.paper_list import PaperList
from bot.proposals.anchors import anchors
from bot.proposals.answers import branch_of
from bot.proposals.batching import BatchRules, Job, retired
from bot.proposals.body import Origin
from bot.proposals.commits import render_trailers
from bot.proposals.items import ChangeId, Fact, papers_among
from bot.proposals.marker import Contents, Marker
from bot.proposals.model import Batch, Closing, ForgeState, Proposal, describe
from bot.refresh.apply import carry_out
from bot.refresh.body import render_closed, render_text
from bot.refresh.model import Change, Note

MOST = 50
"""The changes that one pull request may hold: as many as a person can look through."""

ChangeJob = Job[ChangeId, Change]
_TITLE_LIMIT = 200


class Settled:
    """The changes that are not called for any more: not those that could not be looked up.

    These are of papers that are `unknown`, and of `unsure` facts, which the source can't tell of.
    """

    def __init__(
        self,
        due: Collection[ChangeId],
        unknown: Collection[ArxivId],
        unsure: Collection[Fact] = (),
    ) -> None:
        self._due = due
        self._unknown = unknown
        self._unsure = unsure

    def __contains__(self, change: object) -> bool:
        return (
            isinstance(change, ChangeId)
            and change not in self._due
            and change.paper not in self._unknown
            and change.fact not in self._unsure
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a proposal is written from.

    `due` are the changes that are called for, `unknown` the listed papers that could not be looked up.
    """

    state: ForgeState
    listing: PaperList
    due: Mapping[ChangeId, Change]
    notes: Sequence[Note]
    coverage: Coverage
    unknown: tuple[ArxivId, ...]
    rules: BatchRules
    origin: Origin
    now: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do; `stuck` are open batches that would have to change and can't."""

    proposals: tuple[Proposal, ...]
    closings: tuple[Closing, ...]
    stuck: tuple[Outcome, ...]


def plan(jobs: Sequence[ChangeJob], waiting: int, desk: Desk) -> Plan:
    """Writes what was assigned, while so many changes wait for room.

    Raises:
        ListError: the list can't be edited safely.
    """
    proposals: list[Proposal] = []
    stuck: list[Outcome] = []
    for job in jobs:
        if unknown := [one for one in job.keep if one not in desk.due]:
            stuck.append(_stuck(job, papers_among(unknown)))
        elif not job.is_empty:
            proposals.append(_proposal(job, waiting, desk))
    closings = (_closing(job.batch, job, desk) for job in jobs if job.batch and job.is_empty)
    return Plan(tuple(proposals), tuple(closings), tuple(stuck))


def _stuck(job: ChangeJob, unknown: Sequence[ArxivId]) -> Outcome:
    title, number, url = describe(job.batch.pull if job.batch else None, "a batch of changes")
    names = ", ".join(map(str, unknown))
    why = (
        f"it can't be written anew, as {names} could not be looked up\n"
        "  fix: run again later, with --source search"
    )
    return Outcome(OutcomeKind.FAILED, title, number, url, papers_among(job.keep), failure=why)


def _proposal(job: ChangeJob, waiting: int, desk: Desk) -> Proposal:
    state = desk.state
    unordered = (*(desk.due[one] for one in job.keep), *job.new)
    changes = sorted(unordered, key=lambda one: one.order)
    items = tuple(one.id for one in changes)
    content = carry_out(desk.listing, changes)
    title = f"Refresh the list from arXiv: {count(len(changes), 'change')}"
    taken = set(state.branches) | {pull.branch for pull in state.pulls}
    branch = job.batch.branch if job.batch else branch_of(items, taken, Contents.CHANGES)
    marker = Marker(
        items=items,
        path=state.base.path,
        resume=desk.now,
        declined=job.declined,
        written=desk.now,
        base=state.base.sha,
        anchors=anchors(state.base.content, [(one.edit.start, one.edit.end) for one in changes]),
        title=title,
        contents=Contents.CHANGES,
    )
    return Proposal(
        branch=branch,
        base_branch=state.base.branch,
        base_sha=state.base.sha,
        path=state.base.path,
        before=state.base.content,
        content=content,
        message=_message(marker, branch, changes),
        title=title,
        text=render_text(marker, changes, desk.notes, desk.coverage, waiting, desk.origin),
        marker=marker,
        labels=desk.rules.labels,
        reviewers=desk.rules.reviewers,
        head=job.batch.head if job.batch else "",
        pull=job.batch.pull if job.batch else None,
    )


def _closing(batch: Batch[ChangeId], job: ChangeJob, desk: Desk) -> Closing:
    marker = retired(job, batch)
    return Closing(batch, marker, render_closed(marker, desk.origin))


def _message(marker: Marker[ChangeId], branch: str, changes: Sequence[Change]) -> str:
    """The commit's message; its trailers tell what the marker does, should a person take that away."""
    lines = [
        f"* {one.id.fact.value} of {words(plain(one.listed.title))[:_TITLE_LIMIT]} ({one.id.paper})"
        for one in changes
    ]
    trailers = render_trailers(
        branch, marker.path, marker.items, Contents.CHANGES, declined=marker.declined
    )
    return "\n\n".join([marker.title, "\n".join(lines), trailers])
