"""A real bare git repository, driven through the git binary."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ZERO = "0" * 40


class GitError(Exception):
    """git refused."""


class Repository:
    """A bare repository with a fixed identity and clock, so that the same acts give the same commits."""

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

    def blob(self, content: bytes) -> str:
        return self._git("hash-object", "-w", "--stdin", stdin=content).decode().strip()

    def tree(self, base: str, files: dict[str, str]) -> str:
        """A tree like `base`'s (a commit, a tree, or "") with the blobs of `files` (path to sha) in it."""
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

    def commit(self, tree: str, parents: list[str], message: str, author: str) -> str:
        identity = {
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (
                ("NAME", author),
                ("EMAIL", f"{author}@users.noreply.example"),
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

    def set_ref(self, name: str, sha: str, old: str | None = None) -> None:
        """Moves or makes a ref; `old` is what it must be now (ZERO for: must not exist)."""
        self._git("update-ref", name, sha, *([old] if old is not None else []))

    def delete_ref(self, name: str) -> None:
        self._git("update-ref", "-d", name)

    def branches(self) -> dict[str, str]:
        lines = self._git(
            "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads"
        ).decode()
        return {name: sha for name, _, sha in (line.partition(" ") for line in lines.splitlines())}

    def read(self, commit: str, path: str) -> bytes:
        return self._git("cat-file", "blob", f"{commit}:{path}")

    def cat(self, sha: str) -> bytes:
        return self._git("cat-file", "blob", sha)

    def describe(self, commit: str) -> dict[str, str]:
        text = self._git("show", "-s", "--format=%T%n%P%n%an%n%ae%n%B", commit).decode()
        tree, parents, name, email, message = text.split("\n", 4)
        return {
            "tree": tree,
            "parents": parents,
            "name": name,
            "email": email,
            "message": message.rstrip("\n"),
        }

    def files(self, commit: str) -> dict[str, str]:
        lines = self._git("ls-tree", "-r", commit).decode().splitlines()
        return {line.partition("\t")[2]: line.split()[2] for line in lines}

    def merge_tree(self, ours: str, theirs: str) -> str | None:
        """The tree of a merge; None if it conflicts."""
        try:
            return self._git("merge-tree", "--write-tree", ours, theirs).decode().splitlines()[0]
        except GitError:
            return None

    def is_ancestor(self, older: str, newer: str) -> bool:
        try:
            self._git("merge-base", "--is-ancestor", older, newer)
        except GitError:
            return False
        return True

    def patches(self, base: str, head: str) -> dict[str, str]:
        """The hunks of each file that `head` changes since it left `base`."""
        text = self._git("diff", f"{base}...{head}").decode("utf-8", "replace")
        found = {}
        for part in text.split("diff --git ")[1:]:
            path = part.split("\n", 1)[0].rpartition(" b/")[2]
            found[path] = "@@" + part.partition("\n@@")[2]
        return found
