"""Checks the list's entries against arXiv's metadata and against what curators of other lists wrote."""

import csv
import json
import lzma
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.corpus import read_corpus
from bot.core import titles
from bot.core.config import load
from bot.core.model import Paper
from bot.listing.paper_list import PaperList
from bot.listing.template import compile_template, fill_template
from bot.tools.check.audit import audit
from tests.conftest import ROOT

CONFIG = load(ROOT / "config" / "keywords.toml")
LISTING = PaperList.parse((ROOT / CONFIG.list.path).read_bytes(), CONFIG.list.heading)
DOCUMENT = LISTING.document

# Papers that a conference published under another title than the first version on arXiv.
RENAMED = {"2310.01377": "BOorDpKHiJ", "2310.05910": "xJbsmB8UMx"}

# The two abstracts that the list started with. An abstract is its authors' text, so no others are added here.
WITH_ABSTRACT = {"2309.00267", "2212.08073"}

_VENUE_NAME = re.compile(
    r"[?&]id=(\w+)"
    r"|openreview\.net/pdf/(\w+)\.pdf"
    r"|aclanthology\.org/([\w.-]+?)/?$"
    r"|mlr\.press/(v\d+/\w+)\.html"
)
_WRITTEN_TITLE = re.compile(r"\*\*(.+?)\*\*|\[(.+?)\]\(")
_LINES = (
    re.compile(r"- \[.+\]\(https://[^\s()]+\)"),
    re.compile(r"  - Authors: \S.*"),
    re.compile(r"  - <details> <summary>Abstract \(click me\)</summary> .+ </details>"),
    re.compile(r"  - Links: \[[a-z ]+\]\(https://[^\s()]+\)(, \[[a-z ]+\]\(https://[^\s()]+\))*"),
)


@dataclass(frozen=True)
class ListEntry:
    """An entry of the list.

    `name` is the paper's arXiv id, or the name that its venue uses where the entry links no arXiv paper.
    """

    name: str
    title: str
    year: str
    lines: tuple[str, ...]

    @property
    def on_arxiv(self) -> bool:
        return bool(re.fullmatch(r"\d{4}\.\d{5}", self.name))

    def line(self, start: str) -> str:
        """The entry's first line that starts so, without the start; empty if there is none."""
        found = (line for line in self.lines if line.startswith(start))
        return next(found, start).removeprefix(start).rstrip()


def entries() -> Iterator[ListEntry]:
    for listed in LISTING.listed:
        entry = LISTING.entry(listed)
        assert entry.section is not None
        lines = tuple(DOCUMENT.text(entry).splitlines())
        address = lines[0].removesuffix(")").rpartition("(")[2]
        venue = _VENUE_NAME.search(address)
        assert listed.ids or venue, f"nothing says which paper this is: {lines[0]}"
        name = str(listed.ids[0]) if listed.ids else str(venue and venue[venue.lastindex or 0])
        yield ListEntry(name, listed.title, DOCUMENT.sections[entry.section].title, lines)


ENTRIES = tuple(entries())


@pytest.fixture(scope="module")
def corpus(shared: Path) -> dict[str, Paper]:
    return read_corpus(shared / "corpus") | read_corpus(shared / "corpus-2026")


@pytest.fixture(scope="module")
def written(shared: Path) -> dict[str, str]:
    """What curators of other lists wrote about each paper that this list has: titles, authors, links.

    The keys are the entries' names. A line of another list counts when it has the paper's id or its title.
    To read 2.4 million lines takes seconds: the tests that need them are deep.
    """
    found: dict[str, list[str]] = {entry.name: [] for entry in ENTRIES}
    found |= {venue: [] for venue in RENAMED.values()}
    by_title = {_bare(entry.title): entry.name for entry in ENTRIES}
    for path in (
        shared / "known_papers.csv",
        *(shared / folder / "additions.csv" for folder in ("lists", "more-lists")),
    ):
        with path.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                about = f"{row['title_in_list']} {row.get('authors_in_list', '')}"
                found.get(row["arxiv_id"], []).append(about)
    names = re.compile("|".join(map(re.escape, found)))

    @cache
    def mentioned(line: str) -> set[str]:
        written_titles = (first or second for first, second in _WRITTEN_TITLE.findall(line))
        keys = map(_bare, written_titles)
        return {*names.findall(line), *(by_title[key] for key in keys if key in by_title)}

    for name, around in _mentions_in_lists(shared, mentioned):
        found[name].append(around)
    for name, venue in RENAMED.items():
        found[name] += found[venue]
    return {name: " | ".join(texts) for name, texts in found.items()}


def _mentions_in_lists(
    shared: Path, mentioned: Callable[[str], set[str]]
) -> Iterator[tuple[str, str]]:
    """Each name on a line that another list ever had, with the line's neighbours: a title may be above or below its link."""
    for path in sorted(shared.glob("*lists/*.jsonl.xz")):
        seen: set[tuple[str, ...]] = set()
        with lzma.open(path, "rt", encoding="utf-8") as cases:
            for case in map(json.loads, cases):
                lines = f"{case['before']}\n\n\n\n{case['after']}".splitlines()
                for number, line in enumerate(lines):
                    if not (names := mentioned(line)):
                        continue
                    around = tuple(lines[max(0, number - 3) : number + 4])
                    if around not in seen:
                        seen.add(around)
                        yield from ((name, "\n".join(around)) for name in names)


def _bare(title: str) -> str:
    return titles.key(title).replace(" ", "")


@pytest.mark.deep
def test_every_title_is_that_of_its_paper(corpus: dict[str, Paper], written: dict[str, str]):
    """The bot took the titles of papers newer than the reference data from arXiv."""
    newest = max(name for name in corpus if name[0].isdigit())
    wrong = [
        f"{entry.name} {entry.title}"
        for entry in ENTRIES
        if not (entry.on_arxiv and entry.name > newest)
        and not (
            _bare(corpus[entry.name].title) == _bare(entry.title)
            if entry.name in corpus
            else _bare(entry.title) in _bare(written[entry.name])
        )
    ]

    assert [] == wrong
    assert all(entry.title for entry in ENTRIES)


def test_authors_and_form_are_what_the_bot_writes(corpus: dict[str, Paper]):
    template = compile_template(str(CONFIG.list.template))
    known = [entry for entry in ENTRIES if entry.name in corpus]

    for entry in known:
        lines = fill_template(template, replace(corpus[entry.name], abstract="")).splitlines()
        assert lines[1] == entry.lines[1]
    assert len(known) > 300


@pytest.mark.deep
def test_authors_of_papers_elsewhere_are_those_that_a_curator_named(
    corpus: dict[str, Paper], written: dict[str, str]
):
    """Names with accents are left out: some lists write them in LaTeX."""
    named = 0
    for entry in ENTRIES:
        authors = entry.line("  - Authors: ").removesuffix(", et al.")
        if not authors or entry.name in corpus or entry.name in WITH_ABSTRACT:
            continue
        for word in re.findall(r"[\w'-]+", authors):
            assert word in written[entry.name] or not word.isascii(), (entry.name, word)
        named += 1
    assert named > 60


@pytest.mark.deep
def test_links_are_those_that_the_authors_or_a_curator_give(
    corpus: dict[str, Paper], written: dict[str, str]
):
    given = 0
    for entry in ENTRIES:
        paper = corpus.get(entry.name)
        source = f"{paper.abstract} {paper.comment}" if paper else written[entry.name]
        for address in re.findall(r"\(https://([^\s()]+)\)", entry.line("  - Links: ")):
            assert address.casefold() in source.casefold(), entry.name
            given += 1
    assert given > 40


def test_every_entry_has_the_list_s_form():
    for entry in ENTRIES:
        kinds = [
            next((n for n, kind in enumerate(_LINES) if kind.fullmatch(line.rstrip())), None)
            for line in entry.lines
        ]
        assert kinds[0] == 0, entry.lines
        assert None not in kinds, entry.lines
        assert sorted(set(kinds)) == kinds, entry.lines  # type: ignore[type-var]


def test_no_abstracts_but_those_the_list_started_with():
    assert WITH_ABSTRACT == {entry.name for entry in ENTRIES if entry.line("  - <details>")}


def test_each_paper_is_listed_once():
    names = Counter(entry.name for entry in ENTRIES)
    keys = Counter(titles.key(entry.title) for entry in ENTRIES)

    assert [] == [name for name, times in (names + keys).items() if times > 1]


def test_years_and_the_papers_in_them_are_newest_first():
    years = list(dict.fromkeys(entry.year for entry in ENTRIES))
    assert sorted(years, reverse=True) == years
    assert {"2022", "2023", "2024", "2025", "2026"} <= set(years)
    for year in years:
        names = [entry.name for entry in ENTRIES if entry.year == year]
        dated = [entry.name for entry in ENTRIES if entry.year == year and entry.on_arxiv]
        assert dated == names[: len(dated)], f"{year}: those without an arXiv address come last"
        assert all(newer > older for newer, older in pairwise(dated)), year
        assert {year[2:]} == {name[:2] for name in dated}


def test_where_to_start_names_papers_of_the_list():
    readme = (ROOT / CONFIG.list.path).read_text(encoding="utf-8")
    section = readme.partition("\n## Where to start\n")[2].partition("\n## ")[0]
    named = re.findall(r"arxiv\.org/abs/([\d.]+)\)", section)

    assert len(named) > 20
    assert set(named) <= {entry.name for entry in ENTRIES}


def test_check_finds_nothing():
    assert () == audit(LISTING)
