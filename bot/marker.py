"""What a batch records of itself in its pull request's text: a hidden marker on top, and a box for each paper.

The marker is all that the bot remembers. It is read back however a person has edited the text below it, and tells
whether somebody has.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.arxiv_id import ArxivId

_MARKER = re.compile(r"\A\s*<!-- arxiv-bot (\{[^\n]{1,60000}\}) -->")
_BOX = re.compile(r"^[-*+] \[([xX ])\] <!-- (\S{1,40}) -->", re.MULTILINE)
_TICK = re.compile(r"^([-*+]) \[[xX]\](?= <!-- )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Marker:
    """What a batch records of itself.

    Args:
        papers: those it proposes.
        path: its list.
        resume: from when the next run must ask arXiv again (UTC).
        declined: papers that were in it and that a person ticked.
        written: the time of the run that wrote it (UTC); None where it was read from a commit.
        head: the commit that the bot left its branch at.
        base: the commit of the default branch that its entries were written for.
        anchors: where the entries stand in the list of `base` (`bot.anchors`).
        title: the pull request's title as the bot wrote it.
        digest: of the text below the marker as the bot wrote it.
        retired: whether the bot closed it, so that its being closed is no answer.
    """

    papers: tuple[ArxivId, ...]
    path: str
    resume: datetime
    declined: tuple[ArxivId, ...] = ()
    written: datetime | None = None
    head: str = ""
    base: str = ""
    anchors: tuple[str, ...] = ()
    title: str = ""
    digest: str = ""
    retired: bool = False


def render_marker(marker: Marker) -> str:
    """The marker as an HTML comment on one line; nothing in it can end the comment early."""
    data: dict[str, Any] = {
        "version": 1,
        "list": marker.path,
        "papers": [str(paper) for paper in marker.papers],
        "declined": [str(paper) for paper in marker.declined],
        "resume": _time(marker.resume),
        "written": _time(marker.written) if marker.written else "",
        "head": marker.head,
        "base": marker.base,
        "anchors": marker.anchors,
        "title": marker.title,
        "digest": marker.digest,
        "retired": marker.retired,
    }
    needed = {"version", "list", "papers", "resume"}
    said = {key: value for key, value in data.items() if value or key in needed}
    text = json.dumps(said).replace("--", "-\\u002d").replace(">", "\\u003e")
    return f"<!-- arxiv-bot {text} -->"


def parse_marker(body: str) -> Marker | None:
    """The marker at the top of a body; None where there is none that can be read."""
    match = _MARKER.match(body)
    if not match:
        return None
    try:
        return _marker(json.loads(match[1]))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _marker(data: Mapping[str, Any]) -> Marker:
    written = data.get("written")
    return Marker(
        papers=tuple(ArxivId.parse(paper) for paper in data["papers"]),
        path=str(data["list"]),
        resume=_moment(data["resume"]),
        declined=tuple(ArxivId.parse(paper) for paper in data.get("declined", ())),
        written=_moment(written) if written else None,
        head=str(data.get("head", "")),
        base=str(data.get("base", "")),
        anchors=tuple(str(one) for one in data.get("anchors", ())),
        title=str(data.get("title", "")),
        digest=str(data.get("digest", "")),
        retired=data.get("retired", False) is True,
    )


def compose(marker: Marker, text: str) -> str:
    """The whole text of a pull request: the marker, which then knows the text below it."""
    return f"{render_marker(replace(marker, digest=_digest(text)))}\n\n{text}"


def is_edited(body: str, marker: Marker) -> bool:
    """Whether a person has edited the text below the marker; ticking a box is no edit."""
    return _digest(_MARKER.sub("", body, count=1)) != marker.digest


def _digest(text: str) -> str:
    """Of the text as GitHub may give it back: other line ends, other ticks, other white space around it."""
    plain = _TICK.sub(r"\1 [ ]", text.replace("\r\n", "\n")).strip()
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def box(paper: ArxivId, *, ticked: bool = False) -> str:
    """A box to tick; `boxes` reads it."""
    return f"- [{'x' if ticked else ' '}] <!-- {paper} -->"


def boxes(body: str) -> dict[ArxivId, bool]:
    """The papers that have a box in a batch's body, and whether it is ticked, however a person has edited it since.

    The id stands in a comment right behind the box, at the start of a line; escaped text from arXiv starts no line,
    so no title can tick a box. What is not an id there is passed over.
    """
    found: dict[ArxivId, bool] = {}
    for tick, name in _BOX.findall(body):
        try:
            paper = ArxivId.parse(name)
        except ValueError:
            continue
        found[paper] = found.get(paper, False) or tick != " "
    return found


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
