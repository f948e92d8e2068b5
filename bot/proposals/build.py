"""Builds proposals and closings for batches of any kind of item: papers to add, changes, or removals. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Generic

from bot.core.model import Outcome, OutcomeKind
from bot.listing.parts import Edit
from bot.proposals.anchors import anchors
from bot.proposals.answers import branch_of
from bot.proposals.batching import BatchJob
from bot.proposals.commits import render_trailers
from bot.proposals.context import RunContext
from bot.proposals.items import Item, papers_among
from bot.proposals.marker import AnyMarker, Contents, Marker
from bot.proposals.model import Batch, Closing, FileChange, Proposal, describe


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file with a batch's items applied, and the edits that did so."""

    content: bytes
    edits: Sequence[Edit]


@dataclass(frozen=True, slots=True)
class BatchContent(Generic[Item]):
    """The changed files of a batch, and the texts that describe it.

    Args:
        items: the batch's items, in the order of its text.
        changed: the files that change, by path; "" is the list's first file.
        title: the pull request's title.
        lines: the body of the commit message, one line per item.
        text: renders the pull request's text below a given marker.
        perhaps: items shown for a person to tick.
        noted: items that the run was unsure of and that no text shows.
        judged: what a judge answered about the items, for the marker.
        principles: the version of the principles by which the judge answered.
    """

    items: tuple[Item, ...]
    changed: Mapping[str, ChangedFile]
    title: str
    lines: Sequence[str]
    text: Callable[[Marker[Item]], str]
    perhaps: tuple[Item, ...] = ()
    noted: tuple[Item, ...] = ()
    judged: tuple[tuple[Item, str], ...] = ()
    principles: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do on the forge; `stuck` are open batches that should change but can't."""

    proposals: tuple[Proposal, ...]
    closings: tuple[Closing, ...]
    stuck: tuple[Outcome, ...]


def build_proposal(
    job: BatchJob[Item, Any],
    inside: BatchContent[Item],
    context: RunContext,
    *,
    contents: Contents,
    resume: datetime,
) -> Proposal:
    """Builds the proposal for a batch; `resume` is the start of the next run's window (UTC)."""
    state, block = context.state, context.config.pull_request
    taken = {*state.branches, *(pull.branch for pull in state.pulls)}
    branch = (
        job.batch.branch
        if job.batch
        else branch_of(inside.items or inside.perhaps, taken, contents)
    )
    noted_before = job.batch.marker.noted if job.batch else ()
    marker = Marker(
        items=inside.items,
        path=state.base.path,
        resume=resume,
        declined=job.declined,
        written=context.now,
        base=state.base.sha,
        anchors=tuple(_anchors(inside.changed, context)),
        title=inside.title,
        contents=contents,
        perhaps=inside.perhaps,
        noted=tuple(dict.fromkeys((*noted_before, *inside.noted))),
        answered=_answered(job, context.now.date()),
        judged=inside.judged,
        principles=inside.principles,
    )
    if job.text_only and job.batch:
        old = job.batch.marker
        marker = replace(marker, path=old.path, base=old.base, anchors=old.anchors)
    return Proposal(
        branch=branch,
        base_branch=state.base.branch,
        base_sha=state.base.sha,
        files=tuple(_files(inside.changed, context)),
        message=commit_message(branch, marker, inside.lines),
        title=inside.title,
        text=inside.text(marker),
        marker=marker,
        labels=block.labels,
        reviewers=block.reviewers,
        head=job.batch.head if job.batch else "",
        pull=job.batch.pull if job.batch else None,
        text_only=job.text_only,
    )


def _files(changed: Mapping[str, ChangedFile], context: RunContext) -> Iterator[FileChange]:
    for path, file in context.writable.items():
        before = file.document.content
        after = changed[path].content if path in changed else before
        yield FileChange(path or context.state.base.path, before, after)


def _anchors(changed: Mapping[str, ChangedFile], context: RunContext) -> Iterator[str]:
    for path, file in changed.items():
        ranges = [(edit.start, edit.end) for edit in file.edits]
        yield from anchors(context.papers.files[path].document.content, ranges, path)


def _answered(job: BatchJob[Item, Any], today: date) -> tuple[tuple[Item, date], ...]:
    """The items that are in the batch or declined by a person's answer, each with the day when a run applied it."""
    before = dict(job.batch.marker.answered) if job.batch else {}
    days = before | dict.fromkeys(job.answered, today)
    left = {*job.keep, *job.declined}
    return tuple((item, day) for item, day in days.items() if item in left)


def commit_message(branch: str, marker: AnyMarker, lines: Sequence[str]) -> str:
    """The commit message; its trailers repeat the marker, in case a person deletes the marker from the text."""
    trailers = render_trailers(branch, marker.path, marker.items, marker.contents, marker.declined)
    return "\n\n".join([marker.title, "\n".join(lines), trailers])


def build_closings(
    jobs: Sequence[BatchJob[Item, Any]], today: date, text: Callable[[Marker[Item]], str]
) -> tuple[Closing, ...]:
    """Builds the closings of the open batches with nothing left to decide; `text` renders the text below a marker."""
    found = [
        (job.batch, _retired(job, job.batch, today)) for job in jobs if job.batch and job.is_empty
    ]
    return tuple(Closing(batch, marker, text(marker)) for batch, marker in found)


def _retired(job: BatchJob[Item, Any], batch: Batch[Item], today: date) -> Marker[Item]:
    """The marker of a batch that the bot closes, so that this closing does not count as an answer."""
    left = tuple(item for item in batch.marker.items if item not in job.declined)
    return replace(
        batch.marker,
        items=left,
        perhaps=(),
        declined=job.declined,
        answered=_answered(job, today),
        retired=True,
    )


def stuck_batch(job: BatchJob[Item, Any], why: str) -> Outcome:
    """The failure to report for an open batch that should change but can't."""
    title, number, url = describe(job.batch.pull if job.batch else None, "a batch")
    return Outcome(OutcomeKind.FAILED, title, number, url, papers_among(job.keep), failure=why)


def not_found(items: Sequence[Item], failure: str = "") -> str:
    """The error text for a batch whose papers could not be looked up; `failure` is the source's message."""
    names = ", ".join(str(paper) for paper in papers_among(items))
    why = f": {failure}" if failure else ""
    return (
        f"it can't be rewritten, because {names} could not be looked up{why}\n"
        "  fix: run again later, with --source search"
    )
