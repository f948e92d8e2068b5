"""What the list already holds: each entry's papers, found again by id, DOI or title in whatever form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz import fuzz, process

from bot.core import titles
from bot.core.arxiv_id import ArxivId, find_ids
from bot.core.model import Neighbour, Paper
from bot.listing.document import Document
from bot.listing.parts import Entry, EntryForm, Section

_LINK = re.compile(
    r"(?<!!)\[((?:[^\[\]]++|\[[^\[\]]{0,200}\]){1,60})\]"
    r"\(\s*<?([^\s()<>]{0,2000}(?:\([^\s()]{0,200}\))?)>?(?:\s[^()\n]{0,200})?\)?"
)
_HTML_LINK = re.compile(r"<a\b[^<>]{0,1000}>(.{1,600}?)</a>", re.IGNORECASE | re.DOTALL)
_STRONG = re.compile(
    r"\*\*((?:(?!\*\*).){1,500})\*\*|__(.{8,500}?)__|<(?:b|strong)>(.{8,500}?)</(?:b|strong)>",
    re.DOTALL,
)
_IMAGE = re.compile(r"!\[[^\]]{0,300}\]\([^)]{0,2000}\)|<img\b[^<>]{0,1000}>")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>\]}|]{1,200}", re.IGNORECASE)
_MARKER = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)]|#{1,6}|\|)\s*")
_DATE_OR_TAG = re.compile(
    r"^\s*(?:[\[(]?\d{4}\.\d{4,5}(?:v\d\d?)?[\])]?(?=[\s:,|-])|[\[(]?\d{2,4}[-./]?\d{0,2}[-./]?\d{0,2}[\])]?(?=[\s:,.|-])|\[[^\[\]]{1,40}\](?!\()|\([^()]{1,40}\))[\s:,.|-]*"
)
_VENUE = re.compile(r"[A-Za-z&/ -]{2,30}['’ ]?\d{2,4}(?: [A-Z]\w+)?")
_VENUE_AT_END = re.compile(
    r"(?<=\w.)(?<![*_`])[\s,.]{0,3}[*_`]++(?=[^*_`\n]{0,60}(?:\d\d|arxiv|preprint))[^*_`\n]{2,60}[*_`]+[\s.,\[(]*$",
    re.IGNORECASE,
)
# A citation's title in quotation marks, behind its authors: `Ada Lovelace, Alan Turing. "A title." Venue.`
_CITED = re.compile(
    r"[^\"“”]{3,}[,.:]\s?[\"“]([^\"“”]{8,300}?)(?:[,.][\"”]|(?<=[?!])[\"”]|[\"”](?=[,.]|\s*$))"
)
_BAR = re.compile(r"(?<!\\)\|")
_CELL_END = re.compile(r"</?t[dr][^<>]{0,300}>", re.IGNORECASE)
_DETAILS = re.compile(r"<details>(?:(?!</?details>).)*+</details>", re.IGNORECASE | re.DOTALL)
_TITLE_HEADS = (
    r"\btitle\b",
    r"\bpaper\b",
    r"\b(?:name|project|method|model|work|algorithm|dataset|benchmark)s?\b",
)
_TAGGED = tuple("0123456789[( ")  # what a date or a tag before a title starts with
_TITLE_WORDS = 4  # of a title in two pairs of brackets, at the least
_LABEL_WORDS = 8  # no label has more
_WORDS = re.compile(r"[^\W_]+")
_NO_ENTRY = -1  # the place of a badge
_NEAR = 88.0  # rapidfuzz score, 0 to 100, from which two titles look alike


class Listed(NamedTuple):  # made by the ten thousand, as `Entry` is
    """An entry's papers: the ids it names (the first is its own), its title, its line, its place in the document."""

    ids: tuple[ArxivId, ...]
    dois: tuple[str, ...]
    title: str
    line: int
    entry: int


class ListIndex:
    """The papers of a list, to be looked up.

    Those of the badges above it are found too, if only there, as what is at that line; they are none of its entries.
    """

    def __init__(self, listed: tuple[Listed, ...], badges: tuple[Listed, ...] = ()) -> None:
        self.listed = listed
        self._by_id: dict[ArxivId, Listed] = {}
        self._by_doi: dict[str, Listed] = {}
        self._by_title: dict[str, Listed] = {}
        for one in listed:
            for paper_id in one.ids[:1]:
                self._by_id.setdefault(paper_id, one)
            for doi in one.dois:
                self._by_doi.setdefault(doi, one)
            if len(key := titles.key(one.title)) >= 8:
                self._by_title.setdefault(key, one)
        for one in listed:  # an entry that is a paper's own counts before one that mentions it
            for paper_id in one.ids[1:]:
                self._by_id.setdefault(paper_id, one)
        for one in badges:
            for paper_id in one.ids:
                self._by_id.setdefault(paper_id, one)

    @classmethod
    def build(cls, document: Document) -> ListIndex:
        """Reads the papers of every entry."""
        columns: dict[int, tuple[int, ...]] = {}
        for entry in document.entries:
            if entry.form is EntryForm.TABLE_ROW and entry.block not in columns:
                columns[entry.block] = _title_columns(head_of(document, entry))
        return cls(
            tuple(
                _listed(document, n, entry, columns.get(entry.block, ()))
                for n, entry in enumerate(document.entries)
            ),
            tuple(_listed(document, _NO_ENTRY, badge, ()) for badge in document.badges),
        )

    def within(self, document: Document, part: Section) -> tuple[Listed, ...]:
        """The entries of a part of the document that this is the index of."""
        entries = document.entries
        return tuple(
            one for one in self.listed if part.start <= entries[one.entry].start < part.end
        )

    @property
    def newest(self) -> ArxivId | None:
        """The id that arXiv gave out last among those listed."""
        return max((i for one in self.listed for i in one.ids[:1]), key=_order, default=None)

    def find_id(self, paper_id: ArxivId) -> Listed | None:
        """The entry that names this paper, whatever the form or version of the id."""
        return self._by_id.get(paper_id)

    def find(self, paper: Paper) -> Listed | None:
        """The entry of this paper: by id, else by DOI, else by a title that differs in notation only."""
        if found := self.find_id(paper.id):
            return found
        if paper.doi and (found := self._by_doi.get(paper.doi.casefold())):
            return found
        found = self._by_title.get(titles.key(paper.title))
        return found if found and _same_paper(found, paper) else None

    def looks_like(self, paper: Paper, limit: int = 3) -> tuple[Neighbour, ...]:
        """Entries whose titles are nearly this paper's: for a person to judge, never a verdict."""
        wanted = titles.key(paper.title)
        near = process.extract(
            wanted, self._by_title.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=limit
        )
        hits = [(self._by_title[key], score) for key, score, _ in near]
        return tuple(Neighbour(hit.title, score / 100, hit.line) for hit, score in hits)

    def repeated(self) -> Iterator[tuple[Listed, Listed]]:
        """Pairs of entries for one paper: the earlier, and the later that repeats it by id or title."""
        for one in self.listed:
            first = self._by_id.get(one.ids[0]) if one.ids else None
            first = first or self._by_title.get(titles.key(one.title))
            if first is not None and first is not one:
                yield first, one


def _order(paper_id: ArxivId) -> tuple[int, int, str, int]:
    return paper_id.order


def _same_paper(listed: Listed, paper: Paper) -> bool:
    """A short title is a key only where the ids don't contradict it."""
    return not listed.ids or paper.id in listed.ids or len(titles.key(paper.title)) >= 24


def head_of(document: Document, entry: Entry) -> str:
    """The head of the table whose first row the entry is: the line above the rule above it."""
    above = document.content[: entry.start].rsplit(b"\n", 3)
    return above[-3].decode("utf-8", "replace") if len(above) > 2 else ""


def _title_columns(head: str) -> tuple[int, ...]:
    """The columns that may hold a paper's title, by their heads, the likeliest first."""
    found = []
    for number, cell in enumerate(_BAR.split(head)):
        name = titles.key(cell)
        rank = next((n for n, pattern in enumerate(_TITLE_HEADS) if re.search(pattern, name)), None)
        if rank is not None:
            found.append((rank, number))
    return tuple(number for _, number in sorted(found))


def _listed(document: Document, number: int, entry: Entry, columns: tuple[int, ...]) -> Listed:
    text = document.text(entry)
    ids = tuple(dict.fromkeys(mention.id for mention in find_ids(text)))
    dois: tuple[str, ...] = ()
    if "10." in text:
        dois = tuple(dict.fromkeys(doi.rstrip(").,;").casefold() for doi in _DOI.findall(text)))
    return Listed(ids, dois, title_of(text, entry.form, columns), entry.line, number)


def title_of(text: str, form: EntryForm, columns: tuple[int, ...] = ()) -> str:
    """The paper's title as an entry gives it, in plain text; empty where none can be told.

    It is the first link's text, unless that is a label such as "Paper"; then what stands in bold, or the words
    before the link, less a date, a tag and what follows the sentence's end. Of a table's row it is what stands in
    the first of the `columns` that says something, else in the cell with the most words.
    """
    if form in _ROWS:
        return _title_in_row(_without_images(text), columns)
    head = _without_images(_first_lines(text))
    named = _strong_title(head)
    for link in _links(head):
        if _is_label(head, link):
            continue
        own = link.re is _LINK and "arxiv" in link[2].casefold()
        title = _as_title(link[1], least=1 if own else 2)
        if title and (own or not named or title.count(" ") > 2) and not _VENUE.fullmatch(title):
            return title
    words = _plain_words(head)
    if words and (named not in words or words.startswith(f"{named}:")):
        return words
    return named or words


def _links(text: str) -> Iterator[re.Match[str]]:
    yield from _LINK.finditer(text)
    if "<" in text:
        yield from _HTML_LINK.finditer(text)


def _is_label(text: str, link: re.Match[str]) -> bool:
    """Whether a link stands in brackets of its own, as `[[TF Code](…)]` does, with too few words for a title."""
    inside = (
        text[link.start() - 1 : link.start()] == "[" and text[link.end() : link.end() + 1] == "]"
    )
    return inside and len(_WORDS.findall(link[1])) < _TITLE_WORDS


def _without_images(text: str) -> str:
    return _IMAGE.sub("", text) if "![" in text or "<" in text else text


def _strong_title(text: str) -> str:
    """What stands in bold, if it is long enough for a title."""
    if not ("**" in text or "__" in text or "<" in text):
        return ""
    strong = (_as_title(next(filter(None, match.groups()), "")) for match in _STRONG.finditer(text))
    return next((title for title in strong if len(title.split()) >= 4), "")


_ROWS = frozenset({EntryForm.TABLE_ROW, EntryForm.HTML_ROW})


def _title_in_row(row: str, columns: tuple[int, ...]) -> str:
    """A row's title, abstracts aside."""
    cells = (
        _CELL_END.split(_DETAILS.sub("", row))
        if "<td" in row.lower()
        else _BAR.split(_DETAILS.sub("", row))
    )
    for column in columns:
        if column < len(cells) and (title := _title_in_cell(cells[column], least=1)):
            return title
    found = [title for cell in cells if (title := _title_in_cell(cell, least=2))]
    return max(found, key=lambda title: min(len(title.split()), 12), default="")


def _title_in_cell(cell: str, *, least: int) -> str:
    """A cell's words, or those of the links in it, less tags and whom it is by; empty if that is no title."""
    bare = _LINK.sub(lambda link: link[1] if _as_title(link[1], least) else "", cell)
    words = titles.plain(_HTML_LINK.sub(r"\1", bare))
    for _ in range(3):
        words = _DATE_OR_TAG.sub("", words.lstrip("🔥⭐️👍✨ "))
    return _as_title(re.sub(r"(?<!\s)\s*\(@[^()]*\)\s*$", "", words), least)


def _first_lines(text: str) -> str:
    """An entry's own lines: those before a nested item."""
    first, newline, rest = text.partition("\n")
    if not newline or not rest:
        return first
    lines = rest.splitlines()
    own = [first, *(line for line in lines if not _MARKER.match(line))]
    return (
        "\n".join(own)
        if len(own) <= len(lines) or len(lines) < 3
        else "\n".join([first, *lines[:3]])
    )


def _as_title(text: str, least: int = 2) -> str:
    """The text as a title; empty where it is only a label, or has fewer than `least` words."""
    title = titles.plain(_without_images(text))
    if title[:1] in _TAGGED:
        title = titles.plain(_DATE_OR_TAG.sub("", title))
    title = title.strip(' []"“”.:')
    if title.count(" ") > _LABEL_WORDS:
        return title
    words = _WORDS.findall(title)
    if len(words) < least or all(
        word.casefold() in titles.LABELS or word.isdigit() for word in words
    ):
        return ""
    return title


def _plain_words(text: str) -> str:
    """The words of an entry whose title is not a link: before the first link, after markers, dates and tags."""
    before = _LINK.split(_MARKER.sub("", text, count=1), maxsplit=1)[0]
    before = _VENUE_AT_END.sub("", before)
    words = titles.plain(before.split("|")[0] if "|" not in before[:3] else before)
    if (cited := _CITED.match(words)) and cited[1].count(" ") > 1:
        return _as_title(cited[1])
    for _ in range(3):
        words = _DATE_OR_TAG.sub("", words)
    head, stop, _ = words.partition(". ")
    title = head if stop and len(head.split()) >= 3 else words
    return _as_title(title.rstrip(" [(,"))
