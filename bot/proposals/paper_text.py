"""Renders the text about one paper in a pull request: title, authors, section, evidence; the rest collapsed. Pure."""

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
TITLE_SHOWN = 300  # characters, as for the constants below; arXiv's own titles are shorter
CELL_SHOWN = 90
_NAME_SHOWN = 60
_WHY_SHOWN = 300
NOTE_SHOWN = 500


@dataclass(frozen=True, slots=True)
class ProposedPaper:
    """A paper in a batch: the decision to propose it, its entry, and the path of its file; "" is the list's first."""

    decision: Decision
    draft: Draft
    path: str = ""

    @property
    def id(self) -> ArxivId:
        """The paper's id."""
        return self.draft.paper.id

    @property
    def section(self) -> str:
        """The path of the section, which begins with the file if that is not the list's first."""
        return f"{self.path} / {self.draft.destination.section}".removeprefix(" / ")


@dataclass(frozen=True, slots=True)
class PaperBatch:
    """All data that the text of a pull request of papers shows.

    Args:
        papers: the papers in the pull request, best first.
        perhaps: the papers that a person may tick, best first.
        titles: the titles of papers that were removed, as far as they are known.
        coverage: what was read from arXiv.
        held: the papers held back for later.
        threshold: the score from which papers are proposed.
        addresses: the URLs to link to.
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
        """The section that all papers go to; "" if there are several."""
        places = {(paper.path, paper.draft.destination.section) for paper in self.papers}
        return places.pop()[1] if len(places) == 1 else ""

    @property
    def new_headings(self) -> Mapping[str, str]:
        """The headings that the pull request adds, each with a link to the table of contents that lacks it, or ""."""
        return {
            paper.draft.destination.section: self._contents(paper)
            for paper in self.papers
            if paper.draft.destination.is_new
        }

    def _contents(self, paper: ProposedPaper) -> str:
        line = paper.draft.destination.contents
        url = self.addresses.line(line, paper.path)
        return linked(f"table of contents (line {line})", url) if line else ""


def match_word(decision: Decision, threshold: float) -> str:
    """The word for a paper's score, such as "Strong"."""
    return grade(decision.candidate.score, threshold)


def linked_title(title: str, paper: ArxivId) -> str:
    """A title in bold that links to the paper's abstract page."""
    return f"**[{inline(shorten(titles.plain(title), TITLE_SHOWN))}]({paper.url})**"


def _title(paper: Paper) -> str:
    return linked_title(paper.title, paper.id)


def least(paper: ProposedPaper, batch: PaperBatch, marker: Marker[ArxivId]) -> str:
    """Renders a paper as its title alone."""
    del batch, marker
    return _title(paper.draft.paper)


def brief(paper: ProposedPaper, batch: PaperBatch, marker: Marker[ArxivId]) -> str:
    """Renders a paper without its abstract: title, authors, date, section, and the best evidence."""
    decision = paper.decision
    section = "" if batch.section else paper.section
    lines = [_title(paper.draft.paper), _byline(paper, section)]
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
        f"⚠️ **Looks like {linked(inline(near.where), batch.addresses.line(near.line, near.path))}:** "
        f"{inline(shorten(near.title, TITLE_SHOWN))}"
        for near in decision.looks_like
    ]
    if decision.detail and decision.reason is not Reason.ASKED:
        lines.append(f"⚠️ **In the list by name:** {inline(shorten(decision.detail, NOTE_SHOWN))}")
    return BREAK.join(lines)


def _judged(decision: Decision) -> list[str]:
    """The judge's opinion, and the principles that the paper meets, with quotes from the paper."""
    lines = judge_lines(decision.candidate)
    return [" · ".join(inline(shorten(line, _WHY_SHOWN)) for line in lines)] if lines else []


def _detail_of(decision: Decision) -> str:
    return f", {inline(decision.detail)}" if decision.detail else ""


def _why(decision: Decision, batch: PaperBatch) -> str:
    """The evidence in one line: how good the match is, and the most telling sentence."""
    shown = _quotation(decision)
    return f"**{match_word(decision, batch.threshold)} match**{f': {shown}' if shown else ''}"


def _quotation(decision: Decision) -> str:
    """The most telling sentence, with matches in bold; without a match, the words that raised the score most."""
    quotation = quote(decision.candidate)
    if quotation:
        pieces = (
            f"**{inline(titles.plain(text))}**" if hit else _between(text)
            for text, hit in quotation.pieces
        )
        return f"“{''.join(pieces)}”"
    if decision.candidate.evidence.matches:
        phrases = ", ".join(decision.candidate.evidence.phrases)
        return f"in the title: {inline(shorten(phrases, _WHY_SHOWN))}"
    words = inline(shorten(", ".join(decision.candidate.speaks_for), _WHY_SHOWN))
    return f"shares with the list: {words}" if words else "no phrase of a topic"


def _between(text: str) -> str:
    """Renders the text between matches, and keeps the spaces at its ends."""
    words = text.strip()
    if not words:
        return text
    start, end = text[: text.index(words)], text[text.index(words) + len(words) :]
    return f"{' ' if start else ''}{inline(titles.plain(words))}{' ' if end else ''}"


def _near(decision: Decision, addresses: Addresses) -> str:
    """The list's most similar entry, with a link to its line."""
    for near in decision.candidate.nearest[:1]:
        name = f"*{inline(shorten(titles.plain(near.title), CELL_SHOWN))}* ({inline(near.where)})"
        return linked(name, addresses.line(near.line, near.path))
    return ""


def _byline(paper: ProposedPaper, section: str) -> str:
    record = paper.decision.candidate.paper
    names = [
        inline(shorten(titles.plain(name), _NAME_SHOWN)) for name in record.authors[:_AUTHORS_SHOWN]
    ]
    more = " et al." if len(record.authors) > _AUTHORS_SHOWN else ""
    day = record.submitted.date() if record.submitted else record.announced
    parts = [", ".join(names) + more, str(record.id), f"[PDF]({record.id.pdf_url})"]
    parts += [*record.categories[:1], long_date(day) if day else ""]
    parts += [f"**{kind.value}**" for kind in paper.decision.kinds]
    parts += [f"→ *{inline(section)}*"] if section else []
    return " · ".join(part for part in parts if part)


def whole(paper: ProposedPaper, batch: PaperBatch, marker: Marker[ArxivId]) -> str:
    """Renders a paper with its details and abstract in a collapsed block."""
    record = paper.decision.candidate.paper
    texts = [
        *_particulars(paper, batch.threshold),
        titles.plain_abstract(record.abstract),
        record.comment,
        record.journal_ref,
    ]
    paragraphs = "".join(f"<p>{html(text)}</p>" for text in texts if text)
    return (
        f"{brief(paper, batch, marker)}\n"
        f"  <details><summary>Details and abstract</summary>{paragraphs}</details>"
    )


def _particulars(paper: ProposedPaper, threshold: float) -> list[str]:
    """The score and its threshold, the phrases, the words that raise or lower the score, other sections."""
    candidate = paper.decision.candidate
    phrases = describe(candidate.evidence)
    lines = [f"Score {candidate.score:.2f}, threshold {threshold:g}."]
    lines += [f"Phrases: {shorten(phrases, _WHY_SHOWN)}."] if phrases else []
    effects = (("raise", candidate.speaks_for), ("lower", candidate.speaks_against))
    lines += [
        f"Words that {effect} the score: {shorten(', '.join(words), _WHY_SHOWN)}."
        for effect, words in effects
        if words
    ]
    lines += [
        f"Principle {shown.id}: {shown.question} {shown.answer}."
        for shown in shown_answers(candidate)
    ]
    if others := paper.draft.destination.alternatives:
        lines.append(f"Other possible sections: {' or '.join(others)}.")
    return lines


def perhaps_line(decision: Decision, batch: PaperBatch) -> str:
    """Renders a paper under "Perhaps": its title, and why it is shown, in one line."""
    shown, near = _quotation(decision), _near(decision, batch.addresses)
    why = shown or (f"near {near}" if near else "")
    judgement = decision.candidate.judgement
    parts = [why, inline(verdict_text(judgement)) if judgement else ""]
    reasons = " · ".join(part for part in parts if part)
    title = perhaps_title(decision, batch)
    return f"{title} — {reasons}" if reasons else title


def perhaps_title(decision: Decision, batch: PaperBatch) -> str:
    """Renders a paper under "Perhaps" as its title alone."""
    del batch
    return _title(decision.candidate.paper)


def perhaps_id(decision: Decision, batch: PaperBatch) -> str:
    """Renders a paper under "Perhaps" as its id alone."""
    del batch
    return linked_id(decision.candidate.paper.id)


def linked_id(paper: ArxivId) -> str:
    """An id that links to the paper's abstract page."""
    return f"[{paper}]({paper.url})"
