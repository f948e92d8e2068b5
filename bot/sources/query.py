"""Topics and a window compiled into search queries for arXiv: normally one, three where the phrases need them.

More phrases than three queries take are not sent: then every paper of the categories is asked for, and judged here.

The service knows no precedence, joins words without operator by OR, and refuses unbalanced quotes and parentheses
(https://info.arxiv.org/help/api/user-manual.html and its query parser): so every phrase is quoted, every term has its
field, every group its parentheses, and every operator is written. Excludes are not sent: they are judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from urllib.parse import quote_plus

from bot.core.model import Topic, Window, phrase_parts

MAX_URL = 4000  # bytes of a query as it stands in a URL; longer ones are split, since the service answers 414 to some
MOST = (
    3  # queries; with more phrases than they take, the phrases cost more requests than the papers
)
_NOT_SEARCHED = re.compile(r"[^\w\s]|_")
_ENDING = re.compile(r"(?<=[^aeiou\W]{1})(?:ing|ed|s)$")


def compile_queries(
    topics: Sequence[Topic], categories: Sequence[str], window: Window
) -> tuple[str, ...]:
    """The queries whose answers together hold every paper of the topics, categories and window."""
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
    """Whether a query asks for every paper of the categories, as the phrases are too many to send."""
    return '"' not in query


def compile_sample(categories: Sequence[str], window: Window) -> str:
    """The query for every paper of the categories and the window, whatever its subject."""
    return _within(categories, window)


def halves(window: Window) -> tuple[Window, Window]:
    """The window in two, for when it holds more papers than the service gives out."""
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
    """The next full minute: the service compares to the minute, with seconds 00."""
    return moment if not (moment.second or moment.microsecond) else moment + timedelta(minutes=1)


def _terms(topics: Sequence[Topic]) -> Iterator[str]:
    """One term for each phrase, phrases that share a part taken together: `a + b`, `a + c` become a AND (b OR c)."""
    whole, joined = _by_shape(topics)
    simple = _needed_alone(whole, joined)
    yield from map(_either, simple.values())
    for first, lasts in joined.items():
        if not any(run in simple for part in first for run in _runs(_stemmed(part))):
            yield _conjunction(first, lasts)


def _needed_alone(
    whole: Mapping[str, str], joined: Mapping[tuple[str, ...], Sequence[str]]
) -> dict[str, str]:
    """The phrases of one part, by their stems, less those that another term finds too."""
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
    """The phrases of one part by their stems, and the last parts of the others by the parts before."""
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
    """The phrase as the service indexes it: words only, since it splits at every other character."""
    return " ".join(_NOT_SEARCHED.sub(" ", phrase).split()).casefold()


def _stemmed(text: str) -> str:
    """The same key for phrases that are one to the service, which stems English words."""
    return " ".join(_ENDING.sub("", word) if len(word) > 5 else word for word in text.split())


def _holds_any(text: str, needs: Sequence[set[str]]) -> bool:
    """Whether the text contains all the phrases of one of the sets."""
    runs = _runs(text)
    return any(parts <= runs for parts in needs)


def _runs(text: str) -> set[str]:
    """The phrases that the text contains whole, itself among them."""
    words = text.split()
    ends = range(len(words) + 1)
    return {" ".join(words[start:end]) for start, end in combinations(ends, 2)}


def _without_subsumed(texts: Mapping[str, str]) -> dict[str, str]:
    """Leaves out a phrase that contains another one whole: whatever it finds, the other finds too."""
    return {
        stem: text
        for stem, text in texts.items()
        if not any(run != stem and run in texts for run in _runs(stem))
    }
