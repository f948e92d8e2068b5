"""Fits text to the width of a terminal: lines break between words, and go on below where their content starts."""

from __future__ import annotations

import re
import textwrap

_LABEL = re.compile(r"\s*(?:[-*✓!✗?]\s+)?(?:\S(?:.{0,22}?\S)??\s{2,})?")


def fit(text: str, width: int) -> str:
    """The text with every line no longer than `width` columns, save words that are longer.

    A line that begins with a short label and two blanks goes on in the column behind these.
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
