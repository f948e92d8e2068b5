"""Scores: what the topics' words say of a paper, and how much it is like what the list has.

The list teaches by its entries, its maintainers by what they declined, and the day's papers by what is usual. Where
there is nothing to learn from, the words decide alone, and scikit-learn is not imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.model import Candidate, Harvest, Paper, Reason, Topic
from bot.listing.fields import Slot, find_slots, split_authors
from bot.listing.index import Listed
from bot.listing.paper_list import PaperList
from bot.proposals.model import Pull
from bot.relevance.phrases import Matcher, strength
from bot.relevance.ranker import ENOUGH, Example, Ranker, Score
from bot.relevance.screening import Known

# An item of a batch's text as `bot.body` writes it: box, id, and the title as a link in bold.
_ITEM = re.compile(
    r"^- \[[ xX]\] <!-- (\S{1,40}) --> \*\*\[(.{1,1000}?)\]\(https://[^\s()]{1,100}\)\*\*",
    re.MULTILINE,
)
_TITLE = re.compile(r"\w{2}.*\w{2}")


@dataclass(frozen=True, slots=True)
class Lessons:
    """What there is to learn from: entries of the list, declined papers, and papers as they usually come."""

    listed: tuple[Example, ...] = ()
    declined: tuple[Example, ...] = ()
    usual: tuple[Paper, ...] = ()

    @classmethod
    def of(
        cls,
        papers: PaperList,
        answers: tuple[Mapping[ArxivId, Known], Sequence[Pull]],
        harvests: Sequence[Harvest],
        usual: Sequence[Paper],
    ) -> Lessons:
        """Gathers them.

        Args:
            papers: the list.
            answers: what batches say of papers, and the pull requests, whose texts hold the titles of old ones.
            harvests: what the sources brought, which describes papers better than a list does.
            usual: papers as they come, none of them chosen by its words.
        """
        met = {paper.id: paper for paper in usual}
        met |= {paper.id: paper for harvest in harvests for paper in harvest.papers}
        return cls(
            listed=tuple(
                _entry(papers, one, met) for one in papers.listed if _TITLE.search(one.title)
            ),
            declined=tuple(_declined(*answers, met)),
            usual=tuple(usual),
        )


class Scorer:
    """Gives papers their scores; learns when the first paper is to be scored."""

    def __init__(self, topics: Sequence[Topic], lessons: Lessons) -> None:
        self._matcher = Matcher(topics)
        self._lessons = lessons
        self._strengths: dict[tuple[str, str], float] = {}  # a day's papers are also what is usual

    def score(self, papers: Iterable[Paper]) -> tuple[Candidate, ...]:
        """Each paper with the evidence of its words, its score and the reasons for it."""
        ordered = tuple(papers)
        evidence = tuple(map(self._matcher.match, ordered))
        self._strengths |= {
            (one.title, one.abstract): strength(found)
            for one, found in zip(ordered, evidence, strict=True)
        }
        scores = self._scores(ordered, tuple(map(strength, evidence)))
        return tuple(
            Candidate(paper, found, one.value, one.speaks_for, one.speaks_against, one.nearest)
            for paper, found, one in zip(ordered, evidence, scores, strict=True)
        )

    def score_if(self, paper: Paper, strengths: Sequence[float]) -> tuple[float, ...]:
        """What the paper would score if the topics' words said so much of it."""
        return tuple(one.value for one in self._scores([paper] * len(strengths), strengths))

    def _scores(self, papers: Sequence[Paper], strengths: Sequence[float]) -> tuple[Score, ...]:
        if not papers or not self._lessons.listed or len(self._lessons.usual) < ENOUGH:
            return tuple(Score(value) for value in strengths)
        return self._ranker.score(papers, strengths)

    @cached_property
    def _ranker(self) -> Ranker:
        lessons = self._lessons
        return Ranker.fit(
            tuple(map(self._with_strength, lessons.listed)),
            lessons.declined,
            tuple(self._with_strength(_example(paper)) for paper in lessons.usual),
        )

    def _with_strength(self, one: Example) -> Example:
        known = self._strengths.get((one.title, one.abstract))
        if known is None:
            known = strength(self._matcher.match_text(one.title, one.abstract))
        return replace(one, strength=known)


def _entry(papers: PaperList, listed: Listed, met: Mapping[ArxivId, Paper]) -> Example:
    """An entry by what is known of its paper: from a source if it was met today, else what the list says."""
    paper = next((met[one] for one in listed.ids[:1] if one in met), None)
    if paper:
        return _example(paper, listed.line)
    text = papers.text(listed)
    given = {span.slot: text[span.start : span.end] for span in find_slots(text, listed)}
    authors, _ = split_authors(given.get(Slot.AUTHORS, ""))
    day = date(listed.ids[0].year, listed.ids[0].month, 1) if listed.ids else None
    return Example(listed.title, given.get(Slot.ABSTRACT, ""), authors, day, listed.line)


def _example(paper: Paper, line: int = 0) -> Example:
    day = paper.announced or (paper.submitted.date() if paper.submitted else None)
    return Example(paper.title, paper.abstract, paper.authors, day, line)


def _declined(
    known: Mapping[ArxivId, Known], pulls: Iterable[Pull], met: Mapping[ArxivId, Paper]
) -> Iterator[Example]:
    """The declined papers of which something is known: from a source, else the title in the batch they were in."""
    told = {
        name: title for pull in pulls if pull.marker for name, title in _ITEM.findall(pull.body)
    }
    for paper_id, one in known.items():
        if one.reason is not Reason.DECLINED:
            continue
        if paper_id in met:
            yield _example(met[paper_id])
        elif title := told.get(str(paper_id)):
            yield Example(titles.plain(title))
