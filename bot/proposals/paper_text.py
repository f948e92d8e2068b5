"""Writes what a pull request says of one paper: title, people, section, the best evidence; the rest folded. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.english import shorten
from bot.core.escaping import html, inline
from bot.core.model import Coverage, Decision, Paper, Reason
from bot.listing.draft import Draft
from bot.proposals.marker import Marker
from bot.proposals.text import BREAK, NOWHERE, Addresses, linked, long_date, on_answer
from bot.relevance.judge.wording import judge_lines, shown_answers, verdict_text
from bot.relevance.phrases import describe
from bot.relevance.quotation import grade, quote

_AUTHORS_SHOWN = 3
TITLE_SHOWN = 300  # characters, as for those below: arXiv's own titles are shorter
CELL_SHOWN = 90
_NAME_SHOWN = 60
_WHY_SHOWN = 300
NOTE_SHOWN = 500


@dataclass(frozen=True, slots=True)
class ProposedPaper:
    """One paper of a batch: the decision to propose it, and its entry."""

    decision: Decision
    draft: Draft

    @property
    def id(self) -> ArxivId:
        """The paper's id."""
        return self.draft.paper.id

    @property
    def score(self) -> float:
        """The paper's score, from 0 to 1."""
        return self.decision.candidate.score


@dataclass(frozen=True, slots=True)
class PaperBatch:
    """All that the text of a pull request shows.

    Args:
        papers: those in it, best first.
        perhaps: those to tick, best first.
        titles: of papers that were taken out, as far as known.
        coverage: what was read of arXiv.
        held: the papers held back for later.
        threshold: the least score of the papers in it.
        addresses: what to link.
    """

    papers: Sequence[ProposedPaper]
    perhaps: Sequence[Decision] = ()
    titles: Mapping[ArxivId, str] = field(default_factory=dict)
    coverage: Sequence[Coverage] = ()
    held: Sequence[Decision] = ()
    threshold: float = 0.0
    addresses: Addresses = NOWHERE

    @property
    def section(self) -> str:
        """The section that all papers go to; "" where they differ."""
        sections = {paper.draft.place.section for paper in self.papers}
        return sections.pop() if len(sections) == 1 else ""


def match_word(decision: Decision, threshold: float) -> str:
    """The score in a word."""
    return grade(decision.candidate.score, threshold)


def linked_title(title: str, paper: ArxivId) -> str:
    """A title in bold that links to the abstract's page."""
    return f"**[{inline(shorten(titles.plain(title), TITLE_SHOWN))}]({paper.url})**"


def _title(paper: Paper) -> str:
    return linked_title(paper.title, paper.id)


def least(paper: ProposedPaper, batch: PaperBatch, marker: Marker[ArxivId]) -> str:
    """The paper by its title alone, where no more fits."""
    del batch, marker
    return _title(paper.draft.paper)


def brief(paper: ProposedPaper, batch: PaperBatch, marker: Marker[ArxivId]) -> str:
    """The paper without its abstract: title, who and when, where it goes, and the best evidence."""
    decision, place = paper.decision, paper.draft.place
    lines = [_title(paper.draft.paper), _byline(paper, "" if batch.section else place.section)]
    if paper.id in dict(marker.answered):
        lines.append(f"**{on_answer('Added', paper.id, marker)}.**")
    if decision.reason is Reason.ASKED:
        lines.append(f"Asked for by a person{_detail_of(decision)}.")
    lines.append(_why(decision, batch))
    lines += _judged(decision)
    if near := _near(decision, batch.addresses):
        lines.append(f"Nearest: {near}")
    if paper.draft.open_fields:
        names = inline(shorten(", ".join(paper.draft.open_fields), _WHY_SHOWN))
        lines.append(f"✏️ You fill in: {names}")
    lines += [
        f"⚠️ **Looks like {linked(f'line {near.line}', batch.addresses.line(near.line))}:** "
        f"{inline(shorten(near.title, TITLE_SHOWN))}"
        for near in decision.looks_like
    ]
    if decision.detail and decision.reason is not Reason.ASKED:
        lines.append(f"⚠️ **In the list by name:** {inline(shorten(decision.detail, NOTE_SHOWN))}")
    return BREAK.join(lines)


def _judged(decision: Decision) -> list[str]:
    """What the judge's answers come to, and the principles that the paper meets, in its own words."""
    lines = judge_lines(decision.candidate)
    return [" · ".join(inline(shorten(line, _WHY_SHOWN)) for line in lines)] if lines else []


def _detail_of(decision: Decision) -> str:
    return f", {inline(decision.detail)}" if decision.detail else ""


def _why(decision: Decision, batch: PaperBatch) -> str:
    """The evidence in a line: how strong, and the sentence that says most."""
    shown = _quotation(decision)
    return f"**{match_word(decision, batch.threshold)} match**{f': {shown}' if shown else ''}"


def _quotation(decision: Decision) -> str:
    """The most telling sentence, its matches in bold; without a phrase the words that the score rests on."""
    found = quote(decision.candidate)
    if found:
        pieces = (
            f"**{inline(titles.plain(text))}**" if hit else _between(text)
            for text, hit in found.pieces
        )
        return f"“{''.join(pieces)}”"
    if decision.candidate.evidence.matches:
        phrases = ", ".join(decision.candidate.evidence.phrases)
        return f"in the title: {inline(shorten(phrases, _WHY_SHOWN))}"
    words = inline(shorten(", ".join(decision.candidate.speaks_for), _WHY_SHOWN))
    return f"shares with the list: {words}" if words else "no phrase of a topic"


def _between(text: str) -> str:
    """Text between matches, with the blanks at its ends."""
    inside = text.strip()
    if not inside:
        return text
    start, end = text[: text.index(inside)], text[text.index(inside) + len(inside) :]
    return f"{' ' if start else ''}{inline(titles.plain(inside))}{' ' if end else ''}"


def _near(decision: Decision, addresses: Addresses) -> str:
    """The nearest entry of the list, linked to its line."""
    for near in decision.candidate.nearest[:1]:
        name = f"*{inline(shorten(titles.plain(near.title), CELL_SHOWN))}* (line {near.line})"
        return linked(name, addresses.line(near.line))
    return ""


def _byline(paper: ProposedPaper, section: str) -> str:
    found = paper.decision.candidate.paper
    names = [
        inline(shorten(titles.plain(name), _NAME_SHOWN)) for name in found.authors[:_AUTHORS_SHOWN]
    ]
    more = " et al." if len(found.authors) > _AUTHORS_SHOWN else ""
    day = found.submitted.date() if found.submitted else found.announced
    parts = [", ".join(names) + more, str(found.id), f"[PDF]({found.id.pdf_url})"]
    parts += [*found.categories[:1], long_date(day) if day else ""]
    parts += [f"**{kind.value}**" for kind in paper.decision.kinds]
    parts += [f"→ *{inline(section)}*"] if section else []
    return " · ".join(part for part in parts if part)


def whole(paper: ProposedPaper, batch: PaperBatch, marker: Marker[ArxivId]) -> str:
    """The paper with its particulars and its abstract folded away."""
    found = paper.decision.candidate.paper
    said = [
        *_particulars(paper, batch.threshold),
        found.abstract,
        found.comment,
        found.journal_ref,
    ]
    paragraphs = "".join(f"<p>{html(sentence)}</p>" for sentence in said if sentence)
    return (
        f"{brief(paper, batch, marker)}\n"
        f"  <details><summary>Details and abstract</summary>{paragraphs}</details>"
    )


def _particulars(paper: ProposedPaper, threshold: float) -> list[str]:
    """The score beside its threshold, the phrases, the words that speak for and against, other sections."""
    candidate = paper.decision.candidate
    found = describe(candidate.evidence)
    lines = [f"Score {candidate.score:.2f}, threshold {threshold:g}."]
    lines += [f"Phrases: {shorten(found, _WHY_SHOWN)}."] if found else []
    sides = (("for", candidate.speaks_for), ("against", candidate.speaks_against))
    lines += [
        f"Words that speak {side} it: {shorten(', '.join(words), _WHY_SHOWN)}."
        for side, words in sides
        if words
    ]
    lines += [
        f"Principle {shown.id}: {shown.question} {shown.answer}."
        for shown in shown_answers(candidate)
    ]
    if others := paper.draft.place.alternatives:
        lines.append(f"Other sections that would do: {' or '.join(others)}.")
    return lines


def perhaps_line(decision: Decision, batch: PaperBatch) -> str:
    """A paper to tick: its title, and why it is shown, in a line."""
    shown, near = _quotation(decision), _near(decision, batch.addresses)
    why = shown or (f"near {near}" if near else "")
    found = decision.candidate.judgement
    parts = [why, inline(verdict_text(found)) if found else ""]
    said = " · ".join(part for part in parts if part)
    title = perhaps_title(decision, batch)
    return f"{title} — {said}" if said else title


def perhaps_title(decision: Decision, batch: PaperBatch) -> str:
    """A paper to tick by its title alone."""
    del batch
    return _title(decision.candidate.paper)


def perhaps_id(decision: Decision, batch: PaperBatch) -> str:
    """A paper to tick by its id alone."""
    del batch
    return linked_id(decision.candidate.paper.id)


def linked_id(paper: ArxivId) -> str:
    """An id that links to the abstract's page."""
    return f"[{paper}]({paper.url})"
