"""In which way a list writes a fact: the one that gives, of the papers around, to the letter what stands there.

What arXiv says of the papers that have the fact is the proof: names or words that are like such a fact prove nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.core import escaping, titles
from bot.core.model import Paper
from bot.listing.form import Form
from bot.listing.render import authors
from bot.proposals.items import Fact

ENOUGH = 3
"""Entries that prove a way."""

ALIKE = 0.8
"""The share of entries that nearly all are."""

MANY = 10
"""Authors: more are written out only where those of another paper are."""

HOLE = "\uf8fd"
"""A fact's place in what stands around it; private to Unicode, and what holds it is not read."""
_DOI = re.compile(r"10\.\d{4,9}/[A-Za-z0-9][A-Za-z0-9._;/:-]{0,198}[A-Za-z0-9]")
# A list of names, a team's label, or a slip of the authors.
_NO_NAME = re.compile(r"[,;:<>|()]|\d|\b(?:et al|others)\b", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_ESCAPED = re.compile(r"[\\\u200b]")
_SEPARATORS = ("; ", "<br>", " · ")
_LAST = (" and ", ", and ", " & ")
_CUT = tuple(
    (most, words) for most in (1, 2, 3, 5) for words in (" et al.", ", et al.", " et al", ", et al")
)


@dataclass(frozen=True, slots=True)
class Found:
    """A fact in a text, from `start` to `end`, in one notation or several that are alike for this paper."""

    start: int
    end: int
    notations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """What stands around a fact, with a hole for it, and its notation."""

    frame: str
    notation: str

    @property
    def cut(self) -> int:
        """How many authors are named of those who have more; 0 where all are."""
        return int(self.notation[0]) if self.notation[0].isdigit() else 0

    def write(self, fact: Fact, paper: Paper, *, table: bool) -> str:
        """The fact in this way; empty where arXiv does not know it."""
        text = notations(fact, paper).get(self.notation, "")
        written = spelled(text, self.notation, table=table)
        return self.frame.replace(HOLE, written) if text else ""


def notations(fact: Fact, paper: Paper) -> Mapping[str, str]:
    """What a list may say for a fact of a paper, in plain text, by the names of the notations."""
    match fact:
        case Fact.AUTHORS:
            return dict(_authors(paper))
        case Fact.ABSTRACT:
            text = escaping.clean(paper.abstract)
            return {"whole": text} if text else {}
        case Fact.DOI:
            plain = _DOI.fullmatch(paper.doi) and escaping.inline(paper.doi) == paper.doi
            return {"bare": paper.doi} if plain else {}
        case _:
            return {}


def _authors(paper: Paper) -> Iterator[tuple[str, str]]:
    names = [escaping.clean(titles.plain(name)) for name in paper.authors]
    if not names or any(_NO_NAME.search(name) or not _LETTER.search(name) for name in names):
        return
    yield "all", ", ".join(names)
    for separator in _SEPARATORS:
        yield f"all{separator}", separator.join(names)
    for last in _LAST:
        head = ", ".join(names[:-1])
        two = " and " if last == ", and " and len(names) == 2 else last
        yield f"all{last}", f"{head}{two}{names[-1]}" if head else names[-1]
    for most, words in _CUT:
        yield f"{most}{words}", authors(paper, Form((), cut=most, et_al=words))


def spelled(text: str, notation: str, *, table: bool) -> str:
    """Plain text as Markdown; the break between names is HTML."""
    if notation == "all<br>":
        return "<br>".join(escaping.inline(one, table=table) for one in text.split("<br>"))
    return escaping.inline(text, table=table)


def find(fact: Fact, paper: Paper, text: str) -> Found | None:
    """Where a text says a fact, in the fullest notation that is found; None where it does not, or twice."""
    known = notations(fact, paper)
    best = _named(known, text)
    if not best and _ESCAPED.search(text):
        forms = {name: spelled(plain, name, table=True) for name, plain in known.items()}
        best = _named(forms, text)
    if not best:
        return None
    form = max(best, key=len)
    start = text.index(form)
    if text.find(form, start + 1) >= 0 and fact is not Fact.DOI:
        return None
    return Found(start, start + len(form), tuple(best[form]))


def _named(forms: Mapping[str, str], text: str) -> Mapping[str, list[str]]:
    """Which forms occur in a text, each with its names."""
    found: dict[str, list[str]] = {}
    for name, form in forms.items():
        if form in text:
            found.setdefault(form, []).append(name)
    return found


def ways(fact: Fact, paper: Paper, text: str) -> Iterator[Way]:
    """The ways in which a text that is all of one fact says it."""
    found = None if HOLE in text else find(fact, paper, text)
    if found is not None:
        frame = text.replace(text[found.start : found.end], HOLE)
        yield from (Way(frame, one) for one in found.notations)


@dataclass(frozen=True, slots=True)
class Usual:
    """The ways in which nearly all texts say a fact; several only if each of these may be meant.

    `sizes` are the numbers of authors of the papers that they are of.
    """

    ways: tuple[Way, ...] = ()
    sizes: frozenset[int] = frozenset()

    def write(self, fact: Fact, paper: Paper, *, table: bool) -> str:
        """The fact in these ways; empty where they differ on it, show none for so many authors, or it is not known."""
        size = len(paper.authors)
        if fact is Fact.AUTHORS and not all(self._shows(way, size) for way in self.ways):
            return ""
        written = {way.write(fact, paper, table=table) for way in self.ways}
        return written.pop() if len(written) == 1 else ""

    def _shows(self, way: Way, size: int) -> bool:
        """Whether so many authors, or nearly so many, are written in this way."""
        if way.cut:
            return size <= way.cut or any(way.cut < one <= size for one in self.sizes)
        return size <= max(MANY, *self.sizes)


def usual(texts: Sequence[tuple[Paper, Sequence[Way]]]) -> Usual:
    """The usual ways, from what those are in which each text may be meant.

    That authors are cut short is not meant where nobody's are.
    """
    counted = Counter(way for _, ways in texts for way in ways)
    most = max(counted.values(), default=0)
    if most < max(ENOUGH, ALIKE * len(texts)):
        return Usual()
    first = [way for way, count in counted.items() if count == most]
    chosen = [way for way in first if not way.cut] or first
    sizes = (len(paper.authors) for paper, ways in texts if set(ways) & set(chosen))
    return Usual(tuple(chosen), frozenset(sizes))
