"""The text of a pull request: what is proposed and why, for a maintainer to judge at a glance.

A pure function of the batch, so that the same batch has the same text. Titles and abstracts are escaped; GitHub takes
65,536 characters, and abstracts are the first to go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot import titles
from bot.batches import Marker, render_marker
from bot.entries import Draft
from bot.escaping import html, inline
from bot.evidence import describe
from bot.model import Coverage, Decision

LIMIT = 60_000  # characters
_HELD_SHOWN = 20
_AUTHORS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One paper of a batch: the decision to propose it, and its entry."""

    decision: Decision
    draft: Draft


@dataclass(frozen=True, slots=True)
class Origin:
    """What made the batch: the program's version, and the address of the run ("" where it has none)."""

    version: str
    run_url: str = ""


def render_body(
    marker: Marker,
    items: Sequence[Item],
    coverage: Sequence[Coverage],
    held: Sequence[Decision],
    origin: Origin,
) -> str:
    """The whole text, bounded: without abstracts if it would be too long with them, cut short if even then."""
    for with_abstracts in (True, False):
        parts = [render_marker(marker), _table(items), _advice(len(items))]
        parts += (
            [_abstracts(items)]
            if with_abstracts
            else ["*The abstracts are left out: they are too long.*"]
        )
        parts += [_held(held)] if held else []
        parts += [_coverage(coverage), _footer(origin)]
        text = "\n\n".join(parts) + "\n"
        if len(text) <= LIMIT:
            return text
    return text[: LIMIT - 20] + "\n\n*…cut short.*\n"


def _table(items: Sequence[Item]) -> str:
    lines = ["| paper | goes to | why | score |", "|---|---|---|--:|"]
    for item in items:
        candidate = item.decision.candidate
        paper = candidate.paper
        title = inline(titles.plain(paper.title), table=True)
        names = [inline(titles.plain(name), table=True) for name in paper.authors[:_AUTHORS_SHOWN]]
        more = " et al." if len(paper.authors) > _AUTHORS_SHOWN else ""
        date = f"{paper.submitted:%Y-%m-%d}" if paper.submitted else str(paper.announced or "")
        name = f"[{title}]({paper.id.url})<br>{', '.join(names)}{more} · {paper.id} · {date}"
        why = [inline(describe(candidate.evidence), table=True)]
        why += [
            f"⚠ looks like line {near.line}: {inline(near.title, table=True)}"
            for near in item.decision.looks_like
        ]
        place = inline(item.draft.place.section, table=True)
        lines.append(f"| {name} | {place} | {'<br>'.join(why)} | {candidate.score:.2f} |")
    return "\n".join(lines)


def _advice(count: int) -> str:
    these = "this paper" if count == 1 else "these papers"
    return (
        f"**Merge** to add {these} to the list. "
        "**Delete an entry** from the branch before merging, and that paper is not proposed again. "
        "**Close** without merging, and none of them is; reopening takes that back. "
        "Checks of a pull request that the workflow's own token opened wait for your approval."
    )


def _abstracts(items: Sequence[Item]) -> str:
    blocks = []
    for item in items:
        paper = item.decision.candidate.paper
        summary = f"<summary>{html(titles.plain(paper.title))}</summary>"
        blocks.append(f"<details>{summary}\n<p>{html(paper.abstract)}</p>\n</details>")
    return "### Abstracts\n\n" + "\n".join(blocks)


def _held(held: Sequence[Decision]) -> str:
    lines = [
        f"- {inline(titles.plain(one.candidate.paper.title))} ({one.candidate.paper.id}): "
        f"{inline(one.reason.value)}{f', {inline(one.detail)}' if one.detail else ''}"
        for one in held[:_HELD_SHOWN]
    ]
    if len(held) > _HELD_SHOWN:
        lines.append(f"- and {len(held) - _HELD_SHOWN} more, in the run's report")
    return "### Held back for a later batch\n\n" + "\n".join(lines)


def _coverage(coverage: Sequence[Coverage]) -> str:
    lines = []
    for one in coverage:
        of = "" if one.matched is None else f" of {one.matched:,}"
        text = f"{one.source}: {one.read:,}{of} papers read from {one.of}"
        if one.window:
            text += f", submitted {one.window.since:%Y-%m-%d} to {one.window.until:%Y-%m-%d}"
        text += "".join(f"; {note}" for note in (one.note, one.capped, one.failure) if note)
        lines.append(f"- {'' if one.complete else '⚠ '}{inline(text)}")
    return "### Coverage\n\n" + "\n".join(lines)


def _footer(origin: Origin) -> str:
    run = f" in [this run]({origin.run_url})" if origin.run_url else ""
    return f"*Made by arxiv-bot {origin.version}{run}.*"
