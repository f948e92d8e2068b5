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
from bot.listing.index import ListIndex
from bot.proposals.commits import Commit, Trailers, changes_of, papers_of
from bot.proposals.items import ChangeId, Item
from bot.proposals.labels import LATER
from bot.proposals.marker import Contents, Marker, boxes
from bot.proposals.model import Batch, ForgeState, Pull, PullState
from bot.relevance.screening import Known

BRANCH_PREFIX = "arxiv-bot/"
REFRESH_PREFIX = f"{BRANCH_PREFIX}refresh-"
SNOOZE = timedelta(days=30)
_PREFIXES = {Contents.PAPERS: f"{BRANCH_PREFIX}batch-", Contents.CHANGES: REFRESH_PREFIX}


@dataclass(frozen=True, slots=True)
class PaperAnswers:
    """The batches read back.

    `known` are papers that need no decision, `open` the batches of this list that wait for an answer, the oldest first,
    `resume` is where to ask arXiv from.
    """

    known: Mapping[ArxivId, Known]
    open: tuple[Batch[ArxivId], ...]
    resume: datetime | None


@dataclass(frozen=True, slots=True)
class ChangeAnswers:
    """The batches of changes read back: what people answered, and those of this list that wait for an answer."""

    known: Mapping[ChangeId, Known]
    open: tuple[Batch[ChangeId], ...]


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

    Open batches hold theirs, those ticked in them are declined. A batch closed without merging declines all its papers,
    unless it has the label for "later": then they are held for a while, and after that say nothing; nor does one say
    anything that the bot closed itself, or that went into another branch. A merged one declines those that are not in
    the list now, since a person took them out. Of several batches with one paper an open one counts, else the one
    answered last. An open pull request of somebody else holds what it adds, if no batch says anything of it; so does
    one of changes that a person adds to.
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
    written = max((one.marker.written for one in batches if one.marker.written), default=None)
    for batch in sorted(batches, key=_answered):
        later -= set(batch.items)
        if _is_later(batch.pull) and (written is None or written < _until(batch.pull)):
            later |= {paper for paper in batch.items if index.find_id(paper) is None}
    return later


def read_change_answers(
    state: ForgeState, due: Container[ChangeId], now: datetime
) -> ChangeAnswers:
    """What the forge's pull requests say, at `now`, of changes, of which those `due` are not made in the list.

    The rules are those of papers (`read_answers`): a merged batch declines what is still due, since a person took it
    out.
    """
    batches = [
        _Record(one, one.refresh, tuple(dict.fromkeys((*one.refresh.items, *one.refresh.declined))))
        for one in state.pulls
        if one.refresh and one.refresh.path == state.base.path
    ]
    known: dict[ChangeId, Known] = {}
    _learn(batches, lambda change: change not in due, now, known)
    orphans = _adopted(state, known, changes_of, Contents.CHANGES)
    return ChangeAnswers(known, (*_open(batches), *orphans))


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
    for one in sorted(batches, key=_answered):
        said = dict(_verdicts(one, is_listed, now))
        retired = one.marker.retired and one.pull.state is PullState.CLOSED
        for item in one.items:
            if not retired or item in said:
                known.pop(item, None)
        known.update(said)


def _open(batches: Iterable[_Record[Item]]) -> Iterator[Batch[Item]]:
    for one in sorted(batches, key=lambda one: one.pull.number):
        pull, marker = one.pull, one.marker
        if pull.state is PullState.OPEN:
            named = {*marker.items, *marker.declined}
            adds = tuple(item for item in one.items if item not in named)
            yield Batch(pull.branch, pull.head_sha, marker, pull, adds)


def _adopted(
    state: ForgeState,
    known: dict[Item, Known],
    read: Callable[[Commit], Trailers[Item]],
    contents: Contents,
) -> tuple[Batch[Item], ...]:
    """The batches of this list whose pull request was never opened, as their commits tell them; their items wait."""
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
    return tuple(dict.fromkeys((*marker.items, *marker.declined, *pull.adds)))


def _answered(one: _Record[Item]) -> tuple[bool, datetime, int]:
    pull = one.pull
    return (pull.state is PullState.OPEN, pull.closed or pull.created, pull.number)


def _resume(
    markers: Iterable[Marker[ArxivId]], later: Iterable[ArxivId], newest: ArxivId | None
) -> datetime | None:
    """From where to ask: early enough to meet the papers again that were put off (a month before that of their ids).

    A marker that was read from a commit tells of no time, as nobody knows what was held back then. Where all are such,
    it is as without a batch: from the newest id in the list on.
    """
    times = [(one.written, one.resume) for one in markers if one.written]
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


def declined_in(marker: Marker[Item], body: str) -> tuple[Item, ...]:
    """The items ticked in a batch's body, now or when the bot took them out; unticking one takes that back."""
    ticks = boxes(body)
    return tuple(
        dict.fromkeys(
            [item for item in marker.items if ticks.get(item, False)]
            + [item for item in marker.declined if ticks.get(item, True)]
        )
    )


def _verdicts(
    one: _Record[Item], is_listed: Callable[[Item], bool], now: datetime
) -> Iterator[tuple[Item, Known]]:
    pull = one.pull
    name, number = f"#{pull.number}", pull.number
    declined = declined_in(one.marker, pull.body)
    for item in one.items:
        if item in declined:
            yield item, Known(Verdict.REJECT, Reason.DECLINED, f"ticked in {name}", number)
        elif pull.state is PullState.OPEN:
            yield item, Known(Verdict.REJECT, Reason.PENDING, name, number)
        elif pull.is_elsewhere:
            continue  # what became of it says nothing of this list
        elif _is_later(pull):
            until = _until(pull)
            if now < until:
                detail = f"{name}, until {until:%Y-%m-%d}"
                yield item, Known(Verdict.HOLD, Reason.SNOOZED, detail, number)
        elif pull.state is PullState.CLOSED and not one.marker.retired:
            yield item, Known(Verdict.REJECT, Reason.DECLINED, f"{name} was closed", number)
        elif pull.state is PullState.MERGED and not is_listed(item):
            yield item, Known(Verdict.REJECT, Reason.DECLINED, f"taken out of {name}", number)
