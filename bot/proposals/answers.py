"""Reads people's answers from the pull requests, the bot's only memory: accepted, declined, snoozed, pending.

A pull request is a batch if it has the bot's hidden marker and is on a branch with the bot's prefix
in the list's own repository.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic

from bot.core.arxiv_id import ArxivId
from bot.core.model import Reason, Verdict
from bot.listing.index import ListIndex
from bot.proposals.commits import Commit, Trailers, changes_of, papers_of, removals_of
from bot.proposals.items import ChangeId, Item
from bot.proposals.labels import LATER
from bot.proposals.marker import VERSION, Contents, Marker, read_ticks
from bot.proposals.model import Batch, ForgeState, Pull, PullState
from bot.relevance.screening import Known

BRANCH_PREFIX = "arxiv-bot/"
REFRESH_PREFIX = f"{BRANCH_PREFIX}refresh-"
SNOOZE = timedelta(days=30)
_PREFIXES = {
    Contents.PAPERS: f"{BRANCH_PREFIX}batch-",
    Contents.CHANGES: REFRESH_PREFIX,
    Contents.REMOVALS: f"{BRANCH_PREFIX}removal-",
}


@dataclass(frozen=True, slots=True)
class PaperAnswers:
    """The answers on papers.

    `known` are the papers whose verdict follows from an answer, not from their score. `open` are the open batches of
    this list, oldest first. `resume` is the start of the next window (UTC); None if no batch records it.
    """

    known: Mapping[ArxivId, Known]
    open: tuple[Batch[ArxivId], ...]
    resume: datetime | None

    @property
    def asked_for(self) -> tuple[ArxivId, ...]:
        """The papers that a person ticked in a pull request which was merged before a run added them."""
        return tuple(paper for paper, known in self.known.items() if known.reason is Reason.ASKED)


@dataclass(frozen=True, slots=True)
class ItemAnswers(Generic[Item]):
    """The answers on changes or removals, and the open batches of this list that propose them."""

    known: Mapping[Item, Known]
    open: tuple[Batch[Item], ...]


def branch_of(
    items: Iterable[Item], taken: Container[str] = (), contents: Contents = Contents.PAPERS
) -> str:
    """Returns a branch name for a batch: a hash of its items in any order, with a number if the name is taken."""
    names = "\n".join(sorted(str(item) for item in items))
    first = f"{_PREFIXES[contents]}{hashlib.sha256(names.encode()).hexdigest()[:12]}"
    name, number = first, 1
    while name in taken:
        number += 1
        name = f"{first}-{number}"
    return name


def read_answers(state: ForgeState, index: ListIndex, now: datetime) -> PaperAnswers:
    """Reads what the pull requests say at time `now` about papers that are not in the list.

    In every batch, a paper that a person unticked is declined. For the other papers of a batch:

    - Open: they are pending.
    - Closed without merging: ticked ones are declined, those left unticked under "Perhaps" are passed over.
    - Closed with the label "later": they are snoozed; when that time is over, the batch says nothing about them.
    - Closed by the bot, or for another branch: the batch says nothing about them.
    - Merged: those that the branch had and the list lacks are declined, because a person removed them. Those that a
      person ticked too late for the branch are proposed. Those left unticked under "Perhaps" are passed over.

    Papers that a marker only notes (`mode = "paper"`) are not proposed by a run.
    Papers that an open pull request of somebody else adds are held back. If several batches have the same paper,
    an open one counts, else the one that was answered last.
    """
    batches = [
        _Record(pull, pull.marker, _papers(pull, pull.marker))
        for pull in state.pulls
        if pull.marker and pull.marker.path in state.base.files
    ]
    known = _noted(batches, index) | _claimed(state, index)
    _add_verdicts(batches, lambda paper: index.find_id(paper) is not None, now, known)
    orphans = _orphan_batches(state, known, papers_of, Contents.PAPERS)
    later = _snoozed(batches, index)
    markers = [batch.marker for batch in batches]
    return PaperAnswers(known, (*_open(batches), *orphans), _resume(markers, later, index.newest))


def _noted(batches: Iterable[_Record[ArxivId]], index: ListIndex) -> dict[ArxivId, Known]:
    """The papers that runs were unsure of and no pull request asks about, with the newest batch that notes each."""
    return {
        paper: Known(Verdict.REJECT, Reason.NOTED, f"noted in #{pull.number}", pull.number)
        for pull, marker in ((batch.pull, batch.marker) for batch in batches)
        for paper in marker.noted
        if index.find_id(paper) is None
    }


def _claimed(state: ForgeState, index: ListIndex) -> dict[ArxivId, Known]:
    """The papers that other people's open pull requests add, and those that a person added to a batch of changes."""
    return {
        paper: Known(Verdict.HOLD, Reason.CLAIMED, f"already in #{pull.number}", pull.number)
        for pull in state.pulls
        if pull.state is PullState.OPEN and pull.marker is None
        for paper in pull.adds
        if index.find_id(paper) is None
    }


def _snoozed(batches: Sequence[_Record[ArxivId]], index: ListIndex) -> set[ArxivId]:
    """The snoozed papers that no run has found again since.

    A run after the snooze ends finds them again. If they still have to wait, the `resume` of its markers covers them.
    """
    later: set[ArxivId] = set()
    written = max((batch.marker.written for batch in batches if batch.marker.written), default=None)
    for batch in sorted(batches, key=_answer_order):
        later -= set(batch.items)
        if _is_later(batch.pull) and (written is None or written < _until(batch.pull)):
            later |= {paper for paper in batch.items if index.find_id(paper) is None}
    return later


def read_change_answers(
    state: ForgeState, due: Container[ChangeId], now: datetime
) -> ItemAnswers[ChangeId]:
    """Reads what the pull requests say at time `now` about changes, by the rules for papers (`read_answers`).

    `due` are the changes that the list still lacks; a merged batch declines them, because a person removed them.
    """
    return _read_due(
        state,
        lambda change: change not in due,
        now,
        lambda pull: pull.refresh,
        changes_of,
        Contents.CHANGES,
    )


def read_removal_answers(
    state: ForgeState, due: Container[ArxivId], now: datetime
) -> ItemAnswers[ArxivId]:
    """Reads what the pull requests say about entries to remove; arguments as for `read_change_answers`."""
    return _read_due(
        state,
        lambda paper: paper not in due,
        now,
        lambda pull: pull.removals,
        removals_of,
        Contents.REMOVALS,
    )


def _read_due(
    state: ForgeState,
    is_made: Callable[[Item], bool],
    now: datetime,
    marker_of: Callable[[Pull], Marker[Item] | None],
    read: Callable[[Commit], Trailers[Item]],
    contents: Contents,
) -> ItemAnswers[Item]:
    batches = [
        _Record(pull, marker, marker.named)
        for pull in state.pulls
        if (marker := marker_of(pull)) and marker.path in state.base.files
    ]
    known: dict[Item, Known] = {}
    _add_verdicts(batches, is_made, now, known)
    orphans = _orphan_batches(state, known, read, contents)
    return ItemAnswers(known, (*_open(batches), *orphans))


@dataclass(frozen=True, slots=True)
class _Record(Generic[Item]):
    """A batch's pull request, its marker, and all items that are or were in it."""

    pull: Pull
    marker: Marker[Item]
    items: tuple[Item, ...]


def _add_verdicts(
    batches: Iterable[_Record[Item]],
    is_listed: Callable[[Item], bool],
    now: datetime,
    known: dict[Item, Known],
) -> None:
    """Adds the verdicts of the batches to `known`; later batches replace the verdicts of earlier ones, open ones last.

    If a batch that the bot closed says nothing about an item, the verdict of an earlier batch counts.
    """
    for batch in sorted(batches, key=_answer_order):
        verdicts = dict(_verdicts(batch, is_listed, now))
        retired = batch.marker.retired and batch.pull.state is PullState.CLOSED
        for item in batch.items:
            if not retired or item in verdicts:
                known.pop(item, None)
        known.update(verdicts)


def _open(batches: Iterable[_Record[Item]]) -> Iterator[Batch[Item]]:
    for batch in sorted(batches, key=lambda batch: batch.pull.number):
        pull, marker = batch.pull, batch.marker
        if pull.state is PullState.OPEN:
            named = set(marker.named)
            adds = tuple(item for item in batch.items if item not in named)
            yield Batch(pull.branch, pull.head_sha, marker, pull, adds)


def _orphan_batches(
    state: ForgeState,
    known: dict[Item, Known],
    read: Callable[[Commit], Trailers[Item]],
    contents: Contents,
) -> tuple[Batch[Item], ...]:
    """The batches of this list without a pull request, read from commits; their items become pending in `known`."""
    found: list[Batch[Item]] = []
    for orphan in state.orphans:
        try:
            trailers = read(orphan.commit)
        except ValueError:
            continue
        if trailers.path in state.base.files:
            waiting = tuple(item for item in trailers.items if item not in known)
            marker = Marker(
                waiting, trailers.path, datetime.max.replace(tzinfo=UTC), contents=contents
            )
            found.append(Batch(orphan.branch, orphan.commit.sha, marker))
    for batch in found:
        pending = Known(Verdict.REJECT, Reason.PENDING, batch.name)
        known.update((item, pending) for item in batch.marker.items if item not in known)
    return tuple(found)


def _papers(pull: Pull, marker: Marker[ArxivId]) -> tuple[ArxivId, ...]:
    """All papers that are or were in a batch, including those that a person pushed to its branch."""
    return tuple(dict.fromkeys((*marker.named, *pull.adds)))


def _answer_order(record: _Record[Item]) -> tuple[bool, datetime, int]:
    """Sorts batches by the time of their answer, open ones last."""
    pull = record.pull
    return (pull.state is PullState.OPEN, pull.closed or pull.created, pull.number)


def _resume(
    markers: Iterable[Marker[ArxivId]], later: Iterable[ArxivId], newest: ArxivId | None
) -> datetime | None:
    """The start of the next window; it begins a month before the ids of snoozed papers, so that they are found again.

    A marker that was read from a commit has no time and does not count, because what was held back then is unknown.
    If no marker has a time, snoozed papers and the newest id in the list decide; without snoozed papers, None.
    """
    times = [(marker.written, marker.resume) for marker in markers if marker.written]
    months = [(paper.year, paper.month) for paper in later]
    starts = [
        datetime(year - (month == 1), (month - 2) % 12 + 1, 1, tzinfo=UTC) for year, month in months
    ]
    if times:
        return min([max(times)[1], *starts])
    if starts and newest:
        return min([datetime(newest.year, newest.month, 1, tzinfo=UTC), *starts])
    return None


def _is_later(pull: Pull) -> bool:
    return pull.state is PullState.CLOSED and pull.has(LATER.name)


def _until(pull: Pull) -> datetime:
    """The time until which the items of a batch are snoozed."""
    return (pull.closed or pull.created) + SNOOZE


def _verdicts(
    batch: _Record[Item], is_listed: Callable[[Item], bool], now: datetime
) -> Iterator[tuple[Item, Known]]:
    """The verdicts that follow from a batch; it may say nothing about some items."""
    pull, marker = batch.pull, batch.marker
    name, number = f"#{pull.number}", pull.number
    ticks = read_ticks(marker, pull.body)
    declined = f"{'unticked' if marker.version >= VERSION else 'ticked'} in {name}"
    for item in batch.items:
        if item in ticks.declined:
            yield item, Known(Verdict.REJECT, Reason.DECLINED, declined, number)
        elif pull.state is PullState.OPEN:
            yield item, Known(Verdict.REJECT, Reason.PENDING, name, number)
        elif pull.is_elsewhere:
            continue  # it was for another branch, so it says nothing about this list
        elif _is_later(pull):
            if now < (until := _until(pull)):
                detail = f"{name}, until {until:%Y-%m-%d}"
                yield item, Known(Verdict.HOLD, Reason.SNOOZED, detail, number)
        elif not marker.retired and not (pull.state is PullState.MERGED and is_listed(item)):
            ticked, in_branch = item not in ticks.perhaps, item in marker.items
            yield item, _ended(batch, ticked=ticked, in_branch=in_branch)


def _ended(batch: _Record[Item], *, ticked: bool, in_branch: bool) -> Known:
    """The verdict of a merged or closed batch on an item that is not in the list.

    `ticked` is whether its box is ticked, `in_branch` whether the branch had it when a run last wrote the text.
    """
    name, number = f"#{batch.pull.number}", batch.pull.number
    if not ticked:
        return Known(Verdict.REJECT, Reason.PASSED_OVER, f"left unticked in {name}", number)
    if batch.pull.state is PullState.CLOSED:
        return Known(Verdict.REJECT, Reason.DECLINED, f"{name} was closed", number)
    if in_branch:
        return Known(Verdict.REJECT, Reason.DECLINED, f"removed from {name}", number)
    return Known(Verdict.PROPOSE, Reason.ASKED, f"ticked in {name}", number)
