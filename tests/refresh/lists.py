"""Test lists whose entries lack facts, and the papers that have these facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.paper_list import PaperList
from bot.refresh.apply import apply_changes
from bot.refresh.find_changes import find_changes
from bot.refresh.model import Findings

NAMES = tuple(f"2402.{n:05}" for n in range(1, 9))
ABSTRACT = (
    "We study how a model learns from what another model says of its answers, at length. " * 4
)
TITLE = "Learning from What a Model Says, Part {}"


def paper(name: str, **facts: Any) -> Paper:
    known: dict[str, Any] = {
        "title": TITLE.format(int(name[-2:])),
        "abstract": ABSTRACT.strip(),
        "authors": ("Ada Lovelace", "Alan Turing"),
    }
    return Paper(ArxivId(name), **{**known, **facts})


def papers(*changed: Paper) -> dict[ArxivId, Paper]:
    """The papers as arXiv has them."""
    return {known.id: known for known in (*map(paper, NAMES), *changed)}


def entry(name: str, *, authors: bool = True, abstract: bool = True, more: str = "") -> str:
    listed = paper(name)
    text = f"- [{listed.title}](https://arxiv.org/abs/{name})\n"
    text += f"  - Authors: {'Ada Lovelace, Alan Turing' if authors else '-'}\n"
    text += f"  - Abstract: {listed.abstract if abstract else '-'}\n"
    return text + more


def listing(*entries: str) -> str:
    return "# List\n\n## Papers\n\n" + "".join(entries) + "\n## Other\n\nWords.\n"


def complete(*names: str) -> list[str]:
    return [entry(name) for name in names]


def found(
    text: str | bytes,
    known: Mapping[ArxivId, Paper],
    *,
    older: Mapping[ArxivId, Sequence[str]] | None = None,
    template: str | None = None,
) -> Findings:
    content = text if isinstance(text, bytes) else text.encode()
    return find_changes(PaperList.parse(content, "Papers"), known, older or {}, template)


def after(text: str | bytes, findings: Findings) -> str:
    content = text if isinstance(text, bytes) else text.encode()
    return apply_changes(PaperList.parse(content), findings.changes).decode()


def facts(findings: Findings) -> list[str]:
    return [f"{change.id.paper}/{change.id.fact.value}" for change in findings.changes]


def url(known: Paper) -> str:
    return f"https://arxiv.org/abs/{known.id}"
