"""Finds the links of an entry: http and https addresses only, each with a readable label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.core.escaping import clean, web_address
from bot.listing.blocks import visible
from bot.listing.links import HREF, HTML_LINK, IMAGE, LINK

_BARE = re.compile(r"https?://[^\s()\[\]<>\"'|`]{3,2000}", re.IGNORECASE)
_STARS = re.compile(r"(?:github )?(?:repo )?stars?(?: badge)?", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"!\[([^\[\]]{1,80})\]|\balt\s*=\s*[\"']([^\"'<>]{1,80})[\"']")
_LONGEST_LABEL = 48
_HOSTS = {"github.com": "Code", "huggingface.co": "Hugging Face", "openreview.net": "OpenReview"}
_BADGES = ("img.shields.io", "badge", "star-history.com", "komarev.com")


@dataclass(frozen=True, slots=True)
class Link:
    """An address and its label."""

    label: str
    url: str


def find_links(text: str) -> Iterator[Link]:
    """Yields the links of an entry in order (Markdown, HTML, and bare addresses), each address once."""
    found: dict[str, tuple[int, str]] = {}

    def take(match: re.Match[str], address: str, words: str) -> str:
        """Keeps a link, and returns blanks of the same length, so that later positions stay correct."""
        url = web_address(address)
        if url and url not in found and not any(badge in url.casefold() for badge in _BADGES):
            found[url] = (match.start(), _label(words, url))
        return " " * len(match[0])

    def take_html(match: re.Match[str]) -> str:
        href = HREF.search(match["attributes"])
        return take(match, href[1] if href else "", match["words"])

    text = LINK.sub(lambda match: take(match, match[2], match[1]), text)
    text = HTML_LINK.sub(take_html, text)
    text = IMAGE.sub(lambda match: " " * len(match[0]), text)
    _BARE.sub(lambda match: take(match, match[0].rstrip(".,;:!?*_\\"), ""), text)
    for url, (_, label) in sorted(found.items(), key=lambda item: item[1][0]):
        yield Link(label, url)


def _label(words: str, url: str) -> str:
    """The link's own words, else the alternative text of its image, else the name of the website."""
    label = _words(words)
    if not label or "://" in label or _STARS.fullmatch(label):
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        return _HOSTS.get(host, host)
    label = label[0].upper() + label[1:] if label.islower() else label
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…"


def _words(link: str) -> str:
    """A link's own words, else the alternative text of its image."""
    if words := clean(visible(link)).strip("[]()“”\"' :"):
        return words
    picture = _ALTERNATIVE.search(link)
    return clean(picture[1] or picture[2]).strip() if picture else ""
