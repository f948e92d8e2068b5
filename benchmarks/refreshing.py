"""What `arxiv-bot refresh` edits in real lists, and whether it gives back what is taken from their entries.

    python -m benchmarks.refreshing FOLDER CORPUS [--show FACT]

FOLDER holds `*.jsonl.xz` files of commits to lists (benchmarks/list_fidelity.py), CORPUS files of papers. The newest
version of each list is refreshed as it stands; then a fact is taken from every tenth entry that has it, ten times over,
and the refresh is held against what stood there. Exit 1 if a fact comes back that is another one.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.list_audit import newest
from bot import titles
from bot.arxiv_id import ArxivId
from bot.changes import Fact
from bot.document import Document, EntryForm, Replacement, apply, encode
from bot.entries import ListRules, papers_part
from bot.index import ListIndex
from bot.model import Paper
from bot.refreshing.find import find_changes, listed_in
from bot.refreshing.model import Change, Findings
from bot.refreshing.places import Place
from bot.refreshing.venues import WITHIN, is_open, venue_of
from bot.refreshing.ways import find
from bot.sources.snapshot import Snapshot

_ROUNDS = 10
_AROUND = re.compile(r"(?P<before>[*_]*)\uf8fd(?P<behind>[.,]?[*_]*[.,]?[ ]?)")
_KINDS = ("exact", "differs", "wrong", "left")

Papers = Mapping[ArxivId, Paper]


def refresh(document: Document, papers: Papers) -> Findings:
    """What a refresh finds in the whole of a list."""
    index = ListIndex.build(document)
    return find_changes(document, index, papers_part(document, ""), papers, {}, ListRules("", None))


def places(document: Document, papers: Papers) -> Iterator[tuple[Place, Paper]]:
    """The entries of papers that are known."""
    for one in listed_in(document, ListIndex.build(document), papers_part(document, "")):
        if paper := papers.get(one.ids[0]):
            yield Place.of(document, one), paper


def without(place: Place, paper: Paper, fact: Fact) -> Replacement | None:
    """The edit that takes a fact away, with what stands around it for its sake; None where it is not found."""
    if fact is Fact.VENUE:
        return _unpublished(place, paper)
    if (found := find(fact, paper, place.plain)) is None:
        return None
    start = place.plain.rfind("\n", 0, found.start) + 1
    end = place.plain.find("\n", found.end) + 1 or len(place.plain)
    rest = place.plain[start : found.start] + place.plain[found.end : end]
    if start and not re.sub(r"[\W_]|authors?|by", "", rest, flags=re.IGNORECASE).strip("s"):
        return place.rewritten(start, end, "")
    around = _AROUND.search(f"{place.plain[: found.start]}\uf8fd{place.plain[found.end :]}")
    assert around
    return place.rewritten(
        found.start - len(around["before"]), found.end + len(around["behind"]), ""
    )


def _unpublished(place: Place, paper: Paper) -> Replacement | None:
    """The venue that arXiv knows too, once it is in the entry, as "arXiv" and the year."""
    if (venue := venue_of(paper)) is None or place.entry.form is EntryForm.TABLE_ROW:
        return None
    said = [one for one in WITHIN.finditer(place.plain) if not is_open(one[0])]
    if len(said) != 1 or said[0]["name"].casefold() != venue.name.casefold():
        return None
    year = said[0]["year"]
    new = f"arXiv{said[0]['sep']}{str(paper.id.year)[4 - len(year) :]}" if year else "arXiv"
    return place.rewritten(*said[0].span(), new)


def taken(document: Document, papers: Papers, fact: Fact, *, show: bool) -> Counter[str]:
    """How entries come back from which a fact was taken."""
    known = [
        (place, paper, edit)
        for place, paper in places(document, papers)
        if (edit := without(place, paper, fact))
    ]
    counted = Counter[str]()
    for gone in filter(None, (known[number::_ROUNDS] for number in range(_ROUNDS))):
        lacking = Document.parse(apply(document, [edit for _, _, edit in gone]))
        found = {
            one.id.paper: one for one in refresh(lacking, papers).changes if one.id.fact is fact
        }
        for place, paper, _ in gone:
            change = found.get(paper.id)
            counted[kind := _kind(place, lacking, change)] += 1
            if show and kind != "exact":
                print(
                    f"  {kind}: {place.plain.strip()!r}\n      {change and change.edit.content!r}"
                )
    return counted


def _kind(place: Place, lacking: Document, change: Change | None) -> str:
    if change is None:
        return "left"
    entry = lacking.entries[change.listed.entry]
    text = lacking.content[entry.start : change.edit.start] + change.edit.content
    text += lacking.content[change.edit.end : entry.end]
    if text == encode(place.text):
        return "exact"
    return "differs" if _key(text.decode()) == _key(place.text) else "wrong"


def _key(text: str) -> str:
    """Equal for texts that say the same with other punctuation, or years of two digits."""
    return re.sub(r"\b20(?=\d\d\b)", "", titles.key(re.sub(r"(?<=[A-Za-z])(?=\d)", " ", text)))


def main() -> int:
    """Refreshes every list; returns 1 if a fact comes back wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--show", metavar="FACT", help="print the edits of this fact")
    args = parser.parse_args()
    lists = {name: Document.parse(encode(text)) for name, text in newest(args.folder).items()}
    ids = {i for one in lists.values() for e in ListIndex.build(one).listed for i in e.ids[:1]}
    papers = {one.id: one for one in Snapshot(args.corpus, ()).look_up(list(ids))}
    wrong = 0
    for name, document in lists.items():
        found = Counter(_rule(one) for one in refresh(document, papers).changes)
        print(name, dict(found))
        for one in refresh(document, papers).changes:
            if one.id.fact.value == args.show:
                print(f"  line {one.listed.line}: {one.old!r} -> {one.edit.content.decode()!r}")
        for fact in (Fact.AUTHORS, Fact.ABSTRACT, Fact.VENUE):
            counted = taken(document, papers, fact, show=fact.value == args.show)
            wrong += counted["wrong"]
            if counted:
                print(f"  {fact.value} taken:", {kind: counted[kind] for kind in _KINDS})
    return 1 if wrong else 0


def _rule(change: Change) -> str:
    own = b"\n" in change.edit.content
    return f"{change.id.fact.value}{', own line' if own else ''}"


if __name__ == "__main__":
    sys.exit(main())
