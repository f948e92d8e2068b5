"""Turns changes to entries into proposals. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.core.english import count
from bot.core.escaping import unlinked
from bot.core.model import Coverage, Outcome
from bot.core.titles import plain
from bot.proposals.batching import BatchJob
from bot.proposals.build import (
    BatchContent,
    ChangedFile,
    Plan,
    build_closings,
    build_proposal,
    not_found,
    stuck_batch,
)
from bot.proposals.context import RunContext
from bot.proposals.items import ChangeId
from bot.proposals.marker import Contents
from bot.proposals.model import Proposal
from bot.refresh.apply import apply_changes
from bot.refresh.body import render_closed, render_text
from bot.refresh.model import EntryChange, Findings, Note

MOST = 50
"""The most changes in one pull request: as many as a person can review."""

ChangeJob = BatchJob[ChangeId, EntryChange]
_TITLE_LIMIT = 200


def propose_changes(
    jobs: Sequence[ChangeJob],
    found: Findings,
    coverage: Coverage,
    waiting: int,
    context: RunContext,
) -> Plan:
    """Builds the proposals and closings for batches of changes; `waiting` is how many more changes have no room.

    Raises:
        ListError: the list can't be edited safely.
    """
    due = {change.id: change for change in found.changes}
    proposals: list[Proposal] = []
    stuck: list[Outcome] = []
    for job in jobs:
        if unknown := [item for item in job.keep if item not in due]:
            stuck.append(stuck_batch(job, not_found(unknown)))
        elif not job.is_empty:
            changes = (*(due[item] for item in job.keep), *job.new)
            content = _batch_content(changes, found.notes, coverage, waiting, context)
            proposals.append(
                build_proposal(job, content, context, contents=Contents.CHANGES, resume=context.now)
            )
    closings = build_closings(
        jobs, context.now.date(), lambda marker: render_closed(marker, context.addresses)
    )
    return Plan(tuple(proposals), closings, tuple(stuck))


def _batch_content(
    changes: Sequence[EntryChange],
    notes: Sequence[Note],
    coverage: Coverage,
    waiting: int,
    context: RunContext,
) -> BatchContent[ChangeId]:
    ordered = sorted(changes, key=lambda change: change.order)
    return BatchContent(
        items=tuple(change.id for change in ordered),
        changed=dict(_changed(ordered, context)),
        title=f"Refresh the list from arXiv: {count(len(ordered), 'change')}",
        lines=[_line(change) for change in ordered],
        text=lambda marker: render_text(
            marker, ordered, notes, coverage, waiting, context.addresses
        ),
    )


def _changed(
    changes: Sequence[EntryChange], context: RunContext
) -> Iterator[tuple[str, ChangedFile]]:
    places = [place for change in changes for place in (change, *change.again)]
    for path, file in context.papers.files.items():
        if here := [change for change in places if change.listed.path == path]:
            edits = [change.edit for change in here]
            yield path, ChangedFile(apply_changes(file, here), edits)


def _line(change: EntryChange) -> str:
    title = unlinked(plain(change.listed.title))[:_TITLE_LIMIT]
    return f"* {change.id.fact.value} of {title} ({change.id.paper})"
