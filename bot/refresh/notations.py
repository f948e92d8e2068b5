"""Finds how a list writes a labelled field: the notation that reproduces its other entries exactly.

The evidence is arXiv's data on those entries. Text that merely looks like a list of names proves nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.core import escaping, titles
from bot.core.model import Paper
from bot.listing.form import Form
from bot.listing.render import authors
from bot.proposals.items import Fact

_ENOUGH = 3  # entries that prove a notation
_MIN_SHARE = 0.8  # of the entries must have the notation
_MANY = 10  # authors; a longer list is written out only if another entry has one as long
_VALUE = (
    "\uf8fd"  # the value's place in a frame; texts that contain this private character are ignored
)
_DOI = re.compile(r"10\.\d{4,9}/[A-Za-z0-9][A-Za-z0-9._;/:-]{0,198}[A-Za-z0-9]")
# Text that is not one name: a list of names, a group, or a mistake in arXiv's data.
_NO_NAME = re.compile(r"[,;:<>|()]|\d|\b(?:et al|others)\b", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_SEPARATORS = (", ", "; ", " · ")
_LAST = (" and ", ", and ", " & ")
_CUT = tuple(
    (most, words) for most in (1, 2, 3, 5) for words in (" et al.", ", et al.", " et al", ", et al")
)


@dataclass(frozen=True, slots=True)
class Notation:
    """How a field is written: the frame around its value (emphasis, a link), and the style of the value."""

    frame: str
    style: str

    @property
    def cut(self) -> int:
        """The number of authors after which the style ends with "et al."; 0 if it names all."""
        return int(self.style[0]) if self.style[0].isdigit() else 0

    def write(self, fact: Fact, paper: Paper, *, table: bool) -> str:
        """Writes the field for a paper; empty if arXiv does not know the fact."""
        text = _styles(fact, paper).get(self.style, "")
        return self.frame.replace(_VALUE, escaping.inline(text, table=table)) if text else ""


def _styles(fact: Fact, paper: Paper) -> Mapping[str, str]:
    """A paper's fact as plain text in each style, by the name of the style."""
    return dict(_STYLES[fact](paper)) if fact in _STYLES else {}


def _abstract_styles(paper: Paper) -> Iterator[tuple[str, str]]:
    if text := escaping.clean(titles.plain_abstract(paper.abstract)):
        yield "whole", text


def _doi_styles(paper: Paper) -> Iterator[tuple[str, str]]:
    if _DOI.fullmatch(paper.doi) and escaping.inline(paper.doi) == paper.doi:
        yield "bare", paper.doi


def _author_styles(paper: Paper) -> Iterator[tuple[str, str]]:
    names = [escaping.clean(titles.plain(name)) for name in paper.authors]
    if not names or not all(map(_is_name, names)):
        return
    for separator in _SEPARATORS:
        yield f"all{separator}", separator.join(names)
    for last in _LAST:
        yield f"all{last}", _joined(names, last)
    for most, words in _CUT:
        yield f"{most}{words}", authors(paper, Form((), cut=most, et_al=words))


def _joined(names: Sequence[str], last: str) -> str:
    """Joins names with commas, and the last one with `last`; two names have no comma."""
    if len(names) == 2 and last == ", and ":
        last = " and "
    return last.join(filter(None, (", ".join(names[:-1]), names[-1])))


def _is_name(text: str) -> bool:
    return bool(_LETTER.search(text)) and not _NO_NAME.search(text)


_STYLES: Mapping[Fact, Callable[[Paper], Iterator[tuple[str, str]]]] = {
    Fact.AUTHORS: _author_styles,
    Fact.ABSTRACT: _abstract_styles,
    Fact.DOI: _doi_styles,
}


def notations_of(fact: Fact, paper: Paper, text: str, *, table: bool) -> tuple[Notation, ...]:
    """The notations that write the paper's fact exactly as this text; several if they do not differ on this paper."""
    found: dict[str, list[str]] = {}
    for style, value in _styles(fact, paper).items():
        for written in {value, escaping.inline(value, table=table)}:
            if written in text:
                found.setdefault(written, []).append(style)
    if not found or _VALUE in text:
        return ()
    longest = max(found, key=len)
    return tuple(Notation(text.replace(longest, _VALUE), style) for style in found[longest])


@dataclass(frozen=True, slots=True)
class Usage:
    """The notations that fit nearly all entries, and the numbers of authors of the entries that they fit."""

    notations: tuple[Notation, ...] = ()
    sizes: frozenset[int] = frozenset()

    def write(self, fact: Fact, paper: Paper, *, table: bool) -> str:
        """Writes the field; empty if the notations disagree, or no entry is an example for so many authors."""
        size = len(paper.authors)
        if fact is Fact.AUTHORS and not all(
            self._shows(notation, size) for notation in self.notations
        ):
            return ""
        texts = {notation.write(fact, paper, table=table) for notation in self.notations}
        return texts.pop() if len(texts) == 1 else ""

    def _shows(self, notation: Notation, size: int) -> bool:
        if cut := notation.cut:
            return size <= cut or any(cut < shown <= size for shown in self.sizes)
        return size <= max(_MANY, *self.sizes)


def usage(examples: Sequence[tuple[Paper, Sequence[Notation]]]) -> Usage:
    """Finds the notations that nearly all entries share; if some fit equally well, those without "et al."."""
    counted = Counter(notation for _, notations in examples for notation in notations)
    most = max(counted.values(), default=0)
    if most < max(_ENOUGH, _MIN_SHARE * len(examples)):
        return Usage()
    first = [notation for notation, number in counted.items() if number == most]
    chosen = [notation for notation in first if not notation.cut] or first
    sizes = (len(paper.authors) for paper, notations in examples if set(notations) & set(chosen))
    return Usage(tuple(chosen), frozenset(sizes))
