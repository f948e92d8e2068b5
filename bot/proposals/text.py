"""Renders the parts that all texts of pull requests share: answers, collapsed details, links, dates, footer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from bot.core.english import MONTHS
from bot.core.escaping import html
from bot.core.version import __version__
from bot.proposals.items import AnyItem
from bot.proposals.labels import HOLD, LATER, REBUILD
from bot.proposals.marker import AnyMarker, render_marker

DOCS = "https://awesome-rlaif.github.io/awesome-rlaif/bot"
_ANSWERING = f"{DOCS}/how-to/answer/"
LIMIT = 60_000  # characters; GitHub takes 65,536
_MARKER_GROWS = 100  # characters, for the commit and the digest that the marker gets later
BREAK = "\\\n  "  # a line break in comments and in files (in comments GitHub doubles `<br>` and a newline)


@dataclass(frozen=True, slots=True)
class Addresses:
    """The URLs that a text links to; each is empty if there is none, as for a list in a directory.

    `files` is the repository at a fixed commit, `configuration` the configuration file, `run` the run's log.
    `path` is the path of the list's first file.
    """

    files: str = ""
    path: str = ""
    configuration: str = ""
    run: str = ""

    @classmethod
    def of(
        cls, repository: str, branch: str, sha: str, path: str, config_path: str, run: str
    ) -> Addresses:
        """Returns the URLs for a repository on GitHub; `repository` is its page, empty for a directory."""
        if not repository:
            return cls(run=run)
        files = f"{repository}/blob"
        return cls(
            files=f"{files}/{sha}",
            path=path,
            configuration=f"{files}/{quote(branch)}/{quote(config_path)}" if config_path else "",
            run=run,
        )

    def line(self, number: int, path: str = "") -> str:
        """The URL of a line (from 1) of the first or another file, in GitHub's plain view, which alone has lines."""
        return f"{self.files}/{quote(path or self.path)}?plain=1#L{number}" if self.files else ""


NOWHERE = Addresses()


def room_below(marker: AnyMarker) -> int:
    """The number of characters available for the text below a marker."""
    return LIMIT - len(render_marker(marker)) - _MARKER_GROWS


def how_to_answer(rows: Sequence[tuple[str, str]], undo: str, merged_first: str = "") -> str:
    """Renders the collapsed table of answers.

    Args:
        rows: answers for this kind of pull request, as (aim, action), shown first.
        undo: how to change an answer, shown last.
        merged_first: what happens to answers that are merged before a run applies them; "" for nothing.
    """
    all_rows = (
        *rows,
        ("remove all of them for good", "close without merging"),
        ("be asked again in 30 days", f"label `{LATER.name}`, then close"),
        (
            "edit the entries yourself",
            "push to the branch, or review: the bot then changes nothing more here",
        ),
        ("stop the bot from changing this", f"label `{HOLD.name}`"),
        ("drop your edits and let the bot write this again", f"label `{REBUILD.name}`"),
        ("change your mind", undo),
    )
    table = "\n".join(["| to … | do this |", "|---|---|", *(f"| {a} | {b} |" for a, b in all_rows)])
    more = (
        f"The next run applies your answers; [more on answering]({_ANSWERING}). "
        f"{merged_first}{' ' if merged_first else ''}"
        "Checks wait for your approval if the workflow's own token opened the pull request."
    )
    return folded("How to answer: decline, wait, edit, undo", f"{table}\n\n{more}")


def removed_items(
    lines: Sequence[str], heading: str = "Removed", undo: str = "tick to add again"
) -> str:
    """Renders the section of the items that a person unticked, one line each."""
    return f"### {heading} ({len(lines)}): {undo}\n\n" + "\n".join(lines)


def on_answer(verb: str, item: AnyItem, marker: AnyMarker) -> str:
    """Writes `removed after your answer of 12 May 2026`, or the verb alone if the marker has no day for the item."""
    days = dict(marker.answered)
    return f"{verb} after your answer of {long_date(days[item])}" if item in days else verb


def long_date(day: date) -> str:
    """Writes a date: `12 May 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def code(text: str) -> str:
    """A file name as Markdown code."""
    return f"`{text.replace('`', '')}`"


def files_of(paths: Iterable[str], marker: AnyMarker) -> str:
    """Names files, each once; "" is the list's first file, which is also named if there is no path."""
    named = dict.fromkeys(path or marker.path for path in paths) or (marker.path,)
    return " and ".join(map(code, named))


def linked(text: str, url: str) -> str:
    """Markdown text as a link; the text alone if `url` is empty."""
    return f"[{text}]({url})" if url else text


def folded(summary: str, inside: str) -> str:
    """A collapsed block with a summary."""
    return f"<details><summary>{html(summary)}</summary>\n\n{inside}\n\n</details>"


def footer(addresses: Addresses) -> str:
    """The last line of a text: the bot's version, and links to the run and to the configuration."""
    run = f" in {linked('this run', addresses.run)}" if addresses.run else ""
    change = (
        f" [Change what is proposed]({addresses.configuration})." if addresses.configuration else ""
    )
    return f"<sub>Made by arxiv-bot {__version__}{run}.{change}</sub>"
