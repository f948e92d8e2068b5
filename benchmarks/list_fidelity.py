"""How near the bot's entries come to those that curators wrote.

    python -m benchmarks.list_fidelity FOLDER [--show KIND]

FOLDER holds `*.jsonl.xz` files of real commits, each line one paper added to one list: `list`, `before`, `after` (the
whole Markdown), `arxiv_id`, `paper` (`id`, `title`; where known `authors`, `abstract`, `announced`, `comments`).
For each commit the bot is given the list as it was and the paper, and what it would write is held against what the
curator wrote. Prints a table, a row a list; exit 1 when a bar is missed. What each column means: benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from rapidfuzz import fuzz

from benchmarks.entry_shape import shape, values
from bot.core.arxiv_id import ArxivId
from bot.core.errors import BotError
from bot.core.model import Paper
from bot.listing.dates import find_dates
from bot.listing.document import Document, apply, verify
from bot.listing.draft import Draft, draft
from bot.listing.index import Listed, ListIndex
from bot.listing.paper_list import PaperList
from bot.listing.parts import EntryForm

BARS = {"law": 1.0, "place": 0.85, "shape": 0.85, "value": 0.95}
CONSISTENT = (
    0.9  # share of neighbours in the order of their ids from which a section's order is consistent
)
AGREEING = 0.8  # share of a section's entries of one shape from which they agree among themselves
DAYS_OFF = 6
TYPOS = 92  # likeness from which two titles differ by a slip of the pen
ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)]) ", re.MULTILINE)
NEAR = 10  # entries around the curator's that count as its neighbours
KINDS = ("read", "law", "section", "place", "shape", "value", "refused")


@dataclass(frozen=True, slots=True)
class Version:
    """A list and the papers in it."""

    listing: PaperList

    @classmethod
    def read(cls, text: str) -> Version:
        """Reads a list."""
        return cls(PaperList.parse(text.encode("utf-8", "surrogateescape")))

    @property
    def document(self) -> Document:
        """The list's document."""
        return self.listing.document

    @property
    def index(self) -> ListIndex:
        """The index of its entries."""
        return self.listing.index

    def path(self, listed: Listed) -> tuple[str, ...]:
        """The headings above an entry."""
        section = self.document.entries[listed.entry].section
        return () if section is None else self.document.sections[section].path

    def text(self, listed: Listed) -> str:
        """An entry's text."""
        return self.document.text(self.document.entries[listed.entry])

    def shape(self, listed: Listed, *, names: bool = True, words: bool = True) -> str:
        """The shape of an entry (benchmarks/entry_shape.py)."""
        entry = self.document.entries[listed.entry]
        return shape(self.text(listed), listed, entry.form, names=names, words=words)


@dataclass(frozen=True, slots=True)
class Case:
    """A commit: the list before and after, the paper, and the curator's entry for it."""

    name: str
    commit: str
    before: Version
    after: Version
    paper: Paper
    described: bool
    entry: Listed


class Tally:
    """What is counted for one list: (how many, how many of them right) by kind, and what went wrong."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.wrong: list[tuple[str, str]] = []

    def add(self, kind: str, *, right: bool, told: str = "") -> None:
        """Counts one observation; what is told of a wrong one is kept."""
        self.count[kind] += 1
        self.right[kind] += right
        if not right and told:
            self.wrong.append((kind, told))

    def share(self, kind: str) -> float | None:
        """The share that is right; None where there was none."""
        return self.right[kind] / self.count[kind] if self.count[kind] else None


def read_rows(folder: Path) -> Iterator[Mapping[str, Any]]:
    """The commits of all files of a folder."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def day(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def to_paper(row: Mapping[str, Any], title: str) -> Paper:
    """The paper as a source would describe it, with the curator's title where nothing else is known.

    The corpus has no submission times: papers are announced on the working day after (mostly).
    """
    record = row.get("paper") or {}
    announced = day(record.get("announced"))
    return Paper(
        id=ArxivId.parse(row["arxiv_id"]),
        title=record.get("title") or title,
        authors=tuple(record.get("authors") or ()),
        abstract=record.get("abstract") or "",
        categories=tuple(record.get("categories") or ()),
        submitted=announced - timedelta(days=3 if announced.weekday() == 0 else 1)
        if announced
        else None,
        announced=announced,
        comment=record.get("comments") or "",
    )


def read_case(row: Mapping[str, Any]) -> Case | str:
    """The commit; or why it can't be held against anything."""
    before, after = Version.read(row["before"]), Version.read(row["after"])
    wanted = ArxivId.parse(row["arxiv_id"])
    if before.index.find_id(wanted):
        return "the paper is read as listed before"
    naming = [one for one in after.index.listed if wanted in one.ids]
    if not naming:
        return "the curator's entry is not read as one"
    entry = next((one for one in naming if one.ids[0] == wanted), naming[0])
    described = bool((row.get("paper") or {}).get("abstract"))
    paper = to_paper(row, entry.title)
    return Case(str(row["list"]), str(row["commit"])[:7], before, after, paper, described, entry)


def identity(version: Version, listed: Listed) -> tuple[object, ...]:
    """Equal for an entry before and after a commit that left it alone or changed a detail."""
    return listed.ids[:1] or (listed.title or version.text(listed).strip(),)


def siblings(case: Case) -> tuple[list[Listed], int, int] | None:
    """The section's old entries, with the least and the most of them above the curator's; None for a new section."""
    path = case.after.path(case.entry)
    old = [one for one in case.before.index.listed if case.before.path(one) == path]
    if not old:
        return None
    places = {identity(case.before, one): n for n, one in enumerate(old)}
    above, below = 0, len(old)
    for one in case.after.index.listed:
        place = places.get(identity(case.after, one))
        if place is None or case.after.path(one) != path:
            continue
        if one.line < case.entry.line:
            above = place + 1
        elif one.line > case.entry.line:
            below = place
            break
    return old, min(above, below), max(above, below)


def consistent(entries: Sequence[Listed]) -> bool:
    """Whether a section's entries follow each other by the ids' age, with few exceptions."""
    ages = [one.ids[0].order for one in entries if one.ids]
    falls, rises = sum(a > b for a, b in pairwise(ages)), sum(a < b for a, b in pairwise(ages))
    return falls + rises >= 3 and max(falls, rises) >= CONSISTENT * (falls + rises)


def judge(case: Case, tally: Tally) -> None:
    """Has the bot add the paper, without and with the curator's section, and counts what came of it."""
    path = case.after.path(case.entry)
    told = f"{case.name} {case.commit} {case.paper.id}"
    try:
        judge_section(case, path, tally, told)
        found = siblings(case)
        if found is None:
            return
        (result,) = draft(case.before.listing, [(case.paper, " / ".join(path))])
    except BotError as error:
        tally.add("refused", right=False, told=f"{told}: {error}")
        return
    tally.add("refused", right=isinstance(result, Draft), told=f"{told}: {result}")
    if isinstance(result, Draft):
        judge_place(case, result, found, tally, told)
        after = verify(case.before.document, [result.insertion], added=1)
        ours_in = Version(PaperList.parse(after.content))
        ours = ours_in.index.find_id(case.paper.id)
        wrong = broken_law(case.before, ours_in, ours, result.text)
        tally.add("law", right=not wrong, told=f"{told}: {wrong}\n{result.text}")
        if case.described and ours:
            judge_text(case, ours_in, ours, found, tally, told)


def judge_section(case: Case, path: tuple[str, ...], tally: Tally, told: str) -> None:
    """Whether the section the bot would choose by itself is the curator's, or among its first three."""
    if not any(case.before.path(one) == path for one in case.before.index.listed):
        return
    (result,) = draft(case.before.listing, [(case.paper, "")])
    if isinstance(result, Draft):
        wanted = " / ".join(path)
        guesses = (result.place.section, *result.place.alternatives)
        tally.add("section", right=guesses[0] == wanted, told=f"{told}: {guesses}, not {wanted}")
        tally.add("section3", right=wanted in guesses)


def judge_place(
    case: Case,
    result: Draft,
    found: tuple[list[Listed], int, int],
    tally: Tally,
    told: str,
) -> None:
    """Whether the entry stands between the same two entries as the curator's; beside it the two naive rules."""
    old, least, most = found
    starts = [case.before.document.entries[one.entry].start for one in old]
    above = sum(start < result.insertion.offset for start in starts)
    told = f"{told}: {above} of {len(old)} entries above, not {least} to {most}"
    kinds = ["anyplace", "place"] if consistent(old) else ["anyplace"]
    for kind in kinds:
        tally.add(kind, right=least <= above <= most, told=told)
        tally.add(f"{kind} top", right=least == 0)
        tally.add(f"{kind} bottom", right=most == len(old))


def judge_text(
    case: Case,
    ours_in: Version,
    ours: Listed,
    found: tuple[list[Listed], int, int],
    tally: Tally,
    told: str,
) -> None:
    """Whether the entry has the curator's shape, and says the same."""
    old, least, _ = found
    near = sorted(old, key=lambda one: abs(old.index(one) - least))[:NEAR]
    shapes = Counter(case.before.shape(one, names=False) for one in near if one.ids)
    agree = shapes and shapes.most_common(1)[0][1] >= AGREEING * sum(shapes.values())
    mine, theirs = ours_in.shape(ours), case.after.shape(case.entry)
    both = f"{told}:\n    ours   {ours_in.text(ours)!r}\n    theirs {case.after.text(case.entry)!r}"
    if ours_in.text(ours).strip() == case.after.text(case.entry).strip():
        tally.add("same text", right=True)
    bare = [
        {version.shape(one, names=names, words=False) for names in (True, False)}
        for version, one in ((ours_in, ours), (case.after, case.entry))
    ]
    same = mine == theirs or (bool(bare[0] & bare[1]) and mine.count("w") <= theirs.count("w"))
    tally.add("anyshape", right=same)
    if agree:
        tally.add("shape", right=same, told=both + f"\n    {mine!r}\n    {theirs!r}")
    given = values(case.after.text(case.entry), case.entry)
    for name, value in values(ours_in.text(ours), ours).items():
        if (right := agree_on(name, value, given.get(name))) is not None:
            tally.add("value", right=right, told=f"{told}: {name} {value!r}, not {given[name]!r}")


def agree_on(name: str, ours: str, theirs: str | None) -> bool | None:
    """Whether two entries say the same of a fact; None where the curator gave none, or another (a venue's year).

    A title may lack its name, or have a slip of the pen; a day may be off by a few, since the cases only tell when a
    paper was announced.
    """
    if theirs is None:
        return None
    if name == "title":
        return ours in theirs or theirs in ours or fuzz.ratio(ours, theirs) > TYPOS
    if name != "date":
        return ours == theirs
    dates = [find_dates(text) for text in (ours, theirs)]
    if not all(dates) or len({bool(date[0].month) for date in dates}) > 1:
        return None
    mine, other = dates[0][0], dates[1][0]
    if mine.day and other.day:
        days = [one.year * 365 + (one.month or 0) * 30 + (one.day or 0) for one in (mine, other)]
        return mine.format == other.format and abs(days[0] - days[1]) <= DAYS_OFF
    return ours == theirs


def broken_law(before: Version, after: Version, ours: Listed | None, text: str) -> str:
    """What an insertion did beside adding one entry, as a parser of CommonMark sees it; empty for nothing."""
    if ours is None:
        return "the paper is not found in the new list"
    old, new = (seen_by_commonmark(one.document.content) for one in (before, after))
    kinds = {kind: new[0][kind] - old[0][kind] for kind in new[0] | old[0]}
    form = after.document.entries[ours.entry].form
    wanted = {
        EntryForm.TABLE_ROW: ("tr_open", 1),
        EntryForm.HEADING: ("heading_open", 1),
        EntryForm.BULLET: ("list_item_open", len(ITEM.findall(text))),
        EntryForm.NUMBERED: ("list_item_open", len(ITEM.findall(text))),
    }.get(form)
    if wanted and kinds[wanted[0]] != wanted[1]:
        return f"{wanted[0]}: {kinds[wanted[0]]} more, not {wanted[1]}"
    same = 0
    while same < len(old[1]) and old[1][same] == new[1][same]:
        same += 1
    rest = len(old[1]) - same
    return (
        "" if not rest or old[1][same:] == new[1][-rest:] else "what was there is read another way"
    )


def seen_by_commonmark(content: bytes) -> tuple[Counter[str], list[str]]:
    """The kinds of blocks, and the lines of text in them, by a parser of CommonMark and GitHub's tables."""
    tokens = MarkdownIt("commonmark").enable("table").parse(content.decode("utf-8", "replace"))
    kinds = Counter(token.type for token in tokens)
    lines = [
        line.strip()
        for token in tokens
        if token.type in {"inline", "html_block", "fence", "code_block"}
        for line in token.content.split("\n")
    ]
    return kinds, [line for line in lines if line]


def keeps_bytes(case: Case) -> bool:
    """Whether a list without an edit is every byte of itself."""
    return all(
        apply(version.document, ()) == version.document.content
        for version in (case.before, case.after)
    )


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


COLUMNS = (
    "law",
    "section",
    "section3",
    "place",
    "place top",
    "place bottom",
    "anyplace",
    "anyplace top",
    "anyplace bottom",
    "shape",
    "anyshape",
    "value",
)


def print_table(tallies: Mapping[str, Tally]) -> None:
    """A row a list, the sum last: cases read, and for each column the share right and of how many."""
    print(f"{'list':42} {'read':>8} " + " ".join(f"{name:>15}" for name in COLUMNS))
    for name, tally in tallies.items():
        read = f"{tally.right['read']}/{tally.count['read']}"
        cells = [f"{percent(tally.share(c)):>4} of {tally.count[c]:<4}" for c in COLUMNS]
        print(f"{name[-42:]:42} {read:>8} " + " ".join(f"{cell:>15}" for cell in cells))


def missed(total: Tally, tallies: Mapping[str, Tally]) -> Iterator[str]:
    """The bars that were missed, a sentence each."""
    for kind, bar in BARS.items():
        share = total.share(kind)
        if share is not None and share < bar:
            yield f"{kind}: {share:.1%} is below {bar:.0%}"
    for name, tally in tallies.items():
        best = max(tally.right["place top"], tally.right["place bottom"])
        if tally.right["place"] < best:
            yield f"place, {name}: {tally.right['place']} right, a naive rule has {best}"


def main() -> int:
    """Judges every case; returns 1 when a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="judge every Nth case")
    parser.add_argument("--only", default="", metavar="NAME", help="lists with this in their name")
    parser.add_argument("--show", choices=KINDS, help="print what went wrong of this kind")
    args = parser.parse_args()
    tallies: dict[str, Tally] = defaultdict(Tally)
    total = Tally()
    for number, row in enumerate(read_rows(args.folder)):
        if number % args.every or args.only not in str(row["list"]):
            continue
        tally = tallies[str(row["list"])]
        case = read_case(row)
        told = f"{row['list']} {str(row['commit'])[:7]} {row['arxiv_id']}: {case}"
        read = not isinstance(case, str) and keeps_bytes(case)
        tally.add("read", right=read, told=told if not read else "")
        if isinstance(case, Case):
            judge(case, tally)
    for tally in tallies.values():
        total.count += tally.count
        total.right += tally.right
        total.wrong += tally.wrong
    for kind, told in total.wrong:
        if kind == args.show:
            print(told)
    problems = list(missed(total, tallies))
    print_table({**tallies, "all": total})
    print(*problems, sep="\n")
    return 1 if problems or not total.count["read"] else 0


if __name__ == "__main__":
    sys.exit(main())
