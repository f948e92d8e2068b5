"""Invariants of batches that hold whatever a maintainer does at any time, over days of announcements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from bot.core.model import OutcomeKind, Verdict
from tests.life.people import OPEN, SETTINGS, People
from tests.life.several import ARCHIVE, JUDGES, OTHERS, SeveralWorld
from tests.life.world import LIST, World, paper


class Maintainer(People):
    """A maintainer of a list that grows."""

    kind: ClassVar[type[World]] = World
    others: ClassVar[Mapping[str, str]] = {}

    def __init__(self) -> None:
        super().__init__({"README.md": LIST, **self.others}, self.kind, max_items=3, max_open=2)
        self.announced = 0
        self.unsure = 500

    # Days go by

    @rule(count=st.integers(1, 4))
    def announce(self, count: int) -> None:
        self.world.announce(*range(self.announced + 1, self.announced + count + 1))
        self.announced += count

    @rule(count=st.integers(1, 2))
    def announce_unsure(self, count: int) -> None:
        """Announces papers for "Perhaps"; other rules check what becomes of them."""
        self.world.announce_unsure(*range(self.unsure + 1, self.unsure + count + 1))
        self.unsure += count

    @rule(days=st.sampled_from([1, 7, 35]), count=st.integers(0, 2))
    def wait(self, days: int, count: int) -> None:
        """Waits some days, and does a run on the last one."""
        self.world.wait(days)
        self.announce(count)
        self.bot()

    @rule()
    def bot(self) -> None:
        """Does a run, and compares the result with the state before it."""
        declined = self._declined()
        heads = {n: self._head(n) for n in self.world.open}
        bodies = {n: self.hub.pull(n).body for n in self.world.open}
        report = self.world.bot()

        assert [] == [outcome.failure for outcome in report.outcomes if outcome.failure]
        assert OutcomeKind.RACE_LOST not in {outcome.kind for outcome in report.outcomes}
        proposed = {str(decision.candidate.paper.id) for decision in report.proposed}
        assert not proposed & declined, "what was declined came back"
        assert not proposed & set(self.world.listed()), "what is listed was proposed"
        for number, head in self.touched.items():
            if number in heads:
                assert head == self._head(number).encode(), "a touched branch was moved"
                assert bodies[number] == self.hub.pull(number).body, "a touched text was changed"
        self._nothing_is_lost(
            {str(decision.candidate.paper.id): decision.verdict for decision in report.decisions}
        )
        self._untouched_ones_agree()
        state, asked = self.hub.state(), len(self.server.asked)
        again = self.world.bot()
        assert {OutcomeKind.FROZEN} >= {outcome.kind for outcome in again.outcomes}, (
            "a second run did something"
        )
        assert state == self.hub.state(), "a second run changed something"
        assert all(request.startswith("GET") for request in self.server.asked[asked:])

    def _nothing_is_lost(self, verdicts: dict[str, Verdict]) -> None:
        declined, listed = self._declined(), set(self.world.listed())
        pending = {name for n in self.world.open for name in self._named(n)}
        for number in range(1, self.announced + 1):
            name = str(paper(number).id)
            held = verdicts.get(name) is Verdict.HOLD
            assert name in listed | pending | declined or held, f"{name} was lost"

    def _untouched_ones_agree(self) -> None:
        """Branch and text of a batch name the same papers, and no paper is in two batches."""
        earlier: set[str] = set()
        for number in self._batches():
            papers = set(self._marker(number)["papers"])
            reopened = self._marker(number).get("retired")  # all its papers are decided elsewhere
            if number not in self.touched and not reopened:
                assert papers == self.world.new_in(number), "branch and text differ"
                ticks = self.world.text_of(number)
                assert papers == {name for name, ticked in ticks.items() if ticked}
                assert not papers & earlier, "a paper is in two batches"
            earlier |= papers

    # What people do with git

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN, line=st.integers(0, 3))
    def delete_line(self, which: int, line: int) -> None:
        number = self._one(which)
        branch = self.hub.pull(number).branch
        lines = self.hub.read(branch=branch).splitlines(keepends=True)
        mine = [
            entry
            for entry in lines
            if any(name.encode() in entry for name in self.world.new_in(number))
        ]
        if mine:
            lines.remove(mine[line % len(mine)])
            self.hub.push(b"".join(lines), branch=branch)
            self._touch(number)

    @precondition(lambda self: self.announced)
    @rule(which=st.integers(0, 30), year=st.sampled_from(["2025", "2023"]))
    def add_by_hand(self, which: int, year: str) -> None:
        added = paper(which % self.announced + 1)
        content = self.hub.read().decode()
        if str(added.id) not in content and f"### {year}\n\n" in content:
            entry = f"- [{added.title}](https://arxiv.org/pdf/{added.id}v2)\n"
            self.hub.push_base(
                content.replace(f"### {year}\n\n", f"### {year}\n\n{entry}").encode()
            )

    @rule(rename=st.booleans())
    def edit_list(self, rename: bool) -> None:
        content = self.hub.read()
        if rename:
            old, new = (b"### 2025\n", b"### Year 2025\n")
            if old not in content:
                old, new = new, old
            self.hub.push_base(content.replace(old, new))
        else:
            self.hub.push_base(content.replace(b"Please do", b"Please, do"))

    # What is known

    def _named(self, number: int) -> set[str]:
        marker = self._marker(number)
        named = marker.get("papers", marker.get("removals", ()))
        return {*named, *marker.get("perhaps", ()), *marker.get("declined", ())}

    def _batches(self) -> list[int]:
        """The open batches of papers, without batches of removals."""
        return [number for number in self.world.open if "papers" in self._marker(number)]

    def _declined(self) -> set[str]:
        """The declined papers by the documented rules: an open pull request counts, else the one answered last."""
        ordered = sorted(
            self.hub.pulls, key=lambda pull: (pull.state == "open", pull.closed or "", pull.number)
        )
        said: dict[str, bool] = {}
        for pull in ordered:
            marker, boxes = self._marker(pull.number), self.world.text_of(pull.number)
            if "papers" not in marker:
                continue
            for name in self._named(pull.number):
                ticked = boxes.get(name, name in marker["papers"])
                passed_over = name in marker.get("perhaps", ()) and not ticked
                declined = not ticked and not passed_over
                if pull.state == "closed" and not declined:
                    later = "arxiv-bot:later" in pull.labels
                    if marker.get("retired"):
                        continue
                    declined = not later
                if pull.state == "merged" and name not in self.world.listed():
                    declined = declined or passed_over or name in marker["papers"]
                said[name] = declined
        return {name for name, is_so in said.items() if is_so}

    @invariant()
    def at_most_two_are_open(self) -> None:
        reopened = sum(any(e.kind == "reopened" for e in pull.events) for pull in self.hub.pulls)
        assert len(self._batches()) <= 2 + reopened
        assert len(self.world.open) - len(self._batches()) <= 1 + reopened


Maintainer.TestCase.settings = SETTINGS
TestMaintainer = pytest.mark.deep(Maintainer.TestCase)


class TwoFiles(SeveralWorld):
    """A world in which every second paper belongs to the second file; "listed" is in any of the two."""

    def announce(self, *numbers: int, days_ago: float = 3) -> None:
        super().announce(*(number for number in numbers if number % 2), days_ago=days_ago)
        self.announce_judges(*(number for number in numbers if not number % 2))

    def listed(self, branch: str = "", path: str = "") -> list[str]:
        paths = [path] if path else ["README.md", JUDGES]
        return [name for each in paths for name in super(TwoFiles, self).listed(branch, each)]

    def new_in(self, number: int, path: str = "") -> set[str]:
        return super().new_in(number, path)


class MaintainerOfTwoFiles(Maintainer):
    """A maintainer of a list of two files and an archive."""

    kind = TwoFiles
    others: ClassVar[Mapping[str, str]] = OTHERS

    @rule()
    def edit_second_file(self) -> None:
        row = f"| [By Hand](https://arxiv.org/abs/2509.{len(self.hub.git.branches()):05}) | 2025-09 |\n"
        page = self.hub.read(JUDGES).decode()
        if row not in page:
            page = page.replace("|---|---|\n", f"|---|---|\n{row}")
            self.hub.push_base(page.encode(), path=JUDGES)

    @invariant()
    def the_archive_stays(self) -> None:
        for branch in self.hub.git.branches():
            assert OTHERS[ARCHIVE].encode() == self.hub.read(ARCHIVE, branch)


MaintainerOfTwoFiles.TestCase.settings = SETTINGS
TestMaintainerOfTwoFiles = pytest.mark.deep(MaintainerOfTwoFiles.TestCase)
