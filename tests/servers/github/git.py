"""A real bare git repository.

Objects and refs are plain files, which this module reads and writes itself: a process for each would be half of what
the tests cost. The git binary decides on everything else: moves of refs, ancestry, merges and differences.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import zlib
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
        self._git(
            "init",
            "--quiet",
            "--bare",
            "--template=",
            f"--initial-branch={default_branch}",
            str(folder),
        )

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

    def _write(self, kind: str, data: bytes) -> str:
        whole = f"{kind} {len(data)}\0".encode() + data
        sha = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        path = self.folder / "objects" / sha[:2] / sha[2:]
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(zlib.compress(whole, 1))
        return sha

    def _object(self, sha: str) -> tuple[str, bytes]:
        """The kind of an object and its content."""
        try:
            whole = zlib.decompress((self.folder / "objects" / sha[:2] / sha[2:]).read_bytes())
        except OSError:
            raise GitError(f"{sha} is no object") from None
        head, _, data = whole.partition(b"\0")
        return head.decode().partition(" ")[0], data

    def _listed(self, tree: str) -> dict[str, tuple[str, str]]:
        """The mode and SHA of each name in a tree, or in the tree of a commit."""
        kind, data = self._object(tree)
        if kind == "commit":
            return self._listed(self.show(tree).tree)
        return {
            name.decode(): (mode.decode(), sha.hex())
            for mode, name, sha in re.findall(rb"(\d+) ([^\0]+)\0(.{20})", data, re.DOTALL)
        }

    def blob(self, content: bytes) -> str:
        return self._write("blob", content)

    def tree(self, base: str, files: dict[str, str]) -> str:
        """The tree of `base` (a commit, a tree, or "") with the blobs of `files` (path to SHA) added."""
        listed = self._listed(base) if base else {}
        inner: dict[str, dict[str, str]] = {}
        for path, sha in files.items():
            name, slash, rest = path.partition("/")
            if slash:
                inner.setdefault(name, {})[rest] = sha
            elif self.kind(sha) == "blob":
                listed[name] = ("100644", sha)
            else:
                raise GitError(f"{sha} is no blob")
        for name, below in inner.items():
            mode, sha = listed.get(name, ("", ""))
            listed[name] = ("40000", self.tree(sha if mode == "40000" else "", below))
        in_order = sorted(listed.items(), key=lambda item: item[0] + "/" * (item[1][0] == "40000"))
        return self._write(
            "tree",
            b"".join(
                f"{mode} {name}\0".encode() + bytes.fromhex(sha) for name, (mode, sha) in in_order
            ),
        )

    def commit(
        self,
        tree: str,
        parents: list[str],
        message: str,
        author: Identity,
        committer: Identity | None = None,
    ) -> str:
        if self.kind(tree) != "tree":
            raise GitError(f"{tree} is no tree")
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        for role, who in (("author", author), ("committer", committer or author)):
            lines.append(f"{role} {who.name} <{who.email}> {self.seconds} +0000")
        return self._write("commit", "\n".join([*lines, "", message]).encode())

    def resolve(self, name: str) -> str | None:
        """The SHA that a ref, a branch, a SHA or `commit:path` names."""
        commit, colon, path = name.partition(":")
        if colon:
            return self._inside(commit, path)
        if self.kind(name):
            return name
        for ref in (name, f"refs/heads/{name}"):
            if ref.startswith("refs/") and ".." not in ref and (self.folder / ref).is_file():
                return (self.folder / ref).read_text().strip()
        return None

    def _inside(self, commit: str, path: str) -> str | None:
        """The SHA of a file or folder in a commit."""
        sha = self.resolve(commit)
        for name in path.split("/"):
            below = self._listed(sha) if sha and self.kind(sha) != "blob" else {}
            sha = below[name][1] if name in below else None
        return sha

    def kind(self, sha: str) -> str:
        """`commit`, `tree`, `blob` or `tag`; "" if there is no such object."""
        try:
            return self._object(sha)[0] if re.fullmatch("[0-9a-f]{40}", sha) else ""
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
        found = (path for path in (self.folder / "refs").rglob("*") if path.is_file())
        names = sorted(str(path.relative_to(self.folder)) for path in found)
        return {
            name: (self.folder / name).read_text().strip()
            for name in names
            if name.startswith(prefix)
        }

    def branches(self) -> dict[str, str]:
        prefix = "refs/heads/"
        return {name.removeprefix(prefix): sha for name, sha in self.refs(prefix).items()}

    def read(self, commit: str, path: str) -> bytes:
        sha = self.resolve(f"{commit}:{path}")
        if sha is None:
            raise GitError(f"{commit} has no {path}")
        return self.cat(sha)

    def cat(self, sha: str) -> bytes:
        kind, data = self._object(sha)
        if kind != "blob":
            raise GitError(f"{sha} is no blob")
        return data

    def commits(self, range_: str) -> list[Commit]:
        """The commits that `git rev-list` prints for a range, oldest first."""
        shas = self._git("rev-list", "--topo-order", "--reverse", range_, "--").decode().split()
        return [self.show(sha) for sha in shas]

    def show(self, commit: str) -> Commit:
        kind, data = self._object(self.resolve(commit) or commit)
        if kind != "commit":
            raise GitError(f"{commit} is no commit")
        head, _, message = data.decode().partition("\n\n")
        said: dict[str, list[str]] = {}
        for key, _, value in (line.partition(" ") for line in head.splitlines()):
            said.setdefault(key, []).append(value)
        (author, _), (committer, when) = (
            _identity(said[role][0]) for role in ("author", "committer")
        )
        return Commit(
            self.resolve(commit) or commit,
            said["tree"][0],
            tuple(said.get("parent", ())),
            author,
            committer,
            when,
            message.rstrip("\n"),
        )

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
        """The blobs of a commit or tree by their paths."""
        found: dict[str, str] = {}
        for name, (mode, sha) in self._listed(self.resolve(commit) or commit).items():
            below = self.files(sha) if mode == "40000" else {}
            found |= {f"{name}/{path}": blob for path, blob in below.items()} or {name: sha}
        return found

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


def _identity(line: str) -> tuple[Identity, int]:
    """The identity and the time of a commit's author or committer."""
    name, _, rest = line.partition(" <")
    email, _, when = rest.partition("> ")
    return Identity(name, email), int(when.split()[0])
