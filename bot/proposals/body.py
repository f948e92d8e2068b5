"""The text of a pull request: what is proposed and why, for a maintainer to judge at a glance.

A pure function of the batch, so that the same batch has the same text. Every item begins with a box to tick, and the
ticks are read back by `bot.batches`. What comes from arXiv is escaped and bounded; GitHub takes 65,536 characters, and
abstracts are the first to go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.english import count, shorten
from bot.core.escaping import html, inline
from bot.core.model import Candidate, Coverage, Decision, Field, Match, Reason
from bot.core.version import __version__
from bot.listing.draft import Draft
from bot.proposals.labels import HOLD, LATER, REBUILD
from bot.proposals.marker import Marker, box, render_marker
from bot.relevance.phrases import describe, passage

LIMIT = 60_000  # characters
_HELD_SHOWN = 20
_MOST_NAMED = 50  # declined papers of a batch that is closed; more go by their ids
_AUTHORS_SHOWN = 3
_TITLE_SHOWN = 300  # characters, as for the three below: arXiv's own titles are shorter
_NAME_SHOWN = 60
_WHY_SHOWN = 300
_NOTE_SHOWN = 500
MARKER_GROWS = 100  # characters: by the commit and the digest, which are not known yet
_OTHER_WAYS = (
    ", or delete its entry from the branch",
    "reopen the pull request, or `arxiv-bot propose ID`",
)
BREAK = "\\\n  "  # one line break, in a comment as in a file (GitHub doubles `<br>` and a newline in comments)


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


def render_text(
    marker: Marker[ArxivId],
    items: Sequence[ProposedPaper],
    declined: Sequence[tuple[ArxivId, str]],
    coverage: Sequence[Coverage],
    held: Sequence[Decision],
    run_url: str,
) -> str:
    """All that goes below the marker, within `LIMIT` with it: if need be without abstracts, evidence, other titles.

    `declined` are the papers ticked before, with their titles as far as known.
    """
    room = LIMIT - len(render_marker(marker)) - MARKER_GROWS
    section = _common_section(items)
    end = [_coverage(coverage), answers("paper", _OTHER_WAYS), footer(run_url)]
    text = ""
    for render_item, note, named in _BY_LENGTH:
        blocks = [f"{box(one.draft.paper.id)} {render_item(one, section)}" for one in items]
        parts = [_introduction(marker, items, section), "\n".join(blocks)]
        parts += [note] if note else []
        parts += [_declined(declined, named=named)] if declined else []
        parts += [_held(held, _HELD_SHOWN if named else 0)] if held else []
        text = "\n\n".join([*parts, *end]) + "\n"
        if len(text) <= room:
            break
    return text


def render_closed(
    marker: Marker[ArxivId], declined: Sequence[tuple[ArxivId, str]], run_url: str
) -> str:
    """The text of a batch that the bot closes, as no paper is left in it."""
    why = (
        "**Closed by the bot: no paper is left to decide on.** Each of them is in "
        f"`{marker.path.replace('`', '')}` by now, in another pull request, or was declined here. "
        "That this is closed declines nothing more."
    )
    named = len(declined) <= _MOST_NAMED
    parts = [why, *([_declined(declined, named=named)] if declined else []), footer(run_url)]
    return "\n\n".join(parts) + "\n"


def _declined(declined: Sequence[tuple[ArxivId, str]], *, named: bool = True) -> str:
    """The papers taken out, their boxes still ticked; by their titles too if `named`."""
    lines = [
        f"{box(paper, ticked=True)} [{paper}]({paper.url}) "
        f"{inline(shorten(titles.plain(title), _TITLE_SHOWN)) if named else ''}"
        for paper, title in declined
    ]
    return "**Declined here, and taken out.** Untick a box to take that back.\n\n" + "\n".join(
        line.rstrip() for line in lines
    )


def _introduction(marker: Marker[ArxivId], items: Sequence[ProposedPaper], section: str) -> str:
    these = f"**{count(len(items), 'paper')}** from arXiv"
    if all(one.decision.reason is Reason.ASKED for one in items):
        these += f" that a person asked for {'goes' if len(items) == 1 else 'go'} into"
    elif len(items) == 1:
        these += " looks as if it belongs in"
    else:
        these += ", best first, look as if they belong in"
    place = f", under **{inline(section)}**" if section else ""
    these += f" `{marker.path.replace('`', '')}`{place}. Nothing else in the file changes.\n\n"
    if len(items) == 1:
        return (
            f"{these}**Merge** to add it. **Tick its box**, or **close**, to decline it for good."
        )
    return (
        f"{these}**Merge** to add what is listed here. **Tick a box** to decline that paper: "
        "the next run takes it out, for good; merge after that. **Close** to decline them all."
    )


def _common_section(items: Sequence[ProposedPaper]) -> str:
    """The section that all items go to; "" where they differ."""
    sections = {item.draft.place.section for item in items}
    return sections.pop() if len(sections) == 1 else ""


def _least(item: ProposedPaper, section: str) -> str:
    del section
    paper = item.draft.paper
    return f"**[{inline(shorten(titles.plain(paper.title), _TITLE_SHOWN))}]({paper.id.url})**"


def _brief(item: ProposedPaper, section: str) -> str:
    """The item without its abstract: title, who and when, the evidence, and what it looks like."""
    candidate = item.decision.candidate
    why = inline(shorten(describe(candidate.evidence), _WHY_SHOWN))
    lines = [
        _least(item, section),
        _byline(item, "" if section else item.draft.place.section),
    ]
    alike = item.decision.reason is Reason.ALIKE
    for_what = f": {Reason.ALIKE.value}" if alike else f" for {why or 'no phrase of any topic'}"
    asked = "Asked for by a person. " if item.decision.reason is Reason.ASKED else ""
    lines.append(f"{asked}Score **{candidate.score:.2f}**{for_what}")
    if item.draft.place.alternatives:
        others = " or ".join(f"*{inline(path)}*" for path in item.draft.place.alternatives)
        lines.append(f"Other sections that would do: {others}")
    lines += _in_its_words(item.decision)
    lines += _speaks(candidate)
    lines += [
        f"Nearest in the list: line {near.line}, {inline(shorten(near.title, _TITLE_SHOWN))}"
        for near in candidate.nearest[:1]
    ]
    lines += [
        f"⚠️ **Looks like line {near.line}:** {inline(shorten(near.title, _TITLE_SHOWN))}"
        for near in item.decision.looks_like
    ]
    if item.decision.detail:
        lines.append(f"⚠️ **In the list by name:** {inline(item.decision.detail)}")
    return BREAK.join(lines)


def _whole(item: ProposedPaper, section: str) -> str:
    """The item with its abstract folded away, and what else arXiv says of the paper."""
    paper = item.decision.candidate.paper
    said = [paper.abstract, paper.comment, paper.journal_ref]
    paragraphs = "".join(f"<p>{html(one)}</p>" for one in said if one)
    if not paragraphs:
        return _brief(item, section)
    return f"{_brief(item, section)}\n  <details><summary>Abstract</summary>{paragraphs}</details>"


_BARE = "*Evidence and abstracts are left out: together they are too long.*"
_BY_LENGTH: tuple[tuple[Callable[[ProposedPaper, str], str], str, bool], ...] = (
    (_whole, "", True),
    (_brief, "*The abstracts are left out: together they are too long.*", True),
    (_least, _BARE, True),
    (_least, _BARE, False),
)


def _byline(item: ProposedPaper, section: str) -> str:
    paper = item.decision.candidate.paper
    names = [
        inline(shorten(titles.plain(name), _NAME_SHOWN)) for name in paper.authors[:_AUTHORS_SHOWN]
    ]
    more = " et al." if len(paper.authors) > _AUTHORS_SHOWN else ""
    date = f"{paper.submitted:%Y-%m-%d}" if paper.submitted else str(paper.announced or "")
    said = [", ".join(names) + more, f"{paper.id}", *paper.categories[:1], date]
    said += [f"under **{inline(section)}**"] if section else []
    said += [f"**{kind.value}**" for kind in item.decision.kinds]
    return " · ".join(one for one in said if one)


def _speaks(candidate: Candidate) -> list[str]:
    """The words that the learned score rests on, as far as it has any."""
    sides = (("for", candidate.speaks_for), ("against", candidate.speaks_against))
    said = [
        f"{side} it: {inline(shorten(', '.join(words), _WHY_SHOWN))}"
        for side, words in sides
        if words
    ]
    return [f"Speaks {'; '.join(said)}"] if said else []


def _in_its_words(decision: Decision) -> list[str]:
    """The most telling phrase found in the abstract, as it stands there: the title can be seen anyway."""
    candidate = decision.candidate
    matches = [one for one in candidate.evidence.matches if one.field is Field.ABSTRACT]
    if not matches:
        return []
    abstract = candidate.paper.abstract
    telling = max(matches, key=lambda one: _telling(one, abstract[one.start : one.end]))
    before, words, after = passage(telling, candidate.paper)
    start = f"{inline(titles.plain(before))}{before[-1:] if before[-1:].isspace() else ''}"
    end = f"{after[:1] if after[:1].isspace() else ''}{inline(titles.plain(after))}"
    return [f"“{start}**{inline(titles.plain(words))}**{end}”"]


def _telling(match: Match, words: str) -> tuple[bool, int, int]:
    """A phrase found whole tells more than a part of one, and more words more than few."""
    return " + " not in match.phrase, len(words.split()), len(words)


def _held(held: Sequence[Decision], shown: int) -> str:
    these = f"{count(len(held), 'paper')} {'is' if len(held) == 1 else 'are'} held back"
    reasons = dict.fromkeys(_why_held(one) for one in held)
    alike = len(reasons) == 1
    lines = [_held_line(one, _why_held(one) if not alike else "") for one in held[:shown]]
    if len(held) > shown:
        lines.append(f"- {'and ' if shown else ''}{len(held) - shown} more, in the run's report")
    why = _why_held(held[0]) if alike else "; ".join(dict.fromkeys(o.reason.value for o in held))
    return folded(f"{these} for later: {why}", "\n".join(lines))


def _why_held(one: Decision) -> str:
    return one.reason.value + (f", {shorten(one.detail, _NOTE_SHOWN)}" if one.detail else "")


def _held_line(one: Decision, why: str) -> str:
    paper = one.candidate.paper
    title = inline(shorten(titles.plain(paper.title), _TITLE_SHOWN))
    return f"- [{paper.id}]({paper.id.url}) {title}" + (f" · {inline(why)}" if why else "")


def _coverage(coverage: Sequence[Coverage]) -> str:
    """Folded away where all that was asked for was read, plain to see where it was not."""
    lines = "\n".join(_coverage_line(one) for one in coverage)
    if coverage and all(one.complete for one in coverage):
        read = ", ".join(f"{one.source} {one.read:,}" for one in coverage)
        return folded(f"Everything asked of arXiv was read: {read}", lines)
    return f"⚠️ **Not everything asked of arXiv could be read.** Later runs ask again.\n\n{lines}"


def _coverage_line(one: Coverage) -> str:
    of = "" if one.matched is None else f" of {one.matched:,}"
    some = count(one.read, "paper") if one.matched is None else f"{one.read:,}{of} papers"
    text = f"{one.source}: {some} read from {one.of}"
    if one.window:
        text += f", {one.days}"
    text += "".join(f"; {note}" for note in (one.note, one.capped, one.failure) if note)
    return f"- {'' if one.complete else '⚠️ '}{inline(shorten(text, _NOTE_SHOWN))}"


def answers(one: str, other_ways: tuple[str, str]) -> str:
    """How to answer, where an item is `one`; each of the others is to take one out, and to take that back."""
    rows = (
        (f"take one {one} out, for good", f"tick its box{other_ways[0]}"),
        ("take all of them out, for good", "close without merging"),
        ("be asked again in 30 days", f"label `{LATER.name}`, then close"),
        (
            "edit the entries yourself",
            "push to the branch, or review: the bot does not touch it any more",
        ),
        ("keep the bot off this branch", f"label `{HOLD.name}`"),
        ("have your edits dropped and this written anew", f"label `{REBUILD.name}`"),
        (
            "take a decline back",
            f"untick the box, {other_ways[1]}",
        ),
    )
    table = "\n".join(["| to … | do this |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])
    checks = (
        "Checks that wait for approval: GitHub holds them on a pull request that the workflow's own token opened, "
        "until you approve them."
    )
    return folded("How to answer: not now, hands off, undo", f"{table}\n\n{checks}")


def folded(summary: str, inside: str) -> str:
    """What a reader opens if they want to."""
    return f"<details><summary>{html(summary)}</summary>\n\n{inside}\n\n</details>"


def footer(run_url: str) -> str:
    """What made the text."""
    run = f" in [this run]({run_url})" if run_url else ""
    return f"<sub>Made by arxiv-bot {__version__}{run}.</sub>"
