"""Escapes untrusted text from arXiv for Markdown, HTML, terminals, logs and JSON.

Escaped text looks the same when rendered and has no effect: no mention, issue reference, HTML, link, image, emphasis,
table cell, heading or list, and no control of the terminal. The characters of ordinary titles stay as they are.
The rules are those of https://spec.commonmark.org and https://github.github.com/gfm,
and of GitHub's own additions: https://docs.github.com/get-started/writing-on-github.
"""

from __future__ import annotations

import html as _html
import json
import re
import unicodedata
from urllib.parse import urlsplit

import pydantic_core

_BREAK = "\u200b"  # zero-width space: invisible, and separates characters that GitHub would read together
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_UNSEEN = _DROPPED | {"Zl", "Zp"}

_HIDDEN = _UNSEEN | {"Zs"}
# Characters that Unicode counts as letters or marks although they look like a space, or are invisible.
_BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
_INVISIBLE = re.compile("[\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_NOT_ASCII = re.compile(rb"[^ -~\n]+")
_NOT_IN_ADDRESSES = frozenset('"<>`\\')  # never part of a URL (RFC 3986)

# Text that GitHub turns into a link, mention, emoji or ticked box without any Markdown, and text in a commit message
# that stops its workflows. A zero-width space goes after the group.
_ACTIVE = re.compile(
    r"((?<![A-Za-z0-9])@)(?=\w)"  # a person or a team
    r"|(@)(?=[\w.-]*\.\w)"  # a mail address
    r"|(#)(?=\d)"  # an issue
    r"|((?<![A-Za-z0-9])GH-)(?=\d)"
    r"|(:)(?=//)"  # a URL: cmark-gfm finds its scheme even after a digit
    r"|((?<![A-Za-z0-9])www)(?=\.|$)"
    r"|(:)(?=[a-z0-9_+-]+(?::|$))"  # an emoji; its second colon may come after this text
    r"|(\[)(?=x(?:\]|$))|^(x)$"  # cmark-gfm ticks a box if `[x]` is anywhere in its line
    r"|(\[)(?=(?:skip ci|ci skip|no ci|skip actions|actions skip)\])",
    re.IGNORECASE,
)
# A commit SHA as short as GitHub still links it: split into parts that are too short for a link.
_COMMIT = re.compile(r"(?<![A-Za-z0-9_])(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{7,}", re.IGNORECASE)
# Output that a workflow runner reads as a command: anywhere in a text, or only at the start of a line.
_COMMAND = re.compile(r":(?=:)|##(?=\[)")
_LINE_COMMAND = re.compile(r"^\s*:(?=:)|##(?=\[)")
# The TeX commands allowed in math: they only make or combine symbols. Others can make links or cover other text.
_SYMBOLS = (
    "alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|vartheta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau"
    "|upsilon|phi|varphi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega|ell|infty|partial"
    "|nabla|times|cdot|cdots|ldots|dots|pm|mp|div|ast|star|circ|bullet|oplus|otimes|cup|cap|in|notin|subset|subseteq"
    "|forall|exists|neg|land|lor|to|mapsto|rightarrow|leftarrow|leftrightarrow|Rightarrow|uparrow|downarrow|le|leq|ge"
    "|geq|ll|gg|ne|neq|approx|sim|simeq|equiv|propto|sum|prod|int|log|exp|min|max|sup|inf|lim|sin|cos|tan|arg|frac"
    "|sqrt|hat|bar|tilde|vec|dot|mathbb|mathbf|mathcal|mathfrak|mathit|mathrm|mathsf|boldsymbol|text|textit|textbf"
)
_MATH = re.compile(
    rf"(?<![\\\w$])\$(?=\S)(?:\\(?:{_SYMBOLS})(?![A-Za-z])|(?<=[A-Za-z0-9])_|[A-Za-z0-9{{}}^+=., ()/-])+?"
    r"(?<=\S)\$(?![\w$])"
)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")
_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_MARK = re.compile(
    r"[*~](?!\s)|(?<!\s)[*~]"
)  # even a single mark, because the matching one may be outside of this text
# The start of a line that makes it a heading, list, quote, table or code, alone or together with the lines around it.
_LINE_START = re.compile(r"^(?:[-+=:>#|]|\d{1,9}(?=[.)](?:\s|$)|$))")


def clean(text: str) -> str:
    """Puts the text on one line and removes control, formatting, private, unassigned and invisible characters."""
    if not text.isascii():
        text = _INVISIBLE.sub("", _BLANK.sub(" ", text))
    if text.isprintable():
        return " ".join(text.split())
    kept = (
        " " if c.isspace() else c
        for c in text
        if c.isspace() or unicodedata.category(c) not in _DROPPED
    )
    return " ".join("".join(kept).split())


def inline(text: str, *, table: bool = False) -> str:
    """Escapes text for a line of Markdown or for a table cell; simple math keeps its `$…$`."""
    parts = _split_math(clean(text))
    escaped = "".join(part if is_math else _escape(part) for part, is_math in parts)
    if table:
        escaped = escaped.replace("|", "\\|")
    if not (start := _LINE_START.match(escaped)):
        return escaped
    if not start[0].isdigit():
        return f"\\{escaped}"
    rest = escaped[start.end() :]
    return f"{start[0]}\\{rest}" if rest else f"{start[0]}{_BREAK}"


def html(text: str) -> str:
    """Escapes text for the inside of an HTML element on one line, where Markdown is not parsed."""
    return _unlink(_html.escape(clean(text), quote=False))


def unlinked(text: str) -> str:
    """Escapes text for places without markup in which GitHub still makes links: titles, commit messages."""
    return _unlink(clean(text))


def printable(text: str, *, newlines: bool = False) -> str:
    """Escapes text for a terminal or a log: no control characters, no right-to-left marks, no workflow commands."""
    if newlines:
        return "\n".join(_visible(line) for line in text.split("\n"))
    return _COMMAND.sub(_with_break, clean(text))


def _visible(line: str) -> str:
    kept = (c for c in line.expandtabs(4) if unicodedata.category(c) not in _UNSEEN)
    return _LINE_COMMAND.sub(_with_break, "".join(kept))


def web_address(text: str) -> str:
    """Returns an HTTP or HTTPS URL without surrounding spaces; "" for any other text."""
    address = _html.unescape(text.strip())
    if any(unicodedata.category(c) in _HIDDEN or c in _NOT_IN_ADDRESSES for c in address):
        return ""
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises ValueError if it is no number
    except ValueError:
        return ""
    sound = parts.scheme.lower() in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    return address if sound else ""


def to_json(data: object) -> str:
    """Renders data as JSON for a file or a terminal, with invisible characters and workflow commands escaped."""
    written = pydantic_core.to_json(data, indent=2) + b"\n"
    # As bytes, because a text with a rare letter takes four bytes for each of its characters
    return _NOT_ASCII.sub(_safe, written).replace(b"##[", b"##\\u005b").decode()


def _safe(match: re.Match[bytes]) -> bytes:
    return re.sub(".", _escaped, match[0].decode(), flags=re.DOTALL).encode()


def _escaped(match: re.Match[str]) -> str:
    unseen = unicodedata.category(match[0]) in _UNSEEN
    return json.dumps(match[0])[1:-1] if unseen else match[0]


def _split_math(text: str) -> list[tuple[str, bool]]:
    parts, position = [], 0
    for match in _MATH.finditer(text):
        parts += [(text[position : match.start()], False), (match[0], True)]
        position = match.end()
    return [*parts, (text[position:], False)]


def _escape(text: str) -> str:
    text = _unlink(text)  # first, before escapes separate the characters
    text = text.replace("\\", "\\\\").replace("`", "\\`").replace("$", "\\$")
    text = text.replace("[", "\\[").replace("]", "\\]")
    text = _MARK.sub(r"\\\g<0>", _UNDERSCORE.sub(r"\\_", text))
    return _TAG.sub("&lt;", _ENTITY.sub(r"\\&", text))


def _unlink(text: str) -> str:
    """Inserts zero-width spaces where GitHub would make a link, mention or the like without any Markdown."""
    return _ACTIVE.sub(_with_break, _COMMIT.sub(_split_sha, text))


def _split_sha(match: re.Match[str]) -> str:
    return _BREAK.join(match[0][n : n + 6] for n in range(0, len(match[0]), 6))


def _with_break(match: re.Match[str]) -> str:
    return f"{match[0]}{_BREAK}"
