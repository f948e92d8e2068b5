"""The JSON of a pull request's timeline: events, commits, comments, reviews."""

from __future__ import annotations

from typing import Any

from tests.servers.github import git_shapes, shapes
from tests.servers.github.git import Commit
from tests.servers.github.pulls import Comment, Event, Pull, Review

Json = Any


def event(api: str, url: str, event: Event) -> Json:
    commit = event.particulars.get("commit_id")
    return {
        "id": event.number,
        "node_id": f"EV_{event.number}",
        "url": f"{url}/issues/events/{event.number}",
        "actor": shapes.user(api, event.actor),
        "event": event.kind,
        "commit_id": commit,
        "commit_url": commit and f"{url}/commits/{commit}",
        "created_at": event.created,
        **event.particulars,
        "performed_via_github_app": None,
    }


def comment(pull: Json, api: str, comment: Comment) -> Json:
    issue = pull["issue_url"]
    return {
        "url": f"{issue.rpartition('/')[0]}/comments/{comment.number}",
        "html_url": f"{pull['html_url']}#issuecomment-{comment.number}",
        "issue_url": issue,
        "id": comment.number,
        "node_id": f"IC_{comment.number}",
        "user": shapes.user(api, comment.login),
        "created_at": comment.created,
        "updated_at": comment.created,
        "body": comment.body,
        "author_association": "NONE",
        "performed_via_github_app": None,
    }


def review(pull: Json, api: str, review: Review) -> Json:
    html = f"{pull['html_url']}#pullrequestreview-{review.number}"
    return {
        "id": review.number,
        "node_id": f"PRR_{review.number}",
        "user": shapes.user(api, review.login),
        "body": review.body,
        "state": review.state,
        "html_url": html,
        "pull_request_url": pull["url"],
        "author_association": "NONE",
        "_links": {"html": {"href": html}, "pull_request": {"href": pull["url"]}},
        "submitted_at": review.created,
        "commit_id": review.sha,
    }


def timeline(pull: Json, api: str, url: str, shown: Pull, commits: list[Commit]) -> list[Json]:
    """The whole timeline, oldest first; commits have no `actor` and `created_at`, and dropped commits are left out."""
    parts = [
        (shapes.stamp(each.when), {**git_shapes.git_commit(url, each), "event": "committed"})
        for each in commits
    ]
    parts += [(each.created, event(api, url, each)) for each in shown.events]
    for each in shown.comments:
        shape = comment(pull, api, each)
        parts.append((each.created, {**shape, "event": "commented", "actor": shape["user"]}))
    for made in shown.reviews:
        shape = review(pull, api, made)
        shape["state"] = made.state.lower()
        parts.append((made.created, {**shape, "event": "reviewed"}))
    return [part for _, part in sorted(parts, key=lambda part: part[0])]
