"""What earlier batches say of papers: read from the pull requests alone, with no memory of our own.

A batch is known by a hidden marker at the top of its body, on a branch of the bot's in the list's own repository.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.arxiv_id import ArxivId
from bot.index import ListIndex
from bot.labels import LATER
from bot.marker import Marker, boxes
from bot.model import Reason, Verdict
from bot.pulls import Batch, ForgeState, Orphan, Pull, PullState
from bot.screening import Known
from bot.seals import papers_of

BRANCH_PREFIX = "arxiv-bot/"
SNOOZE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class History:
    """The batches read back.

    `known` are papers that need no decision, `open` the batches of this list that wait for an answer, the oldest first,
    `resume` is where to ask arXiv from.
    """

    known: Mapping[ArxivId, Known]
    open: tuple[Batch, ...]
    resume: datetime | None


def branch_of(papers: Iterable[ArxivId], taken: Container[str] = ()) -> str:
    """A batch's branch: the same for the same papers, whatever the time and order; numbered where it is taken."""
    names = "\n".join(sorted(str(paper) for paper in papers))
    first = f"{BRANCH_PREFIX}batch-{hashlib.sha256(names.encode()).hexdigest()[:12]}"
    name, number = first, 1
    while name in taken:
        number += 1
        name = f"{first}-{number}"
    return name


def read_history(state: ForgeState, index: ListIndex, now: datetime) -> History:
    """What the forge's pull requests say, at `now`, of papers that are not in the list.

    Open batches hold theirs, those ticked in them are declined. A batch closed without merging declines all its papers,
    unless it has the label for "later": then they are held for a while, and after that say nothing; nor does one say
    anything that the bot closed itself. A merged one declines those that are not in the list now, since a person took
    them out. Of several batches with one paper an open one counts, else the one answered last. An open pull request of
    somebody else holds what it adds, if no batch says anything of it.
    """
    path = state.base.path
    batches = [one for one in state.pulls if one.marker and one.marker.path == path]
    known: dict[ArxivId, Known] = {}
    for pull in state.pulls:
        if pull.state is PullState.OPEN and pull.marker is None:
            for paper in pull.adds:
                detail = f"already in #{pull.number}"
                known[paper] = Known(Verdict.HOLD, Reason.CLAIMED, detail, pull.number)
    later: set[ArxivId] = set()
    for pull in sorted(batches, key=_answered):
        papers = _papers(pull)
        later -= set(papers)
        if _is_later(pull):
            later |= {paper for paper in papers if index.find_id(paper) is None}
        said = dict(_verdicts(pull, index, now))
        for paper in papers:
            if not _is_silent(pull, paper, said):
                known.pop(paper, None)
        known.update(said)
    orphans = tuple(_adopted(state, known))
    for batch in orphans:
        pending = Known(Verdict.REJECT, Reason.PENDING, batch.name)
        known.update((paper, pending) for paper in batch.marker.papers if paper not in known)
    markers = [pull.marker for pull in batches if pull.marker]
    newest = max(markers, key=lambda one: one.written or one.resume, default=None)
    return History(
        known=known,
        open=(*_open(batches), *orphans),
        resume=_resume(newest.resume, later) if newest else None,
    )


def _open(batches: Iterable[Pull]) -> Iterator[Batch]:
    for pull in sorted(batches, key=lambda one: one.number):
        if pull.state is PullState.OPEN and pull.marker:
            yield Batch(pull.branch, pull.head_sha, pull.marker, pull)


def _adopted(state: ForgeState, known: Mapping[ArxivId, Known]) -> Iterator[Batch]:
    """The batches of this list whose pull request was never opened, as their commits tell them."""
    for orphan in state.orphans:
        if (marker := _marker_of(orphan, known)) and marker.path == state.base.path:
            yield Batch(orphan.branch, orphan.commit.sha, marker)


def _marker_of(orphan: Orphan, known: Mapping[ArxivId, Known]) -> Marker | None:
    try:
        path, papers = papers_of(orphan.commit)
    except ValueError:
        return None
    waiting = tuple(one for one in papers if one not in known)
    return Marker(waiting, path, datetime.max.replace(tzinfo=UTC))


def _papers(pull: Pull) -> tuple[ArxivId, ...]:
    """All papers that are, or were, in a batch; of one whose branch was moved also what that adds."""
    marker = pull.marker
    named = (*marker.papers, *marker.declined) if marker else ()
    return tuple(dict.fromkeys((*named, *pull.adds)))


def _answered(pull: Pull) -> tuple[bool, datetime, int]:
    return (pull.state is PullState.OPEN, pull.closed or pull.created, pull.number)


def _is_silent(pull: Pull, paper: ArxivId, said: Mapping[ArxivId, Known]) -> bool:
    """Whether a batch that the bot closed leaves standing what an earlier one says of a paper."""
    retired = pull.marker is not None and pull.marker.retired and pull.state is PullState.CLOSED
    return retired and paper not in said


def _resume(moment: datetime, later: Iterable[ArxivId]) -> datetime:
    """From where to ask: early enough to meet the papers again that were put off (a month before that of their ids)."""
    months = [(paper.year, paper.month) for paper in later]
    starts = [
        datetime(year - (month == 1), (month - 2) % 12 + 1, 1, tzinfo=UTC) for year, month in months
    ]
    return min([moment, *starts])


def _is_later(pull: Pull) -> bool:
    return pull.state is PullState.CLOSED and LATER.name in pull.labels


def declined_in(marker: Marker, body: str) -> tuple[ArxivId, ...]:
    """The papers ticked in a batch's body, now or when the bot took them out; unticking one takes that back."""
    ticks = boxes(body)
    return tuple(
        dict.fromkeys(
            [paper for paper in marker.papers if ticks.get(paper, False)]
            + [paper for paper in marker.declined if ticks.get(paper, True)]
        )
    )


def _verdicts(pull: Pull, index: ListIndex, now: datetime) -> Iterator[tuple[ArxivId, Known]]:
    if pull.marker is None:
        return
    name, number = f"#{pull.number}", pull.number
    declined = declined_in(pull.marker, pull.body)
    for paper in _papers(pull):
        if paper in declined:
            yield paper, Known(Verdict.REJECT, Reason.DECLINED, f"ticked in {name}", number)
        elif pull.state is PullState.OPEN:
            yield paper, Known(Verdict.REJECT, Reason.PENDING, name, number)
        elif _is_later(pull):
            until = (pull.closed or pull.created) + SNOOZE
            if now < until:
                detail = f"{name}, until {until:%Y-%m-%d}"
                yield paper, Known(Verdict.HOLD, Reason.SNOOZED, detail, number)
        elif pull.state is PullState.CLOSED and not pull.marker.retired:
            yield paper, Known(Verdict.REJECT, Reason.DECLINED, f"{name} was closed", number)
        elif pull.state is PullState.MERGED and index.find_id(paper) is None:
            yield paper, Known(Verdict.REJECT, Reason.DECLINED, f"taken out of {name}", number)
