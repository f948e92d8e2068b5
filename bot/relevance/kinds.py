"""Recognises surveys, benchmarks and new versions from a paper's title and comment. Pure."""

from __future__ import annotations

import re

from bot.core.model import Announcement, Kind, Paper

# Excluded: a survey of people ("survey data", "user survey"), peer review, and a benchmark that a paper only uses.
_SURVEY = re.compile(
    r"(?<!user )(?<!opinion )(?<!household )(?<!health )"
    r"\bsurvey\b(?!\s+(?:data|responses?|respondents?|questions?|questionnaires?|items?|experiments?|instruments?|"
    r"participants?|forms?|simulations?|answers?|design|telescope|images?|generation|writing)\b)"
    r"|\b(?:systematic|comprehensive|critical|literature|scoping|brief|holistic|structured|rapid|narrative|in-depth)"
    r"\s+(?:literature\s+)?(?:review|overview)\b"
    r"|\b(?:a review|an overview)(?=\W*$|:| of\b| on\b)",
    re.IGNORECASE,
)
_SURVEY_COMMENT = re.compile(
    r"\b(?:survey|review)\s+(?:paper|article)\b|^\W*survey\b|\ba survey\b", re.IGNORECASE
)
_BENCHMARK = re.compile(
    r"\b[bB]enchmark(?:s|ing)?\b|\b[\w-]*[a-zA-Z\d-](?:Bench|BENCH)\b|\bBench\b|\bBENCHMARK"
)
_HINTS = ("survey", "review", "overview", "bench")  # most papers have none of these
_REPLACED = frozenset({Announcement.REPLACE, Announcement.REPLACE_CROSS})


def kinds_of(paper: Paper, *, listed: bool) -> tuple[Kind, ...]:
    """Returns the kinds of a paper; `listed` says whether the list has the paper."""
    folded = f"{paper.title} {paper.comment}".casefold()
    has_hint = any(hint in folded for hint in _HINTS)
    checks = (
        (
            Kind.SURVEY,
            has_hint and (_SURVEY.search(paper.title) or _SURVEY_COMMENT.search(paper.comment)),
        ),
        (Kind.BENCHMARK, has_hint and _BENCHMARK.search(paper.title)),
        (Kind.NEW_VERSION, listed and paper.announcement in _REPLACED),
    )
    return tuple(kind for kind, is_match in checks if is_match)
