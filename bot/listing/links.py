"""Defines the patterns for links, images and table cells that all readers of entries share."""

from __future__ import annotations

import re

LINK = re.compile(
    r"(?<!!)\[((?:[^\[\]\\]++|\\[\s\S]|\[[^\[\]]{0,200}\]){0,90})\]"
    r"\(\s*<?([^\s()<>]{0,2000}(?:\([^\s()]{0,200}\)[^\s()<>]{0,200})?)>?(?:\s[^()\n]{0,200})?\)?"
)
"""A link in Markdown: its words, and its address. The last parenthesis may be missing, a mistake in some lists."""

HTML_LINK = re.compile(
    r"<a\b(?P<attributes>[^<>]{0,1000})>(?P<words>.{0,600}?)</a>", re.IGNORECASE | re.DOTALL
)
"""A link in HTML; `HREF` finds the address in its attributes."""

HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\s\"'<>]{1,2000})", re.IGNORECASE)

IMAGE = re.compile(r"!\[[^\]]{0,300}\]\([^)]{0,2000}\)|<img\b[^<>]{0,2000}>", re.IGNORECASE)
"""An image, such as a badge, in Markdown or HTML."""

BAR = re.compile(r"(?<!\\)\|")
"""The separator of the cells of a table row."""

_ADDRESS_BACKWARDS = re.compile(r"[^ \t\r\n\"'<>()\[\]|`]*")
_LONGEST = 2_000  # the most characters of an address, as in the patterns above


def is_in_address(text: str, position: int) -> bool:
    """Returns whether the character at `position` is in an address, which follows `](` or starts with a scheme."""
    before = text[max(0, position - _LONGEST) : position][::-1]
    found = _ADDRESS_BACKWARDS.match(before)
    start = position - (found.end() if found else 0)
    if text[start - 2 : start] == "](":
        return True
    return text[start : start + 8].lower().startswith(("https://", "http://"))


def without_images(text: str) -> str:
    """Removes the images from a text."""
    return IMAGE.sub("", text) if "![" in text or "<" in text else text
