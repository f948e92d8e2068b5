"""Converts a list's prose (paragraphs, bullets, bold, links) to safe HTML.

All text is escaped, and only http and https addresses become links. Tables, code, images and HTML are left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from bot.core.escaping import clean, web_address
from bot.listing.links import LINK, without_images

_BULLET = re.compile(r"[ ]{0,3}[-*+][ \t]+(?=\S)")
_NOT_PROSE = re.compile(r"\s{0,3}(?:[|>#]|```|~~~|<|={3,}|-{3,})")
_BOLD = re.compile(r"\*\*(?=\S)(.{1,300}?)(?<=\S)\*\*")
_ITALIC = re.compile(r"(?<![*\w])\*(?=[^\s*])([^*]{1,300}?)(?<=\S)\*(?![*\w])")
_CODE = re.compile(r"`([^`]{1,200})`")


def to_html(markdown: str) -> str:
    """Converts the prose of a section to HTML."""
    paragraphs = re.split(r"\n[ \t]*\n", markdown.replace("\r\n", "\n"))
    lines = ([line for line in text.split("\n") if line.strip()] for text in paragraphs)
    return "\n".join(block for found in lines for block in _blocks(found))


def _blocks(lines: list[str]) -> Iterator[str]:
    """The text of a paragraph up to its first bullet, followed by its bullets."""
    if not lines or _NOT_PROSE.match(lines[0]):
        return
    first = next((n for n, line in enumerate(lines) if _BULLET.match(line)), len(lines))
    if first:
        yield f"<p>{_inline(' '.join(lines[:first]))}</p>"
    if first < len(lines):
        items = "".join(f"<li>{_inline(item)}</li>" for item in _items(lines[first:]))
        yield f"<ul>{items}</ul>"


def _items(lines: list[str]) -> list[str]:
    """The bullets, each with its continuation lines."""
    items: list[str] = []
    for line in lines:
        if match := _BULLET.match(line):
            items.append(line[match.end() :])
        else:
            items[-1] += f" {line.strip()}"
    return items


def _inline(text: str) -> str:
    parts, position = [], 0
    text = without_images(text)
    for link in LINK.finditer(text):
        parts.append(_words(text[position : link.start()]))
        address, words = web_address(link[2]), _words(link[1])
        parts.append(f'<a href="{html.escape(address)}">{words}</a>' if address else words)
        position = link.end()
    parts.append(_words(text[position:]))
    return "".join(parts).strip()


def _words(text: str) -> str:
    before, after = text[:1].isspace(), text[-1:].isspace()
    escaped = html.escape(clean(text.replace("\\", "")))
    escaped = _CODE.sub(r"<code>\1</code>", escaped)
    escaped = _ITALIC.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", escaped))
    return f"{' ' * before}{escaped}{' ' * after}" if escaped else " " * (before or after)
