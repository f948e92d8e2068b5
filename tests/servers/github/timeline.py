"""The JSON of a pull request's timeline: events, commits, comments, reviews."""

from __future__ import annotations

from typing import Any

from tests.servers.github import git_shapes, shapes
from tests.servers.github.git import Commit
from tests.servers.github.pulls import Comment, Event, Pull, Review

Json = Any


def event(api: str, url: str, one: Event) -> Json:
    commit = one.particulars.get("commit_id")
    return {
        "id": one.number,
        "node_id": f"EV_{one.number}",
        "url": f"{url}/issues/events/{one.number}",
        "actor": shapes.user(api, one.actor),
        "event": one.kind,
        "commit_id": commit,
        "commit_url": commit and f"{url}/commits/{commit}",
        "created_at": one.created,
        **one.particulars,
        "performed_via_github_app": None,
    }


def comment(pull: Json, api: str, one: Comment) -> Json:
    issue = pull["issue_url"]
    return {
        "url": f"{issue.rpartition('/')[0]}/comments/{one.number}",
        "html_url": f"{pull['html_url']}#issuecomment-{one.number}",
        "issue_url": issue,
        "id": one.number,
        "node_id": f"IC_{one.number}",
        "user": shapes.user(api, one.login),
        "created_at": one.created,
        "updated_at": one.created,
        "body": one.body,
        "author_association": "NONE",
        "performed_via_github_app": None,
    }


def review(pull: Json, api: str, one: Review) -> Json:
    html = f"{pull['html_url']}#pullrequestreview-{one.number}"
    return {
        "id": one.number,
        "node_id": f"PRR_{one.number}",
        "user": shapes.user(api, one.login),
        "body": one.body,
        "state": one.state,
        "html_url": html,
        "pull_request_url": pull["url"],
        "author_association": "NONE",
        "_links": {"html": {"href": html}, "pull_request": {"href": pull["url"]}},
        "submitted_at": one.created,
        "commit_id": one.sha,
    }


def timeline(pull: Json, api: str, url: str, one: Pull, commits: list[Commit]) -> list[Json]:
    """The whole timeline, oldest first; commits have no `actor` and `created_at`, and dropped commits are left out."""
    parts = [
        (shapes.stamp(each.when), {**git_shapes.git_commit(url, each), "event": "committed"})
        for each in commits
    ]
    parts += [(each.created, event(api, url, each)) for each in one.events]
    for each in one.comments:
        shape = comment(pull, api, each)
        parts.append((each.created, {**shape, "event": "commented", "actor": shape["user"]}))
    for made in one.reviews:
        shape = review(pull, api, made)
        shape["state"] = made.state.lower()
        parts.append((made.created, {**shape, "event": "reviewed"}))
    return [part for _, part in sorted(parts, key=lambda part: part[0])]
