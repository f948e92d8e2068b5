"""A list on the test GitHub whose entries are outdated, and the bot that refreshes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.refresh.run import refresh
from tests.life.scenarios import Scenario
from tests.life.world import START, Stream, World

COMPLETE = 3  # entries from which the bot learns the form
LACKING = ("2502.00001", "2502.00002", "2502.00003")
RENAMED, WITHDRAWN = "2503.00001", "2503.00002"
AUTHORS = "  - Authors: Ada Lovelace, Alan Turing\n"
UNKNOWN = "  - Authors: -\n"


def entry(name: str, title: str, authors: str = AUTHORS) -> str:
    return f"- [{title}](https://arxiv.org/abs/{name})\n{authors}"


LIST = (
    "# Awesome RLAIF\n\n## Papers\n\n### 2025\n\n"
    + entry(WITHDRAWN, "A Claim that Did Not Hold")
    + entry(RENAMED, "Judges that Learn from Their Own Mistakes")
    + "".join(
        entry(name, f"A Paper that Lacks Facts, Part {name[-1]}", UNKNOWN) for name in LACKING
    )
    + "\n### 2024\n\n"
    + "".join(entry(f"2402.0000{n}", f"A Complete Entry, Part {n}") for n in range(1, 4))
    + "\n## Contributing\n\nPlease do.\n"
)


class Library(Stream):
    """A small fake of arXiv that also knows older versions."""

    def __init__(self) -> None:
        super().__init__()
        self.older: list[Paper] = []

    def versions(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        wanted = {(paper_id.value, paper_id.version) for paper_id in ids}
        return tuple(
            version for version in self.older if (version.id.value, version.id.version) in wanted
        )


class RefreshWorld(World):
    """A `World` in which the bot refreshes entries; at first, only the authors of three entries are missing."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.library = Library()
        self.arxiv = self.library
        names = [*LACKING, RENAMED, WITHDRAWN, *(f"2402.0000{n}" for n in range(1, 4))]
        titles = {
            RENAMED: "Judges that Learn from Their Own Mistakes",
            WITHDRAWN: "A Claim that Did Not Hold",
        }
        for name in names:
            part = "Lacks Facts" if name in LACKING else "Complete Entry"
            title = titles.get(name, f"A Paper that {part}, Part {name[-1]}")
            self.library.papers.append(
                Paper(
                    ArxivId(name, 1),
                    title.replace("A Paper that Complete", "A Complete"),
                    authors=("Ada Lovelace", "Alan Turing"),
                    submitted=START,
                    updated=START,
                )
            )

    def bot(self, since: object = None) -> Any:
        """Does a refresh, some time after the last event."""
        self.wait(0.01)
        return self.bot_now(since)

    def bot_now(self, since: object = None) -> Any:
        """Does a refresh at the current time."""
        del since
        return refresh(
            self.config, source=self.library, of="arXiv", forge=self.forge(), now=self.now
        )

    def say(self, name: str, **facts: Any) -> None:
        """Changes what arXiv says about a paper."""
        self.library.papers[:] = [
            replace(paper, **facts) if str(paper.id) == name else paper
            for paper in self.library.papers
        ]

    def rename(self, title: str) -> None:
        """Adds a new version of a paper with another title."""
        (old,) = (paper for paper in self.library.papers if str(paper.id) == RENAMED)
        self.library.older.append(old)
        version = (old.id.version or 1) + 1
        self.say(RENAMED, title=title, id=ArxivId(RENAMED, version), updated=self.now)

    def withdraw(self) -> None:
        """Withdraws a paper."""
        self.say(WITHDRAWN, comment="This paper has been withdrawn by the authors")

    def changes_in(self, number: int) -> dict[str, bool]:
        """The changes in a pull request's text as `paper/fact`, and whether they are ticked."""
        return {name.rpartition("/")[0]: tick for name, tick in self.text_of(number).items()}

    def untick_change(self, number: int, change: str) -> None:
        """Unticks the box of a change, given as `paper/fact`."""
        (name,) = (line for line in self.text_of(number) if line.startswith(f"{change}/"))
        self.hub.untick(number, name)


def _nothing(world: World) -> None:
    del world


def _growing(world: World) -> None:
    assert isinstance(world, RefreshWorld)
    world.bot()
    world.withdraw()


def _unticked(world: World) -> None:
    assert isinstance(world, RefreshWorld)
    world.bot()
    world.untick_change(1, f"{LACKING[0]}/authors")


def _conflicting(world: World) -> None:
    world.bot()
    changed = LIST.replace("Lacks Facts, Part 2", "Lacks No Facts, Part 2")
    world.hub.push_base(changed.encode())


def _all_made(world: World) -> None:
    world.bot()
    branch = world.hub.pull(1).branch
    world.hub.push_base(world.hub.read(branch=branch))


REFRESHES = tuple(
    Scenario(
        f"refresh, {name}", before, {"reviewers": ["maintainer"]}, kind=RefreshWorld, content=LIST
    )
    for name, before in (
        ("first", _nothing),
        ("growing", _growing),
        ("a box unticked", _unticked),
        ("rebuilt on conflict", _conflicting),
        ("all made by hand", _all_made),
    )
)
