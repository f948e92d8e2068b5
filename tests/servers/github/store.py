"""The repository and its pull requests, and the effects of a moved branch on its pull requests."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from tests.servers.github.answers import PULLS, REFS, Refusal, invalid
from tests.servers.github.git import ZERO, Commit, GitError, Identity, Repository
from tests.servers.github.pulls import Comment, Event, Pull, Review
from tests.servers.github.shapes import stamp

Json = Any


class Store:
    """The repository, its pull requests, and its rules.

    Every move of a branch goes through `move_refs`, so that pull requests always follow.
    """

    def __init__(self, folder: Path, files: dict[str, bytes], *, name: str, branch: str) -> None:
        self.git = Repository(folder, branch)
        self.name = name
        self.branch = branch
        self.token = "t0ken"
        self.login = "github-actions[bot]"
        self.roles = {name.partition("/")[0]: "admin", "maintainer": "maintain"}
        self.may_write = True
        self.may_open_pulls = True
        self.may_write_statuses = True
        self.statuses: dict[str, list[Json]] = {}  # by commit, newest last
        self.forbidden_refs = ""
        self.linear_refs = ""  # the prefix of refs that must have a linear history
        self.renamed_to = ""
        self.archived = False
        self.has_graphql = True
        self.largest_patch = (
            100_000  # characters; GitHub leaves larger patches out of a list of changed files
        )
        self.signs_for_bots = (
            False  # whether GitHub is the committer of what a bot commits through the API
        )
        self.pulls: list[Pull] = []
        self.labels: dict[str, str] = {}  # of the repository, by their names in lower case
        self.api = ""
        self._numbers = itertools.count(1)
        if files:
            blobs = {path: self.git.blob(content) for path, content in files.items()}
            tree = self.git.tree("", blobs)
            first = self.git.commit(tree, [], "Start", Identity.of("maintainer"))
            self.git.move((f"refs/heads/{branch}", first, ZERO))

    @property
    def url(self) -> str:
        return f"{self.api}/repos/{self.name}"

    def now(self) -> str:
        """The time; each action takes a second, so that no two have the same time."""
        self.git.seconds += 1
        return stamp(self.git.seconds)

    def tip(self, branch: str) -> str:
        return self.git.resolve(f"refs/heads/{branch}") or ""

    def ref_of(self, head_repo: str, branch: str) -> str:
        """The ref in which the repository stores a branch; a fork's branches are stored separately."""
        return (
            f"refs/heads/{branch}" if head_repo == self.name else f"refs/forks/{head_repo}/{branch}"
        )

    def head_ref(self, one: Pull) -> str:
        return self.ref_of(one.head_repo, one.branch)

    def pull(self, number: int) -> Pull:
        found = next((one for one in self.pulls if one.number == number), None)
        if found is None:
            raise Refusal(404, "Not Found")
        return found

    def base_of(self, one: Pull) -> str:
        """The commit of the base branch with which a pull request is compared."""
        return self.tip(one.base) if one.state == "open" else one.base_sha

    def commits_of(self, one: Pull) -> list[Commit]:
        return self.git.commits(f"{self.base_of(one)}..{one.head_sha}")

    # Branches

    def refusal_to_write(self) -> str:
        """GitHub's message if the token may not write; "" if it may."""
        if self.archived:
            return "Repository was archived so is read-only."
        return "" if self.may_write else "Resource not accessible by integration"

    def rule_against(self, name: str) -> str:
        """The ruleset's message if a ref of that name may not be created; "" if it may."""
        if not (self.forbidden_refs and name.startswith(self.forbidden_refs)):
            return ""
        reason = "Cannot create ref due to creations being restricted."
        return f"Repository rule violations found\n\n{reason}"

    def rule_against_merges(self, name: str, old: str, new: str) -> str:
        """The ruleset's message if moving the ref would break a linear history; "" if it would not."""
        if not (self.linear_refs and name.startswith(self.linear_refs)):
            return ""
        if all(len(commit.parents) < 2 for commit in self.git.commits(f"{old}..{new}")):
            return ""
        return "Repository rule violations found\n\nThis branch must not contain merge commits."

    def move_refs(self, *moves: tuple[str, str, str | None], actor: str) -> None:
        """Moves, creates or deletes refs, all or none; see `Repository.move`."""
        before = {name: self.git.resolve(name) for name, _, _ in moves}
        try:
            self.git.move(*moves)
        except GitError:
            raise Refusal(422, "Reference update failed", docs=REFS) from None
        for name, new, _ in moves:
            if new == before[name]:
                continue
            for one in self.pulls:
                if self.head_ref(one) == name and one.state != "merged":
                    self._follow(one, before[name], new, actor)
            for one in self.pulls:
                if name == f"refs/heads/{one.base}" and one.state == "open" and new != ZERO:
                    self._base_moved(one, before[name] or "", new, actor)

    def _follow(self, one: Pull, old: str | None, new: str, actor: str) -> None:
        if new == ZERO:
            if one.state == "open":
                self.close_pull(one, actor)
            self.record(one, "head_ref_deleted", actor)
            return
        fast_forward = self.git.is_ancestor(old or one.tip, new)
        if old is None:
            if new == one.tip:
                self.record(one, "head_ref_restored", actor)
            else:
                one.rewritten = True
        elif one.state == "closed" and not fast_forward:
            one.rewritten = True
        one.tip = new
        if one.state != "open":
            return
        one.head_sha, one.base_sha = new, self.tip(one.base)
        if not fast_forward:
            self.record(one, "head_ref_force_pushed", actor, commit_id=new)
        one.updated = self.now()
        if self.git.is_ancestor(new, self.tip(one.base)):
            self.close_pull(one, actor)

    def _base_moved(self, one: Pull, old: str, new: str, actor: str) -> None:
        if self.git.is_ancestor(one.head_sha, new):
            one.base_sha = old
            self.merge_pull(one, one.head_sha, actor)

    # Pull requests

    def record(self, one: Pull, kind: str, actor: str, **particulars: Json) -> None:
        one.updated = self.now()
        one.events.append(Event(next(self._numbers), kind, actor, one.updated, particulars))

    def new_pull(self, title: str, body: str, branch: str, head_repo: str, author: str) -> Pull:
        created = self.now()
        head = self.git.resolve(self.ref_of(head_repo, branch)) or ""
        one = Pull(
            number=len(self.pulls) + 1,
            title=title,
            body=body,
            branch=branch,
            base=self.branch,
            head_repo=head_repo,
            author=author,
            head_sha=head,
            base_sha=self.tip(self.branch),
            created=created,
            updated=created,
            tip=head,
        )
        self.pulls.append(one)
        return one

    def close_pull(self, one: Pull, actor: str) -> None:
        if one.state == "open":
            one.base_sha = self.tip(one.base)
            self.record(one, "closed", actor, state_reason=None)
            one.state, one.closed, one.closed_by = "closed", one.updated, actor

    def reopen_pull(self, one: Pull, actor: str) -> None:
        if one.state == "open":
            return
        if reason := self._against_reopening(one):
            docs = f"{PULLS}#update-a-pull-request"
            raise invalid(f"state cannot be changed. {reason}", field="state", docs=docs)
        one.state, one.closed, one.closed_by = "open", None, ""
        one.head_sha = one.tip
        self.record(one, "reopened", actor, state_reason=None)

    def _against_reopening(self, one: Pull) -> str:
        if one.state == "merged":
            return "The pull request cannot be reopened."
        head = self.git.resolve(self.head_ref(one))
        if head is None:
            return f"The {one.branch} branch has been deleted."
        if one.rewritten:
            return f"The {one.branch} branch was force-pushed or recreated."
        if self.git.is_ancestor(head, self.tip(one.base)):
            return f"There are no new commits on the {one.branch} branch."
        rivals = (
            rival
            for rival in self.pulls
            if rival.state == "open"
            and (self.head_ref(rival), rival.base) == (self.head_ref(one), one.base)
        )
        if next(rivals, None):
            return f"There is already an open pull request from {one.branch} to {one.base}."
        return ""

    def merge_pull(self, one: Pull, sha: str, actor: str) -> None:
        """Marks a pull request as merged, after its commits have reached the base."""
        self.record(one, "merged", actor, commit_id=sha)
        one.merged, one.merge_sha = one.updated, sha
        self.record(one, "closed", actor, state_reason=None)
        one.state, one.closed, one.closed_by = "merged", one.merged, actor

    def judge(self, one: Pull) -> bool | None:
        """Whether a pull request merges; None at the first request after a move, which starts GitHub's computation."""
        if one.state != "open":
            return None
        pair = (one.head_sha, self.tip(one.base))
        if one.judged != pair:
            one.judged = pair
            return None
        return self.git.merge_tree(pair[1], pair[0]) is not None

    def rename(self, one: Pull, title: str, actor: str) -> None:
        if title != one.title:
            self.record(one, "renamed", actor, rename={"from": one.title, "to": title})
            one.title = title

    def add_label(self, one: Pull, name: str, actor: str) -> None:
        """Adds a label; case is ignored, and the label keeps the name with which it was created."""
        name = self.labels.setdefault(name.casefold(), name)
        if name not in one.labels:
            one.labels.append(name)
            self.record(one, "labeled", actor, label={"name": name, "color": "ededed"})

    def remove_label(self, one: Pull, name: str, actor: str) -> None:
        name = self.labels.get(name.casefold(), name)
        if name not in one.labels:
            raise Refusal(404, "Label does not exist")
        one.labels.remove(name)
        self.record(one, "unlabeled", actor, label={"name": name, "color": "ededed"})

    def add_comment(self, one: Pull, body: str, login: str) -> Comment:
        one.updated = self.now()
        one.comments.append(Comment(next(self._numbers), login, one.updated, body))
        return one.comments[-1]

    def add_review(self, one: Pull, state: str, body: str, login: str) -> Review:
        one.updated = self.now()
        number = next(self._numbers)
        one.reviews.append(Review(number, login, one.updated, state, body, one.head_sha))
        return one.reviews[-1]
