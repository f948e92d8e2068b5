"""From lines to sections and entries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from bot.core import titles
from bot.listing.links import LINK, without_images
from bot.listing.parts import Entry, EntryForm, Line, LineKind, Section

# What a paper is linked by. A list or table is one of papers when one of its items has such a link.
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
_DEEPEST = 8  # lists inside one another that are looked into
_LIST = frozenset({LineKind.BULLET, LineKind.NUMBER})
_LIST_END = frozenset({LineKind.HEADING, LineKind.TABLE_HEAD, LineKind.HTML_TABLE, LineKind.RULE})


class _Item(NamedTuple):
    """Lines `first` to `last` (both included) that may be an entry."""

    first: int
    last: int
    form: EntryForm


def leading_badges(content: bytes, entries: Sequence[Entry]) -> int:
    """How many of the first entries are badges of the list itself: its own paper, code and page.

    They stand above the second heading: in a list of headings that are titles such a paragraph is the paper's own.
    """
    return sum(1 for _ in takewhile(lambda entry: _is_badges(content, entry), entries))


def _is_badges(content: bytes, entry: Entry) -> bool:
    """Whether a paragraph says nothing but what its links are to."""
    if entry.form is not EntryForm.PARAGRAPH or entry.section:
        return False
    text = without_images(content[entry.start : entry.end].decode("utf-8", "replace"))
    words = _WORD.findall(titles.plain(LINK.sub(r" \1 ", text)))
    return all(word.casefold() in titles.LABELS for word in words)


def visible(heading: str) -> str:
    """A heading's text as a reader sees it: no markers, links, images, anchors or HTML."""
    text = heading.strip().lstrip("#").strip().rstrip("#").strip()
    text = LINK.sub(r"\1", without_images(text))
    return titles.plain(_HEADING_TAG.sub(" ", text))


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
    """Headings that are a paper's: by their links, or as most of those of their level that are links."""
    named: dict[int, list[int]] = {}
    linked: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        if line.kind is not LineKind.HEADING:
            continue
        if _names(line.text):
            named.setdefault(line.level, []).append(number)
        elif _is_link(line.text):
            linked.setdefault(line.level, []).append(number)
    alike = [linked[n] for n in linked if len(named.get(n, ())) > len(linked[n])]
    return frozenset(n for numbers in [*named.values(), *alike] for n in numbers)


def _is_link(heading: bytes) -> bool:
    """Whether a heading is one link out of the list, and nothing else."""
    text = heading.strip().strip(b"#").strip()
    return text[:1] == b"[" and text[-1:] == b")" and b"](http" in text and text.count(b"](") == 1


def _names(text: bytes) -> bool:
    return _links(text) and bool(_PAPER.search(text))


def _links(text: bytes) -> bool:
    return b"](http" in text or bool(_LINK.search(text))


def _sections(lines: Sequence[Line], headings: Sequence[int], size: int) -> Iterator[Section]:
    stack: list[tuple[int, str]] = []
    ends = _ends(lines, headings, size)
    for place, number in enumerate(headings):
        line = lines[number]
        title = visible(line.text.decode("utf-8", "surrogateescape"))
        while stack and stack[-1][0] >= line.level:
            stack.pop()
        stack.append((line.level, title))
        following = lines[number + 1] if number + 1 < len(lines) else None
        underlined = following is not None and following.kind is LineKind.UNDERLINE
        body = following.end if underlined and following is not None else line.end
        path = tuple(name for _, name in stack)
        yield Section(title, line.level, path, number + 1, line.start, body, ends[place])


def _ends(lines: Sequence[Line], headings: Sequence[int], size: int) -> list[int]:
    """Where each heading's section ends: at the next heading of its level or above."""
    ends = [size] * len(headings)
    open_ones: list[int] = []
    for place, number in enumerate(headings):
        while open_ones and lines[headings[open_ones[-1]]].level >= lines[number].level:
            ends[open_ones.pop()] = lines[number].start
        open_ones.append(place)
    return ends


def _entries(
    lines: Sequence[Line], sections: Sequence[Section], papers: frozenset[int]
) -> Iterator[Entry]:
    section: int | None = None
    block = 0
    for items in _blocks(lines, papers):
        start = lines[items[0].first].start
        while (section or 0) + (section is not None) < len(sections) and sections[
            (section or 0) + (section is not None)
        ].start <= start:
            section = 0 if section is None else section + 1
        if section is not None and _is_aside(sections[section].title):
            continue
        block += 1
        for item in items:
            last = _last_text(lines, item)
            yield Entry(
                lines[item.first].start, lines[last].end, item.first + 1, item.form, section, block
            )


def _is_aside(title: str) -> bool:
    """Whether a heading, by its few words, heads news, citations and the like instead of papers."""
    return len(title.split()) <= 5 and bool(_NOT_PAPERS.search(title))


def _last_text(lines: Sequence[Line], item: _Item) -> int:
    last, blank = item.last, LineKind.BLANK
    while lines[last].kind is blank and last > item.first:
        last -= 1
    return last


def _text(lines: Sequence[Line], item: _Item) -> bytes:
    return b"\n".join(line.text for line in lines[item.first : item.last + 1])


def _blocks(lines: Sequence[Line], papers: frozenset[int]) -> Iterator[list[_Item]]:
    """Contiguous runs of items at least one of which names a paper."""
    number = 0
    while number < len(lines):
        kind = lines[number].kind
        if kind in _LIST:
            items, number = _list(lines, number, len(lines))
            yield from _papers_of(lines, items)
        elif kind is LineKind.TABLE_RULE:
            items, number = _table(lines, number + 1)
            yield from _if_papers(lines, items)
        elif kind is LineKind.HTML_TABLE:
            items, number = _html_table(lines, number)
            yield from _if_papers(lines, items)
        elif number in papers:
            items, number = _headed(lines, number, papers)
            yield items
        elif kind is LineKind.TEXT:
            items, number = _paragraphs(lines, number)
            yield from _if_papers(lines, items)
        else:
            number += 1


def _if_papers(lines: Sequence[Line], items: list[_Item]) -> Iterator[list[_Item]]:
    if any(_names(_text(lines, item)) for item in items):
        yield items


def _list(lines: Sequence[Line], number: int, stop: int) -> tuple[list[_Item], int]:
    """The items of the list that starts here, and the line after it, `stop` at the latest."""
    base = lines[number].indent
    starts = [number]
    kind = lines[number].kind
    content = base + 2
    last = number
    number += 1
    while number < stop:
        line = lines[number]
        if line.kind in _LIST and line.indent < content and line.kind is kind:
            starts.append(number)
        elif _ends_list(lines, number, base, after_blank=number - last > 1):
            break
        if line.kind is not LineKind.BLANK:
            last = number
        number += 1
    form = EntryForm.BULLET if kind is LineKind.BULLET else EntryForm.NUMBERED
    items = [
        _Item(first, following - 1, form)
        for first, following in zip(starts, [*starts[1:], last + 1], strict=True)
    ]
    return items, last + 1


def _ends_list(lines: Sequence[Line], number: int, base: int, *, after_blank: bool) -> bool:
    line = lines[number]
    if line.kind is LineKind.BLANK:
        return False
    if line.kind in _LIST_END or (line.kind in _LIST and line.indent < base + 2):
        return True
    if line.indent > base + 1:
        return False
    return after_blank or line.kind is LineKind.HTML


def _papers_of(lines: Sequence[Line], items: list[_Item], depth: int = 0) -> Iterator[list[_Item]]:
    """The list's items, or the lists inside those items that only head a list of papers, to some depth."""
    whole: list[_Item] = []
    for item in items:
        if depth == _DEEPEST or item.first == item.last or _links(lines[item.first].text):
            whole.append(item)
            continue
        child = next(
            (n for n in range(item.first + 1, item.last + 1) if lines[n].kind in _LIST), None
        )
        own = _Item(item.first, (child or item.last + 1) - 1, item.form)
        if child is None or _links(_text(lines, own)):
            whole.append(item)
            continue
        inner, _ = _list(lines, child, item.last + 1)
        if sum(_names(_text(lines, one)) for one in inner) > 1 or _is_short(_text(lines, own)):
            if whole:
                yield from _if_papers(lines, whole)
                whole = []
            yield from _papers_of(lines, inner, depth + 1)
        else:
            whole.append(item)
    if whole:
        yield from _if_papers(lines, whole)


def _is_short(text: bytes) -> bool:
    """Whether an item's own words are a date or a label rather than a title."""
    return len(re.findall(rb"[A-Za-z]{2,}", text)) < 4


def _table(lines: Sequence[Line], number: int) -> tuple[list[_Item], int]:
    items = []
    while number < len(lines) and lines[number].kind is LineKind.TABLE_ROW:
        items.append(_Item(number, number, EntryForm.TABLE_ROW))
        number += 1
    return items, number


def _html_table(lines: Sequence[Line], number: int) -> tuple[list[_Item], int]:
    """Rows that have lines of their own; a row that shares a line with other markup is not one."""
    items: list[_Item] = []
    first: int | None = None
    while number < len(lines) and lines[number].kind is LineKind.HTML_TABLE:
        text = lines[number].text.strip()
        if first is None and _ROW.match(text):
            first = number
        if first is not None and _ROW_END.search(text):
            if _ROW_END.sub(b"", text[-8:]) != text[-8:] or text.lower().endswith(b"</tr>"):
                items.append(_Item(first, number, EntryForm.HTML_ROW))
            first = None
        number += 1
    return [item for item in items if b"<th" not in _text(lines, item).lower()], number


def _headed(lines: Sequence[Line], number: int, papers: frozenset[int]) -> tuple[list[_Item], int]:
    """Headings that are a paper's each, with all that follows them up to the next heading."""
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
    """Paragraphs that look like entries: they start with a title in bold or a link, and are mostly markup."""
    items = []
    while number < len(lines) and lines[number].kind in (LineKind.TEXT, LineKind.BLANK):
        if lines[number].kind is LineKind.BLANK:
            number += 1
            continue
        first = number
        while number < len(lines) and lines[number].kind is LineKind.TEXT:
            number += 1
        item = _Item(first, number - 1, EntryForm.PARAGRAPH)
        text = _text(lines, item)
        if _ENTRY_START.match(text) and _names(text):
            items.append(item)
    return items, number
