"""A real bare git repository, driven through the git binary."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ZERO = "0" * 40


class GitError(Exception):
    """A git command failed."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The author or committer of a commit, as git stores it."""

    name: str
    email: str

    @classmethod
    def of(cls, login: str) -> Identity:
        """The identity with GitHub's e-mail address for a login; a bot's address begins with its number."""
        number = "41898282+" if login.endswith("[bot]") else ""
        return cls(login, f"{number}{login}@users.noreply.github.com")

    @property
    def login(self) -> str:
        """The account that GitHub finds by the e-mail address; "" if there is none."""
        if self == WEB_FLOW:
            return "web-flow"
        user, _, host = self.email.partition("@")
        return user.rpartition("+")[2] if host == "users.noreply.github.com" else ""


WEB_FLOW = Identity("GitHub", "noreply@github.com")
"""The committer of changes made with a button or the editor on GitHub's pages."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit; `when` is the commit time in seconds since 1970."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Identity
    committer: Identity
    when: int
    message: str


class Repository:
    """A bare repository with its own clock, so that the same actions give the same commits."""

    def __init__(self, folder: Path, default_branch: str) -> None:
        self.folder = folder
        self.seconds = 1_760_000_000
        self._env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_DIR": str(folder),
            "LC_ALL": "C",
        }
        self._git("init", "--quiet", "--bare", f"--initial-branch={default_branch}", str(folder))

    def _git(self, *arguments: str, stdin: bytes = b"", **environment: str) -> bytes:
        done = subprocess.run(
            ["git", *arguments],
            input=stdin,
            capture_output=True,
            env={**self._env, **environment},
            check=False,
        )
        if done.returncode:
            raise GitError(done.stderr.decode())
        return done.stdout

    def _succeeds(self, *arguments: str) -> bool:
        try:
            self._git(*arguments)
        except GitError:
            return False
        return True

    def blob(self, content: bytes) -> str:
        return self._git("hash-object", "-w", "--stdin", stdin=content).decode().strip()

    def tree(self, base: str, files: dict[str, str]) -> str:
        """The tree of `base` (a commit, a tree, or "") with the blobs of `files` (path to SHA) added."""
        index = str(self.folder / "index.tmp")
        if base:
            self._git("read-tree", base, GIT_INDEX_FILE=index)
        else:
            self._git("read-tree", "--empty", GIT_INDEX_FILE=index)
        for path, sha in files.items():
            self._git(
                "update-index", "--add", "--cacheinfo", f"100644,{sha},{path}", GIT_INDEX_FILE=index
            )
        return self._git("write-tree", GIT_INDEX_FILE=index).decode().strip()

    def commit(
        self,
        tree: str,
        parents: list[str],
        message: str,
        author: Identity,
        committer: Identity | None = None,
    ) -> str:
        identity = {
            f"GIT_{role}_{what}": value
            for role, who in (("AUTHOR", author), ("COMMITTER", committer or author))
            for what, value in (
                ("NAME", who.name),
                ("EMAIL", who.email),
                ("DATE", f"{self.seconds} +0000"),
            )
        }
        options = [word for parent in parents for word in ("-p", parent)]
        return (
            self._git("commit-tree", tree, *options, stdin=message.encode(), **identity)
            .decode()
            .strip()
        )

    def resolve(self, name: str) -> str | None:
        try:
            return self._git("rev-parse", "--verify", "--quiet", name).decode().strip()
        except GitError:
            return None

    def kind(self, sha: str) -> str:
        """`commit`, `tree`, `blob` or `tag`; "" if there is no such object."""
        try:
            return self._git("cat-file", "-t", sha).decode().strip()
        except GitError:
            return ""

    def move(self, *moves: tuple[str, str, str | None]) -> None:
        """Moves, creates or deletes refs, all or none, given as (name, new SHA, expected current SHA).

        ZERO as new SHA deletes the ref. ZERO as expected SHA means that the ref must not exist, None means any.
        """
        lines = []
        for name, new, old in moves:
            words = ["delete", name] if new == ZERO else ["update", name, new]
            lines.append(" ".join([*words, old] if old else words))
        self._git("update-ref", "--stdin", stdin="".join(f"{line}\n" for line in lines).encode())

    def refs(self, prefix: str) -> dict[str, str]:
        """The refs with this prefix, each with its commit."""
        lines = self._git("for-each-ref", "--format=%(refname) %(objectname)").decode()
        found = (line.partition(" ") for line in lines.splitlines())
        return {name: sha for name, _, sha in found if name.startswith(prefix)}

    def branches(self) -> dict[str, str]:
        prefix = "refs/heads/"
        return {name.removeprefix(prefix): sha for name, sha in self.refs(prefix).items()}

    def read(self, commit: str, path: str) -> bytes:
        return self._git("cat-file", "blob", f"{commit}:{path}")

    def cat(self, sha: str) -> bytes:
        return self._git("cat-file", "blob", sha)

    def commits(self, *range_: str) -> list[Commit]:
        """The commits that `git rev-list` prints for a range, oldest first."""
        form = "--format=" + "%x1f".join("%H %T %P %an %ae %cn %ce %ct %B".split()) + "%x1e"
        text = self._git("log", "--topo-order", "--reverse", form, *range_, "--").decode()
        found = []
        for part in text.split("\x1e")[:-1]:
            sha, tree, parents, an, ae, cn, ce, when, message = part.lstrip("\n").split("\x1f")
            found.append(
                Commit(
                    sha,
                    tree,
                    tuple(parents.split()),
                    Identity(an, ae),
                    Identity(cn, ce),
                    int(when),
                    message.rstrip("\n"),
                )
            )
        return found

    def show(self, commit: str) -> Commit:
        return self.commits("-1", commit)[0]

    def describe(self, commit: str) -> dict[str, str]:
        shown = self.show(commit)
        return {
            "tree": shown.tree,
            "parents": " ".join(shown.parents),
            "name": shown.author.name,
            "email": shown.author.email,
            "message": shown.message,
        }

    def files(self, commit: str) -> dict[str, str]:
        lines = self._git("ls-tree", "-r", commit).decode().splitlines()
        return {line.partition("\t")[2]: line.split()[2] for line in lines}

    def merge_tree(self, ours: str, theirs: str) -> str | None:
        """The tree of a merge; None if it conflicts."""
        tree, clean = self.merge(ours, theirs)
        return tree if clean else None

    def merge(self, ours: str, theirs: str) -> tuple[str, bool]:
        """The tree of a merge, with git's conflict markers, and whether it is free of conflicts."""
        done = subprocess.run(
            ["git", "merge-tree", "--write-tree", ours, theirs],
            capture_output=True,
            env=self._env,
            check=False,
        )
        if done.returncode not in {0, 1}:
            raise GitError(done.stderr.decode())
        return done.stdout.decode().splitlines()[0], done.returncode == 0

    def pick(self, commit: Commit, onto: str, committer: Identity) -> str | None:
        """Cherry-picks a commit onto another one; None if it conflicts there."""
        # With the commit's parent as the only ancestor of both sides, git merges only what the commit changes.
        before = self.tree(commit.parents[0], {})
        root = self.commit(before, [], "", committer)
        ours = self.commit(self.tree(onto, {}), [root], "", committer)
        theirs = self.commit(commit.tree, [root], "", committer)
        tree = self.merge_tree(ours, theirs)
        return tree and self.commit(tree, [onto], commit.message, commit.author, committer)

    def merge_base(self, commit: str, other: str) -> str:
        """The best common ancestor; "" if there is none."""
        try:
            return self._git("merge-base", commit, other).decode().strip()
        except GitError:
            return ""

    def is_ancestor(self, older: str, newer: str) -> bool:
        return self._succeeds("merge-base", "--is-ancestor", older, newer)

    def patches(self, base: str, head: str) -> dict[str, str]:
        """The hunks of each file that `head` has changed since it branched off `base`."""
        text = self._git("diff", f"{base}...{head}").decode("utf-8", "replace")
        found = {}
        for part in text.split("diff --git ")[1:]:
            path = part.split("\n", 1)[0].rpartition(" b/")[2]
            found[path] = "@@" + part.partition("\n@@")[2]
        return found
