"""GitHub's JSON for commits, trees, changed files and comparisons."""

from __future__ import annotations

from typing import Any

from tests.servers.github.git import WEB_FLOW, Commit, Identity
from tests.servers.github.shapes import stamp, user

Json = Any


def _verification(commit: Commit) -> Json:
    """The signature of a commit: GitHub signs its own and those of a bot through the API; here all others are unsigned."""
    signed = commit.committer == WEB_FLOW or commit.committer.login.endswith("[bot]")
    return {
        "verified": signed,
        "reason": "valid" if signed else "unsigned",
        "signature": "signature" if signed else None,
        "payload": "payload" if signed else None,
        "verified_at": stamp(commit.when) if signed else None,
    }


def _person(who: Identity, when: int) -> Json:
    return {"name": who.name, "email": who.email, "date": stamp(when)}


def _parents(commit: Commit, url: str) -> list[Json]:
    return [
        {"sha": sha, "url": f"{url}/{sha}", "html_url": f"https://github.test/commit/{sha}"}
        for sha in commit.parents
    ]


def git_commit(url: str, commit: Commit) -> Json:
    """A commit in the Git Data API."""
    return {
        "sha": commit.sha,
        "node_id": f"C_{commit.sha}",
        "url": f"{url}/git/commits/{commit.sha}",
        "html_url": f"https://github.test/commit/{commit.sha}",
        "author": _person(commit.author, commit.when),
        "committer": _person(commit.committer, commit.when),
        "tree": {"sha": commit.tree, "url": f"{url}/git/trees/{commit.tree}"},
        "message": commit.message,
        "parents": _parents(commit, f"{url}/git/commits"),
        "verification": _verification(commit),
    }


def commit(api: str, url: str, commit: Commit) -> Json:
    """A commit in all other parts of the API, with the accounts that GitHub finds by the e-mail addresses."""
    accounts = {
        role: user(api, who.login) if who.login else None
        for role, who in (("author", commit.author), ("committer", commit.committer))
    }
    return {
        "sha": commit.sha,
        "node_id": f"C_{commit.sha}",
        "commit": {
            "author": _person(commit.author, commit.when),
            "committer": _person(commit.committer, commit.when),
            "message": commit.message,
            "tree": {"sha": commit.tree, "url": f"{url}/git/trees/{commit.tree}"},
            "url": f"{url}/git/commits/{commit.sha}",
            "comment_count": 0,
            "verification": _verification(commit),
        },
        "url": f"{url}/commits/{commit.sha}",
        "html_url": f"https://github.test/commit/{commit.sha}",
        "comments_url": f"{url}/commits/{commit.sha}/comments",
        **accounts,
        "parents": _parents(commit, f"{url}/commits"),
    }


def tree(url: str, sha: str, files: dict[str, str]) -> Json:
    entries = [
        {
            "path": path,
            "mode": "100644",
            "type": "blob",
            "sha": blob,
            "size": 1,
            "url": f"{url}/git/blobs/{blob}",
        }
        for path, blob in files.items()
    ]
    return {"sha": sha, "url": f"{url}/git/trees/{sha}", "tree": entries, "truncated": False}


def comparison(
    api: str,
    full_name: str,
    names: tuple[str, str],
    *,
    ends: tuple[Commit, Commit],
    ahead: list[Commit],
    behind: int,
    patches: dict[str, str],
) -> Json:
    """The comparison of two commits; `ends` are the first one and the common ancestor."""
    url = f"{api}/repos/{full_name}"
    html = f"https://github.test/{full_name}/compare/{'...'.join(names)}"
    status = {
        (True, True): "diverged",
        (True, False): "ahead",
        (False, True): "behind",
        (False, False): "identical",
    }[bool(ahead), bool(behind)]
    return {
        "url": f"{url}/compare/{'...'.join(names)}",
        "html_url": html,
        "permalink_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": commit(api, url, ends[0]),
        "merge_base_commit": commit(api, url, ends[1]),
        "status": status,
        "ahead_by": len(ahead),
        "behind_by": behind,
        "total_commits": len(ahead),
        "commits": [commit(api, url, ahead_commit) for ahead_commit in ahead],
        "files": [
            changed_file(url, path, patch, "0" * 40, whole=True) for path, patch in patches.items()
        ],
    }


def changed_file(url: str, path: str, patch: str, sha: str, *, whole: bool) -> Json:
    """A changed file; the patch of a large one is left out."""
    shape = {
        "sha": sha,
        "filename": path,
        "status": "modified",
        "additions": patch.count("\n+"),
        "deletions": patch.count("\n-"),
        "changes": patch.count("\n+") + patch.count("\n-"),
        "blob_url": f"{url}/blob/{path}",
        "raw_url": f"{url}/raw/{path}",
        "contents_url": f"{url}/contents/{path}",
    }
    return {**shape, "patch": patch} if whole else shape


def status(url: str, sha: str, sent: Json, login: str, at: str) -> Json:
    """A commit's status (https://docs.github.com/rest/commits/statuses)."""
    api = url.partition("/repos/")[0]
    return {
        "url": f"{url}/statuses/{sha}",
        "avatar_url": None,
        "id": sum(at.encode()),
        "node_id": f"SC_{sha}",
        "state": sent["state"],
        "description": sent.get("description"),
        "target_url": sent.get("target_url"),
        "context": sent.get("context", "default"),
        "created_at": at,
        "updated_at": at,
        "creator": user(api, login),
    }
