"""Reads what people answered from the pull requests, which are the only memory: accepted, declined, put off, waiting.

A batch is known by a hidden marker at the top of its body, on a branch of the bot's in the list's own repository.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic

from bot.core.arxiv_id import ArxivId
from bot.core.model import Reason, Verdict
from bot.listing.index import Listed, ListIndex
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
    """The batches read back.

    `known` are papers that need no decision by their score, `open` the batches of this list that wait for an answer,
    the oldest first, `resume` is where to ask arXiv from.
    """

    known: Mapping[ArxivId, Known]
    open: tuple[Batch[ArxivId], ...]
    resume: datetime | None

    @property
    def asked_for(self) -> tuple[ArxivId, ...]:
        """The papers that a person ticked in a pull request that was merged before a run could add them."""
        return tuple(paper for paper, known in self.known.items() if known.reason is Reason.ASKED)


@dataclass(frozen=True, slots=True)
class ItemAnswers(Generic[Item]):
    """Other batches read back: what people answered, and the batches of this list that wait for an answer."""

    known: Mapping[Item, Known]
    open: tuple[Batch[Item], ...]


@dataclass(frozen=True, slots=True)
class Unapplied:
    """A listed paper whose box a person unticked, in a pull request that was merged before a run took it out."""

    paper: ArxivId
    listed: Listed
    pull: Pull


def branch_of(
    items: Iterable[Item], taken: Container[str] = (), contents: Contents = Contents.PAPERS
) -> str:
    """A batch's branch: the same for the same items, whatever the time and order; numbered where it is taken."""
    names = "\n".join(sorted(str(item) for item in items))
    first = f"{_PREFIXES[contents]}{hashlib.sha256(names.encode()).hexdigest()[:12]}"
    name, number = first, 1
    while name in taken:
        number += 1
        name = f"{first}-{number}"
    return name


def read_answers(state: ForgeState, index: ListIndex, now: datetime) -> PaperAnswers:
    """What the forge's pull requests say, at `now`, of papers that are not in the list.

    Open batches hold their papers; those unticked in them are declined. A batch closed without merging declines what
    was ticked and passes over what was left unticked under "Perhaps", unless it has the label for "later": then its
    papers are held for a while, and after that it says nothing; nor does a batch that the bot closed itself, or that
    went into another branch. A merged batch declines what its branch had and the list has not, since a person took it
    out. Of several batches with one paper an open one counts, else the one answered last. An open pull request of
    somebody else holds what it adds.
    """
    path = state.base.path
    batches = [
        _Record(pull, pull.marker, _papers(pull, pull.marker))
        for pull in state.pulls
        if pull.marker and pull.marker.path == path
    ]
    known = _claimed(state, index)
    _learn(batches, lambda paper: index.find_id(paper) is not None, now, known)
    orphans = _adopted(state, known, papers_of, Contents.PAPERS)
    later = _put_off(batches, index)
    markers = [batch.marker for batch in batches]
    return PaperAnswers(known, (*_open(batches), *orphans), _resume(markers, later, index.newest))


def _claimed(state: ForgeState, index: ListIndex) -> dict[ArxivId, Known]:
    """The papers that open pull requests of others add, or those of changes that a person adds to."""
    return {
        paper: Known(Verdict.HOLD, Reason.CLAIMED, f"already in #{pull.number}", pull.number)
        for pull in state.pulls
        if pull.state is PullState.OPEN and pull.marker is None
        for paper in pull.adds
        if index.find_id(paper) is None
    }


def _put_off(batches: Sequence[_Record[ArxivId]], index: ListIndex) -> set[ArxivId]:
    """The papers put off that no run has met again since.

    A run after that time has met them again: where they still wait, it has recorded to ask from them on.
    """
    later: set[ArxivId] = set()
    written = max((batch.marker.written for batch in batches if batch.marker.written), default=None)
    for batch in sorted(batches, key=_answered):
        later -= set(batch.items)
        if _is_later(batch.pull) and (written is None or written < _until(batch.pull)):
            later |= {paper for paper in batch.items if index.find_id(paper) is None}
    return later


def read_change_answers(
    state: ForgeState, due: Container[ChangeId], now: datetime
) -> ItemAnswers[ChangeId]:
    """What the forge's pull requests say, at `now`, of changes, of which those `due` are not made in the list.

    The rules are those of papers (`read_answers`): a merged batch declines what is still due, since a person took it
    out.
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
    """The same for entries to take out again."""
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
        _Record(pull, marker, _named(marker))
        for pull in state.pulls
        if (marker := marker_of(pull)) and marker.path == state.base.path
    ]
    known: dict[Item, Known] = {}
    _learn(batches, is_made, now, known)
    orphans = _adopted(state, known, read, contents)
    return ItemAnswers(known, (*_open(batches), *orphans))


def unapplied(state: ForgeState, index: ListIndex) -> dict[ArxivId, Unapplied]:
    """The listed papers that a person unticked in a batch that was merged before a run could take them out.

    Texts of version 1 are left aside: in them a tick declined, and whoever merged ticked papers may have meant yes.
    So are entries that name another paper too.
    """
    return {
        paper: Unapplied(paper, listed, pull)
        for pull in state.pulls
        if pull.state is PullState.MERGED and not pull.is_elsewhere
        if (marker := pull.marker) is not None
        if marker.path == state.base.path and marker.version >= VERSION
        for paper in read_ticks(marker, pull.body).declined
        if paper in marker.items and isinstance(listed := index.find_id(paper), Listed)
        if not listed.names_several
    }


@dataclass(frozen=True, slots=True)
class _Record(Generic[Item]):
    """A batch's pull request, its marker, and all items that are, or were, in it."""

    pull: Pull
    marker: Marker[Item]
    items: tuple[Item, ...]


def _learn(
    batches: Iterable[_Record[Item]],
    is_listed: Callable[[Item], bool],
    now: datetime,
    known: dict[Item, Known],
) -> None:
    """Adds to what is known what the batches say: of several with one item an open one counts, else the last answered.

    One that the bot closed leaves standing what an earlier one says.
    """
    for batch in sorted(batches, key=_answered):
        said = dict(_verdicts(batch, is_listed, now))
        retired = batch.marker.retired and batch.pull.state is PullState.CLOSED
        for item in batch.items:
            if not retired or item in said:
                known.pop(item, None)
        known.update(said)


def _open(batches: Iterable[_Record[Item]]) -> Iterator[Batch[Item]]:
    for batch in sorted(batches, key=lambda batch: batch.pull.number):
        pull, marker = batch.pull, batch.marker
        if pull.state is PullState.OPEN:
            named = set(_named(marker))
            adds = tuple(item for item in batch.items if item not in named)
            yield Batch(pull.branch, pull.head_sha, marker, pull, adds)


def _adopted(
    state: ForgeState,
    known: dict[Item, Known],
    read: Callable[[Commit], Trailers[Item]],
    contents: Contents,
) -> tuple[Batch[Item], ...]:
    """The batches of this list whose pull request was never opened, read from their commits; their items wait."""
    found: list[Batch[Item]] = []
    for orphan in state.orphans:
        try:
            trailers = read(orphan.commit)
        except ValueError:
            continue
        if trailers.path == state.base.path:
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
    """All papers that are, or were, in a batch; of one whose branch was moved also what that adds."""
    return tuple(dict.fromkeys((*_named(marker), *pull.adds)))


def _named(marker: Marker[Item]) -> tuple[Item, ...]:
    """All items that a batch's text names."""
    return tuple(dict.fromkeys((*marker.items, *marker.perhaps, *marker.declined)))


def _answered(record: _Record[Item]) -> tuple[bool, datetime, int]:
    pull = record.pull
    return (pull.state is PullState.OPEN, pull.closed or pull.created, pull.number)


def _resume(
    markers: Iterable[Marker[ArxivId]], later: Iterable[ArxivId], newest: ArxivId | None
) -> datetime | None:
    """Start of the next window: early enough to include papers that were put off (the month before their ids').

    A marker that was read from a commit has no time, as nobody knows what was held back then. Where all are such,
    it is as without a batch: from the newest id in the list on.
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
    """Until when the items of a batch are put off."""
    return (pull.closed or pull.created) + SNOOZE


def _verdicts(
    batch: _Record[Item], is_listed: Callable[[Item], bool], now: datetime
) -> Iterator[tuple[Item, Known]]:
    """What a batch says of its items; of some nothing."""
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
            continue  # what became of it says nothing of this list
        elif _is_later(pull):
            if now < (until := _until(pull)):
                detail = f"{name}, until {until:%Y-%m-%d}"
                yield item, Known(Verdict.HOLD, Reason.SNOOZED, detail, number)
        elif not marker.retired and not (pull.state is PullState.MERGED and is_listed(item)):
            ticked, in_branch = item not in ticks.perhaps, item in marker.items
            yield item, _ended(batch, ticked=ticked, in_branch=in_branch)


def _ended(batch: _Record[Item], *, ticked: bool, in_branch: bool) -> Known:
    """What a batch that was merged or closed says of an item that it did not bring into the list.

    `ticked` is whether its box is, `in_branch` whether the branch had it when a run last wrote the text.
    """
    name, number = f"#{batch.pull.number}", batch.pull.number
    if not ticked:
        return Known(Verdict.REJECT, Reason.PASSED_OVER, f"left unticked in {name}", number)
    if batch.pull.state is PullState.CLOSED:
        return Known(Verdict.REJECT, Reason.DECLINED, f"{name} was closed", number)
    if in_branch:
        return Known(Verdict.REJECT, Reason.DECLINED, f"taken out of {name}", number)
    return Known(Verdict.PROPOSE, Reason.ASKED, f"ticked in {name}", number)
