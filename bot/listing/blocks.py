"""Groups the lines of a list into sections and entries."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, takewhile
from typing import NamedTuple

from bot.core import titles
from bot.listing.links import LINK, without_images
from bot.listing.parts import Entry, EntryForm, Line, LineKind, Section

# Addresses of papers. A list or table holds papers if at least one of its items has such a link.
_PAPER = re.compile(
    rb"arxiv|alphaxiv|huggingface\.co/papers|openreview\.net|aclanthology\.org|aclweb\.org|doi\.org/|proceedings\.mlr"
    rb"|neurips\.cc|nips\.cc|thecvf\.com|dl\.acm\.org|ieeexplore|nature\.com/articles|springer|semanticscholar\.org"
    rb"|biorxiv|medrxiv|sciencedirect|ecva\.net|jmlr\.org|ojs\.aaai\.org|isca-speech|\.pdf\b",
    re.IGNORECASE,
)
_LINK = re.compile(rb"\]\(\s*<?(?!#)[^)\s]|https?://|href\s*=", re.IGNORECASE)
_NOT_PAPERS = re.compile(
    r"\b(?:news|updates?|what'?s new|citations?|cite|citing|(?:table of )?contents?|toc|changelog|star history"
    r"|acknowledge?ments?|contribut\w+|license|related (?:awesome|lists?|repos\w*|projects?|works?)\b.*)\W*$",
    re.IGNORECASE,
)
_HEADING_TAG = re.compile(r"</?h[1-6]\b[^<>]{0,500}>", re.IGNORECASE)
_ENTRY_START = re.compile(rb"\s*(?:\*\*|\[|_|<b>|<strong>|\"|!\[|\()")
_ROW = re.compile(rb"<tr\b", re.IGNORECASE)
_ROW_END = re.compile(rb"</tr\s*>", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_DEEPEST = 8  # levels of nested lists that are read
_LIST = frozenset({LineKind.BULLET, LineKind.NUMBER})
_LIST_END = frozenset({LineKind.HEADING, LineKind.TABLE_HEAD, LineKind.HTML_TABLE, LineKind.RULE})


class _Item(NamedTuple):
    """Lines `first` to `last` (both included) that may be an entry."""

    first: int
    last: int
    form: EntryForm


def leading_badges(content: bytes, entries: Sequence[Entry]) -> int:
    """Counts the leading entries that are badges of the list itself, with links to its own paper, code and page.

    Badges occur only above the second heading. Below a heading that is a paper's title, such links are the paper's.
    """
    return sum(1 for _ in takewhile(lambda entry: _is_badges(content, entry), entries))


def _is_badges(content: bytes, entry: Entry) -> bool:
    """Whether a paragraph has no words except the labels of its links."""
    if entry.form is not EntryForm.PARAGRAPH or entry.section:
        return False
    text = without_images(content[entry.start : entry.end].decode("utf-8", "replace"))
    words = _WORD.findall(titles.without_markup(LINK.sub(r" \1 ", text)))
    return all(word.casefold() in titles.LABELS for word in words)


def visible(heading: str) -> str:
    """Returns a heading's text as a reader sees it: without markers, links, images, anchors and HTML."""
    text = heading.strip().lstrip("#").strip().rstrip("#").strip()
    text = LINK.sub(r"\1", without_images(text))
    return titles.without_markup(_HEADING_TAG.sub(" ", text))


def sections_and_entries(
    lines: Sequence[Line], size: int
) -> tuple[tuple[Section, ...], tuple[Entry, ...]]:
    """Reads the structure of a list of `size` bytes from its lines."""
    papers = _paper_headings(lines)
    headings = [
        n for n, line in enumerate(lines) if line.kind is LineKind.HEADING and n not in papers
    ]
    sections = tuple(_sections(lines, headings, size))
    return sections, tuple(_entries(lines, sections, papers))


def _paper_headings(lines: Sequence[Line]) -> frozenset[int]:
    """Headings that are titles of papers: those that link to papers, and other links on levels where they are fewer."""
    headings = [(n, line) for n, line in enumerate(lines) if line.kind is LineKind.HEADING]
    named = {n: line.level for n, line in headings if _names(line.text)}
    linked = {n: line.level for n, line in headings if n not in named and _is_link(line.text)}
    excess = Counter(named.values())
    excess.subtract(linked.values())
    return frozenset(named) | {n for n, level in linked.items() if excess[level] > 0}


def _is_link(heading: bytes) -> bool:
    """Whether a heading consists of one link to another page."""
    text = heading.strip().strip(b"#").strip()
    return text[:1] == b"[" and text[-1:] == b")" and b"](http" in text and text.count(b"](") == 1


def _names(text: bytes) -> bool:
    return _links(text) and bool(_PAPER.search(text))


def _links(text: bytes) -> bool:
    return b"](http" in text or bool(_LINK.search(text))


def _sections(lines: Sequence[Line], headings: Sequence[int], size: int) -> Iterator[Section]:
    path: list[tuple[int, str]] = []
    for number, end in zip(headings, _ends(lines, headings, size), strict=True):
        line = lines[number]
        title = visible(line.text.decode("utf-8", "surrogateescape"))
        path = [*(above for above in path if above[0] < line.level), (line.level, title)]
        names = tuple(name for _, name in path)
        body = _heading_end(lines, number)
        yield Section(title, line.level, names, number + 1, line.start, body, end)


def _heading_end(lines: Sequence[Line], number: int) -> int:
    """The offset at which a heading ends, including its underline."""
    heading, below = lines[number], lines[min(number + 1, len(lines) - 1)]
    return below.end if below.kind is LineKind.UNDERLINE else heading.end


def _ends(lines: Sequence[Line], headings: Sequence[int], size: int) -> list[int]:
    """The offset at which each heading's section ends: the next heading of the same or a higher level."""
    ends = [size] * len(headings)
    unfinished: list[int] = []
    for place, number in enumerate(headings):
        while unfinished and lines[headings[unfinished[-1]]].level >= lines[number].level:
            ends[unfinished.pop()] = lines[number].start
        unfinished.append(place)
    return ends


def _entries(
    lines: Sequence[Line], sections: Sequence[Section], papers: frozenset[int]
) -> Iterator[Entry]:
    starts = [section.start for section in sections]
    block = 0
    for items in _blocks(lines, papers):
        place = bisect_right(starts, lines[items[0].first].start) - 1
        section = None if place < 0 else place
        if section is not None and _is_aside(sections[section].title):
            continue
        block += 1
        for item in items:
            end = lines[_last_text(lines, item)].end
            yield Entry(lines[item.first].start, end, item.first + 1, item.form, section, block)


def _is_aside(title: str) -> bool:
    """Whether a short heading announces news, citations or similar content instead of papers."""
    return len(title.split()) <= 5 and bool(_NOT_PAPERS.search(title))


def _last_text(lines: Sequence[Line], item: _Item) -> int:
    last, blank = item.last, LineKind.BLANK
    while lines[last].kind is blank and last > item.first:
        last -= 1
    return last


def _text(lines: Sequence[Line], item: _Item) -> bytes:
    return b"\n".join(line.text for line in lines[item.first : item.last + 1])


def _blocks(lines: Sequence[Line], papers: frozenset[int]) -> Iterator[list[_Item]]:
    """Yields contiguous runs of items that name at least one paper."""
    number = 0
    while number < len(lines):
        if number in papers:
            items, number = _paper_heading_items(lines, number, papers)
            yield items
        elif read := _READERS.get(lines[number].kind):
            items, number = read(lines, number)
            yield from _papers_of(lines, items)
        else:
            number += 1


def _if_papers(lines: Sequence[Line], items: list[_Item]) -> Iterator[list[_Item]]:
    if any(_names(_text(lines, item)) for item in items):
        yield items


def _list(lines: Sequence[Line], number: int, stop: int | None = None) -> tuple[list[_Item], int]:
    """The items of the list that starts at this line, and the line after the list, which is at most `stop`."""
    head = lines[number]
    starts, last, stop = [number], number, stop or len(lines)
    for n in range(number + 1, stop):
        line = lines[n]
        if _is_sibling(line, head):
            starts.append(n)
        elif _ends_list(line, head, after_blank=n - last > 1):
            break
        last = last if line.kind is LineKind.BLANK else n
    form = EntryForm.BULLET if head.kind is LineKind.BULLET else EntryForm.NUMBERED
    ends = [*starts[1:], last + 1]
    items = [_Item(first, end - 1, form) for first, end in zip(starts, ends, strict=True)]
    return items, last + 1


def _is_sibling(line: Line, head: Line) -> bool:
    """Whether a line starts another item of the list whose first line is `head`."""
    return line.kind is head.kind and line.indent < head.indent + 2


def _ends_list(line: Line, head: Line, *, after_blank: bool) -> bool:
    if line.kind is LineKind.BLANK:
        return False
    is_nested = line.indent > head.indent + 1
    if line.kind in _LIST_END or (line.kind in _LIST and not is_nested):
        return True
    return not is_nested and (after_blank or line.kind is LineKind.HTML)


def _papers_of(lines: Sequence[Line], items: list[_Item], depth: int = 0) -> Iterator[list[_Item]]:
    """Yields the items; an item that only introduces a nested list of papers is replaced by that list."""
    whole: list[_Item] = []
    for item in items:
        inner = _nested_list(lines, item) if depth < _DEEPEST else []
        if inner:
            yield from _if_papers(lines, whole)
            whole = []
            yield from _papers_of(lines, inner, depth + 1)
        else:
            whole.append(item)
    yield from _if_papers(lines, whole)


def _nested_list(lines: Sequence[Line], item: _Item) -> list[_Item]:
    """The items of the list nested in an item without links; empty if that list holds notes on a paper."""
    below = range(item.first + 1, item.last + 1)
    child = next((n for n in below if lines[n].kind in _LIST), None)
    if child is None:
        return []
    own = _text(lines, _Item(item.first, child - 1, item.form))
    if _links(own):
        return []
    inner, _ = _list(lines, child, item.last + 1)
    papers = sum(_names(_text(lines, paper)) for paper in inner)
    return inner if papers > 1 or _is_short(own) else []


def _is_short(text: bytes) -> bool:
    """Whether an item's own words are a date or a label rather than a title."""
    return len(re.findall(rb"[A-Za-z]{2,}", text)) < 4


def _run(lines: Sequence[Line], number: int, *kinds: LineKind) -> range:
    """The consecutive lines of these kinds, starting with this one."""
    ends = (n for n in range(number, len(lines)) if lines[n].kind not in kinds)
    return range(number, next(ends, len(lines)))


def _table(lines: Sequence[Line], number: int) -> tuple[list[_Item], int]:
    rows = _run(lines, number + 1, LineKind.TABLE_ROW)
    return [_Item(row, row, EntryForm.TABLE_ROW) for row in rows], rows.stop


def _html_table(lines: Sequence[Line], number: int) -> tuple[list[_Item], int]:
    """The rows of an HTML table that are on lines of their own, without the header rows."""
    table = _run(lines, number, LineKind.HTML_TABLE)
    rows = _html_rows(lines, table)
    return [row for row in rows if b"<th" not in _text(lines, row).lower()], table.stop


def _html_rows(lines: Sequence[Line], table: range) -> Iterator[_Item]:
    """The rows in the lines of a table; a row that shares a line with other markup is skipped."""
    first: int | None = None
    for number in table:
        text = lines[number].text.strip()
        if first is None and _ROW.match(text):
            first = number
        if first is not None and _ROW_END.search(text):
            if _ROW_END.search(text[-8:]):
                yield _Item(first, number, EntryForm.HTML_ROW)
            first = None


def _paper_heading_items(
    lines: Sequence[Line], number: int, papers: frozenset[int]
) -> tuple[list[_Item], int]:
    """Headings that are titles of papers, each with everything up to the next heading."""
    items = []
    while number in papers:
        level, first = lines[number].level, number
        number += 1
        while number < len(lines):
            line = lines[number]
            if line.kind is LineKind.HEADING and (line.level <= level or number not in papers):
                break
            number += 1
        items.append(_Item(first, number - 1, EntryForm.HEADING))
    return items, number


def _paragraphs(lines: Sequence[Line], number: int) -> tuple[list[_Item], int]:
    """Paragraphs that look like entries: they start with a title in bold or a link, and link to a paper."""
    block = _run(lines, number, LineKind.TEXT, LineKind.BLANK)
    runs = groupby(block, key=lambda n: lines[n].kind is LineKind.TEXT)
    texts = (list(run) for is_text, run in runs if is_text)
    items = (_Item(run[0], run[-1], EntryForm.PARAGRAPH) for run in texts)
    return [item for item in items if _is_entry(_text(lines, item))], block.stop


def _is_entry(paragraph: bytes) -> bool:
    return bool(_ENTRY_START.match(paragraph)) and _names(paragraph)


_READERS: Mapping[LineKind, Callable[[Sequence[Line], int], tuple[list[_Item], int]]] = {
    LineKind.BULLET: _list,
    LineKind.NUMBER: _list,
    LineKind.TABLE_RULE: _table,
    LineKind.HTML_TABLE: _html_table,
    LineKind.TEXT: _paragraphs,
}
"""Maps a kind of line to the function that reads the items starting there; it also returns the line after them."""
