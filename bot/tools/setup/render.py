"""Renders the files that a run needs: the configuration, with what was found and why, and the workflows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from bot.core.english import count
from bot.core.escaping import printable
from bot.listing.paper_list import Census
from bot.tools.setup.topics import SuggestedTopic, in_order

ACTION = "awesome-rlaif/awesome-rlaif"
"""The repository that holds `action.yml`."""

CONFIG = "config/keywords.toml"
WORKFLOWS = ("arxiv-bot.yml", "arxiv-bot-feedback.yml", "arxiv-bot-refresh.yml")
"""The workflows' file names; `arxiv-bot doctor` looks for the first two."""


@dataclass(frozen=True, slots=True)
class SetupFindings:
    """The content of the new configuration.

    `reason` says why the bot chose these categories, `census` how many papers the list has,
    `measured` whether the phrases' counts are known, and `made` which README is generated from a list kept as data.
    """

    path: str
    heading: str
    contact: str
    categories: tuple[str, ...]
    reason: str
    topics: tuple[SuggestedTopic, ...]
    census: Census
    measured: bool
    made: str = ""


def render_config(found: SetupFindings, version: str) -> str:
    """Renders keywords.toml."""
    return "\n".join([*_head(found, version), *_topics(found)]) + "\n"


def _head(found: SetupFindings, version: str) -> Iterator[str]:
    schema = f"https://raw.githubusercontent.com/{ACTION}/v{version}/config/keywords.schema.json"
    yield f"#:schema {schema}"
    yield "# What arxiv-bot searches for, and how it proposes papers. `arxiv-bot init` derived this from the list."
    yield "# Correct it: `arxiv-bot check` shows what is wrong here, `arxiv-bot run --dry-run` what it would propose."
    yield "# The schema above describes every key, including those omitted here."
    yield ""
    yield "[list]"
    yield f"path = {_quoted(found.path)}"
    if found.made:
        yield f"# The list's own workflow generates {printable(found.made)} from this file; the bot adds records here."
    elif found.heading:
        yield "# New entries go below this heading, in the form of the existing ones."
    else:
        yield "# No single heading is above all the papers, so the whole file is the list."
    yield f"heading = {_quoted(found.heading)}"
    yield ""
    yield "[arxiv]"
    yield "# An address where arXiv's operators can reach you; it is sent with every request."
    yield f"contact = {_quoted(found.contact)}"
    yield f"# {found.reason}"
    yield f"categories = [{', '.join(map(_quoted, found.categories))}]"
    yield ""
    yield "# Papers that a phrase finds are scored by their similarity to the list, and proposed from this score on."
    yield "# To compare thresholds: arxiv-bot evaluate --source search"
    yield "[screening]"
    yield "threshold = 0.3"
    yield ""
    yield "[pull_request]"
    yield "max_items = 10"
    yield "max_open = 2"


def _topics(found: SetupFindings) -> Iterator[str]:
    yield ""
    yield "# Words to find in title or abstract: case, hyphens and plurals don't matter, `a + b` needs both, anywhere."
    if found.measured:
        papers = count(found.census.papers, "listed paper")
        yield f"# The numbers: how many of the {papers} have the phrase, as far as they are known,"
        yield "# and how many arXiv papers have it each week. A topic may also have `excludes = [...]` and a `section`."
    for group in found.topics:
        yield ""
        yield "[[topics]]"
        yield f"name = {_quoted(group.name)}"
        yield "phrases = ["
        texts = [f"{_quoted(text)}," for text in in_order(group.phrases)]
        width = max(map(len, texts))
        for phrase, text in zip(group.phrases, texts, strict=True):
            counts = (
                f"# {phrase.entries} listed, {phrase.weekly:.1f} a week" if found.measured else ""
            )
            yield f"  {text:{width}} {counts}".rstrip()
        yield "]"


def _quoted(text: str) -> str:
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


def render_findings(found: SetupFindings) -> str:
    """Renders the findings for a person."""
    where = f"below “{found.heading}”" if found.heading else "in the whole file"
    if found.made:
        where = f"(the list's own workflow generates {found.made} from it)"
    lines = [
        f"list        {found.path}: {found.census} {where}",
        f"categories  {', '.join(found.categories)}",
        f"            {found.reason}",
    ]
    for number, group in enumerate(found.topics):
        phrases = ", ".join(in_order(group.phrases))
        lines.append(f"{'topics' if not number else '':12}{group.name}: {phrases}")
    return printable("\n".join(lines), newlines=True)
