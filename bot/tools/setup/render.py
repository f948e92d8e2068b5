"""Renders the files that a run needs, and what `arxiv-bot init` shows: its findings and a first month of papers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from bot.core import titles
from bot.core.english import count
from bot.core.escaping import printable
from bot.core.model import Decision, RunReport
from bot.listing.draft import Refused
from bot.reports.templates import template
from bot.tools.setup.find_list import FoundList
from bot.tools.setup.survey import Survey
from bot.tools.setup.topics import SuggestedTopic, in_order

ACTION = "awesome-rlaif/awesome-rlaif"
"""The repository that holds `action.yml`."""

CONFIG = "config/keywords.toml"
WORKFLOWS = ("arxiv-bot.yml", "arxiv-bot-feedback.yml", "arxiv-bot-refresh.yml")
"""The workflows' file names; `arxiv-bot doctor` looks for the first two."""

_SHOWN = 12  # lines of the example entry
_TITLE = 84  # characters of a title


@dataclass(frozen=True, slots=True)
class SetupFindings:
    """What goes into the new configuration: the list, what a source knows of it, the contact and the topics.

    `routed` are the topics whose papers go to other files of the list, by path.
    """

    found: FoundList
    seen: Survey
    contact: str
    topics: tuple[SuggestedTopic, ...]
    routed: Mapping[str, SuggestedTopic] = field(default_factory=dict)

    @property
    def made(self) -> str:
        """The README that is generated from a list kept as data; else empty."""
        return self.found.readme.path if self.found.readme else ""

    @property
    def measured(self) -> bool:
        """Whether it is known how many papers the phrases find."""
        return bool(self.seen.harvest.papers)


def render_config(findings: SetupFindings, version: str) -> str:
    """Renders keywords.toml."""
    return template("bot.tools.setup", "keywords.toml.jinja").render(
        findings=findings,
        action=ACTION,
        version=version,
        categories=", ".join(map(quoted, findings.seen.categories)),
        papers=count(findings.found.papers.size.papers, "listed paper"),
        topics=[
            (group.name, list(_phrases(group, measured=findings.measured)))
            for group in (*findings.routed.values(), *findings.topics)
        ],
        quoted=quoted,
        printable=printable,
    )


def _phrases(group: SuggestedTopic, *, measured: bool) -> Iterator[str]:
    """Yields the lines of a topic's phrases, with aligned counts if they are known."""
    texts = [f"{quoted(text)}," for text in in_order(group.phrases)]
    width = max(map(len, texts))
    for phrase, text in zip(group.phrases, texts, strict=True):
        counts = f" # {phrase.entries} listed, {phrase.weekly:.1f} a week" if measured else ""
        yield f"{text:{width}}{counts}".rstrip()


def quoted(text: str) -> str:
    """Returns a TOML basic string, which escapes like JSON but also DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def render_workflows(version: str) -> dict[str, str]:
    """Returns the workflows by path; they run the given version of the bot."""
    folder = files("bot.tools.setup")
    return {
        f".github/workflows/{name}": folder.joinpath(name)
        .read_text(encoding="utf-8")
        .replace("{repository}", ACTION)
        .replace("{tag}", f"v{version}")
        for name in WORKFLOWS
    }


def render_findings(findings: SetupFindings) -> str:
    """Renders the findings for a person."""
    found, seen = findings.found, findings.seen
    where = f"below “{found.heading}”" if found.heading else "in the whole file"
    if findings.made:
        where = f"({findings.made} seems to be generated from it)"
    lines = [
        f"list        {found.path}: {found.papers.size} {where}",
    ]
    lines += [f"{'':12}{file.path}: {_role(file, findings)}" for file in found.others]
    lines += [
        f"categories  {', '.join(seen.categories)}",
        f"            {seen.reason}",
    ]
    for number, group in enumerate((*findings.routed.values(), *findings.topics)):
        phrases = ", ".join(in_order(group.phrases))
        lines.append(f"{'topics' if not number else '':12}{group.name}: {phrases}")
    return printable("\n".join(lines), newlines=True)


def _role(file: FoundList, findings: SetupFindings) -> str:
    if file.path in findings.routed:
        role = "papers of its topic go there"
    elif file.is_archive:
        role = "only read"
    else:
        role = "only read, because no phrase distinguishes its papers from those of the other files"
    return f"{file.papers.size}, {role}"


def render_month(report: RunReport, example: str | Refused) -> str:
    """Renders a dry run for a person who sees the bot's proposals for the first time.

    `example` is an entry in the list's form, or why none can be written; "" if no paper was found.
    """
    coverage = report.coverage[0]
    read = f"{count(coverage.read, 'paper')} read from {coverage.of}"
    if coverage.failure:
        read += f", then the source failed: {coverage.failure}"
    proposed, held = report.proposed, report.held
    lines = [f"{read}; {len(proposed)} would be proposed, {len(held)} would wait"]
    lines += map(_line, proposed)
    if reasons := sorted({decision.detail or decision.reason.value for decision in held}):
        lines += ["", *(f"Waiting: {printable(reason)}" for reason in reasons)]
    return "\n".join([*lines, *_example(example)]) + "\n"


def _example(example: str | Refused) -> list[str]:
    """Returns lines that show an entry, cut if it is long, or that say why none can be written."""
    if isinstance(example, Refused):
        return ["", f"No entry can be written yet: {printable(example.why)}"]
    if not example:
        return []
    shown = printable(example.strip("\n"), newlines=True).splitlines()
    cut = ["…"] if len(shown) > _SHOWN else []
    return ["", "An entry would look like this:", "", *shown[:_SHOWN], *cut]


def _line(decision: Decision) -> str:
    paper = decision.candidate.paper
    title = printable(titles.plain(paper.title))
    if len(title) > _TITLE:
        title = f"{title[:_TITLE].rpartition(' ')[0]}…"
    return f"  {decision.candidate.score:.2f}  {paper.id!s:12} {title}"
