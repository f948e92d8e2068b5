"""Judges the list, which can be read without GitHub too."""

from __future__ import annotations

from bot.doctor.findings import Finding, Status
from bot.document import Document
from bot.entries import papers_part
from bot.errors import ListError
from bot.index import ListIndex

_SHOWN = 3  # pairs of lines; `check` has them all


def examine_list(content: bytes, heading: str, where: str) -> Finding:
    """Whether papers can be found in the list, and are there once; `heading` is the configured one, or ""."""
    try:
        document = Document.parse(content)
        part = papers_part(document, heading)
    except ListError as error:
        return Finding("list", Status.PROBLEM, f"{where}: {error.message}", error.fix)
    entries = sum(part.start <= entry.start < part.end for entry in document.entries)
    found = f"{where}: {entries} papers in {len(document.sections)} sections"
    if repeated := list(ListIndex.build(document).repeated()):
        pairs = [f"{first.line} and {again.line}" for first, again in repeated]
        more = f" … and {len(pairs) - _SHOWN} more" if len(pairs) > _SHOWN else ""
        text = f"{found}; the same paper at lines {', '.join(pairs[:_SHOWN])}{more}"
        fix = "drop one of each, or correct its link: `arxiv-bot check` tells which"
        return Finding("list", Status.WARNING, text, fix)
    if not entries:
        fix = "set list.heading to the heading that the papers are below"
        return Finding("list", Status.WARNING, f"{found}; an entry's form can't be learned", fix)
    return Finding("list", Status.OK, found)
