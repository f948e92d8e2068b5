"""Drafts the judge's principles from a list's title, introduction, headings and entries, for a person to edit. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.core import titles
from bot.core.english import shorten
from bot.core.escaping import clean
from bot.core.judgement import Principle, Side
from bot.listing.headings import heading_date
from bot.relevance.stop_words import STOP_WORDS
from bot.tools.setup.find_list import FoundList
from bot.tools.setup.render import quoted

_HEADINGS = 4
_TERMS = 3
_OFTEN = 3  # entries that have a term
_LONGEST = 80  # characters of a heading, a term or a name
_INTRODUCTION = 6  # lines shown
_NO_SUBJECT = re.compile(
    r"(?:other|misc|more|new|news|recent|papers?|resources|table of contents|contents|contributing|licen[cs]e)\w*\b.*",
    re.IGNORECASE,
)


def draft_principles(found: FoundList, name: str) -> str:
    """The text of principles.toml for a list about `name`."""
    lines = [
        "# Yes/no questions that a model may be asked about a candidate. This is a DRAFT of `arxiv-bot init --judge`,",
        "# made from the list's title, headings and entries: rewrite each question until you agree with its answers.",
        "# Ask about one thing at a time, which a title and an abstract can show. Five to nine questions are enough.",
        '# speaks = "against": a yes says that the paper does not belong in the list.',
        *_introduction(found),
    ]
    for principle in principles_for(found, name):
        lines += ["", "[[principles]]", f"id = {json.dumps(principle.id)}"]
        lines.append(f"question = {quoted(principle.question)}")
        if principle.side is Side.AGAINST:
            lines.append('speaks = "against"')
    return "\n".join(lines) + "\n"


def principles_for(found: FoundList, name: str) -> tuple[Principle, ...]:
    """Five to nine principles for a list about `name`."""
    about = shorten(clean(name), _LONGEST)
    drafted = [Principle("subject", f"Is {about} a main subject of the paper?")]
    taken = {about.casefold()}
    for heading in _headings(found):
        if heading.casefold() not in taken and len(drafted) <= _HEADINGS:
            taken.add(heading.casefold())
            drafted.append(Principle(f"heading-{len(drafted)}", f"Is the paper about {heading}?"))
    drafted.append(
        Principle("studied", f"Does the paper improve, measure, explain or survey {about}?")
    )
    general = " or ".join(_terms(found)) or "a neighbouring subject"
    return (
        *drafted,
        Principle(
            "general", f"Is the paper about {general} in general, without {about}?", Side.AGAINST
        ),
        Principle(
            "mention-only",
            f"Is {about} only mentioned, as background or as one example among others?",
            Side.AGAINST,
        ),
        Principle(
            "another-meaning",
            f"Does the paper use the words “{about}” for something else than this list does?",
            Side.AGAINST,
        ),
    )


def _introduction(found: FoundList) -> Iterator[str]:
    """The list's own introduction, as comments for the person who edits the questions."""
    document = found.papers.document
    headings = {section.title for section in document.sections}
    lines = [clean(titles.plain(line)) for line in found.about if line not in headings]
    said = [line for line in lines if len(line.split()) > 5 and line[0].isalnum()]
    if said:
        yield "# The list's introduction:"
        yield from (f"#   {shorten(line, 110)}" for line in said[:_INTRODUCTION])


def _headings(found: FoundList) -> Iterator[str]:
    """The headings with the most entries that name a subject."""
    document = found.papers.document
    numbers = Counter(document.entries[listed.entry].section for listed in found.papers.listed)
    for number, _ in sorted(numbers.items(), key=lambda pair: (-pair[1], str(pair[0]))):
        if number is None:
            continue
        section = document.sections[number]
        title = clean(titles.plain(section.title))
        words = title.strip(" :.-–—#*0123456789")
        if len(words) > 2 and heading_date(section) is None and not _NO_SUBJECT.fullmatch(words):
            yield shorten(words, _LONGEST)


def _terms(found: FoundList) -> Sequence[str]:
    """The pairs of words that the most titles of entries have."""
    counts: Counter[str] = Counter()
    for listed in found.papers.listed:
        words = re.findall(r"[^\W\d_]+", clean(titles.plain(listed.title)).casefold())
        pairs = {
            f"{first} {second}"
            for first, second in pairwise(words)
            if not {first, second} & STOP_WORDS and min(len(first), len(second)) > 2
        }
        counts.update(pairs)
    often = sorted(
        (pair for pair, number in counts.items() if number >= _OFTEN),
        key=lambda pair: (-counts[pair], pair),
    )
    chosen: list[str] = []
    for pair in often:
        if not set(pair.split()) & set(" ".join(chosen).split()):
            chosen.append(pair)
    return chosen[:_TERMS]
