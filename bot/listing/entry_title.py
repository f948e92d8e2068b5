"""Reads a paper's title from an entry: a link's text, words in bold, a table cell, or the words before a link."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core import titles
from bot.listing.links import BAR, HTML_LINK, LINK, without_images
from bot.listing.parts import EntryForm

_STRONG = re.compile(
    r"\*\*((?:(?!\*\*).){1,500})\*\*|__(.{8,500}?)__|<(?:b|strong)>(.{8,500}?)</(?:b|strong)>",
    re.DOTALL,
)
_MARKER = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)]|#{1,6}|\|)\s*")
_DATE_OR_TAG = re.compile(
    r"^\s*(?:[\[(]?\d{4}\.\d{4,5}(?:v\d\d?)?[\])]?(?=[\s:,|-])|[\[(]?\d{2,4}[-./]?\d{0,2}[-./]?\d{0,2}[\])]?(?=[\s:,.|-])|\[[^\[\]]{1,40}\](?!\()|\([^()]{1,40}\))[\s:,.|-]*"
)
# A short name with a year, of two digits or four.
_VENUE = re.compile(r"[A-Za-z&/ -]{2,30}['’ ]?(?:(?:19|20)\d\d|[0-39]\d)(?: [A-Z]\w+)?")
_VENUE_AT_END = re.compile(
    r"(?<=\w.)(?<![*_`])[\s,.]{0,3}[*_`]++(?=[^*_`\n]{0,60}(?:\d\d|arxiv|preprint))[^*_`\n]{2,60}[*_`]+[\s.,\[(]*$",
    re.IGNORECASE,
)
# The authors after words in bold: `**A title** Ada Lovelace et al. [[paper]](…)`
_AUTHORS_AT_END = re.compile(r"(?<=[*_])[\s,.:–—-]{1,4}[^*_\n]{2,300}?\bet al\b[^*_\n]{0,40}$")
# A citation's title in quotation marks, after its authors: `Ada Lovelace, Alan Turing. "A title." Venue.`
_CITED = re.compile(
    r"[^\"“”]{3,}[,.:]\s?[\"“]([^\"“”]{8,300}?)(?:[,.][\"”]|(?<=[?!])[\"”]|[\"”](?=[,.]|\s*$))"
)
_CELL_END = re.compile(r"</?t[dr][^<>]{0,300}>", re.IGNORECASE)
_DETAILS = re.compile(r"<details>(?:(?!</?details>).)*+</details>", re.IGNORECASE | re.DOTALL)
_BY_WHOM = re.compile(r"(?<!\s)\s*\(@[^()]*\)\s*$")
_TITLE_HEADS = (
    r"\btitle\b",
    r"\bpaper\b",
    r"\b(?:name|project|method|model|work|algorithm|dataset|benchmark|repo)s?\b",
)
_TAGGED = tuple("0123456789[( ")  # first characters of a date or a tag before a title
_TITLE_WORDS = 4  # the fewest words of a title in double brackets
_LABEL_WORDS = 8  # the most words of a label
_WORDS = re.compile(r"[^\W_]+")
_ROWS = frozenset({EntryForm.TABLE_ROW, EntryForm.HTML_ROW})


def title_columns(head: str) -> tuple[int, ...]:
    """Returns the columns of a table that may hold titles, judged by the table's head, the likeliest first."""
    found = []
    for number, cell in enumerate(BAR.split(head)):
        name = titles.key(cell)
        rank = next((n for n, pattern in enumerate(_TITLE_HEADS) if re.search(pattern, name)), None)
        if rank is not None:
            found.append((rank, number))
    return tuple(number for _, number in sorted(found))


def title_of(text: str, form: EntryForm, columns: tuple[int, ...] = ()) -> str:
    """Returns the paper's title as plain text; empty if none is found.

    The title is the text of the first link, unless that is a label such as "Paper". Otherwise it is the words in bold,
    or the first sentence before the link without a date or tag. In a table row, it is the first of the `columns` with
    words, or else the cell with the most words.
    """
    if form in _ROWS:
        return _title_in_row(without_images(text), columns)
    # `\` ends a line, as in CommonMark.
    head = without_images(_first_lines(text)).replace("\\\n", "\n")
    named = _strong_title(head)
    if linked := _linked_title(head, named):
        return linked
    words = _plain_words(head)
    if words and (named not in words or words.startswith(f"{named}:")):
        return words
    return named or words


def _linked_title(head: str, named: str) -> str:
    """The first link's text that is a title; if there are words in bold, the link must go to arXiv or be long."""
    for link in _links(head):
        if not _is_label(head, link) and (title := _title_in_link(link, named)):
            return title
    return ""


def _title_in_link(link: re.Match[str], named: str) -> str:
    """A link's text if it is a title, else ""."""
    own = link.re is LINK and "arxiv" in link[2].casefold()
    title = _as_title(link[1] if link.re is LINK else link["words"], least=1 if own else 2)
    beside = own or not named or title.count(" ") > 2
    return title if beside and not _VENUE.fullmatch(title) else ""


def _links(text: str) -> Iterator[re.Match[str]]:
    yield from LINK.finditer(text)
    if "<" in text:
        yield from HTML_LINK.finditer(text)


def _is_label(text: str, link: re.Match[str]) -> bool:
    """Whether a link is in brackets, as in `[[TF Code](…)]`, and has too few words for a title."""
    in_brackets = (
        text[link.start() - 1 : link.start()] == "[" and text[link.end() : link.end() + 1] == "]"
    )
    return in_brackets and len(_WORDS.findall(link[1])) < _TITLE_WORDS


def _strong_title(text: str) -> str:
    """The first words in bold that are long enough for a title, else ""."""
    if not ("**" in text or "__" in text or "<" in text):
        return ""
    strong = (_as_title(next(filter(None, match.groups()), "")) for match in _STRONG.finditer(text))
    return next((title for title in strong if len(title.split()) >= 4), "")


def _title_in_row(row: str, columns: tuple[int, ...]) -> str:
    """The title in a table row, outside abstracts."""
    bare = _DETAILS.sub("", row)
    cells = _CELL_END.split(bare) if "<td" in row.lower() else BAR.split(bare)
    for column in columns:
        if column < len(cells) and (title := _title_in_cell(cells[column], least=1)):
            return title
    found = [title for cell in cells if (title := _title_in_cell(cell, least=2))]
    return max(found, key=lambda title: min(len(title.split()), 12), default="")


def _title_in_cell(cell: str, *, least: int) -> str:
    """A cell's words, including those of its links, without tags and names of people; empty if not a title."""
    bare = LINK.sub(lambda link: link[1] if _as_title(link[1], least) else "", cell)
    words = titles.without_markup(HTML_LINK.sub(lambda link: link["words"], bare))
    for _ in range(3):
        words = _DATE_OR_TAG.sub("", words.lstrip("🔥⭐️👍✨ "))
    return _as_title(_BY_WHOM.sub("", words), least)


def _first_lines(text: str) -> str:
    """An entry's own lines, without nested items."""
    first, newline, rest = text.partition("\n")
    if not newline or not rest:
        return first
    lines = rest.splitlines()
    own = [first, *(line for line in lines if not _MARKER.match(line))]
    shown = own if len(own) <= len(lines) or len(lines) < 3 else [first, *lines[:3]]
    return "\n".join(shown)


def _as_title(text: str, least: int = 2) -> str:
    """The text as a title; empty if it is only a label, or has fewer than `least` words."""
    title = titles.without_markup(without_images(text))
    if title[:1] in _TAGGED:
        title = titles.without_markup(_DATE_OR_TAG.sub("", title))
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
    """The title of an entry whose title is not a link: the words after markers, dates and tags, before the link."""
    before = LINK.split(_MARKER.sub("", text, count=1), maxsplit=1)[0]
    before = _VENUE_AT_END.sub("", _AUTHORS_AT_END.sub("", before))
    words = titles.without_markup(before.split("|")[0] if "|" not in before[:3] else before)
    if (cited := _CITED.match(words)) and cited[1].count(" ") > 1:
        return _as_title(cited[1])
    for _ in range(3):
        words = _DATE_OR_TAG.sub("", words)
    head, stop, _ = words.partition(". ")
    title = head if stop and len(head.split()) >= 3 else words
    return _as_title(title.rstrip(" [(,"))
