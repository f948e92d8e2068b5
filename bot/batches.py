"""What earlier batches say of papers: read from the pull requests alone, with no memory of our own.

A batch is known by a hidden marker at the top of its body, on a branch of the bot's in the list's own repository.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.arxiv_id import ArxivId
from bot.index import ListIndex
from bot.labels import LATER
from bot.model import Reason, Verdict
from bot.pulls import ForgeState, Pull, PullState
from bot.screening import Known

BRANCH_PREFIX = "arxiv-bot/"
SNOOZE = timedelta(days=30)
_TICKED = re.compile(r"^[-*+] \[[xX]\] <!-- (\S{1,40}) -->", re.MULTILINE)
_MARKER = re.compile(r"\A\s*<!-- arxiv-bot (\{[^\n]{1,60000}\}) -->")


@dataclass(frozen=True, slots=True)
class Marker:
    """What a batch records of itself: its papers, its list, and from when the next run must ask arXiv again (UTC)."""

    papers: tuple[ArxivId, ...]
    path: str
    resume: datetime


@dataclass(frozen=True, slots=True)
class History:
    """The batches read back: papers that need no decision, how many batches are open, and where to ask from."""

    known: Mapping[ArxivId, Known]
    open_batches: int
    resume: datetime | None


def branch_of(papers: Iterable[ArxivId]) -> str:
    """The batch's branch: the same for the same papers, whatever the time and order."""
    names = "\n".join(sorted(str(paper) for paper in papers))
    return f"{BRANCH_PREFIX}batch-{hashlib.sha256(names.encode()).hexdigest()[:12]}"


def render_marker(marker: Marker) -> str:
    """The marker as an HTML comment on one line; nothing in it can end the comment early."""
    data = {
        "version": 1,
        "list": marker.path,
        "papers": [str(paper) for paper in marker.papers],
        "resume": marker.resume.astimezone(UTC).isoformat(timespec="seconds"),
    }
    text = json.dumps(data).replace("--", "-\\u002d").replace(">", "\\u003e")
    return f"<!-- arxiv-bot {text} -->"


def parse_marker(body: str) -> Marker | None:
    """The marker at the top of a body; None where there is none that can be read."""
    match = _MARKER.match(body)
    if not match:
        return None
    try:
        data = json.loads(match[1])
        papers = tuple(ArxivId.parse(paper) for paper in data["papers"])
        resume = datetime.fromisoformat(data["resume"]).astimezone(UTC)
        return Marker(papers, str(data["list"]), resume)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def box(paper: ArxivId) -> str:
    """An unticked box; `ticked` reads it."""
    return f"- [ ] <!-- {paper} -->"


def ticked(body: str) -> frozenset[ArxivId]:
    """The papers whose boxes are ticked in a batch's body, however a person has edited it since.

    The id stands in a comment right behind the box, at the start of a line; escaped text from arXiv starts no line,
    so no title can tick a box. What is not an id there is passed over.
    """
    found = set()
    for name in _TICKED.findall(body):
        try:
            found.add(ArxivId.parse(name))
        except ValueError:
            continue
    return frozenset(found)


def read_history(state: ForgeState, index: ListIndex, now: datetime) -> History:
    """What the forge's pull requests say, at `now`, of papers that are not in the list.

    Open batches hold theirs, those ticked in them are declined. A batch closed without merging declines all its papers,
    unless it has the label for "later": then they are held for a while, and after that say nothing. A merged one
    declines those that are not in the list now, since a person took them out. An open pull request of somebody else
    holds what it adds.
    """
    known: dict[ArxivId, Known] = {}
    batches = [(pull, marker) for pull in state.pulls if (marker := _batch(pull, state.base.path))]
    for pull in state.pulls:
        if pull.state is PullState.OPEN and not pull.ours:
            for paper in pull.adds:
                known[paper] = Known(Verdict.HOLD, Reason.CLAIMED, f"already in #{pull.number}")
    later: set[ArxivId] = set()
    for pull, marker in sorted(batches, key=lambda pair: pair[0].number):
        later -= set(marker.papers)
        if _is_later(pull):
            later |= {paper for paper in marker.papers if index.find_id(paper) is None}
        for paper in marker.papers:
            known.pop(paper, None)
        known.update(_verdicts(pull, marker, index, now))
    newest = max(batches, key=lambda pair: pair[0].number, default=None)
    return History(
        known=known,
        open_batches=sum(pull.state is PullState.OPEN for pull, _ in batches),
        resume=_resume(newest[1].resume, later) if newest else None,
    )


def _resume(moment: datetime, later: Iterable[ArxivId]) -> datetime:
    """From where to ask: early enough to meet the papers again that were put off (a month before that of their ids)."""
    months = [(paper.year, paper.month) for paper in later]
    starts = [
        datetime(year - (month == 1), (month - 2) % 12 + 1, 1, tzinfo=UTC) for year, month in months
    ]
    return min([moment, *starts])


def _batch(pull: Pull, path: str) -> Marker | None:
    """The marker of a batch for this list; None for every other pull request."""
    marker = parse_marker(pull.body) if pull.ours else None
    return marker if marker and marker.path == path else None


def _is_later(pull: Pull) -> bool:
    return pull.state is PullState.CLOSED and LATER.name in pull.labels


def _verdicts(
    pull: Pull, marker: Marker, index: ListIndex, now: datetime
) -> Iterator[tuple[ArxivId, Known]]:
    name = f"#{pull.number}"
    ticks = ticked(pull.body)
    for paper in marker.papers:
        if pull.state is PullState.OPEN and paper in ticks:
            yield paper, Known(Verdict.REJECT, Reason.DECLINED, f"ticked in {name}")
        elif pull.state is PullState.OPEN:
            yield paper, Known(Verdict.REJECT, Reason.PENDING, name)
        elif _is_later(pull) and paper not in ticks:
            until = (pull.closed or pull.created) + SNOOZE
            if now < until:
                detail = f"{name}, until {until:%Y-%m-%d}"
                yield paper, Known(Verdict.HOLD, Reason.SNOOZED, detail)
        elif pull.state is PullState.CLOSED:
            yield paper, Known(Verdict.REJECT, Reason.DECLINED, f"{name} was closed")
        elif index.find_id(paper) is None:
            yield paper, Known(Verdict.REJECT, Reason.DECLINED, f"taken out of {name}")
