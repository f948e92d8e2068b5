"""Scores papers by the topics' phrases that match them, and by their similarity to the list.

The ranker learns from the list's entries, from papers that maintainers declined, and from background papers. If there
is too little to learn from, the phrases decide alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

from bot.core.arxiv_id import ArxivId
from bot.core.model import Candidate, Evidence, Harvest, Paper, Topic
from bot.listing.fields import Slot, find_slots, may_have_authors_or_abstract, split_authors
from bot.listing.index import Listed
from bot.listing.paper_list import ListFiles
from bot.relevance.examples import ENOUGH, Example, Score
from bot.relevance.phrases import NO_EVIDENCE, Matcher, strength
from bot.relevance.ranker import Ranker

PASSED_OVER = 0.3
"""The weight of a paper that nobody ticked, as a negative example; a declined paper weighs 1 (benchmarks/README.md)."""

_OWN_WORDS = 0.8
"""The weight of the list's own words as an entry; less than 1, as they are no paper that a person added."""
_FEWEST_WORDS = 10  # the fewest own words; fewer are only "Awesome", "Papers" and the like

_TITLE = re.compile(r"\w{2}.*\w{2}")


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What a run learns from: entries of the list, declined papers, background papers, and the list's own words.

    `own_words` are the list's introduction and headings, as a further entry; they help most if there are few entries.
    """

    listed: tuple[Example, ...] = ()
    declined: tuple[Example, ...] = ()
    background: tuple[Paper, ...] = ()
    own_words: tuple[Example, ...] = ()

    @classmethod
    def of(
        cls,
        papers: ListFiles,
        declined: Mapping[ArxivId, str],
        harvests: Sequence[Harvest],
        background: Sequence[Paper],
        passed_over: Mapping[ArxivId, str] = MappingProxyType({}),
    ) -> TrainingData:
        """Gathers the training data of a run.

        Args:
            papers: the list.
            declined: the titles of declined papers; "" if the title is unknown.
            harvests: what the sources found; their records have abstracts, which most lists lack.
            background: papers as they were announced, not selected by their words.
            passed_over: the titles of papers that nobody ticked, which are weak negative examples.
        """
        records = {paper.id: paper for paper in background}
        records |= {paper.id: paper for harvest in harvests for paper in harvest.papers}
        return cls(
            listed=tuple(
                _entry(papers, listed, records)
                for listed in papers.listed
                if _TITLE.search(listed.title)
            ),
            declined=(
                *_declined(declined, records),
                *(replace(paper, weight=PASSED_OVER) for paper in _declined(passed_over, records)),
            ),
            background=tuple(background),
            own_words=own_words(papers),
        )


def own_words(papers: ListFiles) -> tuple[Example, ...]:
    """The introduction and headings of all files as one example; none if they have too few words."""
    files = papers.files.values()
    headings = [heading for file in files for heading in file.headings]
    text = "\n".join((*(file.introduction for file in files), *headings))
    if not headings or len(text.split()) < _FEWEST_WORDS:
        return ()
    return (Example(headings[0], text, weight=_OWN_WORDS),)


class Scorer:
    """Scores papers; learns when it scores the first one."""

    def __init__(self, topics: Sequence[Topic], data: TrainingData) -> None:
        self._matcher = Matcher(topics)
        self._data = data
        # Scored papers are often background too.
        self._evidence: dict[tuple[str, str], Evidence] = {}

    def score(self, papers: Iterable[Paper]) -> tuple[Candidate, ...]:
        """Returns each paper with the phrases that match it, its score and the reasons for the score."""
        ordered = tuple(papers)
        evidence = tuple(map(self._matcher.match, ordered))
        self._evidence |= {
            (paper.title, paper.abstract): found
            for paper, found in zip(ordered, evidence, strict=True)
        }
        scores = self._scores(ordered, tuple(map(strength, evidence)))
        return tuple(
            Candidate(
                paper,
                found,
                score.value,
                score.speaks_for,
                score.speaks_against,
                score.nearest,
                effects=score.effects,
            )
            for paper, found, score in zip(ordered, evidence, scores, strict=True)
        )

    def score_if(self, paper: Paper, strengths: Sequence[float]) -> tuple[float, ...]:
        """Returns the score that the paper would have for each of the given phrase strengths."""
        return tuple(score.value for score in self._scores([paper] * len(strengths), strengths))

    def _scores(self, papers: Sequence[Paper], strengths: Sequence[float]) -> tuple[Score, ...]:
        if not papers or not self._data.listed or len(self._data.background) < ENOUGH:
            return tuple(Score(value) for value in strengths)
        return self._ranker.score(papers, strengths)

    @cached_property
    def _ranker(self) -> Ranker:
        return Ranker.fit(
            (*map(self._with_strength, self._data.listed), *self._data.own_words),
            self._data.declined,
            tuple(self._with_strength(Example.of(paper)) for paper in self._data.background),
        )

    def _with_strength(self, example: Example) -> Example:
        whole = self._found(example.title, example.abstract)
        if whole == NO_EVIDENCE:  # then the title alone has none either
            return example
        title = self._found(example.title, "")
        return replace(example, strength=strength(whole), title_strength=strength(title))

    def _found(self, title: str, abstract: str) -> Evidence:
        """The phrases in a text, cached, because most entries have a title alone."""
        text = title, abstract
        if text not in self._evidence:
            self._evidence[text] = self._matcher.match_text(title, abstract)
        return self._evidence[text]


def _entry(papers: ListFiles, listed: Listed, records: Mapping[ArxivId, Paper]) -> Example:
    """An entry as an example: from the source's record if this run has one, else from the text of the list."""
    paper = next((records[paper_id] for paper_id in listed.ids[:1] if paper_id in records), None)
    if paper:
        return Example.of(paper, listed.line, path=listed.path)
    text = papers.text(listed)
    spans = find_slots(text, listed) if may_have_authors_or_abstract(text) else ()
    given = {span.slot: text[span.start : span.end] for span in spans}
    authors, _ = split_authors(given.get(Slot.AUTHORS, ""))
    day = date(listed.ids[0].year, listed.ids[0].month, 1) if listed.ids else None
    return Example(
        listed.title, given.get(Slot.ABSTRACT, ""), authors, day, listed.line, path=listed.path
    )


def _declined(
    declined: Mapping[ArxivId, str], records: Mapping[ArxivId, Paper]
) -> Iterator[Example]:
    """Declined papers as examples: from the source's record, else from the title; papers with neither are left out."""
    for paper_id, title in declined.items():
        if paper_id in records:
            yield Example.of(records[paper_id])
        elif title:
            yield Example(title)
