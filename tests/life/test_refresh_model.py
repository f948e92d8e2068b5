"""A maintainer who does anything at any time, against papers that change: what must hold of refreshes."""

from __future__ import annotations

import os
import re

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from bot.model import OutcomeKind
from bot.refreshing.report import Answer, RefreshReport
from tests.life.refreshing import AUTHORS, LACKING, LIST, RENAMED, WITHDRAWN, RefreshWorld
from tests.servers.github import GitHubServer
from tests.servers.github.answers import Refusal

OPEN = st.integers(0, 5)
_TITLES = ("Judges that Err", "Judges that Learn", "Judges, and How They Learn")
_NAMES = (("Ada Lovelace", "Alan Turing"), ("Ada Lovelace", "Alan Turing", "Grace Hopper"))


class Maintainer(RuleBasedStateMachine):
    """What people do is done to the test GitHub, and what arXiv says to the library."""

    def __init__(self) -> None:
        super().__init__()
        self.server = GitHubServer({"README.md": LIST.encode()})
        self.server.__enter__()
        self.world = RefreshWorld(self.server)
        self.hub = self.world.hub
        self.touched: dict[int, str] = {}

    def teardown(self) -> None:
        problems, self.hub.problems = self.hub.problems, []
        self.server.__exit__(None)
        assert [] == problems

    # What arXiv says

    @rule(which=st.integers(0, 2), names=st.sampled_from(_NAMES))
    def other_authors(self, which: int, names: tuple[str, ...]) -> None:
        self.world.say(LACKING[which], authors=names)

    @rule(title=st.sampled_from(_TITLES))
    def rename(self, title: str) -> None:
        self.world.rename(title)

    @rule(comment=st.sampled_from(["", "This paper has been withdrawn by the authors"]))
    def withdraw(self, comment: str) -> None:
        self.world.say(WITHDRAWN, comment=comment)

    @rule(days=st.sampled_from([1, 35]))
    def wait(self, days: int) -> None:
        self.world.wait(days)
        self.bot()

    @rule()
    def bot(self) -> None:
        """A refresh; what it must and must not have done is checked against how things stood before it."""
        declined = self._declined()
        was_open = set(self.world.open)
        bodies = {number: self.hub.pull(number).body for number in was_open}
        report = self.world.bot()

        assert () == report.failures
        assert OutcomeKind.RACE_LOST not in {one.kind for one in report.outcomes}
        for number in was_open & set(self.touched):
            assert self.touched[number] == self._head(number), "a touched branch was moved"
            assert bodies[number] == self.hub.pull(number).body, "a touched text was changed"
        self._every_change_has_an_answer(report, declined)
        self._untouched_ones_agree()
        state, asked = self.hub.state(), len(self.server.asked)
        again = self.world.bot()
        assert {OutcomeKind.FROZEN} >= {one.kind for one in again.outcomes}
        assert state == self.hub.state(), "a second run changed something"
        assert all(one.startswith("GET") for one in self.server.asked[asked:])

    def _every_change_has_an_answer(self, report: RefreshReport, declined: set[str]) -> None:
        is_open = {name for number in self.world.open for name in self._named(number)}
        for change, how in report.changes:
            name = str(change.id)
            if how.answer in {Answer.PROPOSED, Answer.PENDING}:
                assert name in is_open, f"{name} is {how.answer.value}, and in none"
            if how.answer is Answer.PROPOSED:
                assert name not in declined, f"{name} was declined and came back"
            if how.answer is Answer.DECLINED:
                assert name in declined, f"{name} was never declined"

    def _untouched_ones_agree(self) -> None:
        """A branch has what its text offers and nothing else, beside what the list has."""
        main = self.hub.read().decode()
        for number in self.world.open:
            marker = self.world.marker_of(number)
            if number in self.touched or marker.get("retired"):
                continue
            offered = {name for name, tick in self.world.text_of(number).items() if not tick}
            assert set(marker["changes"]) == offered
            text = self.hub.read(branch=self.hub.pull(number).branch).decode()
            facts = {name.rpartition("/")[0] for name in offered}
            for name in LACKING:
                filled = rf"{name}\)\n  - Authors"
                wanted = f"{name}/authors" in facts or re.search(filled, main)
                assert bool(re.search(filled, text)) == bool(wanted), f"authors of {name}"
            stays = WITHDRAWN in main and f"{WITHDRAWN}/withdrawal" not in facts
            assert (WITHDRAWN in text) == stays, "the withdrawn paper"
            renamed = self._title_in(text) != self._title_in(main)
            assert renamed == (f"{RENAMED}/title" in facts), "the title"

    # What people do on pages

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN, way=st.sampled_from(["merge", "squash"]))
    def merge(self, which: int, way: str) -> None:
        number = self._one(which)
        if self.hub.git.merge_tree(self.hub.tip("main"), self._head(number)) is not None:
            getattr(self.hub, way)(number)
            self.touched.pop(number, None)

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN, later=st.booleans())
    def close(self, which: int, later: bool) -> None:
        number = self._one(which)
        if later:
            self.hub.label(number, "arxiv-bot:later")
        self.hub.close(number)

    @precondition(lambda self: any(one.state == "closed" for one in self.hub.pulls))
    @rule(which=OPEN)
    def reopen(self, which: int) -> None:
        closed = [one.number for one in self.hub.pulls if one.state == "closed"]
        number = closed[which % len(closed)]
        try:
            self.hub.reopen(number)
        except Refusal:
            return
        if "arxiv-bot:later" in self.hub.pull(number).labels:
            self.hub.unlabel(number, "arxiv-bot:later")

    @precondition(lambda self: self.world.open)
    @rule(
        which=OPEN, box=st.integers(0, 4), marks=st.sampled_from([("[ ]", "[x]"), ("[x]", "[ ]")])
    )
    def click(self, which: int, box: int, marks: tuple[str, str]) -> None:
        number, (old, new) = self._one(which), marks
        body = self.hub.pull(number).body
        found = [
            one.start() for one in re.finditer(rf"^- {re.escape(old)} <!--", body, re.MULTILINE)
        ]
        if found:
            at = found[box % len(found)] + 2
            self.hub.edit_body(number, body[:at] + new + body[at + 3 :])

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN, how=st.sampled_from(["hold", "review", "push", "merge when ready"]))
    def touch(self, which: int, how: str) -> None:
        number = self._one(which)
        branch = self.hub.pull(number).branch
        if how == "hold":
            self.hub.label(number, "arxiv-bot:hold")
        elif how == "review":
            self.hub.review(number, "COMMENTED")
        elif how == "push":
            self.hub.push(self.hub.read(branch=branch) + b"\nA note.\n", branch=branch)
        else:
            self.hub.merge_when_ready(number)
        self.touched[number] = self._head(number)

    @precondition(lambda self: self.world.open)
    @rule(which=OPEN)
    def update_branch(self, which: int) -> None:
        number = self._one(which)
        behind = not self.hub.git.is_ancestor(self.hub.tip("main"), self._head(number))
        if behind and self.hub.git.merge_tree(self._head(number), self.hub.tip("main")) is not None:
            self.hub.update_branch(number)
            if number in self.touched:
                self.touched[number] = self._head(number)

    # What people do to the list

    @rule(which=st.integers(0, 2))
    def fill_in(self, which: int) -> None:
        """Adds the authors of an entry by hand, or takes them out."""
        content, name = self.hub.read().decode(), LACKING[which]
        there = re.search(rf"{name}\)\n(  - Authors: [^\n]+\n)", content)
        if there:
            content = content[: there.start(1)] + content[there.end(1) :]
        else:
            content = content.replace(f"{name})\n", f"{name})\n{AUTHORS}")
        self.hub.push_base(content.encode())

    @rule()
    def edit_elsewhere(self) -> None:
        self.hub.push_base(self.hub.read().replace(b"Please do", b"Please, do"))

    # What is known

    def _one(self, which: int) -> int:
        return self.world.open[which % len(self.world.open)]

    def _head(self, number: int) -> str:
        return self.hub.tip(self.hub.pull(number).branch)

    def _title_in(self, text: str) -> str:
        found = re.search(rf"\[([^\]]+)\]\(https://arxiv.org/abs/{RENAMED}\)", text)
        return found[1] if found else ""

    def _named(self, number: int) -> set[str]:
        marker = self.world.marker_of(number)
        return {*marker["changes"], *marker.get("declined", ())}

    def _declined(self) -> set[str]:
        """By the rules as people are told them; a change that was merged counts only while it is called for."""
        ordered = sorted(
            self.hub.pulls, key=lambda one: (one.state == "open", one.closed or "", one.number)
        )
        said: dict[str, bool] = {}
        for one in ordered:
            marker, boxes = self.world.marker_of(one.number), self.world.text_of(one.number)
            for name in self._named(one.number):
                declined = boxes.get(name, name in marker.get("declined", ()))
                if one.state == "closed" and not declined:
                    if marker.get("retired"):
                        continue
                    declined = "arxiv-bot:later" not in one.labels
                said[name] = declined or one.state == "merged"
        return {name for name, is_so in said.items() if is_so}


Maintainer.TestCase.settings = settings(
    max_examples=int(os.environ.get("LIFE_EXAMPLES", "15")),
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestMaintainer = Maintainer.TestCase
