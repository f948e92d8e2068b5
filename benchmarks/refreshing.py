"""Measures what `arxiv-bot refresh` edits in real lists, and whether it restores fields that were emptied.

    python -m benchmarks.refreshing FOLDER CORPUS [--show]

FOLDER has `*.jsonl.xz` files of commits to lists (benchmarks/list_cases.py), CORPUS files of papers.

- The newest version of each list is refreshed as it is.
- A labelled field is emptied in every tenth entry, ten times over, and the new value is compared with the old one: in
  real lists, and in lists made of the corpus's papers.
- Earlier versions are refreshed with the venues that the curators wrote later, and compared with these.

The exit code is 1 if a field gets another value than it had. `--show` prints every edit that does not restore the old
text exactly.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from benchmarks.list_audit import newest
from benchmarks.list_cases import read_rows
from bot.core import escaping, titles
from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.document import Document, apply, encode
from bot.listing.headings import papers_part
from bot.listing.index import ListIndex
from bot.listing.paper_list import PaperList
from bot.listing.parts import EntryForm, Replacement
from bot.proposals.items import Fact
from bot.refresh.entry_text import EntryText
from bot.refresh.find_changes import find_changes, listed_in
from bot.refresh.labelled import LabelledFields
from bot.refresh.model import EntryChange, Findings
from bot.refresh.notations import notations_of
from bot.refresh.venues import WITHIN, is_open, venue_of
from bot.sources.snapshot import Snapshot

_ROUNDS = 10
_VERSIONS = 7  # of each list's history
_MADE = 200  # papers in a generated list
_KINDS = ("exact", "same words", "another", "left")

Papers = Mapping[ArxivId, Paper]


def refresh(document: Document, papers: Papers) -> Findings:
    """The changes that a refresh finds in a whole list."""
    return find_changes(PaperList.of(document, papers_part(document, "")), papers, {})


def places(document: Document) -> Iterator[EntryText]:
    """The entries of papers, each paper once."""
    for item in listed_in(PaperList.of(document, papers_part(document, ""))):
        yield EntryText.of(document, item)


def without(
    entry: EntryText, paper: Paper, fact: Fact, fields: LabelledFields
) -> Replacement | None:
    """The edit that empties the entry's field for the fact; None where it has none, or another value than arXiv."""
    if fact is Fact.VENUE:
        return _unpublished(entry, paper)
    field = fields.of(entry, fact)
    table = entry.entry.form is EntryForm.TABLE_ROW
    if not field or not notations_of(fact, paper, field.value.strip(), table=table):
        return None
    return entry.rewritten(*field.filled("-"))


def _unpublished(place: EntryText, paper: Paper) -> Replacement | None:
    """The edit that replaces the entry's only venue, if arXiv knows it too, by "arXiv" and the year."""
    said = [match for match in WITHIN.finditer(place.plain) if not is_open(match[0])]
    venue = venue_of(paper)
    if venue is None or [element["name"].casefold() for element in said] != [venue.name.casefold()]:
        return None
    (item,) = said
    if item["year"] and int(item["year"]) % 100 != venue.year % 100:
        return None  # a slip of one of the two
    new = "arXiv"
    if item["year"]:
        new += f"{item['sep']}{str(paper.id.year)[4 - len(item['year']) :]}"
    return place.rewritten(*item.span(), new)


def taken(document: Document, papers: Papers, fact: Fact, *, show: bool) -> Counter[str]:
    """Counts how a refresh restores entries whose fact was removed."""
    entries = list(places(document))
    fields = LabelledFields(document, entries)
    known = [
        (entry, paper.id, edit)
        for entry in entries
        if (paper := papers.get(entry.listed.ids[0]))
        and (edit := without(entry, paper, fact, fields))
    ]
    counted = Counter[str]()
    for gone in filter(None, (known[number::_ROUNDS] for number in range(_ROUNDS))):
        lacking = Document.parse(apply(document, [edit for _, _, edit in gone]))
        found = {
            change.id.paper: change
            for change in refresh(lacking, papers).changes
            if change.id.fact is fact
        }
        for place, name, _ in gone:
            counted[kind := _kind(place.text, lacking, found.get(name))] += 1
            if show and kind != "exact":
                new = found[name].edit.content.decode() if name in found else ""
                print(f"    {kind}: {place.plain.strip()[:400]!r} <- {new[:300]!r}")
    return counted


def _kind(wanted: str, document: Document, change: EntryChange | None) -> str:
    if change is None:
        return "left"
    text = edited(document, change)
    if text == wanted:
        return "exact"
    return "same words" if _key(text) == _key(wanted) else "another"


def edited(document: Document, change: EntryChange) -> str:
    """An entry with its change made."""
    entry, edit = document.entries[change.listed.entry], change.edit
    content = document.content
    after = content[entry.start : edit.start] + edit.content + content[edit.end : entry.end]
    return after.decode("utf-8", "surrogateescape")


def _key(text: str) -> str:
    """A key that is equal for texts that differ only in punctuation, or in the digits of years."""
    return re.sub(r"\b20(?=\d\d\b)", "", titles.key(re.sub(r"(?<=[A-Za-z])(?=\d)", " ", text)))


def _cell(text: str) -> str:
    return escaping.inline(text, table=True)


def _in_table(paper: Paper) -> str:
    cells = (
        f"[{_cell(paper.title)}]({paper.id.url})",
        _cell(_names(paper)),
        f"[{paper.doi}](https://doi.org/{paper.doi})",
        _cell(paper.abstract),
    )
    return f"| {' | '.join(cells)} |\n"


def _items(paper: Paper) -> str:
    labelled = f"  - **Authors:** {_names(paper)}\n  - **Abstract:** {_abstract(paper)}\n"
    return f"- {_linked(paper)}\n{labelled}  - DOI: {paper.doi}\n"


def _linked(paper: Paper) -> str:
    return f"[{_title(paper)}]({paper.id.url})"


def _title(paper: Paper) -> str:
    return escaping.inline(titles.plain(paper.title))


def _names(paper: Paper) -> str:
    return escaping.inline(titles.plain(", ".join(paper.authors)))


def _abstract(paper: Paper) -> str:
    return escaping.inline(paper.abstract)


FORMS: Mapping[str, tuple[str, Callable[[Paper], str]]] = {
    "table": ("| Paper | Authors | DOI | Abstract |\n|---|---|---|---|\n", _in_table),
    "labelled lines": ("", _items),
}


def made(papers: Sequence[Paper], form: str) -> Document:
    """Makes a list of these papers in a form."""
    head, entry = FORMS[form]
    return Document.parse(encode(f"# Papers\n\n## All\n\n{head}{''.join(map(entry, papers))}"))


def history(folder: Path, papers: Papers, *, show: bool) -> dict[str, Counter[str]]:
    """Counts how a refresh turns the venues of earlier versions into those of the newest version."""
    versions: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in read_rows(folder):
        versions[str(row["list"])].append((str(row["date"]), str(row["before"])))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, text in newest(folder).items():
        later = {place.listed.ids[0]: place for place in places(Document.parse(encode(text)))}
        known = {paper: _with_venue(item, papers) for paper, item in later.items()}
        reported: set[ArxivId] = set()
        rows = sorted(versions[name])
        for number in range(_VERSIONS):
            document = Document.parse(encode(rows[number * (len(rows) - 1) // (_VERSIONS - 1)][1]))
            for change in refresh(document, known).changes:
                paper = change.id.paper
                if change.id.fact is Fact.VENUE and paper not in reported:
                    reported.add(paper)
                    kind = _against(change, edited(document, change), later[paper].text)
                    found[name][kind] += 1
                    if show:
                        print(
                            f"    {kind}: {change.old!r} -> {change.value!r}, later {later[paper].plain[-300:]!r}"
                        )
    return found


def _with_venue(place: EntryText, papers: Papers) -> Paper:
    """The paper, with a comment on arXiv that claims the entry's only venue."""
    paper = papers.get(place.listed.ids[0]) or Paper(place.listed.ids[0], place.listed.title)
    said = {
        (match["name"], match["year"]) for match in WITHIN.finditer(place.plain) if match["year"]
    }
    if len(said) != 1:
        return paper
    ((name, year),) = said
    return replace(paper, comment=f"{name} {2000 + int(year) % 100}")


def _against(change: EntryChange, after: str, later: str) -> str:
    said = [match["name"] for match in WITHIN.finditer(later) if match["name"]]
    if not said:
        return "left by the curator"
    if after.rstrip() == later.rstrip():
        return "the curator's entry"
    return (
        "the curator's venue"
        if (search := WITHIN.search(change.value))
        and search["name"].casefold() in map(str.casefold, said)
        else "another"
    )


def main() -> int:
    """Measures everything; returns 1 if a fact is restored with another value."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--show", action="store_true", help="print the edits")
    args = parser.parse_args()
    lists = {name: Document.parse(encode(text)) for name, text in newest(args.folder).items()}
    ids = {i for item in lists.values() for e in ListIndex.build(item).listed for i in e.ids[:1]}
    corpus = Snapshot(args.corpus, ())
    papers = {item.id: item for item in corpus.look_up(list(ids))}
    wrong = 0
    for name, document in lists.items():
        changes = refresh(document, papers).changes
        print(f"{name}: {dict(Counter(item.id.fact.value for item in changes))}", flush=True)
        for change in changes if args.show else ():
            print(f"    line {change.listed.line}: {change.old!r} -> {change.value[:200]!r}")
        wrong += _print_counts(
            document, papers, (Fact.AUTHORS, Fact.ABSTRACT, Fact.VENUE), show=args.show
        )
    some = [
        replace(record.paper(), doi=f"10.1145/{number}.{number + 7}")
        for number, record in enumerate(islice(corpus.records(), 0, 10 * _MADE, 10))
    ]
    known = {item.id: item for item in some}
    for form in FORMS:
        print(f"made: {form}")
        facts = (Fact.AUTHORS, Fact.ABSTRACT, Fact.DOI)
        wrong += _print_counts(made(some, form), known, facts, show=args.show)
    print("history")
    for name, counted in history(args.folder, papers, show=args.show).items():
        print(f"  {name}: {dict(counted)}")
        wrong += counted["another"]
    return 1 if wrong else 0


def _print_counts(document: Document, papers: Papers, facts: Sequence[Fact], *, show: bool) -> int:
    wrong = 0
    for fact in facts:
        if counted := taken(document, papers, fact, show=show):
            reported = ", ".join(f"{counted[kind]} {kind}" for kind in _KINDS)
            print(f"  {fact.value} taken: {reported}", flush=True)
            wrong += counted["another"]
    return wrong


if __name__ == "__main__":
    sys.exit(main())
