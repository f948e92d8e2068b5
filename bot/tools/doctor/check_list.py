"""Checks whether the bot can work with the list, which may be a local file or on GitHub."""

from __future__ import annotations

from bot.core.errors import ListError
from bot.listing.paper_list import PaperList
from bot.tools.check.audit import repeats
from bot.tools.doctor.findings import Diagnosis, Status

_SHOWN = 3  # pairs of lines; `arxiv-bot check` shows all


def examine_list(content: bytes, heading: str, where: str) -> Diagnosis:
    """Checks that the list has papers, each only once; `heading` is the configured one, or ""."""
    try:
        papers = PaperList.parse(content, heading)
    except ListError as error:
        return Diagnosis("list", Status.PROBLEM, f"{where}: {error.message}", error.fix)
    held = papers.census
    found = f"{where}: {papers.place}"
    if repeated := list(repeats(papers)):
        pairs = [f"{first.line} and {again.line}" for first, again in repeated]
        more = f" … and {len(pairs) - _SHOWN} more" if len(pairs) > _SHOWN else ""
        text = f"{found}; the same paper at lines {', '.join(pairs[:_SHOWN])}{more}"
        fix = "remove one entry of each pair, or correct its link: `arxiv-bot check` shows them"
        return Diagnosis("list", Status.WARNING, text, fix)
    if not held.entries:
        fix = "set list.heading to the heading above the papers"
        found += "; the bot has no entry to learn the form from"
        return Diagnosis("list", Status.WARNING, found, fix)
    return Diagnosis("list", Status.OK, found)
