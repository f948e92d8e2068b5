"""Writes citations of papers in BibTeX and RIS.

A citation's key depends on the paper alone, so it stays the same when the list changes.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.tools.site.papers import SitePaper

# BibTeX counts braces even after a backslash, so they are written as commands.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{char: f"\\{char}" for char in "$&%#_"},
    }
)
# Simple math stays math, but without TeX commands, because the list's text is not trusted.
_MATH = re.compile(r"(\$[A-Za-z0-9^_+=.,()/*<>| -]{1,80}\$)")
_WORD = re.compile(r"[^\s\-–—/,:;()]+")


def bibtex(paper: SitePaper) -> str:
    """Returns the paper's BibTeX entry."""
    fields = _bibtex_fields(paper)
    width = max(map(len, fields))
    lines = [f"  {name:{width}} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{key(paper)},", *lines, "}"])


def _bibtex_fields(paper: SitePaper) -> dict[str, str]:
    fields = {"title": _title(paper.title)}
    if paper.authors:
        names = [_protect(_escape(name)) for name in paper.authors]
        fields["author"] = " and ".join([*names, "others"] if paper.cut else names)
    if paper.year:
        fields["year"] = str(paper.year)
    if paper.arxiv:
        archive, slash, _ = paper.arxiv.value.partition("/")
        fields |= {"eprint": paper.arxiv.value, "archivePrefix": "arXiv"}
        fields |= {"primaryClass": archive} if slash else {}
    return fields | {"url": quote(paper.url, safe="/:?#[]@!$&'()*+,;=%~-._")}


def key(paper: SitePaper) -> str:
    """Returns the paper's citation key: its arXiv id, or else the words of its title."""
    return f"arXiv:{paper.arxiv}" if paper.arxiv else paper.anchor.removeprefix("paper-")


def _escape(text: str) -> str:
    return text.translate(_ESCAPES)


def _title(text: str) -> str:
    """The title with braces around names and abbreviations, which BibTeX styles would turn into lower case."""
    parts = _MATH.split(text)
    return "".join(
        part if number % 2 else _WORD.sub(_kept, _escape(part)) for number, part in enumerate(parts)
    )


def _kept(word: re.Match[str]) -> str:
    return f"{{{word[0]}}}" if any(map(str.isupper, word[0][1:])) else word[0]


def _protect(name: str) -> str:
    """Puts braces around a name with "and" or a comma in it, which BibTeX would read as several names or parts."""
    return f"{{{name}}}" if re.search(r"\band\b|,", name, re.IGNORECASE) else name


def ris(paper: SitePaper) -> str:
    """Returns the paper's RIS record (https://en.wikipedia.org/wiki/RIS_(file_format))."""
    month = f"/{paper.month:02}//" if paper.month else "///"
    lines = [
        ("TY", "UNPB"),
        ("ID", key(paper)),
        ("TI", paper.title),
        *(("AU", name) for name in paper.authors),
        *([("PY", str(paper.year)), ("DA", f"{paper.year}{month}")] if paper.year else []),
        *([("AB", paper.abstract)] if paper.abstract else []),
        ("UR", paper.url),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in lines)
