"""Taking the bot up on another list: what can be found out about it, and the files that a run needs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.model import Coverage, Harvest, Paper
from bot.relevance.scoring import Lessons
from bot.tools.setup.categories import USUAL, categories_of
from bot.tools.setup.find_list import Place, find, subject
from bot.tools.setup.render import Findings, render_config, render_workflows
from bot.tools.setup.suggest_phrases import Phrase, Stream, measured, propose
from bot.tools.setup.topics import Group, grouped

__all__ = [
    "USUAL",
    "Findings",
    "Group",
    "Phrase",
    "Place",
    "Stream",
    "categories_of",
    "find",
    "render_config",
    "render_workflows",
    "subject",
    "topics_for",
]


def topics_for(
    place: Place, known: Sequence[Paper], stream: Stream, name: str, given: Sequence[str] = ()
) -> tuple[Group, ...]:
    """The topics for a list: phrases that tell it from the stream, in groups.

    Args:
        place: the list.
        known: what a source knows of its papers.
        stream: papers of its categories as they come.
        name: what the list is about, for the group of all that shares no word.
        given: phrases to take in the place of those found.
    """
    ids = {paper_id for one in place.papers.listed for paper_id in one.ids[:1]}
    stream = replace(stream, listed=sum(paper.id in ids for paper in stream.papers))
    met = Harvest(tuple(known), Coverage("", "", ""))
    lessons = Lessons.of(place.papers, ({}, ()), (met,), stream.papers)
    if given:
        return (Group(name, measured(given, lessons.listed, stream)),)
    return grouped(propose(lessons.listed, place.about, stream), name)
