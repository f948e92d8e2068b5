"""The list itself: its entries, held against arXiv's metadata and against what curators of other lists typed in."""

import csv
import json
import lzma
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.ranking import read_corpus
from bot.core import titles
from bot.core.config import load
from bot.core.model import Paper
from bot.listing.paper_list import PaperList
from bot.listing.render import compile_template, fill_template
from bot.tools.check.audit import audit
from tests.conftest import ROOT

CONFIG = load(ROOT / "config" / "keywords.toml")
LISTING = PaperList.parse((ROOT / CONFIG.list.path).read_bytes(), CONFIG.list.heading)
DOCUMENT = LISTING.document

_NAMED = re.compile(r"[?&]id=(\w+)|aclanthology\.org/([\w.-]+?)/?$")
_LINES = (
    re.compile(r"- \[.+\]\(https://[^\s()]+\)"),
    re.compile(r"  - Authors: \S.*"),
    re.compile(r"  - <details> <summary>Abstract \(click me\)</summary> .+ </details>"),
    re.compile(r"  - Links: \[[a-z ]+\]\(https://[^\s()]+\)(, \[[a-z ]+\]\(https://[^\s()]+\))*"),
)


@dataclass(frozen=True)
class Listed:
    """An entry: the paper's id, or where it has none the name its venue gives it; the title; year; lines."""

    name: str
    title: str
    year: str
    lines: tuple[str, ...]

    @property
    def on_arxiv(self) -> bool:
        return bool(re.fullmatch(r"\d{4}\.\d{5}", self.name))


def entries() -> Iterator[Listed]:
    for one in LISTING.listed:
        entry = LISTING.entry(one)
        assert entry.section is not None
        lines = tuple(DOCUMENT.text(entry).splitlines())
        address = lines[0].removesuffix(")").rpartition("(")[2]
        named = _NAMED.search(address)
        assert one.ids or named, f"nothing says which paper this is: {lines[0]}"
        name = str(one.ids[0]) if one.ids else str(named and (named[1] or named[2]))
        yield Listed(name, one.title, DOCUMENT.sections[entry.section].title, lines)


LISTED = tuple(entries())


@pytest.fixture(scope="module")
def corpus(shared: Path) -> dict[str, Paper]:
    return read_corpus(shared / "corpus")


@pytest.fixture(scope="module")
def typed(shared: Path) -> dict[str, str]:
    """What people typed beside each name that the list needs: titles of additions, and the lines around it in lists."""
    found: dict[str, list[str]] = {one.name: [] for one in LISTED}
    with (shared / "lists" / "additions.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            found.get(row["arxiv_id"], []).append(row["title_in_list"])
    names = re.compile("|".join(map(re.escape, found)))
    for path in sorted((shared / "lists").glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as cases:
            first, *_, last = [json.loads(line) for line in cases]
        for text in {first["before"], last["after"]}:
            lines = text.splitlines()
            for number, line in enumerate(lines):
                for name in names.findall(line):
                    # a title may stand above its link, and a link above its title
                    found[name].append("\n".join(lines[max(0, number - 3) : number + 2]))
    return {name: " | ".join(map(_bare, texts)) for name, texts in found.items()}


def _bare(title: str) -> str:
    return titles.key(title).replace(" ", "")


def test_every_title_is_that_of_its_paper(corpus: dict[str, Paper], typed: dict[str, str]):
    """Papers newer than the reference data were held against arXiv when they were proposed."""
    newest = max(name for name in corpus if name[0].isdigit())
    wrong = [
        f"{one.name} {one.title}"
        for one in LISTED
        if not (one.on_arxiv and one.name > newest)
        and not (
            _bare(corpus[one.name].title) == _bare(one.title)
            if one.name in corpus
            else _bare(one.title) in typed[one.name]
        )
    ]

    assert [] == wrong
    assert all(one.title for one in LISTED)


def test_authors_and_form_are_what_the_bot_writes(corpus: dict[str, Paper]):
    template = compile_template(str(CONFIG.list.template))
    known = [one for one in LISTED if one.name in corpus]

    for one in known:
        written = fill_template(template, replace(corpus[one.name], abstract="")).splitlines()
        assert written[1] == one.lines[1]
    assert len(known) > 80


def test_links_are_those_that_the_authors_give(corpus: dict[str, Paper]):
    known = [one for one in LISTED if one.name in corpus]
    given = [
        (one.name, address)
        for one in known
        for line in one.lines
        if line.startswith("  - Links:")
        for address in re.findall(r"\(https://([^\s()]+)\)", line)
    ]

    for name, address in given:
        paper = corpus[name]
        assert address.casefold() in f"{paper.abstract} {paper.comment}".casefold()
    assert len(given) > 20


def test_every_entry_has_the_list_s_form():
    for one in LISTED:
        kinds = [
            next((n for n, kind in enumerate(_LINES) if kind.fullmatch(line.rstrip())), None)
            for line in one.lines
        ]
        assert kinds[0] == 0, one.lines
        assert None not in kinds, one.lines
        assert sorted(set(kinds)) == kinds, one.lines  # type: ignore[type-var]


def test_each_paper_is_listed_once():
    names = Counter(one.name for one in LISTED)
    keys = Counter(titles.key(one.title) for one in LISTED)

    assert [] == [name for name, times in (names + keys).items() if times > 1]


def test_years_and_the_papers_in_them_are_newest_first():
    years = list(dict.fromkeys(one.year for one in LISTED))
    assert sorted(years, reverse=True) == years
    assert {"2022", "2023", "2024", "2025"} <= set(years)
    for year in years:
        names = [one.name for one in LISTED if one.year == year]
        dated = [one.name for one in LISTED if one.year == year and one.on_arxiv]
        assert dated == names[: len(dated)], f"{year}: those without an arXiv address come last"
        assert all(newer > older for newer, older in pairwise(dated)), year
        assert {year[2:]} == {name[:2] for name in dated}


def test_check_finds_nothing():
    assert () == audit(LISTING)
