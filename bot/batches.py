"""What earlier batches say of papers: read from the pull requests alone, with no memory of our own.

A batch is known by a hidden marker at the top of its body, on a branch of the bot's in the list's own repository.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.arxiv_id import ArxivId
from bot.index import ListIndex
from bot.model import Reason, Verdict
from bot.pulls import ForgeState, Pull, PullState
from bot.screening import Known

BRANCH_PREFIX = "arxiv-bot/"
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


def read_history(state: ForgeState, index: ListIndex) -> History:
    """What the forge's pull requests say of papers that are not in the list.

    Open batches hold theirs. A batch closed without merging declines all its papers; a merged one those that are not in
    the list now, since a person took them out. An open pull request of somebody else holds what it adds.
    """
    known: dict[ArxivId, Known] = {}
    batches = [(pull, marker) for pull in state.pulls if (marker := _batch(pull, state.base.path))]
    for pull in state.pulls:
        if pull.state is PullState.OPEN and not pull.ours:
            for paper in pull.adds:
                known[paper] = Known(Verdict.HOLD, Reason.CLAIMED, f"already in #{pull.number}")
    for pull, marker in sorted(batches, key=lambda pair: pair[0].number):
        known.update(_verdicts(pull, marker, index))
    newest = max(batches, key=lambda pair: pair[0].number, default=None)
    return History(
        known=known,
        open_batches=sum(pull.state is PullState.OPEN for pull, _ in batches),
        resume=newest[1].resume if newest else None,
    )


def _batch(pull: Pull, path: str) -> Marker | None:
    """The marker of a batch for this list; None for every other pull request."""
    marker = parse_marker(pull.body) if pull.ours else None
    return marker if marker and marker.path == path else None


def _verdicts(pull: Pull, marker: Marker, index: ListIndex) -> Iterator[tuple[ArxivId, Known]]:
    name = f"#{pull.number}"
    for paper in marker.papers:
        if pull.state is PullState.OPEN:
            yield paper, Known(Verdict.REJECT, Reason.PENDING, name)
        elif pull.state is PullState.CLOSED:
            yield paper, Known(Verdict.REJECT, Reason.DECLINED, f"{name} was closed")
        elif index.find_id(paper) is None:
            yield paper, Known(Verdict.REJECT, Reason.DECLINED, f"taken out of {name}")
