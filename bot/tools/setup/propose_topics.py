"""Suggests topics for a list: groups of phrases that its papers have and other papers lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.model import Coverage, Harvest, Paper
from bot.relevance.scoring import TrainingData
from bot.tools.setup.find_list import FoundList
from bot.tools.setup.suggest_phrases import Stream, measured, own_name, propose
from bot.tools.setup.topics import SuggestedTopic, grouped


def topics_for(
    found: FoundList, known: Sequence[Paper], stream: Stream, name: str, given: Sequence[str] = ()
) -> tuple[SuggestedTopic, ...]:
    """Returns topics for a list: groups of phrases that set it apart from the stream.

    Args:
        found: the list.
        known: a source's metadata of the list's papers.
        stream: all recent papers of the list's categories.
        name: the list's subject according to its repository. It names the group of phrases that share no word, unless
            the list's title names a subject.
        given: phrases to use instead of suggested ones.
    """
    ids = {paper_id for entry in found.papers.listed for paper_id in entry.ids[:1]}
    stream = replace(stream, listed=sum(paper.id in ids for paper in stream.papers))
    met = Harvest(tuple(known), Coverage("", "", ""))
    data = TrainingData.of(found.papers, {}, (met,), stream.papers)
    if given:
        return (SuggestedTopic(found.subject or name, measured(given, data.listed, stream)),)
    phrases = propose(data.listed, found.about, stream)
    own = own_name(name, phrases, data.listed, stream)
    return grouped([*own, *phrases], found.subject or name)
