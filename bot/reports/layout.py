"""Fits text to a terminal's width: wraps lines between words, and indents the continuation below the content."""

from __future__ import annotations

import re
import textwrap

_LABEL = re.compile(r"\s*(?:(?:[-*✓!✗?]|\d+\.)\s+)?(?:\S(?:.{0,22}?\S)??\s{2,})?")


def fit(text: str, width: int) -> str:
    """Wraps each line at `width` columns; only a longer word may exceed it.

    If a line begins with a short label and two spaces, its continuation starts in the column after them.
    """
    return "\n".join(_fit_line(line, width) for line in text.split("\n"))


def _fit_line(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    match = _LABEL.match(line)
    indent = match.end() if match else 0
    lead = line[: indent if indent <= width // 2 else 0]
    return textwrap.fill(
        line[len(lead) :],
        width,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
