"""Writes and reads the state in a pull request's text: a hidden marker at the top, and a box for each item.

A batch has papers to add to the list, changes to the entries of listed papers, or entries to remove again.

The marker is the bot's only memory. It can be read however a person edits the text below it, and it reveals such
edits. **A ticked box is an item of the pull request** since version 2 of the marker. In texts of version 1 a tick
declined the item, and they are still read that way (docs/decisions/0013).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Generic

from bot.core.arxiv_id import ArxivId
from bot.proposals.items import AnyItem, ChangeId, Item
from bot.relevance.judge.memory import is_code

_START, _END = re.compile(r"(?<!\\)<!-- arxiv-bot (?=\{)"), " -->"
_BOX = re.compile(r"^[-*+] \[([xX ])\] <!-- (\S{1,40}) -->", re.MULTILINE)
_TICK = re.compile(r"^([-*+]) \[[xX]\](?= <!-- )", re.MULTILINE)

VERSION = 2
"""The version of the texts that the bot writes; in version 1 a ticked box declined its item."""


class Contents(Enum):
    """The kind of items in a batch; the value is the key of the items in the marker."""

    PAPERS = "papers"
    CHANGES = "changes"
    REMOVALS = "removals"


@dataclass(frozen=True, slots=True)
class Marker(Generic[Item]):
    """The state of a batch.

    Args:
        items: the items in the branch, whose boxes the bot ticked.
        path: the path of the list.
        resume: the start of the next run's window (UTC); for changes and removals, the time of the run.
        perhaps: items shown for a person to tick; the branch has none of them.
        noted: items that a run was unsure of and that no pull request asks about (`mode = "paper"`).
        declined: items that a person unticked.
        answered: items that are in the branch or declined by a person's answer, and the day when a run applied it.
        written: the time of the run that wrote the marker (UTC); None if it was read from a commit.
        head: the commit at which the bot left the branch.
        base: the commit of the default branch on which the entries are based.
        anchors: the merge anchors of the entries in the list at `base` (`bot.proposals.anchors`).
        title: the pull request's title as the bot wrote it.
        digest: the hash of the text around the marker as the bot wrote it.
        retired: whether the bot closed the batch, so that this closing does not count as a decision.
        contents: the kind of items.
        version: the version of the text.
        judged: the answers of a judge about the items, as `bot.relevance.judge.memory` writes them.
        principles: the version of the principles by which the judge answered.
    """

    items: tuple[Item, ...]
    path: str
    resume: datetime
    declined: tuple[Item, ...] = ()
    written: datetime | None = None
    head: str = ""
    base: str = ""
    anchors: tuple[str, ...] = ()
    title: str = ""
    digest: str = ""
    retired: bool = False
    contents: Contents = Contents.PAPERS
    perhaps: tuple[Item, ...] = ()
    noted: tuple[Item, ...] = ()
    answered: tuple[tuple[Item, date], ...] = ()
    version: int = VERSION
    judged: tuple[tuple[Item, str], ...] = ()
    principles: str = ""

    @property
    def named(self) -> tuple[Item, ...]:
        """The items in the branch, those that a person may tick, and the declined ones, each once."""
        return tuple(dict.fromkeys((*self.items, *self.perhaps, *self.declined)))


AnyMarker = Marker[AnyItem]


def render_marker(marker: AnyMarker) -> str:
    """Renders the marker as an HTML comment on one line; its data is escaped so that it can't end the comment."""
    data: dict[str, Any] = {
        "version": VERSION,
        "list": marker.path,
        marker.contents.value: [str(item) for item in marker.items],
        "perhaps": [str(item) for item in marker.perhaps],
        "noted": [str(item) for item in marker.noted],
        "declined": [str(item) for item in marker.declined],
        "answered": {str(item): day.isoformat() for item, day in marker.answered},
        "resume": _time(marker.resume),
        "written": _time(marker.written) if marker.written else "",
        "head": marker.head,
        "base": marker.base,
        "anchors": marker.anchors,
        "title": marker.title,
        "digest": marker.digest,
        "retired": marker.retired,
        "judged": {str(item): code for item, code in marker.judged},
        "principles": marker.principles,
    }
    needed = {"version", "list", marker.contents.value, "resume"}
    kept = {key: value for key, value in data.items() if value or key in needed}
    text = json.dumps(kept).replace("--", "-\\u002d").replace(">", "\\u003e")
    return f"<!-- arxiv-bot {text} -->"


def parse_marker(body: str) -> Marker[ArxivId] | None:
    """Reads the marker of a batch of papers from a body; None if there is none that can be read.

    A person may have written text above it. Text from arXiv can't forge a marker, because it is escaped.
    """
    return _parsed(body, Contents.PAPERS, ArxivId.parse)


def parse_refresh(body: str) -> Marker[ChangeId] | None:
    """Reads the marker of a batch of changes; None if there is none that can be read."""
    return _parsed(body, Contents.CHANGES, ChangeId.parse)


def parse_removals(body: str) -> Marker[ArxivId] | None:
    """Reads the marker of a batch of removals; None if there is none that can be read."""
    return _parsed(body, Contents.REMOVALS, ArxivId.parse)


def _parsed(body: str, contents: Contents, parse: Callable[[str], Item]) -> Marker[Item] | None:
    _, data, _ = _parted(body)
    try:
        return _marker(json.loads(data), contents, parse)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _parted(body: str) -> tuple[str, str, str]:
    """Splits a body into the text before the marker, its data, and the text after it; without one, all is before."""
    if not (start := _START.search(body)):
        return body, "", ""
    data, end, behind = body[start.end() :].partition(_END)
    return (body[: start.start()], data, behind) if end and "\n" not in data else (body, "", "")


def _marker(
    data: Mapping[str, Any], contents: Contents, parse: Callable[[str], Item]
) -> Marker[Item]:
    written = data.get("written")
    return Marker(
        items=tuple(parse(item) for item in data[contents.value]),
        path=str(data["list"]),
        resume=_moment(data["resume"]),
        declined=tuple(parse(item) for item in data.get("declined", ())),
        perhaps=tuple(parse(item) for item in data.get("perhaps", ())),
        noted=tuple(parse(item) for item in data.get("noted", ())),
        answered=tuple(
            (parse(item), date.fromisoformat(day))
            for item, day in dict(data.get("answered", {})).items()
        ),
        version=int(data.get("version", 1)),
        written=_moment(written) if written else None,
        head=str(data.get("head", "")),
        base=str(data.get("base", "")),
        anchors=tuple(str(anchor) for anchor in data.get("anchors", ())),
        title=str(data.get("title", "")),
        digest=str(data.get("digest", "")),
        retired=data.get("retired", False) is True,
        contents=contents,
        judged=tuple(
            (parse(item), code)
            for item, code in dict(data.get("judged", {})).items()
            if is_code(code)
        ),
        principles=str(data.get("principles", "")),
    )


def compose(marker: AnyMarker, text: str) -> str:
    """Returns the whole text of a pull request: the marker with the digest of the text, then the text."""
    return f"{render_marker(replace(marker, digest=_digest(text)))}\n\n{text}"


def is_edited(body: str, marker: AnyMarker) -> bool:
    """Whether a person has edited the text around the marker; ticking a box does not count."""
    above, _, below = _parted(body)
    return _digest(above + below) != marker.digest


def _digest(text: str) -> str:
    """Hashes the text without ticks, surrounding white space and kind of line endings, which may change on GitHub."""
    plain = _TICK.sub(r"\1 [ ]", text.replace("\r\n", "\n")).strip()
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def box(item: AnyItem, *, ticked: bool = False) -> str:
    """Renders a task list box with the item's id; `boxes` reads it."""
    return f"- [{'x' if ticked else ' '}] <!-- {item} -->"


def boxes(body: str) -> dict[AnyItem, bool]:
    """Reads the items that have a box in a batch's body, and whether it is ticked.

    A box counts at the start of a line if a comment with the item's id follows it; other boxes are skipped. Text from
    arXiv never starts a line, so no title can tick a box.
    """
    ticked: dict[AnyItem, bool] = {}
    for tick, name in _BOX.findall(body):
        if (item := _item(name)) is not None:
            ticked[item] = ticked.get(item, False) or tick != " "
    return ticked


@dataclass(frozen=True, slots=True)
class Ticks(Generic[Item]):
    """A person's answers in the boxes of a text: items wanted in the branch, items declined, and items left open."""

    wanted: tuple[Item, ...]
    declined: tuple[Item, ...]
    perhaps: tuple[Item, ...]


def read_ticks(marker: Marker[Item], body: str) -> Ticks[Item]:
    """Reads a person's answers from a batch's text; an item whose box was deleted stays as the marker has it."""
    ticked = boxes(body)
    if marker.version < VERSION:
        ticked = {item: not tick for item, tick in ticked.items()}
    wanted = tuple(item for item in marker.named if ticked.get(item, item in marker.items))
    perhaps = tuple(item for item in marker.perhaps if item not in wanted)
    declined = tuple(item for item in marker.named if item not in wanted and item not in perhaps)
    return Ticks(wanted, declined, perhaps)


def _item(name: str) -> AnyItem | None:
    for parse in (ChangeId.parse, ArxivId.parse):
        try:
            return parse(name)
        except ValueError:
            continue
    return None


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
