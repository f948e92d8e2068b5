"""The objects and refs that the test GitHub writes are those that git itself would write and read."""

import subprocess
from pathlib import Path

import pytest

from tests.servers.github.git import ZERO, GitError, Identity, Repository

AUTHOR = Identity("Ada Lovelace", "ada@example.org")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repo.git", "main")


def git(repository: Repository, *arguments: str, stdin: bytes = b"") -> str:
    done = subprocess.run(
        ["git", f"--git-dir={repository.folder}", *arguments],
        input=stdin,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def test_git_accepts_the_repository_and_finds_the_same_objects(repository: Repository):
    blob = repository.blob("à la\n".encode())
    files = dict.fromkeys(("b", "b.md", "b-c/d", "a/x/y", "a/x.md"), blob)
    first = repository.commit(repository.tree("", files), [], "Start", AUTHOR)
    other = repository.blob(b"")
    tree = repository.tree(first, {"a/x/z": other, "b": other})
    committer = Identity("GitHub", "noreply@github.com")
    second = repository.commit(tree, [first], "Sécond\n\nWith a body.\n", AUTHOR, committer)
    repository.move(("refs/heads/main", second, ZERO), ("refs/heads/x/y", first, ZERO))

    assert "" == git(repository, "fsck", "--strict", "--full", "--no-dangling")
    assert f"{blob}\n" == git(repository, "hash-object", "--stdin", stdin="à la\n".encode())
    listed = git(repository, "ls-tree", "-r", "--format=%(path) %(objectname)", "main")
    assert repository.files("main") == dict(line.split() for line in listed.splitlines())
    assert {**files, "a/x/z": other, "b": other} == repository.files(second)
    said = git(repository, "log", "-1", "--format=%H %T %P %an %ae %cn %ce %ct %s", "main")
    shown = repository.show("main")
    assert said.split() == [
        *(shown.sha, shown.tree, *shown.parents),
        *(*shown.author.name.split(), shown.author.email),
        *(shown.committer.name, shown.committer.email, str(shown.when), "Sécond"),
    ]
    assert "Sécond\n\nWith a body." == shown.message
    assert {"refs/heads/main": second, "refs/heads/x/y": first} == repository.refs("refs/heads/")
    assert [first, second] == [commit.sha for commit in repository.commits("main")]
    for name in ("main", "refs/heads/x/y", second, "main:a/x/z", "main:a", f"{first}:b"):
        assert git(repository, "rev-parse", name).strip() == repository.resolve(name), name


def test_missing_objects_are_not_found(repository: Repository):
    blob = repository.blob(b"x")
    commit = repository.commit(repository.tree("", {"a": blob}), [], "Start", AUTHOR)
    repository.move(("refs/heads/main", commit, ZERO))

    for name in (
        "",
        "other",
        "refs/heads/other",
        "refs/heads/../heads/main",
        ZERO,
        "main:b/c",
        "main:a/b",
    ):
        assert repository.resolve(name) is None, name
    for act in (
        lambda: repository.tree("", {"a": commit}),
        lambda: repository.commit(blob, [], "", AUTHOR),
        lambda: repository.read("main", "b"),
        lambda: repository.cat(commit),
        lambda: repository.show(blob),
        lambda: repository.commits(f"{ZERO}..{commit}"),
    ):
        with pytest.raises(GitError):
            act()
