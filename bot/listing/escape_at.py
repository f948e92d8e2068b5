"""Escapes text from arXiv for its position in an entry: Markdown, a table cell, HTML, or an attribute."""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.core import escaping

_HTML_BLOCK = re.compile(
    r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?</?(?:center|dd|details|div|dl|dt|h[1-6]|li|ol|p|section|summary|table"
    r"|tbody|td|tfoot|th|thead|tr|ul)\b",
    re.IGNORECASE,
)  # the elements of https://spec.commonmark.org/0.31.2/#html-blocks that occur in lists of papers
_TAG_OPEN = re.compile(r"<[A-Za-z/][^<>]*\Z")
_ADDRESS_OPEN = re.compile(r"\]\([^()\s]*\Z")
_LINK_TITLE_OPEN = re.compile(r"\]\([^()\s]*\s+[\"'(][^\n]*\Z")
_ROW = re.compile(r"[ \t]*\|")


def escape_at(before: str, text: str, *, table: bool = False) -> str:
    """Escapes a text for its position in an entry.

    Args:
        before: the entry's text before that position.
        text: untrusted text.
        table: whether the entry is a row of a Markdown table; a line that starts with a bar always is one.
    """
    line = before.rpartition("\n")[2]
    if _TAG_OPEN.search(before) or is_in_html(before):
        return _in_html(text)
    if _ADDRESS_OPEN.search(line):
        return quote(escaping.clean(text), safe="")
    table = table or bool(_ROW.match(line))
    if _LINK_TITLE_OPEN.search(line):
        return re.sub(r"[\\|()]", lambda char: f"&#{ord(char[0])};", _in_html(text))
    return escaping.inline(text, table=table)


def is_in_html(before: str) -> bool:
    """Whether the text after `before` is HTML rather than Markdown: an HTML block continues to the next blank line."""
    block = before.rpartition("\n\n")[2]
    return any(_HTML_BLOCK.match(line) for line in block.split("\n"))


def _in_html(text: str) -> str:
    """Escapes text for an element, or for an attribute in single or double quotes."""
    return escaping.html(text).replace('"', "&quot;").replace("'", "&#x27;")
