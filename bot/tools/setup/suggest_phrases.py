"""Suggests phrases that set a list's papers apart from background papers of their categories.

A phrase is a candidate if it is surprisingly frequent in the list's titles, by the likelihood ratio against the
background's titles (Dunning 1993, "Accurate Methods for the Statistics of Surprise and Coincidence"), which is valid
for a short list's small counts too. The phrases are chosen greedily: each time, the one that finds the most new entries
for the papers that it adds to read. A phrase that is too common alone (`reasoning`) is tried together with another
(`reasoning + reinforcement learning`).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from bot.core.model import Evidence, Paper, Topic
from bot.relevance.examples import Example
from bot.relevance.phrases import Matcher, words
from bot.tools.setup.terms import Term, opening, spellings, terms_of

_ACRONYM = re.compile(r"\b(?=\w{3})[A-Z]\w*[A-Z]\w*\b")
_DISTINCTIVE = 3.0  # standard deviations: one in a thousand by chance
_HALF_LIFE = 540  # days; an entry's weight halves, since fields and curators' interests drift
_MOST = 24  # suggested phrases, as many as a person will read
_PAIRED = 40  # phrases that are tried together with others
# If at least this share of a phrase's titles has the same longer phrase, the phrase is only a part of that.
_PART = 0.8
_LIFT = 8.0  # a phrase must find this many times more of the entries than of the background
_LEAST_LIFT = (
    2.0  # the same for a list with a large part of the background (see `BackgroundPapers.lift`)
)
_HIT = 0.1  # share of the papers found that should be listed; this lowers the lift for such a list
_SHARE = 0.05  # share of the background that all phrases together may find ...
_READ = 4.0  # ... or this many times the background's listed papers, if that is more
_COMMON_WORD = 0.01  # share of the background that a single word may find, or `_READ`, or ...
_FEW = 5  # ... this many papers
_READING = 0.003  # the cost of one more phrase to read, as a share of the background
_OPENS = 0.6  # a word is a verb if at least this share of its titles start with it (`Aligning ...`)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase for the configuration, with the number of entries and of papers per week that it finds."""

    text: str
    terms: tuple[Term, ...]
    entries: int
    weekly: float


@dataclass(frozen=True, slots=True)
class BackgroundPapers:
    """All papers of `weeks` weeks in some categories, not selected by words; `listed` of them are in the list."""

    papers: Sequence[Paper]
    weeks: float
    listed: int = 0

    @property
    def most(self) -> float:
        """How many papers all phrases together may find; more for a list with a large part of the background."""
        return max(_SHARE * len(self.papers), _READ * self.listed)

    @property
    def most_of_a_word(self) -> float:
        """How many papers a single word may find by itself (`audio`, `agents`); with another word it may find more."""
        return max(_FEW, _COMMON_WORD * len(self.papers), _READ * self.listed)

    @property
    def lift(self) -> float:
        """How many times more of the entries than of the background a phrase must find."""
        share = self.listed / max(len(self.papers), 1)
        return max(_LEAST_LIFT, min(_LIFT, _HIT / share if share else _LIFT))


@dataclass(frozen=True, slots=True)
class _Reach:
    """A candidate phrase, with the entries and the papers of the background that it finds, both by index."""

    terms: tuple[Term, ...]
    entries: frozenset[int]
    papers: frozenset[int]


def propose(
    listed: Sequence[Example], about: Iterable[str], background: BackgroundPapers
) -> tuple[Phrase, ...]:
    """Suggests phrases for a list, the most useful first.

    Args:
        listed: the list's papers, with what is known about them.
        about: the curator's description, including headings. It counts like one more entry, which matters for a short
            list. A phrase that is neither in the description nor in the background is not a subject (`PyTorch code`).
        background: all recent papers of the list's categories.
    """
    entries = (*listed, Example(". ".join(about), date=_newest(listed)))
    description = len(listed)  # the index of the entry that stands for the curator's description
    reaches = _reaches(_distinctive(entries, background), entries, background)
    found = [reach for reach in reaches if reach.papers or description in reach.entries]
    alone = [
        reach
        for reach in found
        if len(reach.terms[0]) > 1 or len(reach.papers) <= background.most_of_a_word
    ]
    chosen = _cheapest([*alone, *_pairs(found, entries, background)], entries, background)
    spelled = _spelled(chosen, listed, background)
    return tuple(
        Phrase(
            " + ".join(spelled[term] for term in reach.terms),
            reach.terms,
            len(reach.entries - {description}),
            len(reach.papers) / background.weeks,
        )
        for reach in chosen
    )


def _spelled(
    chosen: Sequence[_Reach], listed: Sequence[Example], background: BackgroundPapers
) -> dict[Term, str]:
    """Returns the spelling of each chosen term: as in the background's abstracts, else as in the list's titles."""
    terms = {term for reach in chosen for term in reach.terms}
    papers = sorted({number for reach in chosen for number in reach.papers})
    of_titles = spellings(terms, (entry.title for entry in listed))
    of_texts = spellings(terms, (background.papers[number].abstract for number in papers))
    return {term: of_texts.get(term) or _uncapitalised(of_titles[term]) for term in terms}


def _uncapitalised(title: str) -> str:
    """Lower-cases the words of a title as in running text; words with inner capitals keep them (`LLM`, `NeRF`)."""
    return re.sub(
        r"[^\W\d_]+", lambda word: word[0].lower() if word[0].istitle() else word[0], title
    )


def own_names(
    name: str, phrases: Sequence[Phrase], listed: Sequence[Example], background: BackgroundPapers
) -> tuple[Phrase, ...]:
    """Returns the list's own name and the acronyms in it as phrases, if they find listed papers that no other finds.

    Leaves out single common words, and what finds more of the background than a phrase may.
    """
    matcher = Matcher([Topic("", tuple(phrase.text for phrase in phrases))])
    unseen = [
        entry for entry in listed if not matcher.match_text(entry.title, entry.abstract).matches
    ]
    names = dict.fromkeys((name, *_ACRONYM.findall(name)))
    every, new = (measured(names, entries, background) for entries in (listed, unseen))
    return tuple(
        replace(found, terms=(term,))
        for found, left in zip(every, new, strict=True)
        if left.entries
        and (term := tuple(word.text for word in words(found.text)))
        and not (len(term) == 1 and found.text[1:].islower())  # `Rewards`; not so `RLAIF`
        and found.weekly * background.weeks
        <= (background.most if len(term) > 1 else background.most_of_a_word)
    )


def measured(
    texts: Iterable[str], listed: Sequence[Example], background: BackgroundPapers
) -> tuple[Phrase, ...]:
    """Counts what a person's own phrases find."""
    phrases = tuple(texts)
    matcher = Matcher([Topic("", phrases)])
    entries = Counter(
        phrase
        for entry in listed
        for phrase in matcher.match_text(entry.title, entry.abstract).phrases
    )
    papers = Counter(
        phrase for paper in background.papers for phrase in matcher.match(paper).phrases
    )
    return tuple(
        Phrase(text, (), entries[text], papers[text] / background.weeks) for text in phrases
    )


def _distinctive(entries: Sequence[Example], background: BackgroundPapers) -> dict[Term, float]:
    """Finds the phrases that are surprisingly frequent in the list's titles, each with its surprise."""
    counted = Counter(term for entry in entries for term in terms_of(entry.title))
    least = 2 if len(entries) < 60 else 3
    known = {term for term, n in counted.items() if n >= least}
    usual = Counter(term for paper in background.papers for term in terms_of(paper.title) & known)
    verbs = _verbs(
        [*(entry.title for entry in entries), *(paper.title for paper in background.papers)]
    )
    size, others = len(entries), len(background.papers)
    found = {
        term: z
        for term in known
        if term[0] not in verbs
        and (z := _surprise(counted[term], size, usual[term], others)) > _DISTINCTIVE
    }
    return _without_parts(found, counted)


def _verbs(texts: Sequence[str]) -> frozenset[str]:
    """Finds words in -ing that mostly start titles, and so say what a paper does (`Aligning ...`), not its subject."""
    opens = Counter(word for text in texts for word in set(opening(text)) if word.endswith("ing"))
    occurs = Counter(word.text for text in texts for word in words(text) if word.text in opens)
    return frozenset(word for word, n in opens.items() if n >= _OPENS * occurs[word])


def _surprise(here: int, size: int, there: int, others: int) -> float:
    """Returns how surprising a phrase's frequency in the list is, compared with the background, in standard deviations.

    Args:
        here: how many of the list's titles have the phrase.
        size: how many titles the list has.
        there: how many of the background's titles have the phrase.
        others: how many titles the background has.
    """
    rate = (here + there) / (size + others)
    if here <= rate * size:
        return 0.0
    ratio = sum(
        n * math.log(n / expected)
        for n, expected in (
            (here, size * rate),
            (size - here, size * (1 - rate)),
            (there, others * rate),
            (others - there, others * (1 - rate)),
        )
        if n
    )
    return math.sqrt(2 * ratio)


def _without_parts(found: Mapping[Term, float], counted: Mapping[Term, int]) -> dict[Term, float]:
    """Drops phrases that mostly occur in a longer phrase (`language action` in `vision language action`)."""
    parts = {
        part
        for term in found
        for part in _parts_of(term)
        if part in found and counted[term] >= _PART * counted[part]
    }
    return {term: z for term, z in found.items() if term not in parts}


def _parts_of(term: Term) -> Iterator[Term]:
    for start in range(len(term)):
        for end in range(start + 1, len(term) + 1):
            if end - start < len(term):
                yield term[start:end]


def _reaches(
    distinctive: Mapping[Term, float], entries: Sequence[Example], background: BackgroundPapers
) -> list[_Reach]:
    """Returns what each phrase finds, as in a run, the most surprising phrase first."""
    texts = {
        term: " ".join(term)
        for term in sorted(distinctive, key=lambda term: (-distinctive[term], term))
    }
    matcher = Matcher([Topic("", tuple(texts.values()))])
    here = _numbers(matcher.match_text(entry.title, entry.abstract) for entry in entries)
    there = _numbers(matcher.match(paper) for paper in background.papers)
    return [
        _Reach((term,), frozenset(here[text]), frozenset(there[text]))
        for term, text in texts.items()
    ]


def _numbers(found: Iterable[Evidence]) -> Mapping[str, set[int]]:
    """Returns the indexes of the texts that contain each phrase."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for number, evidence in enumerate(found):
        for phrase in evidence.phrases:
            numbers[phrase].add(number)
    return numbers


def _pairs(
    found: Sequence[_Reach], entries: Sequence[Example], background: BackgroundPapers
) -> Iterator[_Reach]:
    """Yields pairs of phrases that are too common by themselves."""
    common = [
        reach
        for reach in found
        if len(reach.papers) > background.most / 10 and len(reach.entries) >= _fewest(entries)
    ]
    for reach, other in combinations(common[:_PAIRED], 2):
        (first,), (second,) = reach.terms, other.terms
        if not set(first) & set(second):
            entries_of, papers = reach.entries & other.entries, reach.papers & other.papers
            yield _Reach((first, second), entries_of, papers)


def _cheapest(
    candidates: Sequence[_Reach], entries: Sequence[Example], background: BackgroundPapers
) -> list[_Reach]:
    """Chooses candidates greedily, by what they find for what they cost, as long as they are worth it."""
    weights = _weights(entries)
    total, size = sum(weights), len(background.papers)
    chosen: list[_Reach] = []
    found: set[int] = set()
    spent: set[int] = set()

    def worth(reach: _Reach) -> float:
        """Returns the candidate's gain per cost; 0 if it adds too little or costs too much."""
        new = reach.entries - found
        gain = sum(weights[number] for number in new) / total
        cost = len(reach.papers - spent) / size
        enough = len(new) >= _fewest(entries) and gain >= background.lift * cost
        if not enough or len(spent | reach.papers) > background.most:
            return 0.0
        return gain / (cost + _READING * len(reach.terms))

    while len(chosen) < _MOST:
        best = max(candidates, key=worth, default=None)
        if best is None or not worth(best):
            break
        chosen.append(best)
        found |= best.entries
        spent |= best.papers
    return chosen


def _fewest(entries: Sequence[Example]) -> float:
    """Returns the fewest entries that a phrase must add."""
    return max(2, len(entries) / 100)


def _weights(entries: Sequence[Example]) -> list[float]:
    """Returns each entry's weight: newer entries count more, those without a date count as the oldest."""
    last = _newest(entries)
    first = min((entry.date for entry in entries if entry.date), default=last)
    return [0.5 ** ((last - (entry.date or first)).days / _HALF_LIFE) for entry in entries]


def _newest(entries: Sequence[Example]) -> date:
    return max((entry.date for entry in entries if entry.date), default=date.min)
