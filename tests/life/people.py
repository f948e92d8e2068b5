"""A state machine for a maintainer who does anything at any time to the bot's pull requests, on GitHub and with git."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.life.world import World
from tests.servers.github import GitHubServer
from tests.servers.github.answers import Refusal

OPEN = st.integers(0, 5)
SETTINGS = settings(
    max_examples=int(os.environ.get("LIFE_EXAMPLES", "30")),
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class People(RuleBasedStateMachine):
    """Applies what people do to the test GitHub; `touched` records the pull requests that they changed."""

    def __init__(self, files: Mapping[str, str], world: type[World], **options: Any) -> None:
        super().__init__()
        self.server = GitHubServer({path: text.encode() for path, text in files.items()})
        self.server.__enter__()
        self.world = world(self.server, **options)
        self.hub = self.world.hub
        self.touched: dict[int, bytes] = {}

    def teardown(self) -> None:
        problems, self.hub.problems = self.hub.problems, []
        self.server.__exit__(None)
        assert [] == problems

    # What people do on pages

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN, way=st.sampled_from(["merge", "squash", "rebase"]))
    def merge(self, which: int, way: str) -> None:
        number = self._one(which)
        if self.hub.git.merge_tree(self.hub.tip("main"), self._head(number)) is None:
            return
        try:
            getattr(self.hub, way)(number)
        except AssertionError:  # the single commits conflict, although all together do not
            return
        self.touched.pop(number, None)

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN, later=st.booleans())
    def close(self, which: int, later: bool) -> None:
        number = self._one(which)
        if later:
            self.hub.label(number, "arxiv-bot:later")
        self.hub.close(number)

    @precondition(lambda self: any(pull.state == "closed" for pull in self.hub.pulls))
    @rule(which=OPEN)
    def reopen(self, which: int) -> None:
        closed = [pull.number for pull in self.hub.pulls if pull.state == "closed"]
        number = closed[which % len(closed)]
        try:
            self.hub.reopen(number)
        except Refusal:
            return
        if "arxiv-bot:later" in self.hub.pull(number).labels:
            self.hub.unlabel(number, "arxiv-bot:later")

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN, box=st.integers(0, 3))
    def tick(self, which: int, box: int) -> None:
        self._click(self._one(which), box, "[ ]", "[x]")

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN, box=st.integers(0, 3))
    def untick(self, which: int, box: int) -> None:
        self._click(self._one(which), box, "[x]", "[ ]")

    def _click(self, number: int, box: int, old: str, new: str) -> None:
        body = self.hub.pull(number).body
        boxes = [
            match.start() for match in re.finditer(rf"^- {re.escape(old)} <!--", body, re.MULTILINE)
        ]
        if boxes:
            at = boxes[box % len(boxes)] + 2
            self.hub.edit_body(number, body[:at] + new + body[at + 3 :])

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN)
    def hold(self, which: int) -> None:
        number = self._one(which)
        if "arxiv-bot:hold" not in self.hub.pull(number).labels:
            self.hub.label(number, "arxiv-bot:hold")
        self._touch(number)

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN)
    def review(self, which: int) -> None:
        number = self._one(which)
        self.hub.review(number, "COMMENTED")
        self._touch(number)

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN)
    def merge_when_ready(self, which: int) -> None:
        number = self._one(which)
        self.hub.merge_when_ready(number)
        self._touch(number)

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN)
    def unlabel(self, which: int) -> None:
        number = self._one(which)
        if "arxiv-bot" in self.hub.pull(number).labels:
            self.hub.unlabel(number, "arxiv-bot")

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN)
    def update_branch(self, which: int) -> None:
        number = self._one(which)
        behind = not self.hub.git.is_ancestor(self.hub.tip("main"), self._head(number))
        if behind and self.hub.git.merge_tree(self._head(number), self.hub.tip("main")) is not None:
            self.hub.update_branch(number)
            if number in self.touched:
                self._touch(number)

    # What people do with git

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN)
    def push(self, which: int) -> None:
        number = self._one(which)
        branch = self.hub.pull(number).branch
        self.hub.push(self.hub.read(branch=branch) + b"\nA note.\n", branch=branch)
        self._touch(number)

    # What is known

    def _one(self, which: int) -> int:
        return self.world.open[which % len(self.world.open)]

    def _head(self, number: int) -> str:
        return self.hub.git.resolve(f"refs/heads/{self.hub.pull(number).branch}") or ""

    def _touch(self, number: int) -> None:
        self.touched[number] = self._head(number).encode()

    def _marker(self, number: int) -> dict[str, Any]:
        return self.world.marker_of(number)
