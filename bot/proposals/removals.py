"""Proposes to remove entries that a person unticked shortly before the pull request was merged. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.english import count, shorten
from bot.core.escaping import inline, unlinked
from bot.listing.document import Document, verify
from bot.listing.index import Listed, ListIndex
from bot.listing.parts import Entry, Replacement
from bot.proposals.batching import BatchJob
from bot.proposals.build import BatchContent, ChangedFile, Plan, build_closings, build_proposal
from bot.proposals.context import RunContext
from bot.proposals.marker import VERSION, Contents, Marker, box, read_ticks
from bot.proposals.model import ForgeState, Pull, PullState
from bot.proposals.text import (
    Addresses,
    files_of,
    footer,
    how_to_answer,
    linked,
    on_answer,
    removed_items,
)

MOST = 50
"""The most entries that one pull request removes."""
_TITLE_SHOWN = 200  # characters

RemovalJob = BatchJob[ArxivId, ArxivId]


@dataclass(frozen=True, slots=True)
class Unapplied:
    """A listed paper that a person unticked in a pull request which was merged before a run removed the paper."""

    paper: ArxivId
    listed: Listed
    pull: Pull


def unapplied(state: ForgeState, index: ListIndex) -> dict[ArxivId, Unapplied]:
    """The listed papers that a person unticked in a batch which was merged before a run removed them.

    Texts of version 1 are skipped: there a tick declined a paper, but whoever merged may have meant the opposite.
    Entries that name several papers are skipped too.
    """
    return {
        paper: Unapplied(paper, listed, pull)
        for pull in state.pulls
        if pull.state is PullState.MERGED and not pull.is_elsewhere
        if (marker := pull.marker) is not None
        if marker.path in state.base.files and marker.version >= VERSION
        for paper in read_ticks(marker, pull.body).declined
        if paper in marker.items and isinstance(listed := index.find_id(paper), Listed)
        if not listed.names_several
    }


def propose_removals(
    jobs: Sequence[RemovalJob], due: Mapping[ArxivId, Unapplied], context: RunContext
) -> Plan:
    """Builds the proposals and closings for batches of removals.

    Raises:
        ListError: the list can't be edited safely.
    """
    proposals = [
        build_proposal(
            job,
            _batch_content([due[paper] for paper in (*job.keep, *job.new)], context),
            context,
            contents=Contents.REMOVALS,
            resume=context.now,
        )
        for job in jobs
        if not job.is_empty
    ]
    closings = build_closings(
        jobs, context.now.date(), lambda marker: _closed_text(marker, context.addresses)
    )
    return Plan(tuple(proposals), closings, ())


def _batch_content(late: Sequence[Unapplied], context: RunContext) -> BatchContent[ArxivId]:
    changed = {}
    for path in dict.fromkeys(removal.listed.path for removal in late):
        file = context.papers.files[path]
        removed = [file.entry(r.listed) for r in late if r.listed.path == path]
        edits = [_removal(file.document, entry) for entry in removed]
        after = verify(file.document, edits, added=-len(removed), changed=removed)
        changed[path] = ChangedFile(after.content, edits)
    return BatchContent(
        items=tuple(removal.paper for removal in late),
        changed=changed,
        title=f"Remove {count(len(late), 'paper')} that you unticked",
        lines=[f"* {unlinked(_title(removal))} ({removal.paper})" for removal in late],
        text=lambda marker: _text(marker, late, context.addresses),
    )


def _removal(document: Document, entry: Entry) -> Replacement:
    """The edit that removes an entry, and one of the blank lines if there is one on each side."""
    newline, end = document.newline.encode(), entry.end
    before, behind = document.content[: entry.start], document.content[end:]
    if before.endswith(newline * 2) and behind.startswith(newline):
        end += len(newline)
    return Replacement(entry.start, end, b"")


def _title(late: Unapplied) -> str:
    return shorten(titles.plain(late.listed.title), _TITLE_SHOWN)


def _text(marker: Marker[ArxivId], late: Sequence[Unapplied], addresses: Addresses) -> str:
    boxes = [f"{box(removal.paper, ticked=True)} {_line(removal, addresses)}" for removal in late]
    introduction = (
        f"**You unticked {count(len(late), 'paper')}, and merged before a run could take "
        f"{'it' if len(late) == 1 else 'them'} out.** So {'it is' if len(late) == 1 else 'they are'} in "
        f"{files_of((removal.listed.path for removal in late), marker)} now.\n\n"
        "**Merge** to remove what is ticked. **Untick** a paper to keep it in the list. **Close** to keep them all."
    )
    parts = [
        introduction,
        "\n".join(boxes),
        *_kept(marker),
        how_to_answer((("keep a paper in the list", "untick its box"),), "tick or untick again"),
        footer(addresses),
    ]
    return "\n\n".join(parts) + "\n"


def _line(late: Unapplied, addresses: Addresses) -> str:
    url = addresses.line(late.listed.line, late.listed.path)
    return (
        f"**[{inline(_title(late))}]({late.paper.url})**, {linked(inline(late.listed.where), url)} "
        f"· unticked in [#{late.pull.number}]({late.pull.url})"
    )


def _kept(marker: Marker[ArxivId]) -> list[str]:
    lines = [
        f"{box(paper)} [{paper}]({paper.url}) · {on_answer('kept', paper, marker)}"
        for paper in marker.declined
    ]
    return [removed_items(lines, "Kept in the list", "tick to remove")] if lines else []


def _closed_text(marker: Marker[ArxivId], addresses: Addresses) -> str:
    why = (
        "**Closed by the bot: no paper is left to remove.** Each paper is no longer in the list, "
        "or stays in it."
    )
    return "\n\n".join([why, *_kept(marker), footer(addresses)]) + "\n"
