"""Chooses the section for a paper, by subject and by date.

A list may be grouped by subject, by year (or month, or day), or by both, on any level. The subject is chosen first,
from entries and from headings that are not dates. Within the subject, the paper's date chooses among headings that are
dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.core.model import Paper
from bot.listing.dates import Written
from bot.listing.document import Document
from bot.listing.headings import heading_date
from bot.listing.index import Listed
from bot.listing.section_scores import SectionScores, Subject, SubjectPath, Traits, shares_of


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """A section for a paper: an existing one, or a new one with a heading like its `sibling`.

    `share` is the probability that the choice is right: of choices with a share of 0.5, half are right.
    """

    section: int | None
    sibling: int | None = None
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Inbox:
    """The heading for entries whose likeliest section has a share below `below`."""

    heading: str
    below: float


class SectionChooser:
    """Chooses among a list's sections, from which it learns once.

    `members` are the entries by section, and `inside` are the sections to choose from, including empty ones.
    """

    def __init__(
        self,
        document: Document,
        members: Mapping[int | None, Sequence[Listed]],
        inside: Sequence[int],
    ) -> None:
        self._sizes = {section: len(entries) for section, entries in members.items()}
        self._dated = {n: date for n in inside if (date := heading_date(document.sections[n]))}
        groups = self._by_subject(document, members)
        filled = {
            path: entries
            for path, numbers in groups.items()
            if (entries := [entry for n in numbers for entry in members.get(n, ())])
        }
        self._groups = [groups[path] for path in filled]
        self._filled_subjects = filled

    @cached_property
    def _scores(self) -> SectionScores:
        """The scores of the subjects; computed only if there is more than one."""
        return SectionScores(
            [_subject(path, entries) for path, entries in self._filled_subjects.items()]
        )

    def _by_subject(
        self, document: Document, members: Mapping[int | None, Sequence[Listed]]
    ) -> Mapping[SubjectPath, list[int | None]]:
        """Groups sections by their headings that are not dates; empty sections count only if they are of a date."""
        dates = {document.sections[n].title for n in self._dated}
        groups: dict[SubjectPath, list[int | None]] = defaultdict(list)
        for number in dict.fromkeys((*members, *self._dated)):
            path = () if number is None else document.sections[number].path
            groups[tuple(name for name in path if name not in dates)].append(number)
        return groups

    def choose(self, paper: Paper) -> tuple[SectionChoice, ...]:
        """Returns the sections for a paper, one for each subject, the likeliest first."""
        found = self.candidates(paper)
        shares = shares_of([traits for _, traits in found])
        ranked = sorted(zip(shares, found, strict=True), key=lambda pair: -pair[0])
        return tuple(replace(choice, share=share) for share, (choice, _) in ranked)

    def candidates(self, paper: Paper) -> list[tuple[SectionChoice, Traits]]:
        """Returns the section for a paper within each subject, and the traits of the subject for the paper."""
        traits = self._scores.traits(paper) if len(self._groups) > 1 else [()] * len(self._groups)
        choices = (self._by_date(numbers, paper) for numbers in self._groups)
        return list(zip(choices, traits, strict=True))

    def _by_date(self, numbers: Sequence[int | None], paper: Paper) -> SectionChoice:
        """The section of the paper's date among those of a subject; a new one if dated sections lack that date."""
        of_date = [n for n in numbers if n is not None and n in self._dated]
        agreeing = (n for n in of_date if _agrees(self._dated[n], paper))
        if (number := next(agreeing, None)) is not None:
            return SectionChoice(number)
        plain = [n for n in numbers if n not in self._dated]
        if of_date and self._filled(of_date) >= self._filled(plain):
            return SectionChoice(None, sibling=of_date[0])
        return SectionChoice(max(plain, key=lambda n: self._sizes.get(n, 0)))

    def _filled(self, numbers: Sequence[int | None]) -> int:
        return sum(self._sizes.get(n, 0) for n in numbers)


def _subject(path: SubjectPath, entries: Sequence[Listed]) -> Subject:
    return Subject(
        path,
        tuple(entry.title for entry in entries),
        tuple(entry.ids[0] for entry in entries if entry.ids),
    )


def _agrees(heading: Written, paper: Paper) -> bool:
    """Whether a heading has the paper's year or month, and its day if both are known."""
    known = paper.submitted or paper.announced
    if heading.day and known and (known.year, known.month) == (paper.id.year, paper.id.month):
        return heading.agrees(paper.id) and heading.day == known.day
    return heading.agrees(paper.id)
