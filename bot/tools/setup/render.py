"""The files that a run needs, as text: the configuration with what was found and why, and the workflows."""

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
"""The repository that has `action.yml`."""

CONFIG = "config/keywords.toml"
WORKFLOWS = ("arxiv-bot.yml", "arxiv-bot-feedback.yml", "arxiv-bot-refresh.yml")
"""What they are called; by the first two `arxiv-bot doctor` knows them."""


@dataclass(frozen=True, slots=True)
class SetupFindings:
    """What the configuration will say.

    `reason` says why the bot chose these categories, `census` how many papers the list has,
    `measured` whether the phrases' counts are known, `made` which README is made from a list kept as data.
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
    """The text of keywords.toml."""
    return "\n".join([*_head(found, version), *_topics(found)]) + "\n"


def _head(found: SetupFindings, version: str) -> Iterator[str]:
    schema = f"https://raw.githubusercontent.com/{ACTION}/v{version}/config/keywords.schema.json"
    yield f"#:schema {schema}"
    yield "# What arxiv-bot looks for, and how it proposes it. Written by `arxiv-bot init` from the list, for you"
    yield "# to correct: `arxiv-bot check` says what is wrong here, `arxiv-bot run --dry-run` what it would bring."
    yield "# Every key, with those left out here, is described in the schema above."
    yield ""
    yield "[list]"
    yield f"path = {_quoted(found.path)}"
    if found.made:
        yield f"# {printable(found.made)} is made from this file by the list's own workflow: the bot adds records here."
    elif found.heading:
        yield "# Entries are added below this heading, in the form of those that are there."
    else:
        yield "# No one heading has all the papers below it: the whole file is the list."
    yield f"heading = {_quoted(found.heading)}"
    yield ""
    yield "[arxiv]"
    yield "# Where arXiv's operators can turn to; it is sent with every request."
    yield f"contact = {_quoted(found.contact)}"
    yield f"# {found.reason}"
    yield f"categories = [{', '.join(map(_quoted, found.categories))}]"
    yield ""
    yield "# What the phrases find is scored by how like the list it is, and proposed from this score on."
    yield "# To see what another would bring and cost: arxiv-bot evaluate --source search"
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
        yield f"# Behind each stands how many of the {count(found.census.papers, 'listed paper')} are known to have it,"
        yield "# and how many papers of arXiv a week. A topic may also have `excludes = [...]` and a `section`."
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
    """A basic string of TOML, which escapes as JSON does, and DEL too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def render_workflows(version: str) -> dict[str, str]:
    """The workflows by their paths; they run this version of the bot."""
    folder = files("bot.tools.setup")
    return {
        f".github/workflows/{name}": folder.joinpath(name)
        .read_text(encoding="utf-8")
        .replace("{repository}", ACTION)
        .replace("{tag}", f"v{version}")
        for name in WORKFLOWS
    }


def render_findings(found: SetupFindings) -> str:
    """What was found, for a person."""
    where = f"below “{found.heading}”" if found.heading else "in the whole file"
    if found.made:
        where = f"({found.made} is made from it, and left to the list's own workflow)"
    lines = [
        f"list        {found.path}: {found.census} {where}",
        f"categories  {', '.join(found.categories)}",
        f"            {found.reason}",
    ]
    for number, group in enumerate(found.topics):
        phrases = ", ".join(in_order(group.phrases))
        lines.append(f"{'topics' if not number else '':12}{group.name}: {phrases}")
    return printable("\n".join(lines), newlines=True)
