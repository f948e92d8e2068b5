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

    def head_ref(self, pull: Pull) -> str:
        return self.ref_of(pull.head_repo, pull.branch)

    def pull(self, number: int) -> Pull:
        found = next((pull for pull in self.pulls if pull.number == number), None)
        if found is None:
            raise Refusal(404, "Not Found")
        return found

    def base_of(self, pull: Pull) -> str:
        """The commit of the base branch with which a pull request is compared."""
        return self.tip(pull.base) if pull.state == "open" else pull.base_sha

    def commits_of(self, pull: Pull) -> list[Commit]:
        return self.git.commits(f"{self.base_of(pull)}..{pull.head_sha}")

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
            for pull in self.pulls:
                if self.head_ref(pull) == name and pull.state != "merged":
                    self._follow(pull, before[name], new, actor)
            for pull in self.pulls:
                if name == f"refs/heads/{pull.base}" and pull.state == "open" and new != ZERO:
                    self._base_moved(pull, before[name] or "", new, actor)

    def _follow(self, pull: Pull, old: str | None, new: str, actor: str) -> None:
        if new == ZERO:
            if pull.state == "open":
                self.close_pull(pull, actor)
            self.record(pull, "head_ref_deleted", actor)
            return
        fast_forward = self.git.is_ancestor(old or pull.tip, new)
        if old is None:
            if new == pull.tip:
                self.record(pull, "head_ref_restored", actor)
            else:
                pull.rewritten = True
        elif pull.state == "closed" and not fast_forward:
            pull.rewritten = True
        pull.tip = new
        if pull.state != "open":
            return
        pull.head_sha, pull.base_sha = new, self.tip(pull.base)
        if not fast_forward:
            self.record(pull, "head_ref_force_pushed", actor, commit_id=new)
        pull.updated = self.now()
        if self.git.is_ancestor(new, self.tip(pull.base)):
            self.close_pull(pull, actor)

    def _base_moved(self, pull: Pull, old: str, new: str, actor: str) -> None:
        if self.git.is_ancestor(pull.head_sha, new):
            pull.base_sha = old
            self.merge_pull(pull, pull.head_sha, actor)

    # Pull requests

    def record(self, pull: Pull, kind: str, actor: str, **particulars: Json) -> None:
        pull.updated = self.now()
        pull.events.append(Event(next(self._numbers), kind, actor, pull.updated, particulars))

    def new_pull(self, title: str, body: str, branch: str, head_repo: str, author: str) -> Pull:
        created = self.now()
        head = self.git.resolve(self.ref_of(head_repo, branch)) or ""
        pull = Pull(
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
        self.pulls.append(pull)
        return pull

    def close_pull(self, pull: Pull, actor: str) -> None:
        if pull.state == "open":
            pull.base_sha = self.tip(pull.base)
            self.record(pull, "closed", actor, state_reason=None)
            pull.state, pull.closed, pull.closed_by = "closed", pull.updated, actor

    def reopen_pull(self, pull: Pull, actor: str) -> None:
        if pull.state == "open":
            return
        if reason := self._against_reopening(pull):
            docs = f"{PULLS}#update-a-pull-request"
            raise invalid(f"state cannot be changed. {reason}", field="state", docs=docs)
        pull.state, pull.closed, pull.closed_by = "open", None, ""
        pull.head_sha = pull.tip
        self.record(pull, "reopened", actor, state_reason=None)

    def _against_reopening(self, pull: Pull) -> str:
        if pull.state == "merged":
            return "The pull request cannot be reopened."
        head = self.git.resolve(self.head_ref(pull))
        if head is None:
            return f"The {pull.branch} branch has been deleted."
        if pull.rewritten:
            return f"The {pull.branch} branch was force-pushed or recreated."
        if self.git.is_ancestor(head, self.tip(pull.base)):
            return f"There are no new commits on the {pull.branch} branch."
        rivals = (
            rival
            for rival in self.pulls
            if rival.state == "open"
            and (self.head_ref(rival), rival.base) == (self.head_ref(pull), pull.base)
        )
        if next(rivals, None):
            return f"There is already an open pull request from {pull.branch} to {pull.base}."
        return ""

    def merge_pull(self, pull: Pull, sha: str, actor: str) -> None:
        """Marks a pull request as merged, after its commits have reached the base."""
        self.record(pull, "merged", actor, commit_id=sha)
        pull.merged, pull.merge_sha = pull.updated, sha
        self.record(pull, "closed", actor, state_reason=None)
        pull.state, pull.closed, pull.closed_by = "merged", pull.merged, actor

    def judge(self, pull: Pull) -> bool | None:
        """Whether a pull request merges; None at the first request after a move, which starts GitHub's computation."""
        if pull.state != "open":
            return None
        pair = (pull.head_sha, self.tip(pull.base))
        if pull.judged != pair:
            pull.judged = pair
            return None
        return self.git.merge_tree(pair[1], pair[0]) is not None

    def rename(self, pull: Pull, title: str, actor: str) -> None:
        if title != pull.title:
            self.record(pull, "renamed", actor, rename={"from": pull.title, "to": title})
            pull.title = title

    def add_label(self, pull: Pull, name: str, actor: str) -> None:
        """Adds a label; case is ignored, and the label keeps the name with which it was created."""
        name = self.labels.setdefault(name.casefold(), name)
        if name not in pull.labels:
            pull.labels.append(name)
            self.record(pull, "labeled", actor, label={"name": name, "color": "ededed"})

    def remove_label(self, pull: Pull, name: str, actor: str) -> None:
        name = self.labels.get(name.casefold(), name)
        if name not in pull.labels:
            raise Refusal(404, "Label does not exist")
        pull.labels.remove(name)
        self.record(pull, "unlabeled", actor, label={"name": name, "color": "ededed"})

    def add_comment(self, pull: Pull, body: str, login: str) -> Comment:
        pull.updated = self.now()
        pull.comments.append(Comment(next(self._numbers), login, pull.updated, body))
        return pull.comments[-1]

    def add_review(self, pull: Pull, state: str, body: str, login: str) -> Review:
        pull.updated = self.now()
        number = next(self._numbers)
        pull.reviews.append(Review(number, login, pull.updated, state, body, pull.head_sha))
        return pull.reviews[-1]
