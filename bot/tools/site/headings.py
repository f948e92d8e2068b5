"""Reduces headings to their words, without emoji, shortcodes, markup or numbering."""

from __future__ import annotations

import re
import unicodedata

from bot.core.escaping import clean

_SHORTCODE = re.compile(r":[a-z0-9_+-]{2,40}:")
_NUMBERING = re.compile(r"^(?:\d{1,2}[.)]|\d{1,2}(?:\.\d{1,2})+\.?)\s+")
_EMPTY = re.compile(r"\[\s*\]|\(\s*\)")  # brackets that held only pictures
_PICTURES = frozenset({"So", "Sk"})  # the categories of emoji and their tones
_AS_PICTURE = "\ufe0f"  # the variation selector that shows a character as an emoji


def bare_heading(heading: str) -> str:
    """Returns the words of a heading."""
    words = "".join(
        " " if unicodedata.category(char) in _PICTURES or char == _AS_PICTURE else char
        for char in _SHORTCODE.sub(" ", heading)
    )
    return _NUMBERING.sub("", clean(_EMPTY.sub(" ", words))).strip(" :.-–—")
