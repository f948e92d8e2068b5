"""In which way a list writes a fact: the one that gives, of the papers around, to the letter what stands there.

What arXiv says of the papers that have the fact is the proof: names or words that are like such a fact prove nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot import escaping, titles
from bot.changes import Fact
from bot.entries.form import Form
from bot.entries.render import authors
from bot.model import Paper

ENOUGH = 3
"""Entries that prove a way."""

ALIKE = 0.8
"""The share of entries that nearly all are."""

HOLE = "\uf8fd"
"""A fact's place in what stands around it; private to Unicode, and what holds it is not read."""
_DOI = re.compile(r"10\.\d{4,9}/[A-Za-z0-9][A-Za-z0-9._;/:-]{0,198}[A-Za-z0-9]")
_NO_NAME = re.compile(r"[,;:<>|()]|\d")  # a list of names, a team's label, or a slip of the authors
_LETTER = re.compile(r"[^\W\d_]")
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
    best: dict[str, list[str]] = {}
    for notation, plain in notations(fact, paper).items():
        for form in dict.fromkeys((plain, spelled(plain, notation, table=True))):
            if form in text:
                best.setdefault(form, []).append(notation)
    if not best:
        return None
    form = max(best, key=len)
    start = text.index(form)
    if text.find(form, start + 1) >= 0 and fact is not Fact.DOI:
        return None
    return Found(start, start + len(form), tuple(best[form]))


def ways(fact: Fact, paper: Paper, text: str) -> Iterator[Way]:
    """The ways in which a text that is all of one fact says it."""
    found = None if HOLE in text else find(fact, paper, text)
    if found is not None:
        frame = text.replace(text[found.start : found.end], HOLE)
        yield from (Way(frame, one) for one in found.notations)


def usual(counted: Counter[Way], total: int) -> tuple[Way, ...]:
    """The ways in which nearly all of so many texts say a fact; several only if each of these may be meant.

    That authors are cut short is not meant where nobody's are.
    """
    most = max(counted.values(), default=0)
    if most < max(ENOUGH, ALIKE * total):
        return ()
    first = [way for way, count in counted.items() if count == most]
    whole = [way for way in first if not way.notation[0].isdigit()]
    return tuple(whole or first)
