"""Measures how close the bot's entries come to those that curators wrote.

    python -m benchmarks.list_fidelity FOLDER [--show KIND]

FOLDER has `*.jsonl.xz` files of real commits. Each line is one paper added to one list: `list`, `before`, `after` (the
whole Markdown), `arxiv_id`, `paper` (`id`, `title`; if known `authors`, `abstract`, `announced`, `comments`). For each
commit the bot gets the earlier list and the paper, and its entry is compared with the curator's.

Prints a table with a row for each list; benchmarks/README.md explains the columns. The exit code is 1 if a bar is
missed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from benchmarks.list_cases import (
    Case,
    Version,
    consistent,
    half,
    keeps_order,
    read_case,
    read_rows,
    siblings,
)
from bot.core.errors import BotError
from bot.listing.document import apply, verify
from bot.listing.draft import Draft, Refused, draft
from bot.listing.entry_shape import ComparedEntry, compare_values, same_shape
from bot.listing.index import Listed
from bot.listing.paper_list import PaperList
from bot.listing.parts import EntryForm

BARS = {
    "read": 0.99,
    "law": 1.0,
    "section": 0.65,
    "section3": 0.88,
    "place": 0.88,
    "shape": 0.8,
    "anyshape": 0.6,
    "value": 0.95,
    "curator": 0.5,
}
AGREEING = 0.8  # share of a section's entries of one shape from which they agree among themselves
ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)]) ", re.MULTILINE)
NEAR = 10  # entries around the curator's that count as its neighbours
KINDS = tuple(
    "read law refused section place anyplace shape anyshape value same-text curator".split()
)
PDF_OR_ABS = re.compile(r"/(?:abs|pdf)/")


class Tally:
    """The counts of one list by kind (all, right), and the descriptions of what was wrong."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.wrong: list[tuple[str, str]] = []

    def add(self, kind: str, *, right: bool, details: str = "") -> None:
        """Counts an observation; keeps the description of a wrong one."""
        self.count[kind] += 1
        self.right[kind] += right
        if not right and details:
            self.wrong.append((kind, details))

    def share(self, kind: str) -> float | None:
        """The share that is right; None if there were no cases."""
        return self.right[kind] / self.count[kind] if self.count[kind] else None


def judge(case: Case, tally: Tally) -> None:
    """Lets the bot add the paper, without and with the curator's section, and counts the result."""
    path = case.after.path(case.entry)
    details = f"{case.name} {case.commit} {case.paper.id}"
    try:
        (free,) = draft(case.before.listing, [(case.paper, "")])
        in_section = judge_section(case, free, path, tally, details)
        found = siblings(case)
        if found is None:
            result: Draft | Refused = free
        else:
            (result,) = draft(case.before.listing, [(case.paper, " / ".join(path))])
    except BotError as error:
        tally.add("refused", right=False, details=f"{details}: {error}")
        result = Refused(case.paper, str(error))
        found, in_section = None, False
    if found is not None:
        tally.add("refused", right=isinstance(result, Draft), details=f"{details}: {result}")
    if isinstance(result, Refused):
        if case.described:
            tally.add("curator", right=False, details=f"{details}: refused")
        return
    after = verify(case.before.document, [result.insertion], added=1)
    ours_in = Version(PaperList.parse(after.content))
    ours = ours_in.index.find_id(case.paper.id)
    ours = ours if isinstance(ours, Listed) else None
    in_place = found is None or judge_place(case, result, found, tally, details)
    if found is not None:
        wrong = broken_law(case.before, ours_in, ours, result.text)
        tally.add("law", right=not wrong, details=f"{details}: {wrong}\n{result.text}")
    if case.described:
        same = ours is not None and judge_text(case, ours_in, ours, found, tally, details)
        reasons = {"section": in_section, "place": in_place, "text": same}
        broken = [name for name, right in reasons.items() if not right]
        tally.add("curator", right=not broken, details=f"{details}: {' and '.join(broken)}")


def judge_section(
    case: Case, free: Draft | Refused, path: tuple[str, ...], tally: Tally, details: str
) -> bool:
    """Whether the section that the bot chooses is the curator's; counted if the list had that section before."""
    wanted = " / ".join(path)
    if isinstance(free, Refused):
        return False
    guesses = (free.destination.section, *free.destination.alternatives)
    if any(case.before.path(entry) == path for entry in case.before.index.listed):
        tally.add(
            "section", right=guesses[0] == wanted, details=f"{details}: {guesses}, not {wanted}"
        )
        tally.add("section3", right=wanted in guesses)
    return guesses[0] == wanted


def judge_place(
    case: Case,
    result: Draft,
    found: tuple[list[Listed], int, int],
    tally: Tally,
    details: str,
) -> bool:
    """Whether the entry stands between the same two entries as the curator's, or where the list's order allows.

    Only the former counts in the columns of places, beside the two naive rules.
    """
    old, least, most = found
    starts = [case.before.document.entries[entry.entry].start for entry in old]
    above = sum(start < result.insertion.offset for start in starts)
    details = f"{details}: {above} of {len(old)} entries above, not {least} to {most}"
    ordered = consistent(old)
    for kind in ["anyplace", "place"] if ordered else ["anyplace"]:
        tally.add(kind, right=least <= above <= most, details=details)
        tally.add(f"{kind} top", right=least == 0)
        tally.add(f"{kind} bottom", right=most == len(old))
    return least <= above <= most or (ordered and keeps_order(old, above, case.paper.id, most))


def judge_text(
    case: Case,
    ours_in: Version,
    ours: Listed,
    found: tuple[list[Listed], int, int] | None,
    tally: Tally,
    details: str,
) -> bool:
    """Whether the entry has the curator's shape, and every value right; both are counted too."""
    mine, theirs = ours_in.entry(ours), case.after.entry(case.entry)
    exact = mine.text.strip() == theirs.text.strip()
    tally.add("same-text", right=exact)
    same = same_shape(mine, theirs)
    compared = compare_values(mine, theirs)
    if found is not None:
        both = f"{details}:\n    ours   {mine.text!r}\n    theirs {theirs.text!r}"
        count_shape(case, found, mine, theirs, tally, both)
        for name, right in compared.items():
            tally.add("value", right=right, details=f"{name} {both}")
    return (same and all(compared.values())) or exact


def count_shape(
    case: Case,
    found: tuple[list[Listed], int, int],
    mine: ComparedEntry,
    theirs: ComparedEntry,
    tally: Tally,
    details: str,
) -> None:
    """Counts whether the entry has the curator's shape: always, and again if its neighbours agree on one shape."""
    near = neighbours_of(found)
    shapes = Counter(case.before.entry(entry).shape(names=False) for entry in near if entry.ids)
    agree = shapes and shapes.most_common(1)[0][1] >= AGREEING * sum(shapes.values())
    same, ours, other = same_shape(mine, theirs), mine.shape(), theirs.shape()
    mixed = len({kind for shape in shapes for kind in PDF_OR_ABS.findall(shape)}) > 1
    details = f"{details}\n    {ours!r}\n    {other!r}"
    tally.add("anyshape", right=same, details=details)
    tally.add("abs=pdf", right=same or (mixed and one_address(ours) == one_address(other)))
    if agree:
        tally.add("shape", right=same, details=details)


def neighbours_of(found: tuple[list[Listed], int, int]) -> list[Listed]:
    """The section's entries around the curator's."""
    old, least, _ = found
    return sorted(old, key=lambda entry: abs(old.index(entry) - least))[:NEAR]


def one_address(shape: str) -> str:
    """The shape, with addresses of PDFs written as addresses of abstracts."""
    return re.sub(r"(?<=\ue003)\.pdf", "", PDF_OR_ABS.sub("/abs/", shape))


def broken_law(before: Version, after: Version, ours: Listed | None, text: str) -> str:
    """What an insertion did besides adding one entry, according to a parser of CommonMark; empty for nothing."""
    if ours is None:
        return "the paper is not found in the new list"
    old, new = (Seen.by_commonmark(version.document.content) for version in (before, after))
    kinds = {kind: new.kinds[kind] - old.kinds[kind] for kind in new.kinds | old.kinds}
    form = after.document.entries[ours.entry].form
    wanted = {
        EntryForm.TABLE_ROW: ("tr_open", 1),
        EntryForm.HEADING: ("heading_open", 1),
        EntryForm.BULLET: ("list_item_open", len(ITEM.findall(text))),
        EntryForm.NUMBERED: ("list_item_open", len(ITEM.findall(text))),
    }.get(form)
    if wanted and kinds[wanted[0]] != wanted[1]:
        return f"{wanted[0]}: {kinds[wanted[0]]} more, not {wanted[1]}"
    if grown := old.items - new.items:
        return f"an item that was there is another: {next(iter(grown))}"
    same = 0
    while same < len(old.lines) and old.lines[same] == new.lines[same]:
        same += 1
    rest = len(old.lines) - same
    if rest and old.lines[same:] != new.lines[-rest:]:
        return "what was there is read another way"
    return ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A list as a parser of CommonMark and GitHub's tables reads it.

    It has the kinds of blocks, the lines of text in them, and each item's own blocks without nested items.
    """

    kinds: Counter[str]
    lines: list[str]
    items: Counter[tuple[str, ...]]

    @classmethod
    @lru_cache(maxsize=4)
    def by_commonmark(cls, content: bytes) -> Seen:
        """Reads a list."""
        parser = MarkdownIt("commonmark").enable("table").disable("inline")  # blocks are enough
        tokens = parser.parse(content.decode("utf-8", "replace"))
        lines: list[str] = []
        items: Counter[tuple[str, ...]] = Counter()
        open_items: list[list[str]] = []
        for token in tokens:
            if token.type == "list_item_open":
                open_items.append([])
            elif token.type == "list_item_close":
                items[tuple(open_items.pop())] += 1
            elif token.type in {"inline", "html_block", "fence", "code_block"}:
                lines += filter(None, map(str.strip, token.content.split("\n")))
                if open_items:
                    open_items[-1].append(token.content)
        return cls(Counter(token.type for token in tokens), lines, items)


def keeps_bytes(case: Case) -> bool:
    """Whether a list without an edit stays the same, byte for byte."""
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
    "abs=pdf",
    "value",
    "same-text",
    "curator",
)


def print_table(tallies: Mapping[str, Tally], total: Tally) -> None:
    """Prints a row for each list and one for all: the cases read, and the share that is right in each column."""
    print(f"{'list':42} {'read':>8} " + " ".join(f"{name:>15}" for name in COLUMNS))
    for name, tally in [*tallies.items(), ("all", total)]:
        read = f"{tally.right['read']}/{tally.count['read']}"
        cells = [f"{percent(tally.share(c)):>4} of {tally.count[c]:<4}" for c in COLUMNS]
        print(f"{name[-42:]:42} {read:>8} " + " ".join(f"{cell:>15}" for cell in cells))


def mean_share(tallies: Mapping[str, Tally], kind: str) -> float | None:
    """The mean of the lists' shares; None if no list has cases."""
    shares = [share for tally in tallies.values() if (share := tally.share(kind)) is not None]
    return sum(shares) / len(shares) if shares else None


def missed(total: Tally, tallies: Mapping[str, Tally]) -> Iterator[str]:
    """The bars that were missed, a sentence each."""
    shares = {kind: total.share(kind) for kind in BARS}
    shares["curator"] = mean_share(tallies, "curator")
    for kind, bar in BARS.items():
        share = shares[kind]
        if share is not None and share < bar:
            yield f"{kind}: {share:.1%} is below {bar:.0%}"
    for name, tally in tallies.items():
        best = max(tally.right["place top"], tally.right["place bottom"])
        if tally.right["place"] < best - 1:
            yield f"place, {name}: {tally.right['place']} right, a naive rule has {best}"


def report(tallies: Mapping[str, Tally]) -> list[str]:
    """Prints the table of some lists; returns the bars that they miss."""
    total = Tally()
    for tally in tallies.values():
        total.count += tally.count
        total.right += tally.right
    print_table(tallies, total)
    print(f"as the curator wrote it, each list alike: {percent(mean_share(tallies, 'curator'))}")
    problems = list(missed(total, tallies))
    print(*problems, sep="\n")
    return problems if total.count["read"] else ["no case was read"]


def main() -> int:
    """Judges every case; returns 1 if the reported lists miss a bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="judge every Nth case")
    parser.add_argument("--only", default="", metavar="NAME", help="lists with this in their name")
    parser.add_argument("--half", type=int, choices=(0, 1), help="only the lists of this half")
    parser.add_argument("--show", choices=KINDS, help="print what went wrong of this kind")
    parser.add_argument(
        "--gate", choices=BARS, nargs="+", default=list(BARS), help="bars that decide the exit code"
    )
    args = parser.parse_args()
    halves: tuple[dict[str, Tally], ...] = (defaultdict(Tally), defaultdict(Tally))
    rows = (row for folder in args.folders for row in read_rows(folder))
    for number, row in enumerate(rows):
        name = str(row["list"])
        wanted = args.half is None or args.half == half(name)
        if number % args.every or args.only not in name or not wanted:
            continue
        judge_row(row, halves[half(name)][name])
    for kind, details in (wrong for lists in halves for t in lists.values() for wrong in t.wrong):
        if kind == args.show:
            print(details)
    problems: list[str] = []
    for lists, caption in zip(halves, ("decided on", "only reported"), strict=True):
        if lists:
            print(f"\nLists that were {caption}")
            problems = report(lists)
    return 1 if any(problem.startswith(("no case", *args.gate)) for problem in problems) else 0


def judge_row(row: Mapping[str, Any], tally: Tally) -> None:
    """Reads one commit and judges it, if it can be read."""
    case = read_case(row)
    details = f"{row['list']} {str(row['commit'])[:7]} {row['arxiv_id']}: {case}"
    read = not isinstance(case, str) and keeps_bytes(case)
    tally.add("read", right=read, details=details if not read else "")
    if isinstance(case, Case):
        judge(case, tally)


if __name__ == "__main__":
    sys.exit(main())
