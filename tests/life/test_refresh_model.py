"""Invariants of a refresh that hold whatever a maintainer does at any time and whatever changes on arXiv."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from bot.core.arxiv_id import ArxivId
from bot.core.model import OutcomeKind, Paper
from bot.listing.document import Document
from bot.listing.index import ListIndex
from bot.proposals.items import ChangeId
from bot.refresh.model import ChangeState
from tests.life.people import OPEN, SETTINGS, People
from tests.life.refreshing import RefreshWorld
from tests.life.world import START
from tests.servers.github import GitHubServer

NAMES = tuple(f"2402.{n:05}" for n in range(1, 10))
LACKING, COMPLETE = NAMES[:5], NAMES[5:]
VENUES = ("ICLR 2024", "ACL 2024", "EMNLP 2024", "ICML 2024")
WHICH = st.sampled_from(LACKING)


def title(name: str, edition: int = 1) -> str:
    if edition == 1:
        return f"On Judges that Learn from One Another, Part {name[-1]}"
    return f"How Judges Learn from One Another, Part {name[-1]}, Edition {edition}"


def entry(name: str, venue: str = "", doi: str = "-", authors: str = "-") -> str:
    where = f" *({venue or 'arXiv 2024'})*"
    facts = f"  - Authors: {authors}\n  - DOI: {doi}\n"
    return f"- **{title(name)}.**{where} [[pdf](https://arxiv.org/abs/{name})]\n{facts}"


LIST = (
    "# Awesome Judges\n\n## Papers\n\n### 2025\n\n"
    + "".join(entry(name, authors="Ada Lovelace, Alan Turing") for name in LACKING[:3])
    + "".join(entry(name) for name in LACKING[3:])
    + "\n### 2024\n\n"
    + "".join(
        entry(name, venue, f"10.1145/1234.{name[-1]}", "Ada Lovelace, Alan Turing")
        for name, venue in zip(COMPLETE, VENUES, strict=True)
    )
    + "\n## Contributing\n\nPlease do.\n"
)


class JudgesWorld(RefreshWorld):
    """A `RefreshWorld` with another list, whose facts are within lines and after labels."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.library.papers[:] = [
            Paper(
                ArxivId(name, 1),
                title(name),
                authors=("Ada Lovelace", "Alan Turing"),
                doi=f"10.1145/1234.{name[-1]}" if name in COMPLETE else "",
                submitted=START,
                updated=START,
            )
            for name in NAMES
        ]

    def paper(self, name: str) -> Paper:
        return next(paper for paper in self.library.papers if str(paper.id) == name)


@dataclass(frozen=True)
class Answered:
    """The answers on changes in a pull request before a run."""

    state: str
    later: bool
    retired: bool
    boxes: dict[str, bool]


class Refresher(People):
    """A maintainer of a list whose papers change."""

    world: JudgesWorld

    def __init__(self) -> None:
        super().__init__({"README.md": LIST}, JudgesWorld)

    # What happens on arXiv

    @rule(name=WHICH, number=st.integers(1, 3))
    def publish(self, name: str, number: int) -> None:
        self.world.say(name, comment=f"Accepted to {VENUES[number]}")

    @rule(name=WHICH, number=st.integers(1, 3))
    def give_doi(self, name: str, number: int) -> None:
        self.world.say(name, doi=f"10.1145/99.{number}")

    @rule(name=st.sampled_from(LACKING[3:]), more=st.sampled_from([(), ("Grace Hopper",)]))
    def correct_authors(self, name: str, more: tuple[str, ...]) -> None:
        self.world.say(name, authors=("Ada Lovelace", "Alan Turing", *more))

    @rule(name=WHICH)
    def rename(self, name: str) -> None:
        old = self.world.paper(name)
        version = (old.id.version or 1) + 1
        if version < 6:
            self.world.library.older.append(old)
            new = replace(old, id=ArxivId(name, version), title=title(name, version))
            self.world.library.papers[:] = [
                new if paper is old else paper for paper in self.world.library.papers
            ]

    @rule(name=WHICH, back=st.booleans())
    def withdraw(self, name: str, back: bool) -> None:
        self.world.say(name, comment="" if back else "This paper has been withdrawn by the authors")

    # Days go by

    @rule(days=st.sampled_from([1, 35]))
    def wait(self, days: int) -> None:
        self.world.wait(days)

    @rule()
    def bot(self) -> None:
        """Does a run, and compares the result with the state before it."""
        answered = self._answered()
        before = {n: (self._head(n), self.hub.pull(n).body) for n in self.world.open}
        report = self.world.bot()
        due = {str(change.change.id) for change in report.changes}
        declined = self._declined(answered, due)

        assert [] == [outcome.failure for outcome in report.outcomes if outcome.failure]
        assert OutcomeKind.RACE_LOST not in {outcome.kind for outcome in report.outcomes}
        new = {
            str(change.change.id)
            for change in report.changes
            if change.state is ChangeState.PROPOSED
        }
        assert not new & declined, "what was declined came back"
        for number, head in self.touched.items():
            if number in before:
                assert (head.decode(), before[number][1]) == (
                    self._head(number),
                    self.hub.pull(number).body,
                ), "what a person laid hands on was changed"
        self._each_is_in_one(declined)
        state, asked = self.hub.state(), len(self.server.asked)
        again = self.world.bot()
        assert {OutcomeKind.FROZEN} >= {outcome.kind for outcome in again.outcomes}, (
            "a second run did something"
        )
        assert state == self.hub.state(), "a second run changed something"
        assert all(request.startswith("GET") for request in self.server.asked[asked:])

    def _each_is_in_one(self, declined: set[str]) -> None:
        """Text and branch of an untouched batch agree, and no change is in two batches."""
        earlier: set[str] = set()
        for number in self.world.open:
            marker = self._marker(number)
            changes = set(marker["changes"])
            if number not in self.touched and not marker.get("retired"):
                assert not changes & earlier, "a change is in two pull requests"
                assert not changes & declined, "what was declined is in a pull request"
                boxes = self.world.text_of(number)
                assert changes == {name for name, ticked in boxes.items() if ticked}
                self._nothing_else_changes(number, {ChangeId.parse(change) for change in changes})
            earlier |= changes

    def _nothing_else_changes(self, number: int, changes: set[ChangeId]) -> None:
        base = self.hub.git.merge_base(self.hub.tip("main"), self._head(number))
        papers = {str(change.paper) for change in changes}
        old, new = (
            _entries(content)
            for content in (
                self.hub.git.read(base, "README.md"),
                self.hub.read(branch=self.hub.pull(number).branch),
            )
        )
        differ = {name for name in old if old[name] != new.get(name)}
        assert differ == papers, "another entry differs, or one that should differ does not"

    # What people do with git

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN, name=WHICH)
    def undo_an_entry(self, which: int, name: str) -> None:
        """Reverts one entry on the branch to its text on the default branch."""
        number = self._one(which)
        branch = self.hub.pull(number).branch
        content = self.hub.read(branch=branch)
        old, new = _entries(self.hub.read()).get(name), _entries(content).get(name)
        if old and new and old != new:
            self.hub.push(content.replace(new, old), branch=branch)
            self._touch(number)

    @rule(name=WHICH)
    def fill_by_hand(self, name: str) -> None:
        content, authors = self.hub.read().decode(), ", ".join(self.world.paper(name).authors)
        self.hub.push_base(
            content.replace(f"{title(name)}.** *(", f"{title(name)}.** {authors}. *(").encode()
        )

    @rule(name=WHICH, old=st.sampled_from([*VENUES, "arXiv 2024"]), new=st.sampled_from(VENUES))
    def publish_by_hand(self, name: str, old: str, new: str) -> None:
        content = self.hub.read()
        if mine := _entries(content).get(name):
            edited = mine.replace(f"*({old})*".encode(), f"*({new})*".encode())
            self.hub.push_base(content.replace(mine, edited))

    @rule()
    def edit_list(self) -> None:
        self.hub.push_base(self.hub.read().replace(b"Please do", b"Please, do"))

    # All is answered

    @rule(accept=st.booleans())
    def answer_all(self, accept: bool) -> None:
        """Merges or closes all pull requests; then nothing is left to propose."""
        for _ in range(4):
            self.bot()
            for number in self.world.open:
                self.touched.pop(number, None)
                merges = self.hub.git.merge_tree(self.hub.tip("main"), self._head(number))
                if accept and merges is not None:
                    self.hub.merge(number)
                else:
                    self.hub.close(number)
        report = self.world.bot()

        assert [] == self.world.open
        assert {ChangeState.DECLINED, ChangeState.SNOOZED} >= {
            change.state for change in report.changes
        }

    # What is known

    def _answered(self) -> list[Answered]:
        """The answers in the pull requests, ordered so that the one that counts is last: open, else answered last."""
        ordered = sorted(
            self.hub.pulls, key=lambda pull: (pull.state == "open", pull.closed or "", pull.number)
        )
        found = []
        for pull in ordered:
            marker, boxes = self._marker(pull.number), self.world.text_of(pull.number)
            taken = dict.fromkeys(marker.get("declined", ()), False)
            named = {**dict.fromkeys(marker["changes"], True), **taken}
            ticks = {name: boxes.get(name, was) for name, was in named.items()}
            later = "arxiv-bot:later" in pull.labels
            found.append(Answered(pull.state, later, bool(marker.get("retired")), ticks))
        return found

    def _declined(self, answered: list[Answered], due: set[str]) -> set[str]:
        """The declined changes by the documented rules."""
        said: dict[str, bool] = {}
        for answer in answered:
            for name, ticked in answer.boxes.items():
                if answer.state == "closed" and ticked and answer.retired:
                    continue
                closed = answer.state == "closed" and not answer.later
                undone = answer.state == "merged" and name in due
                said[name] = not ticked or closed or undone
        return {name for name, is_so in said.items() if is_so}

    @invariant()
    def one_is_open(self) -> None:
        reopened = sum(any(e.kind == "reopened" for e in pull.events) for pull in self.hub.pulls)
        assert len(self.world.open) <= 1 + reopened


def _entries(content: bytes) -> dict[str, bytes]:
    """The bytes of each entry, by its papers."""
    document = Document.parse(content)
    return {
        str(entry.ids[0]): content[
            document.entries[entry.entry].start : document.entries[entry.entry].end
        ]
        for entry in ListIndex.build(document).listed
        if entry.ids
    }


def test_the_model_has_all_kinds_of_changes():
    with GitHubServer({"README.md": LIST.encode()}) as server:
        world = JudgesWorld(server)
        world.say(LACKING[0], comment="Accepted to ACL 2024", doi="10.1145/99.1")
        world.say(LACKING[1], comment="This paper has been withdrawn by the authors")
        old = world.paper(LACKING[2])
        world.library.older.append(old)
        world.say(LACKING[2], title=title(LACKING[2], 2), id=ArxivId(LACKING[2], 2))
        world.bot()

        facts = ("venue", "doi", "withdrawal", "title", "authors", "authors")
        names = (*LACKING[:1], *LACKING[:3], *LACKING[3:])
        pairs = zip(names, facts, strict=True)
        assert {f"{name}/{fact}" for name, fact in pairs} == set(world.changes_in(1))


Refresher.TestCase.settings = SETTINGS
TestRefresher = pytest.mark.deep(Refresher.TestCase)
