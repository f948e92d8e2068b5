"""Checks a built site: every internal link and anchor exists, and nothing is loaded from another host.

Links that lead elsewhere are not followed: a build needs no network.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADING = {"link": "href", "script": "src", "img": "src", "source": "srcset", "iframe": "src"}
_NOT_LOADED = {"canonical", "next", "prev", "alternate"}
_CSS = re.compile(r"url\(\s*['\"]?(?P<url>[^'\")]+)|@import\s+['\"](?P<imported>[^'\"]+)")


class _Page(HTMLParser):
    """What a page links to, what it loads, and what can be linked to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.anchors.update(attributes[name] for name in ("id", "name") if attributes.get(name))
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        needed = attributes.get(_LOADING.get(tag, ""), "")
        if needed and attributes.get("rel") not in _NOT_LOADED:
            self.loads.append(needed)


def problems(site: Path) -> Iterator[str]:
    """Yields what is wrong with the site, a line each."""
    pages = {path: _Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        where = path.relative_to(site).as_posix()
        if (
            path.name != "404.html"
        ):  # the page is shown at any address, so it has links from the top folder
            yield from (f"{where}: {problem}" for problem in _dead(path, page, site, pages))
        yield from (f"{where}: loads {address}" for address in page.loads if _elsewhere(address))
    for path in sorted(site.rglob("*.css")):
        for found in _CSS.finditer(path.read_text(encoding="utf-8")):
            url = found["url"] or found["imported"]
            if _elsewhere(url) and not url.startswith("data:"):
                yield f"{path.relative_to(site).as_posix()}: loads {url}"


def _elsewhere(url: str) -> bool:
    return bool(urlsplit(url).netloc)


def _dead(path: Path, page: _Page, site: Path, pages: dict[Path, _Page]) -> Iterator[str]:
    for link in dict.fromkeys([*page.links, *page.loads]):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = path
        if parts.path:
            named = posixpath.normpath(posixpath.join(path.parent.as_posix(), unquote(parts.path)))
            target = Path(named)
            if target.is_dir():
                target /= "index.html"
        if not target.is_file() or site not in target.parents:
            yield f"{link} is not there"
        elif parts.fragment and target in pages:
            anchor = unquote(parts.fragment)
            if anchor not in pages[target].anchors and anchor != "__top":
                yield f"{link}: no such anchor"
