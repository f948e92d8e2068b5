"""The actions of people on the repository and its pull requests, on GitHub's pages and with git."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.servers.github.git import WEB_FLOW, ZERO, Identity
from tests.servers.github.pulls import Pull
from tests.servers.github.store import Store

Json = Any
_PERSON = "maintainer"


class People(Store):
    """The actions of people; `login` is the person who acts."""

    def read(self, path: str = "README.md", branch: str = "") -> bytes:
        return self.git.read(branch or self.branch, path)

    # With git

    def push(
        self,
        content: bytes,
        *,
        branch: str = "",
        path: str = "README.md",
        fork: str = "",
        login: str = _PERSON,
    ) -> None:
        """Commits a file to a branch; a new branch or a fork's branch starts at the default branch."""
        name = self.ref_of(fork or self.name, branch or self.branch)
        parent = self.git.resolve(name) or self.tip(self.branch)
        tree = self.git.tree(parent, {path: self.git.blob(content)})
        self.now()
        sha = self.git.commit(tree, [parent], "Edit", Identity.of(login))
        self.move_refs((name, sha, None), actor=login)

    def push_base(self, content: bytes, *, path: str = "README.md", login: str = _PERSON) -> None:
        """Commits a file to the default branch."""
        self.push(content, path=path, login=login)

    def amend(
        self, number: int, content: bytes, *, path: str = "README.md", login: str = _PERSON
    ) -> None:
        """Amends a pull request's last commit, keeps its author, and force-pushes it."""
        pull = self.pull(number)
        last = self.git.show(self.git.resolve(self.head_ref(pull)) or "")
        self.now()
        tree = self.git.tree(last.sha, {path: self.git.blob(content)})
        who = Identity.of(login)
        sha = self.git.commit(tree, list(last.parents), last.message, last.author, who)
        self.move_refs((self.head_ref(pull), sha, last.sha), actor=login)

    # On a pull request's page

    def open_pull(
        self, content: bytes, *, branch: str, title: str, body: str = "", fork: str = ""
    ) -> Pull:
        self.push(content, branch=branch, fork=fork, login="contributor")
        return self.new_pull(title, body, branch, fork or self.name, "contributor")

    def close(self, number: int, *, login: str = _PERSON) -> None:
        self.close_pull(self.pull(number), login)

    def reopen(self, number: int, *, login: str = _PERSON) -> None:
        """Reopens a pull request; raises `Refusal` if GitHub's button is disabled."""
        self.reopen_pull(self.pull(number), login)

    def label(self, number: int, name: str, *, login: str = _PERSON) -> None:
        """Adds a label to a pull request, as a maintainer does on its page."""
        self.add_label(self.pull(number), name, login)

    def unlabel(self, number: int, name: str, *, login: str = _PERSON) -> None:
        self.remove_label(self.pull(number), name, login)

    def tick(self, number: int, paper: str) -> None:
        """Ticks a paper's box, as a click on the page does."""
        self._click(number, paper, " ", "x")

    def untick(self, number: int, paper: str) -> None:
        """Unticks a paper's box, as a click on the page does."""
        self._click(number, paper, "x", " ")

    def _click(self, number: int, paper: str, before: str, after: str) -> None:
        body = self.pull(number).body
        assert f"- [{before}] <!-- {paper} -->" in body
        old, new = (f"- [{mark}] <!-- {paper} -->" for mark in (before, after))
        self.edit_body(number, body.replace(old, new))

    def edit_body(self, number: int, text: str) -> None:
        pull = self.pull(number)
        pull.body, pull.updated = text, self.now()

    def edit_title(self, number: int, text: str, *, login: str = _PERSON) -> None:
        self.rename(self.pull(number), text, login)

    def comment(self, number: int, text: str, *, login: str = _PERSON) -> None:
        self.add_comment(self.pull(number), text, login)

    def review(
        self, number: int, state: str = "APPROVED", login: str = _PERSON, *, body: str = ""
    ) -> None:
        """Reviews a pull request: APPROVED, CHANGES_REQUESTED or COMMENTED."""
        assert state in {"APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED"}, state
        self.add_review(self.pull(number), state, body, login)

    def merge_when_ready(self, number: int, *, login: str = _PERSON) -> None:
        """Sets a pull request to merge as soon as its checks pass."""
        self.pull(number).merges_for = login

    def update_branch(
        self, number: int, *, login: str = _PERSON, files: Mapping[str, bytes] | None = None
    ) -> None:
        """Merges the base into a pull request's branch, as the button "Update branch" does.

        With `files`, a person makes the merge and adds these files to it.
        """
        pull = self.pull(number)
        tree = self.git.merge_tree(pull.head_sha, self.tip(pull.base))
        assert tree is not None, "the pull request conflicts"
        if files:
            blobs = {path: self.git.blob(content) for path, content in files.items()}
            tree = self.git.tree(tree, blobs)
        self._merge_base(pull, tree, login)

    def resolve(
        self, number: int, content: bytes, *, path: str = "README.md", login: str = _PERSON
    ) -> None:
        """Merges the base into a pull request's branch, with a conflict resolved by a person in the web editor."""
        pull = self.pull(number)
        merged, clean = self.git.merge(pull.head_sha, self.tip(pull.base))
        assert not clean, "the pull request does not conflict"
        self._merge_base(pull, self.git.tree(merged, {path: self.git.blob(content)}), login)

    def _merge_base(self, pull: Pull, tree: str, login: str) -> None:
        self.now()
        parents = [pull.head_sha, self.tip(pull.base)]
        message = f"Merge branch '{pull.base}' into {pull.branch}"
        sha = self.git.commit(tree, parents, message, Identity.of(login), WEB_FLOW)
        self.move_refs((self.head_ref(pull), sha, pull.head_sha), actor=login)

    def delete_branch(self, number: int, *, login: str = _PERSON) -> None:
        self.move_refs((self.head_ref(self.pull(number)), ZERO, None), actor=login)

    # The three merge methods

    def merge(self, number: int, *, login: str = _PERSON) -> None:
        pull = self._mergeable(number)
        base = self.tip(pull.base)
        tree = self._merged_tree(pull)
        head = f"{pull.head_repo.partition('/')[0]}/{pull.branch}"
        message = f"Merge pull request #{number} from {head}\n\n{pull.title}"
        who = Identity.of(login)
        self._land(
            pull, self.git.commit(tree, [base, pull.head_sha], message, who, WEB_FLOW), login
        )

    def squash(self, number: int, *, login: str = _PERSON) -> None:
        """Squashes into one commit by the pull request's author; a single commit keeps its message."""
        pull = self._mergeable(number)
        commits = self.commits_of(pull)
        subject, _, text = commits[0].message.partition("\n")
        if len(commits) > 1:
            subject = pull.title
            text = "\n\n" + "\n\n".join(f"* {commit.message}" for commit in commits)
        tree, author = self._merged_tree(pull), Identity.of(pull.author)
        message = f"{subject} (#{number})\n{text}".rstrip("\n")
        self._land(
            pull, self.git.commit(tree, [self.tip(pull.base)], message, author, WEB_FLOW), login
        )

    def rebase(self, number: int, *, login: str = _PERSON) -> None:
        """Rebases every commit that is not a merge onto the base; the committer is the person who merges."""
        pull = self._mergeable(number)
        onto = self.tip(pull.base)
        for commit in self.commits_of(pull):
            if len(commit.parents) == 1:
                picked = self.git.pick(commit, onto, Identity.of(login))
                assert picked is not None, "the pull request conflicts"
                onto = picked
        self._land(pull, onto, login)

    def _mergeable(self, number: int) -> Pull:
        pull = self.pull(number)
        assert pull.state == "open", f"the pull request is {pull.state}"
        self.now()
        return pull

    def _merged_tree(self, pull: Pull) -> str:
        tree = self.git.merge_tree(self.tip(pull.base), pull.head_sha)
        assert tree is not None, "the pull request conflicts"
        return tree

    def _land(self, pull: Pull, sha: str, login: str) -> None:
        before = self.tip(pull.base)
        pull.base_sha = before
        self.merge_pull(pull, sha, login)
        self.move_refs((f"refs/heads/{pull.base}", sha, before), actor=login)

    def state(self) -> Json:
        """The visible state of the repository, to compare it with another one."""
        return {
            "branches": {name: self.git.files(sha) for name, sha in self.git.branches().items()},
            "pulls": [
                {
                    "number": pull.number,
                    "title": pull.title,
                    "body": pull.body,
                    "branch": pull.branch,
                    "state": pull.state,
                    "labels": sorted(pull.labels),
                    "reviewers": sorted(pull.reviewers),
                    "comments": [(each.login, each.body) for each in pull.comments],
                    "reviews": [(each.login, each.state) for each in pull.reviews],
                    "events": [(each.kind, each.actor) for each in pull.events],
                }
                for pull in self.pulls
            ],
        }
