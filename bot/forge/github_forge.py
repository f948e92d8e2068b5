"""The list in a repository on GitHub: how its batches are read, looked at, opened, changed and closed.

Nothing is visible before a branch is made or moved, and that happens before its pull request is opened or its text
changed: a run that dies in between leaves a branch that is ahead of its text, which the next run finds and finishes.
A branch only ever moves forward, from the commit it was read at; a text is only written over the one that was read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.core.errors import ForgeError, ForgeSetupError, ListError, MovedError
from bot.core.model import Outcome, OutcomeKind
from bot.forge.github_api import GitHub
from bot.forge.refusals import RuleError
from bot.forge.state import read_state
from bot.proposals.anchors import transplant
from bot.proposals.commits import (
    Commit,
    ancestors,
    base_of,
    is_sealed,
    render_trailers,
)
from bot.proposals.items import papers_among
from bot.proposals.labels import HOLD, REBUILD
from bot.proposals.marker import AnyMarker, compose
from bot.proposals.model import (
    AnyBatch,
    Closing,
    ForgeState,
    Inspection,
    Proposal,
    Pull,
    PullState,
    describe,
    difference,
)

_CHANGED = frozenset({OutcomeKind.CREATED, OutcomeKind.UPDATED})
_MOST_BRANCHES = 100  # numbered ones, of one batch
_APPLIED = "The branch has what is ticked"
_WAITING = "Boxes were ticked or unticked: wait for the next run before you merge"
_TRIES = 3  # to learn whether a pull request merges
_PAUSE = 2.0  # seconds between them


class GitHubForge:
    """A list in a repository.

    Args:
        github: the repository.
        path: the list's file in it.
        sleep: waits for a number of seconds.
    """

    def __init__(self, github: GitHub, path: str, sleep: Callable[[float], None]) -> None:
        self._github = github
        self._path = path
        self._sleep = sleep
        self._seen: dict[int, str] = {}  # the heads of the pull requests that were read

    # Reading

    def read(self) -> ForgeState:
        """Reads the list at the default branch's newest commit, the bot's branches, and every pull request.

        Raises:
            ForgeError: GitHub can't be asked, or refuses.
            ListError: the repository has no such list.
        """
        state, self._seen = read_state(self._github, self._path)
        return state

    # Looking closely

    def examine(self, batch: AnyBatch, *, conflicts: bool) -> Inspection:
        """Whether people have touched an open batch; with `conflicts` also whether it conflicts with the list."""
        pull = batch.pull
        if pull is None or pull.has(REBUILD.name):
            return Inspection(conflicts=True)
        if batch.head != batch.marker.head and (why := self._touched(batch, pull)):
            return Inspection(frozen=why)
        if people := self._github.reviewers(pull.number):
            return Inspection(frozen=f"reviewed by {', '.join(people)}")
        return Inspection(conflicts=self._conflicts(pull) if conflicts else None)

    def _touched(self, batch: AnyBatch, pull: Pull) -> str:
        """Why a branch that is not where its text says is a person's by now; "" where it is the bot's own still.

        The bot's own is one that a run moved and then died, or that "Update branch" merged the default branch into.
        What came before the commit that the bot left the branch at was judged when it did.
        """
        commits = {commit.sha: commit for commit in self._github.commits(pull.number)}
        if batch.head not in commits or batch.marker.head not in commits:
            return "a person moved its branch"
        judged = ancestors(batch.marker.head, commits)
        foreign = [
            commit
            for commit in commits.values()
            if commit.sha not in judged and not is_sealed(commit)
        ]
        if not all(self._is_update(commit, commits) for commit in foreign) or (
            foreign and self._github.changed(pull.number) - {self._path}
        ):
            return "a person pushed to its branch"
        return ""

    def _is_update(self, commit: Commit, commits: dict[str, Commit]) -> bool:
        """Whether a commit merges the default branch and leaves the list as the button "Update branch" does."""
        if len(commit.parents) != 2 or commit.parents[0] not in commits:
            return False
        ours, theirs = commit.parents
        try:
            before = self._github.content(self._path, base_of(commits[ours], commits))
            after = self._github.content(self._path, ours)
            onto = self._github.content(self._path, theirs)
            merged = self._github.content(self._path, commit.sha)
        except ListError:
            return False
        return transplant(before, after, onto) == merged

    def _conflicts(self, pull: Pull) -> bool | None:
        """GitHub finds out in the background, once asked."""
        for left in reversed(range(_TRIES)):
            merges = self._github.merges(pull.number)
            if merges is not None:
                return not merges
            if left:
                self._sleep(_PAUSE)
        return None

    # Opening and changing

    def mark_waiting(self, batch: AnyBatch) -> None:
        """Sets the status of the branch's newest commit to pending, unless it is: its boxes differ from the branch."""
        if self._github.status(batch.head) != "pending":
            self._github.set_status(batch.head, "pending", _WAITING)

    def ensure(self, proposal: Proposal) -> Outcome:
        """Makes branch, pull request and labels, or changes branch and text of a batch that is there."""
        kind, pull, detail, failure = OutcomeKind.FAILED, proposal.pull, "", ""
        try:
            if pull is None:
                pull = self._open(proposal)
                self._label_and_request_review(pull, proposal.labels, proposal.reviewers)
                kind = OutcomeKind.CREATED
            else:
                kind, pull = OutcomeKind.UPDATED, self._change(proposal, pull)
        except MovedError as error:
            kind, detail = OutcomeKind.RACE_LOST, error.message
        except (ForgeError, ListError) as error:
            failure = str(error)
        title, number, url = describe(pull, proposal.title)
        diff = difference(proposal) if kind in _CHANGED else ""
        return Outcome(kind, title, number, url, proposal.papers, failure, detail, diff=diff)

    def _open(self, proposal: Proposal) -> Pull:
        head = self._made(proposal, None)
        if head != proposal.head:
            self._github.move(proposal.branch, proposal.head, head)
        for pull in self._github.newest_pulls():
            if pull.number not in self._seen and proposal.has_rival(pull):
                raise MovedError(f"#{pull.number} was opened with the same papers meanwhile")
        body = compose(replace(proposal.marker, head=head), proposal.text)
        return self._github.open_pull(proposal, body)

    def _change(self, proposal: Proposal, pull: Pull) -> Pull:
        was = pull.own
        assert was is not None
        head = proposal.head if proposal.text_only else self._made(proposal, was)
        self._unchanged(pull, {proposal.head})  # right before the move: what a person did counts
        if head != proposal.head:
            try:
                self._github.move(proposal.branch, proposal.head, head)
            except RuleError:
                if proposal.base_sha == was.base:
                    raise  # no merge, so that a new branch would not help
                return self._replace(proposal, pull)
        try:
            now = self._unchanged(pull, {proposal.head, head})
        except MovedError:
            self._take_back(proposal, pull.number, was, head)
            raise
        marker, changes = replace(proposal.marker, head=head), {}
        if now.title not in {was.title, proposal.title}:
            marker = replace(marker, title=was.title)  # a person gave it another, which stays
        elif now.title != proposal.title:
            changes["title"] = proposal.title
        changes["body"] = compose(marker, proposal.text)
        changed = self._edited(pull, changes, PullState.OPEN)
        if pull.has(REBUILD.name):
            self._github.remove_label(pull.number, REBUILD.name)
        return changed

    def _made(self, proposal: Proposal, was: AnyMarker | None) -> str:
        """A commit of the proposal's list on top of the branch, or the branch's own where that has it already.

        The new commit merges the default branch where that has moved, so that the branch goes forward and still ends at
        the newest list with the new entries and nothing else; to drop a person's edits it merges it in any case.
        """
        drops = proposal.pull is not None and proposal.pull.has(REBUILD.name)
        is_as_left = was is not None and proposal.head == was.head and not drops
        if proposal.head and not is_as_left and self._is_done(proposal, drops=drops):
            self._github.set_status(
                proposal.head, "success", _APPLIED
            )  # this run may have said pending
            return proposal.head
        parents = [proposal.head] if proposal.head else []
        if not parents or drops or was is None or was.base != proposal.base_sha:
            parents.append(proposal.base_sha)
        sha = self._github.make_commit(self._path, proposal.content, proposal.message, parents)
        self._github.set_status(sha, "success", _APPLIED)  # first, so that no branch ends without
        return sha

    def _replace(self, proposal: Proposal, pull: Pull) -> Pull:
        """Opens the batch again on a new branch, and closes the old pull request: its branch must take no merge.

        A run that dies in between leaves two pull requests with the same papers, of which the next run closes one.
        """
        names = (f"{proposal.branch}-{number}" for number in range(2, _MOST_BRANCHES))
        branch = next((name for name in names if not self._github.branch(name)), "")
        made = self._open(replace(proposal, branch=branch, head="", pull=None))
        self._label_and_request_review(made, proposal.labels, proposal.reviewers)
        marker = replace(proposal.marker, head=proposal.head, retired=True)
        why = (
            f"**Closed by the bot: #{made.number} takes its place.** The rules of this repository allow no merge on "
            "this branch, and the list has changed. This closing declines no paper.\n"
        )
        self._edited(pull, {"body": compose(marker, why), "state": "closed"}, PullState.CLOSED)
        return made

    def _take_back(self, proposal: Proposal, number: int, was: AnyMarker, head: str) -> None:
        """Restores the branch's old list by a commit on top: a person answered just before the branch was moved.

        The text stays as the person left it, and so the branch has no paper that the text does not name.
        A text that records the new commit was written by another run, which finished this change: it stands.
        """
        if head == proposal.head or self._github.branch(proposal.branch) != head:
            return
        if (now := self._github.pull(number).own) and now.head == head:
            return
        before = self._github.content(self._path, proposal.head)
        trailers = render_trailers(
            proposal.branch, proposal.path, was.items, was.contents, was.declined, was.version
        )
        message = (
            f"Take the last change back: the pull request was answered meanwhile\n\n{trailers}"
        )
        sha = self._github.make_commit(self._path, before, message, [head])
        self._github.set_status(sha, "pending", _WAITING)
        self._github.move(proposal.branch, head, sha)

    def _is_done(self, proposal: Proposal, *, drops: bool) -> bool:
        """Whether the branch is as proposed already, by a run that died; where edits are to be dropped, by the bot."""
        if self._github.content(self._path, proposal.head) != proposal.content:
            return False
        return not drops or is_sealed(self._github.commit(proposal.head))

    def _unchanged(self, pull: Pull, heads: set[str]) -> Pull:
        """The pull request as it is now, if people have left it as it was read."""
        now = self._github.pull(pull.number)
        if now.state is not PullState.OPEN:
            raise MovedError(f"it was {now.state.value} meanwhile")
        if now.head_sha not in {*heads, self._seen.get(pull.number)}:
            raise MovedError("somebody pushed to its branch meanwhile")
        if now.body != pull.body:
            raise MovedError("somebody edited its text meanwhile")
        if now.has(HOLD.name):
            raise MovedError(f"it was labelled {HOLD.name} meanwhile")
        if now.merges_itself:
            raise MovedError("it was set to merge by itself meanwhile")
        if now.base != pull.base:
            raise MovedError(f"it was set to go into {now.base} meanwhile")
        return now

    def _edited(self, pull: Pull, changes: dict[str, str], then: PullState) -> Pull:
        """Writes a new text; where people closed or merged the pull request just then, the old text is put back."""
        changed = self._github.edit_pull(pull.number, changes)
        if changed.state is not then:
            self._github.edit_pull(pull.number, {"title": pull.title, "body": pull.body})
            raise MovedError(f"it was {changed.state.value} meanwhile")
        return changed

    def close(self, closing: Closing) -> Outcome:
        """Closes the pull request and says so in its text; deletes the branch of a batch that has no pull request."""
        batch, pull = closing.batch, closing.batch.pull
        kind, detail, failure = OutcomeKind.CLOSED, "nothing is left to decide on", ""
        try:
            if pull is None:
                self._github.move(batch.branch, batch.head, "")
            else:
                self._unchanged(pull, {batch.head})
                body = compose(replace(closing.marker, head=batch.head), closing.text)
                self._edited(pull, {"body": body, "state": "closed"}, PullState.CLOSED)
        except MovedError as error:
            kind, detail = OutcomeKind.RACE_LOST, error.message
        except ForgeError as error:
            if pull:
                kind, failure = OutcomeKind.FAILED, str(error)
            else:  # it does no harm, and without GraphQL only a person can take it away safely
                detail = f"delete the branch, nothing is left in it: {error}"
                kind = OutcomeKind.UNCHANGED
        title, number, url = describe(pull, batch.branch)
        return Outcome(kind, title, number, url, papers_among(batch.marker.items), failure, detail)

    def label_and_request_review(
        self, pull: Pull, labels: Sequence[str], reviewers: Sequence[str]
    ) -> Outcome | None:
        """Gives the labels that the pull request lacks and never had, and asks the reviewers that come before them."""
        kind, failure = OutcomeKind.LABELLED, ""
        try:
            had = replace(pull, labels=(*pull.labels, *self._github.labelled(pull.number)))
            if not (missing := [name for name in labels if not had.has(name)]):
                return None
            self._label_and_request_review(pull, missing, reviewers)
        except ForgeError as error:
            kind, failure = OutcomeKind.FAILED, str(error)
        return Outcome(kind, pull.title, pull.number, pull.url, failure=failure)

    def _label_and_request_review(
        self, pull: Pull, labels: Sequence[str], reviewers: Sequence[str]
    ) -> None:
        """Reviewers first: who has the labels has had all. One who can't be asked costs no label.

        Without an answer there are no labels either, and so the next run asks again.
        """
        users = [name for name in reviewers if "/" not in name]
        teams = [name.partition("/")[2] for name in reviewers if "/" in name]
        refused: ForgeSetupError | None = None
        try:
            if users or teams:
                self._github.ask_for_review(pull.number, users, teams)
        except ForgeSetupError as error:
            refused = error
        if missing := sorted({name for name in labels if not pull.has(name)}):
            self._github.add_labels(pull.number, missing)
        if refused:
            raise refused
