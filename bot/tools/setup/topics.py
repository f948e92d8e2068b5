"""Suggests topics for a list: phrases that its papers have and other papers lack, grouped by the words they share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from bot.core.model import Coverage, Harvest, Paper
from bot.listing.paper_list import ListFiles
from bot.relevance.scoring import TrainingData
from bot.tools.setup.find_list import FoundList
from bot.tools.setup.suggest_phrases import BackgroundPapers, Phrase, measured, own_names, propose
from bot.tools.setup.terms import Term

# Words of so many subjects that sharing them means nothing
_COMMON = frozenset(
    "agent approach data framework generation language large learning method model multi self system task training "
    "zero".split()
)


@dataclass(frozen=True, slots=True)
class SuggestedTopic:
    """A topic: its name, and its phrases."""

    name: str
    phrases: tuple[Phrase, ...]


def topics_of_others(
    found: FoundList, known: Sequence[Paper], background: BackgroundPapers
) -> dict[str, SuggestedTopic]:
    """Returns a topic for each other file that may get new papers, by path, if phrases distinguish its papers."""
    topics: dict[str, SuggestedTopic] = {}
    taken: set[str] = set()
    for file in found.open_files[1:]:
        groups = topics_for(file, known, background, Path(file.path).stem, (), taken)
        phrases = tuple(phrase for group in groups for phrase in group.phrases)
        if phrases:
            topics[file.path] = SuggestedTopic(file.path, phrases)
            taken |= {phrase.text for phrase in phrases}
    return topics


def topics_for(
    found: FoundList,
    known: Sequence[Paper],
    background: BackgroundPapers,
    name: str,
    given: Sequence[str] = (),
    taken: Collection[str] = (),
) -> tuple[SuggestedTopic, ...]:
    """Returns topics for a list: groups of phrases that set it apart from the background.

    Args:
        found: the list.
        known: a source's metadata of the list's papers.
        background: all recent papers of the list's categories.
        name: the list's subject according to its repository. It names the group of phrases that share no word, unless
            the list's title names a subject.
        given: phrases to use instead of suggested ones.
        taken: phrases that belong to other files of the list.
    """
    ids = {paper_id for entry in found.papers.listed for paper_id in entry.ids[:1]}
    background = replace(background, listed=sum(paper.id in ids for paper in background.papers))
    harvest = Harvest(tuple(known), Coverage("", "", ""))
    data = TrainingData.of(ListFiles.of({"": found.papers}), {}, (harvest,), background.papers)
    if given:
        return (SuggestedTopic(found.subject or name, measured(given, data.listed, background)),)
    phrases = propose(data.listed, found.about, background)
    own = own_names(name, phrases, data.listed, background)
    left = [phrase for phrase in (*own, *phrases) if phrase.text not in taken]
    return grouped(left, found.subject or name)


def grouped(phrases: Sequence[Phrase], rest: str) -> tuple[SuggestedTopic, ...]:
    """Groups phrases into topics; phrases that share no word with another go into a topic called `rest`."""
    left = list(phrases)
    topics: list[SuggestedTopic] = []
    while shared := _largest_group(left):
        head, members = shared
        topics.append(SuggestedTopic(_name(head, members), tuple(members)))
        left = [phrase for phrase in left if phrase not in members]
    if left:
        name = rest if len(left) > 1 else left[0].text
        topics.append(SuggestedTopic(_title(name), tuple(left)))
    return _distinct(sorted(topics, key=lambda topic: phrases.index(topic.phrases[0])))


def _largest_group(phrases: Sequence[Phrase]) -> tuple[Term, list[Phrase]] | None:
    """Returns the words that most phrases share, with those phrases; None if no two phrases share any."""
    sharing: dict[Term, list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        for head in _heads(phrase):
            sharing[head].append(phrase)
    if max(map(len, sharing.values()), default=0) < 2:
        return None
    first = {head: phrases.index(members[0]) for head, members in sharing.items()}
    head = max(sharing, key=lambda term: (len(sharing[term]), len(term), -first[term], term))
    return head, sharing[head]


def _heads(phrase: Phrase) -> frozenset[Term]:
    """Returns the runs of words that the phrase may share with others, without common words at their ends."""
    return frozenset(
        term[start:end]
        for term in phrase.terms
        for start in range(len(term))
        for end in range(start + 1, len(term) + 1)
        if term[start] not in _COMMON | {"of", "to"} and term[end - 1] not in {"of", "to"}
    )


def _name(head: Term, members: Sequence[Phrase]) -> str:
    """Names a topic by the shared words, if they are a phrase themselves; else by the first phrase with them."""
    parts = [
        (term, text)
        for phrase in members
        for term, text in zip(phrase.terms, phrase.text.split(" + "), strict=True)
    ]
    whole = next((text for term, text in parts if term == head), "")
    return _title(whole or next(text for term, text in parts if set(head) <= set(term)))


def _title(text: str) -> str:
    return text[:1].upper() + text[1:]


def _distinct(topics: Sequence[SuggestedTopic]) -> tuple[SuggestedTopic, ...]:
    """Merges topics with the same name."""
    names: dict[str, list[Phrase]] = {}
    for topic in topics:
        names.setdefault(topic.name, []).extend(topic.phrases)
    return tuple(SuggestedTopic(name, tuple(members)) for name, members in names.items())


def in_order(phrases: Sequence[Phrase]) -> Iterator[str]:
    """Yields the phrases' texts, each with its most shared part first, which makes queries shorter."""
    texts = [phrase.text.split(" + ") for phrase in phrases]
    counted = Counter(chain.from_iterable(texts))
    for parts in texts:
        yield " + ".join(sorted(parts, key=lambda part: -counted[part]))
