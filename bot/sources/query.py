"""Compiles topics and a window into arXiv search queries: usually one, up to three if there are many phrases.

If the phrases do not fit three queries, one query asks for every paper of the categories instead, and the bot matches
the phrases itself. The bot always applies the excludes itself.

The service has no operator precedence, joins words without an operator by OR, and refuses unbalanced quotes and
parentheses (https://info.arxiv.org/help/api/user-manual.html and its query parser). So every phrase is quoted, every
term names its field, every group is in parentheses, and every operator is written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from urllib.parse import quote_plus

from bot.core.model import Topic, Window, phrase_parts

SEARCH_URL = "https://export.arxiv.org/api/query"
"""The service that the queries are for."""
MAX_URL = 4000  # bytes of a query in a URL; longer queries are split, since the service answers some with 414
MOST = 3  # queries; beyond that, reading every paper takes fewer requests than sending the phrases
_NOT_SEARCHED = re.compile(r"[^\w\s]|_")
_ENDING = re.compile(r"(?<=[^aeiou\W]{1})(?:ing|ed|s)$")


def compile_queries(
    topics: Sequence[Topic], categories: Sequence[str], window: Window
) -> tuple[str, ...]:
    """Returns the queries that together find every paper of the topics, categories and window."""
    frame = _frame(categories, window)
    groups: list[list[str]] = [[]]
    for term in _terms(topics):
        longer = " OR ".join([*groups[-1], term])
        if groups[-1] and len(quote_plus(frame.format(longer))) > MAX_URL:
            groups.append([])
        groups[-1].append(term)
    if len(groups) > MOST:
        return (_within(categories, window),)
    return tuple(frame.format(" OR ".join(group)) for group in groups if group)


def is_whole(query: str) -> bool:
    """Whether a query has no phrases, and so asks for every paper of the categories."""
    return '"' not in query


def compile_sample(categories: Sequence[str], window: Window) -> str:
    """Returns the query for every paper of the categories and the window, whatever its subject."""
    return _within(categories, window)


def halves(window: Window) -> tuple[Window, Window]:
    """Splits a window in two, for when it holds more papers than the service returns."""
    middle = window.since + (window.until - window.since) / 2
    return Window(window.since, middle), Window(middle, window.until)


def _frame(categories: Sequence[str], window: Window) -> str:
    return f"({{}}) AND ({_within(categories, window)})"


def _within(categories: Sequence[str], window: Window) -> str:
    cats = " OR ".join(f"cat:{category}" for category in categories)
    dates = f"submittedDate:[{_minute(window.since)} TO {_minute(_ceiling(window.until))}]"
    return f"({cats}) AND {dates}"


def _minute(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H%M}"


def _ceiling(moment: datetime) -> datetime:
    """Rounds up to a full minute, since the service ignores seconds."""
    return moment if not (moment.second or moment.microsecond) else moment + timedelta(minutes=1)


def _terms(topics: Sequence[Topic]) -> Iterator[str]:
    """Yields search terms; phrases that share their first parts share a term: `a + b`, `a + c` give a AND (b OR c)."""
    whole, joined = _by_shape(topics)
    simple = _needed_alone(whole, joined)
    yield from map(_either, simple.values())
    for first, lasts in joined.items():
        if not any(run in simple for part in first for run in _runs(_stemmed(part))):
            yield _conjunction(first, lasts)


def _needed_alone(
    whole: Mapping[str, str], joined: Mapping[tuple[str, ...], Sequence[str]]
) -> dict[str, str]:
    """Returns the phrases of one part, by their stems, without those whose papers another term finds anyway."""
    needs = [
        {_stemmed(part) for part in (*first, last)}
        for first, lasts in joined.items()
        for last in lasts
    ]
    distinct = _without_subsumed(whole).items()
    return {stem: text for stem, text in distinct if not _holds_any(stem, needs)}


def _by_shape(
    topics: Sequence[Topic],
) -> tuple[dict[str, str], dict[tuple[str, ...], list[str]]]:
    """Groups phrases: those of one part by their stems, and the last parts of the others by their earlier parts."""
    whole: dict[str, str] = {}
    joined: dict[tuple[str, ...], list[str]] = {}
    for phrase in (phrase for topic in topics for phrase in topic.phrases):
        parts = tuple(text for part in phrase_parts(phrase) if (text := _searched(part)))
        if len(parts) == 1:
            whole.setdefault(_stemmed(parts[0]), parts[0])
        elif parts:
            joined.setdefault(parts[:-1], []).append(parts[-1])
    return whole, joined


def _conjunction(first: Sequence[str], lasts: Sequence[str]) -> str:
    distinct = _without_subsumed({_stemmed(last): last for last in lasts})
    term = _any([_either(last) for last in distinct.values()])
    for part in reversed(first):
        term = f"({_either(part)} AND {term})"
    return term


def _any(terms: Sequence[str]) -> str:
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def _either(text: str) -> str:
    return f'(ti:"{text}" OR abs:"{text}")'


def _searched(phrase: str) -> str:
    """Returns the phrase as the service indexes it: words only, since it splits at every other character."""
    return " ".join(_NOT_SEARCHED.sub(" ", phrase).split()).casefold()


def _stemmed(text: str) -> str:
    """Returns the same key for all phrases that the service treats alike, since it stems English words."""
    return " ".join(_ENDING.sub("", word) if len(word) > 5 else word for word in text.split())


def _holds_any(text: str, needs: Sequence[set[str]]) -> bool:
    """Whether the text contains all the phrases of one of the sets."""
    runs = _runs(text)
    return any(parts <= runs for parts in needs)


def _runs(text: str) -> set[str]:
    """Returns every run of consecutive words of the text, the whole text included."""
    words = text.split()
    ends = range(len(words) + 1)
    return {" ".join(words[start:end]) for start, end in combinations(ends, 2)}


def _without_subsumed(texts: Mapping[str, str]) -> dict[str, str]:
    """Drops each phrase that contains another phrase, because the shorter phrase finds the same papers and more."""
    return {
        stem: text
        for stem, text in texts.items()
        if not any(run != stem and run in texts for run in _runs(stem))
    }
