"""The section a paper belongs to: by subject from the entries most like it, by date from the headings.

A list may be grouped by subject, by year (or month), or by both, on any level. Headings that are dates are set aside to
find the subject; within it, the heading that agrees with the date of the paper's id counts.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core import titles
from bot.core.errors import ListError
from bot.core.model import Paper
from bot.listing.dates import Written, find_dates
from bot.listing.document import Document
from bot.listing.parts import Section

_NEAREST = 4  # entries of a section that speak for it
_TITLE = 3  # how often a paper's title counts beside its abstract
_HEADING = 0.1  # weight of the headings' words beside the entries'
_SPELLED_LIKE = 0.6
_FEW_WORDS = 8  # of a heading that has another in it
_NAMED = 4  # headings, where none is like the one wanted
_STOP = frozenset(
    "a an and are as at based be by can for from in is it its new of on our paper papers show that the this to toward "
    "towards use using via we with".split()
)


@dataclass(frozen=True, slots=True)
class Home:
    """A section to put a paper into: one that is there, or a new one headed like its `sister`."""

    section: int | None
    sister: int | None = None


def papers_part(document: Document, heading: str) -> Section:
    """The part of the list that holds the papers: the section of that heading, or the whole list for "".

    Raises:
        ListError: there is no such heading; the nearest is named, else those with the most entries.
    """
    if not heading:
        return Section("", 0, (), 1, 0, 0, len(document.content))
    for section in document.sections:
        if section.title.casefold() == heading.casefold():
            return section
    fix = f'{_instead(document, heading)} (list.heading = "" takes the whole file)'
    raise ListError(f"the list has no heading {heading!r}", where="list.heading", fix=fix)


def named_section(document: Document, wanted: str) -> int:
    """The section of that heading, or of that path of headings ("Papers / 2025"), whatever the case.

    Raises:
        ListError: there is none; the nearest is named.
    """
    name = wanted.casefold()
    for number, section in enumerate(document.sections):
        if name in (section.title.casefold(), " / ".join(section.path).casefold()):
            return number
    fix = _instead(document, wanted)
    raise ListError(f"the list has no heading {wanted!r}", where="topics[].section", fix=fix)


def _instead(document: Document, wanted: str) -> str:
    """The heading that was meant, by its words: one that has them all, else one spelled like it; else the fullest."""
    names = {titles.key(one.title): one.title for one in reversed(document.sections) if one.title}
    key = titles.key(wanted)
    holding = [
        name
        for name in names
        if set(key.split()) <= set(name.split()) and len(name.split()) <= _FEW_WORDS
    ]
    near = holding or difflib.get_close_matches(key, names, n=1, cutoff=_SPELLED_LIKE)
    if key and near:
        return f"did you mean {names[min(near, key=len)]!r}?"
    held = Counter(
        section.title
        for section in document.sections
        for entry in document.entries
        if section.title and section.start <= entry.start < section.end
    )
    fullest = ", ".join(repr(title) for title, _ in held.most_common(_NAMED))
    return (
        f"the headings with the most entries are {fullest}"
        if fullest
        else "name another file with --list: this one has no entries"
    )


def homes(
    document: Document,
    entries: Mapping[int | None, Sequence[str]],
    paper: Paper,
    inside: Sequence[int],
) -> tuple[Home, ...]:
    """The sections for a paper, the likeliest first.

    Args:
        document: the list.
        entries: the titles of the entries, by their section.
        paper: the paper.
        inside: the sections that hold papers, those without entries included.
    """
    dated = {n: date for n in inside if (date := heading_date(document.sections[n]))}
    groups: dict[tuple[str, ...], list[int | None]] = defaultdict(list)
    for number in (*entries, *(n for n in dated if n not in entries)):
        groups[_subject(document, number, dated)].append(number)
    filled = {
        path: [title for n in numbers for title in entries.get(n, ())]
        for path, numbers in groups.items()
    }
    ranked = _rank({path: found for path, found in filled.items() if found}, paper)
    return tuple(_by_date(groups[path], dated, entries, paper) for path in ranked)


def heading_date(section: Section) -> Written | None:
    """The date that a heading is, with few words besides; None for every other heading."""
    found = find_dates(section.title)
    rest = section.title
    for one in found:
        rest = rest.replace(section.title[one.start : one.end], "")
    return found[0] if len(found) == 1 and len(re.findall(r"[^\W\d_]", rest)) <= 12 else None


def _subject(
    document: Document, number: int | None, dated: Mapping[int, Written]
) -> tuple[str, ...]:
    """The headings above a section's entries, less those that are dates."""
    if number is None:
        return ()
    names = {document.sections[n].title for n in dated}
    return tuple(name for name in document.sections[number].path if name not in names)


def _by_date(
    numbers: Sequence[int | None],
    dated: Mapping[int, Written],
    entries: Mapping[int | None, Sequence[str]],
    paper: Paper,
) -> Home:
    """Of one subject's sections the one of the paper's date; a new one where there is none of it yet."""
    of_date = [n for n in numbers if n is not None and n in dated]
    agreeing = [n for n in of_date if dated[n].agrees(paper.id)]
    if agreeing:
        return Home(agreeing[0])
    plain = [n for n in numbers if n is None or n not in dated]
    if of_date and sum(len(entries.get(n, ())) for n in of_date) >= sum(
        len(entries.get(n, ())) for n in plain
    ):
        return Home(None, sister=of_date[0])
    return Home(max(plain, key=lambda n: len(entries.get(n, ()))))


def _rank(groups: Mapping[tuple[str, ...], Sequence[str]], paper: Paper) -> list[tuple[str, ...]]:
    """The subjects by how like the paper their nearest entries and their headings are (cosine of TF-IDF)."""
    if len(groups) < 2:
        return list(groups)
    words = {path: [_words(title) for title in found] for path, found in groups.items()}
    count = sum(map(len, words.values()))
    seen = Counter(word for found in words.values() for one in found for word in set(one))
    weight = {word: math.log((count + 1) / (n + 0.5)) for word, n in seen.items()}
    wanted: dict[str, float] = defaultdict(float)
    for part, times in ((paper.title, _TITLE), (paper.abstract, 1)):
        for word, value in _vector(_words(part), weight).items():
            wanted[word] += times * value
    own = set(_words(f"{paper.title} {paper.abstract}"))

    def score(path: tuple[str, ...]) -> float:
        near = sorted((_cosine(wanted, _vector(one, weight)) for one in words[path]), reverse=True)
        heading = {
            word: weight.get(word, math.log(count + 1)) ** 2 for word in _words(" ".join(path[-2:]))
        }
        shared = sum(value for word, value in heading.items() if word in own)
        return sum(near[:_NEAREST]) / _NEAREST + _HEADING * shared / (sum(heading.values()) or 1)

    return sorted(groups, key=score, reverse=True)


def _words(text: str) -> list[str]:
    found = (w for w in re.findall(r"[^\W_]{2,}", text.casefold()) if w not in _STOP)
    return [
        word[:-1] if len(word) > 4 and word[-1] == "s" and word[-2] != "s" else word
        for word in found
    ]


def _vector(words: Iterable[str], weight: Mapping[str, float]) -> dict[str, float]:
    counted = Counter(word for word in words if word in weight)
    return {word: (1 + math.log(n)) * weight[word] for word, n in counted.items()}


def _cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    dot = sum(value * a.get(word, 0.0) for word, value in b.items())
    size = math.sqrt(sum(v * v for v in a.values()) * sum(v * v for v in b.values()))
    return dot / size if size else 0.0
