"""Reads, inspects, opens, changes and closes batches in a GitHub repository.

The branch is written first, then the pull request's text. If a run dies in between, the branch is ahead of the text;
the next run notices this and finishes the change.
A branch only moves forward, from the commit at which it was read. A text only replaces the text that was read.
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
_MAX_BRANCHES = 100  # numbered branches of one batch
_APPLIED = "The branch has exactly the ticked items"
_WAITING = "Boxes were ticked or unticked: wait for the next run before you merge"
_TRIES = 3  # to learn whether a pull request merges without conflict
_PAUSE = 2.0  # seconds between two tries


class GitHubForge:
    """A forge for a list in a GitHub repository.

    Args:
        github: the repository.
        sleep: waits for a number of seconds.
        paths: the paths of the list's files, at least one.
    """

    def __init__(self, github: GitHub, sleep: Callable[[float], None], *paths: str) -> None:
        self._github = github
        self._paths = paths
        self._sleep = sleep
        self._seen: dict[int, str] = {}  # head SHA of each pull request at the time of `read`

    # Reading

    def read(self) -> ForgeState:
        """Reads the list at the default branch's newest commit, the bot's branches, and every pull request.

        Raises:
            ForgeError: GitHub can't be reached, or refuses.
            ListError: the repository has no such list.
        """
        state, self._seen = read_state(self._github, *self._paths)
        return state

    # Inspecting

    def examine(self, batch: AnyBatch, *, conflicts: bool) -> Inspection:
        """Checks whether people have changed an open batch and, if `conflicts`, whether it conflicts with the list."""
        pull = batch.pull
        if pull is None or pull.has(REBUILD.name):
            return Inspection(conflicts=True)
        if batch.head != batch.marker.head and (why := self._touched(batch, pull)):
            return Inspection(frozen=why)
        if people := self._github.reviewers(pull.number):
            return Inspection(frozen=f"reviewed by {', '.join(people)}")
        return Inspection(conflicts=self._conflicts(pull) if conflicts else None)

    def _touched(self, batch: AnyBatch, pull: Pull) -> str:
        """Says how a person changed a branch that is no longer at the commit recorded in the text; "" if no person did.

        A run that died may have moved it too, or "Update branch" may have merged the default branch into it.
        Commits before the recorded one were checked in earlier runs.
        """
        commits = {commit.sha: commit for commit in self._github.commits(pull.number)}
        if batch.head not in commits or batch.marker.head not in commits:
            return "a person moved its branch"
        checked = ancestors(batch.marker.head, commits)
        foreign = [
            commit
            for commit in commits.values()
            if commit.sha not in checked and not is_sealed(commit)
        ]
        if not all(self._is_update(commit, commits) for commit in foreign) or (
            foreign and self._github.changed(pull.number).difference(self._paths)
        ):
            return "a person pushed to its branch"
        return ""

    def _is_update(self, commit: Commit, commits: dict[str, Commit]) -> bool:
        """Whether a commit merges the default branch and changes the list exactly as "Update branch" would."""
        if len(commit.parents) != 2 or commit.parents[0] not in commits:
            return False
        ours, theirs = commit.parents
        shas = (base_of(commits[ours], commits), ours, theirs, commit.sha)
        try:
            for path in self._paths:
                before, after, onto, merged = (self._github.content(path, sha) for sha in shas)
                if transplant(before, after, onto) != merged:
                    return False
        except ListError:
            return False
        return True

    def _conflicts(self, pull: Pull) -> bool | None:
        """Whether the pull request has a merge conflict; GitHub computes it in the background after the first query."""
        for left in reversed(range(_TRIES)):
            merges = self._github.merges(pull.number)
            if merges is not None:
                return not merges
            if left:
                self._sleep(_PAUSE)
        return None

    # Opening and changing

    def mark_waiting(self, batch: AnyBatch) -> None:
        """Sets the status of the branch's newest commit to pending, because its boxes differ from the branch."""
        if self._github.status(batch.head) != "pending":
            self._github.set_status(batch.head, "pending", _WAITING)

    def ensure(self, proposal: Proposal) -> Outcome:
        """Creates branch, pull request and labels of a new batch, or updates branch and text of an open one."""
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
        head = self._commit_for(proposal, None)
        if head != proposal.head:
            self._github.move(proposal.branch, proposal.head, head)
        for pull in self._github.newest_pulls():
            if pull.number not in self._seen and proposal.has_rival(pull):
                raise MovedError(f"#{pull.number} was opened with the same papers during this run")
        body = compose(replace(proposal.marker, head=head), proposal.text)
        return self._github.open_pull(proposal, body)

    def _change(self, proposal: Proposal, pull: Pull) -> Pull:
        was = pull.own
        assert was is not None
        head = proposal.head if proposal.text_only else self._commit_for(proposal, was)
        self._require_unchanged(
            pull, {proposal.head}
        )  # right before the move, so that a person's answer wins
        if head != proposal.head:
            try:
                self._github.move(proposal.branch, proposal.head, head)
            except RuleError:
                if proposal.base_sha == was.base:
                    raise  # the commit is no merge, so a new branch would be refused too
                return self._replace(proposal, pull)
        try:
            now = self._require_unchanged(pull, {proposal.head, head})
        except MovedError:
            self._revert(proposal, pull.number, was, head)
            raise
        marker, changes = replace(proposal.marker, head=head), {}
        if now.title not in {was.title, proposal.title}:
            marker = replace(marker, title=was.title)  # a person changed the title: keep theirs
        elif now.title != proposal.title:
            changes["title"] = proposal.title
        changes["body"] = compose(marker, proposal.text)
        changed = self._edit(pull, changes, PullState.OPEN)
        if pull.has(REBUILD.name):
            self._github.remove_label(pull.number, REBUILD.name)
        return changed

    def _commit_for(self, proposal: Proposal, was: AnyMarker | None) -> str:
        """Returns the SHA of a commit that has the proposal's list: the branch's own, or a new one on top of it.

        If the default branch has moved, the new commit is a merge with it. So the branch moves forward,
        and differs from the newest list only by the new entries.
        A rebuild, which drops a person's edits, always merges.
        """
        rebuild = proposal.pull is not None and proposal.pull.has(REBUILD.name)
        is_as_left = was is not None and proposal.head == was.head and not rebuild
        if proposal.head and not is_as_left and self._is_done(proposal, rebuild=rebuild):
            # this run may have set it to pending
            self._github.set_status(proposal.head, "success", _APPLIED)
            return proposal.head
        parents = [proposal.head] if proposal.head else []
        if not parents or rebuild or was is None or was.base != proposal.base_sha:
            parents.append(proposal.base_sha)
        files = proposal.files if parents[-1] == proposal.head else proposal.changed
        contents = {file.path: file.content for file in files}
        sha = self._github.make_commit(contents, proposal.message, parents)
        # before the branch moves, so that its newest commit always has a status
        self._github.set_status(sha, "success", _APPLIED)
        return sha

    def _replace(self, proposal: Proposal, pull: Pull) -> Pull:
        """Opens the batch again on a new branch, and closes the old pull request, whose branch accepts no merge commit.

        If a run dies in between, two pull requests have the same papers, and the next run closes one of them.
        """
        names = (f"{proposal.branch}-{number}" for number in range(2, _MAX_BRANCHES))
        branch = next((name for name in names if not self._github.branch(name)), "")
        successor = self._open(replace(proposal, branch=branch, head="", pull=None))
        self._label_and_request_review(successor, proposal.labels, proposal.reviewers)
        marker = replace(proposal.marker, head=proposal.head, retired=True)
        why = (
            f"**Closed by the bot: #{successor.number} replaces it.** The list has changed, and the rules of this "
            "repository allow no merge commit on this branch. Closing this pull request declines no paper.\n"
        )
        self._edit(pull, {"body": compose(marker, why), "state": "closed"}, PullState.CLOSED)
        return successor

    def _revert(self, proposal: Proposal, number: int, was: AnyMarker, head: str) -> None:
        """Restores the branch's previous list with a new commit, because a person answered just before the move.

        The text stays as the person left it, so that every paper of the branch is named in the text.
        Nothing is reverted if the text records the new commit: then another run has finished this change.
        """
        if head == proposal.head or self._github.branch(proposal.branch) != head:
            return
        if (now := self._github.pull(number).own) and now.head == head:
            return
        before = self._github.contents([file.path for file in proposal.files], proposal.head)
        trailers = render_trailers(
            proposal.branch, was.path, was.items, was.contents, was.declined, was.version
        )
        message = f"Revert the last change: the pull request was answered in between\n\n{trailers}"
        sha = self._github.make_commit(before, message, [head])
        self._github.set_status(sha, "pending", _WAITING)
        self._github.move(proposal.branch, head, sha)

    def _is_done(self, proposal: Proposal, *, rebuild: bool) -> bool:
        """Whether an earlier run already moved the branch to the proposed list; a rebuild needs a sealed commit too."""
        wanted = {file.path: file.content for file in proposal.files}
        if self._github.contents(wanted, proposal.head) != wanted:
            return False
        return not rebuild or is_sealed(self._github.commit(proposal.head))

    def _require_unchanged(self, pull: Pull, heads: set[str]) -> Pull:
        """Reads the pull request again and returns it; raises MovedError if people have changed it since."""
        now = self._github.pull(pull.number)
        if now.state is not PullState.OPEN:
            raise MovedError(f"it was {now.state.value} during this run")
        if now.head_sha not in {*heads, self._seen.get(pull.number)}:
            raise MovedError("somebody pushed to its branch during this run")
        if now.body != pull.body:
            raise MovedError("somebody edited its text during this run")
        if now.has(HOLD.name):
            raise MovedError(f"it was labelled {HOLD.name} during this run")
        if now.merges_itself:
            raise MovedError("auto-merge was switched on during this run")
        if now.base != pull.base:
            raise MovedError(f"its base branch was changed to {now.base} during this run")
        return now

    def _edit(self, pull: Pull, changes: dict[str, str], then: PullState) -> Pull:
        """Edits the pull request; restores title and text if people closed or merged it at that moment."""
        changed = self._github.edit_pull(pull.number, changes)
        if changed.state is not then:
            self._github.edit_pull(pull.number, {"title": pull.title, "body": pull.body})
            raise MovedError(f"it was {changed.state.value} during this run")
        return changed

    def close(self, closing: Closing) -> Outcome:
        """Closes the pull request with a text that says why; deletes the branch of a batch without a pull request."""
        batch, pull = closing.batch, closing.batch.pull
        kind, detail, failure = OutcomeKind.CLOSED, "nothing is left to decide", ""
        try:
            if pull is None:
                self._github.move(batch.branch, batch.head, "")
            else:
                self._require_unchanged(pull, {batch.head})
                body = compose(replace(closing.marker, head=batch.head), closing.text)
                self._edit(pull, {"body": body, "state": "closed"}, PullState.CLOSED)
        except MovedError as error:
            kind, detail = OutcomeKind.RACE_LOST, error.message
        except ForgeError as error:
            if pull:
                kind, failure = OutcomeKind.FAILED, str(error)
            else:  # the branch does no harm, and without GraphQL only a person can delete it safely
                detail = f"delete the branch, no item is left in it: {error}"
                kind = OutcomeKind.UNCHANGED
        title, number, url = describe(pull, batch.branch)
        return Outcome(kind, title, number, url, papers_among(batch.marker.items), failure, detail)

    def label_and_request_review(
        self, pull: Pull, labels: Sequence[str], reviewers: Sequence[str]
    ) -> Outcome | None:
        """Adds the labels that the pull request never had and, if there are any, requests the reviews too."""
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
        """Requests the reviews, then adds the labels, so that a labelled pull request needs nothing more.

        If GitHub refuses the reviewers, the labels are still added. If GitHub does not respond, no labels are added,
        and the next run tries both again.
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
