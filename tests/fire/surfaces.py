"""Finds what a text shows and does in Markdown rendered by GitHub, in a commit message, and on a terminal."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

from bot.core.escaping import clean

_MARKDOWN = MarkdownIt("gfm-like", {"html": True}).use(tasklists_plugin)
if _MARKDOWN.linkify:
    _MARKDOWN.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
_GITHUB = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES  # raw HTML is kept


def by_github(markdown: str) -> str:
    """Renders Markdown with GitHub's own renderer, before GitHub removes forbidden HTML."""
    return str(github_flavored_markdown_to_html(markdown, _GITHUB))


RENDERERS: dict[str, Callable[[str], str]] = {
    "markdown-it": _MARKDOWN.render,
    "cmark-gfm": by_github,
}
ACTIVE = re.compile(
    r"(?<![A-Za-z0-9])@\w|#\d|(?<![A-Za-z0-9])(?:GH-\d|www\.)|\w://[^\s\u200b…]"
    r"|\w@[\w.-]*\.\w|:[a-z0-9_+-]{1,50}:|(?<!\w)(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,40}(?!\w)",
    re.IGNORECASE,
)
"""What GitHub acts on in text, although no Markdown says so."""
SKIPS = re.compile(r"\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]", re.IGNORECASE)
"""What keeps workflows from running, in a commit's message."""
_VOID = frozenset({"br", "img", "hr", "input"})
_OPTIONAL = frozenset({"p", "li", "td", "tr", "th"})


class Page(HTMLParser):
    """Parses a page: its elements, links, images, text outside code, and elements left open or closed twice."""

    def __init__(self, markdown: str, render: Callable[[str], str] = by_github) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: Counter[str] = Counter()
        self.links: list[str] = []
        self.images: list[str] = []
        self.attributes: set[str] = set()
        self.ticked = 0
        self.text = ""
        self.unbalanced: list[str] = []
        self.comments: list[str] = []
        self._open: list[str] = []
        self.feed(render(markdown))
        self.close()
        self.unbalanced += [tag for tag in self._open if tag not in _OPTIONAL]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self.text += "\n"
        self.attributes |= {name for name, _ in attrs}
        said = dict(attrs)
        if tag == "a":
            self.links.append(said.get("href") or "")
        if tag == "img":
            self.images.append(said.get("src") or "")
        if tag == "input" and "checked" in said:
            self.ticked += 1
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.text += "\n"
        if tag in _VOID:
            return
        while self._open and self._open[-1] != tag and self._open[-1] in _OPTIONAL:
            self._open.pop()
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.unbalanced.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        if not {"code", "pre"} & set(self._open):
            self.text += data

    @property
    def acts(self) -> list[str]:
        """What GitHub would turn into links or mentions in the text."""
        return [found[0] for found in ACTIVE.finditer(self.text)]


def shows(text: str, wanted: str) -> bool:
    """Whether the text contains the wanted characters in order and together, ignoring white space and the bot's breaks."""

    def bare(string: str) -> str:
        return re.sub(r"[\s\u200b]+", "", string)

    return bare(clean(wanted)) in bare(text)


def controls(text: str) -> Iterator[str]:
    """Control and bidirectional characters, except line feeds."""
    for char in text:
        if (char < " " and char != "\n") or "\x7f" <= char <= "\x9f":
            yield char
        if (
            char
            in "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        ):
            yield char
        if "\ud800" <= char <= "\udfff":
            yield char


def commands(text: str) -> Iterator[str]:
    """Lines that a workflow runner would execute as commands."""
    for line in re.split(r"\r\n|\r|\n", text):
        if line.strip().startswith("::") or "##[" in line:
            yield line
