"""Parts that the text of every pull request of the bot has: answers, folded details, links, dates, the footer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
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
_MARKER_GROWS = 100  # characters: by the commit and the digest, which are not known yet
BREAK = "\\\n  "  # a line break, in a comment as in a file (GitHub doubles `<br>` and a newline in comments)


@dataclass(frozen=True, slots=True)
class Addresses:
    """The web addresses that a text links; each is empty where there is none, as for a directory.

    `list_file` is the list as it stood, at a commit, `configuration` the file that says what is proposed.
    """

    list_file: str = ""
    configuration: str = ""
    run: str = ""

    @classmethod
    def of(
        cls, repository: str, branch: str, sha: str, path: str, config_path: str, run: str
    ) -> Addresses:
        """The addresses in a repository on GitHub; `repository` is its page, empty for a directory."""
        if not repository:
            return cls(run=run)
        files = f"{repository}/blob"
        return cls(
            list_file=f"{files}/{sha}/{quote(path)}",
            configuration=f"{files}/{quote(branch)}/{quote(config_path)}" if config_path else "",
            run=run,
        )

    def line(self, number: int) -> str:
        """A line of the list, from 1; GitHub shows lines of Markdown in its plain view only."""
        return f"{self.list_file}?plain=1#L{number}" if self.list_file else ""


NOWHERE = Addresses()


def room_below(marker: AnyMarker) -> int:
    """How many characters the text below a marker may have."""
    return LIMIT - len(render_marker(marker)) - _MARKER_GROWS


def how_to_answer(rows: Sequence[tuple[str, str]], undo: str, merged_first: str = "") -> str:
    """The table of answers, folded: the given ones first, `undo` last; and what becomes of answers that come late."""
    every = (
        *rows,
        ("take all of them out, for good", "close without merging"),
        ("be asked again in 30 days", f"label `{LATER.name}`, then close"),
        (
            "edit the entries yourself",
            "push to the branch, or review: the bot does not touch it any more",
        ),
        ("keep the bot off this branch", f"label `{HOLD.name}`"),
        ("have your edits dropped and this written anew", f"label `{REBUILD.name}`"),
        ("change your mind", undo),
    )
    table = "\n".join(["| to … | do this |", "|---|---|", *(f"| {a} | {b} |" for a, b in every)])
    more = (
        f"The next run follows your boxes; [more on answering]({_ANSWERING}). "
        f"{merged_first}{' ' if merged_first else ''}"
        "Checks that wait for approval: GitHub holds them on a pull request that the workflow's own token opened, "
        "until you approve them."
    )
    return folded("How to answer: not now, hands off, undo", f"{table}\n\n{more}")


def taken_out(
    lines: Sequence[str], heading: str = "Taken out", undo: str = "tick to put back"
) -> str:
    """The section of items that a person unticked, their boxes open; a line for each."""
    return f"### {heading} ({len(lines)}): {undo}\n\n" + "\n".join(lines)


def on_answer(verb: str, item: AnyItem, marker: AnyMarker) -> str:
    """`taken out on your answer of 12 May 2026`, if the marker has the day."""
    days = dict(marker.answered)
    return f"{verb} on your answer of {long_date(days[item])}" if item in days else verb


def long_date(day: date) -> str:
    """`12 May 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def code(text: str) -> str:
    """A file's name as code."""
    return f"`{text.replace('`', '')}`"


def linked(text: str, url: str) -> str:
    """Markdown text as a link, if there is an address."""
    return f"[{text}]({url})" if url else text


def folded(summary: str, inside: str) -> str:
    """What a reader opens if they want to."""
    return f"<details><summary>{html(summary)}</summary>\n\n{inside}\n\n</details>"


def footer(addresses: Addresses) -> str:
    """What made the text, and where that is set."""
    run = f" in {linked('this run', addresses.run)}" if addresses.run else ""
    change = (
        f" [Change what is proposed]({addresses.configuration})." if addresses.configuration else ""
    )
    return f"<sub>Made by arxiv-bot {__version__}{run}.{change}</sub>"
