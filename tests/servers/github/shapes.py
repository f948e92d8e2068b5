"""The JSON of GitHub's responses, complete enough to satisfy GitHub's description."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from tests.servers.github.pulls import Pull

Json = Any

_USER_LINKS = "followers following gists starred subscriptions organizations repos events received_events".split()
_REPO_LINKS = (
    "archive assignees blobs branches collaborators comments commits compare contents contributors deployments "
    "downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels "
    "languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags "
    "teams trees"
).split()


def stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def user(api: str, login: str) -> Json:
    number = sum(login.encode())
    url = f"{api}/users/{login}"
    return {
        "login": login,
        "id": number,
        "node_id": f"U_{number}",
        "avatar_url": f"{url}/avatar",
        "gravatar_id": "",
        "url": url,
        "html_url": f"https://github.test/{login}",
        **{f"{name}_url": f"{url}/{name}" for name in _USER_LINKS},
        "type": "Bot" if login.endswith("[bot]") else "User",
        "site_admin": False,
    }


def repository(
    api: str, full_name: str, default_branch: str, *, whole: bool, archived: bool = False
) -> Json:
    owner, _, name = full_name.partition("/")
    url = f"{api}/repos/{full_name}"
    html = f"https://github.test/{full_name}"
    shape = {
        "id": 1296269,
        "node_id": "R_1",
        "name": name,
        "full_name": full_name,
        "owner": user(api, owner),
        "private": False,
        "html_url": html,
        "description": None,
        "fork": False,
        "url": url,
        **{f"{link}_url": f"{url}/{link}" for link in _REPO_LINKS},
        "clone_url": f"{html}.git",
        "git_url": f"git://github.test/{full_name}.git",
        "ssh_url": f"git@github.test:{full_name}.git",
        "svn_url": html,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "default_branch": default_branch,
        "archived": archived,
        "disabled": False,
        "created_at": "2023-09-01T00:00:00Z",
        "updated_at": "2025-10-01T00:00:00Z",
        "pushed_at": "2025-10-01T00:00:00Z",
        "visibility": "public",
    }
    for count in (
        "forks",
        "forks_count",
        "open_issues",
        "open_issues_count",
        "stargazers_count",
        "watchers",
        "watchers_count",
        "size",
    ):
        shape[count] = 0
    for feature in ("issues", "projects", "wiki", "pages", "discussions", "downloads"):
        shape[f"has_{feature}"] = False
    return {**shape, "network_count": 0, "subscribers_count": 0} if whole else shape


def ref(url: str, name: str, sha: str) -> Json:
    return {
        "ref": name,
        "node_id": f"REF_{name}",
        "url": f"{url}/git/{name}",
        "object": {"sha": sha, "type": "commit", "url": f"{url}/git/commits/{sha}"},
    }


def content(url: str, path: str, sha: str, data: bytes) -> Json:
    large = len(data) > 1_000_000
    link = f"{url}/contents/{path}?ref=x"
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": len(data),
        "url": link,
        "html_url": f"https://github.test/blob/{path}",
        "git_url": f"{url}/git/blobs/{sha}",
        "download_url": f"https://raw.github.test/{path}",
        "type": "file",
        "content": "" if large else base64.encodebytes(data).decode(),
        "encoding": "none" if large else "base64",
        "_links": {
            "self": link,
            "git": f"{url}/git/blobs/{sha}",
            "html": f"https://github.test/blob/{path}",
        },
    }


def label(url: str, name: str) -> Json:
    return {
        "id": sum(name.encode()),
        "node_id": f"LA_{name}",
        "url": f"{url}/labels/{name}",
        "name": name,
        "color": "ededed",
        "default": False,
        "description": "",
    }


def pull(api: str, full_name: str, default_branch: str, pull: Pull) -> Json:
    """A pull request in a list."""
    url = f"{api}/repos/{full_name}"
    here = f"{url}/pulls/{pull.number}"
    html = f"https://github.test/{full_name}/pull/{pull.number}"
    home = repository(api, full_name, default_branch, whole=False)
    head_home = (
        home
        if pull.head_repo == full_name
        else repository(api, pull.head_repo, default_branch, whole=False)
    )
    links = {
        "self": here,
        "html": html,
        "issue": f"{url}/issues/{pull.number}",
        "comments": f"{url}/issues/{pull.number}/comments",
        "review_comments": f"{here}/comments",
        "review_comment": f"{url}/pulls/comments{{/number}}",
        "commits": f"{here}/commits",
        "statuses": f"{url}/statuses/{pull.head_sha}",
    }
    owner = full_name.partition("/")[0]
    return {
        "url": here,
        "id": 1000 + pull.number,
        "node_id": f"PR_{pull.number}",
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": links["issue"],
        "comments_url": links["comments"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "commits_url": links["commits"],
        "statuses_url": links["statuses"],
        "number": pull.number,
        "state": "open" if pull.state == "open" else "closed",
        "locked": False,
        "title": pull.title,
        "user": user(api, pull.author),
        "body": pull.body,
        "labels": [label(url, name) for name in pull.labels],
        "milestone": None,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [user(api, name) for name in pull.reviewers],
        "requested_teams": [],
        "created_at": pull.created,
        "updated_at": pull.updated,
        "closed_at": pull.closed,
        "merged_at": pull.merged,
        "merge_commit_sha": pull.merge_sha,
        "draft": False,
        "head": {
            "label": f"{pull.head_repo.partition('/')[0]}:{pull.branch}",
            "ref": pull.branch,
            "sha": pull.head_sha,
            "user": user(api, pull.head_repo.partition("/")[0]),
            "repo": head_home,
        },
        "base": {
            "label": f"{owner}:{pull.base}",
            "ref": pull.base,
            "sha": pull.base_sha,
            "user": user(api, owner),
            "repo": home,
        },
        "_links": {name: {"href": link} for name, link in links.items()},
        "author_association": "CONTRIBUTOR",
        "auto_merge": _auto_merge(api, pull) if pull.merges_for else None,
    }


def _auto_merge(api: str, pull: Pull) -> Json:
    return {
        "enabled_by": user(api, pull.merges_for),
        "merge_method": "merge",
        "commit_title": pull.title,
        "commit_message": "",
    }


def whole_pull(
    shape: Json, api: str, pull: Pull, mergeable: bool | None, commits: int, patches: dict[str, str]
) -> Json:
    """A pull request requested by its number; `shape` is its form in a list."""
    return {
        **shape,
        "merged": pull.state == "merged",
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": {None: "unknown", True: "clean", False: "dirty"}[mergeable],
        "merged_by": user(api, pull.closed_by) if pull.state == "merged" else None,
        "comments": len(pull.comments),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": commits,
        "additions": sum(patch.count("\n+") for patch in patches.values()),
        "deletions": sum(patch.count("\n-") for patch in patches.values()),
        "changed_files": len(patches),
    }


def issue(shape: Json, api: str, url: str, pull: Pull) -> Json:
    """A pull request as an issue, the only form that says who closed it; `shape` is its form in a list."""
    here = shape["issue_url"]
    same = (
        "number id title user body labels state locked assignee assignees milestone created_at updated_at closed_at "
        "author_association html_url"
    ).split()
    return {
        **{name: shape[name] for name in same},
        "node_id": shape["node_id"],
        "url": here,
        "repository_url": url,
        "labels_url": f"{here}/labels{{/name}}",
        "comments_url": f"{here}/comments",
        "events_url": f"{here}/events",
        "timeline_url": f"{here}/timeline",
        "comments": len(pull.comments),
        "closed_by": user(api, pull.closed_by) if pull.closed_by else None,
        "pull_request": {
            "url": shape["url"],
            "html_url": shape["html_url"],
            "diff_url": shape["diff_url"],
            "patch_url": shape["patch_url"],
            "merged_at": pull.merged,
        },
    }
