"""Makes an entry link to the same page on arXiv, abstract or PDF, as the list's newest entries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.core.arxiv_id import ArxivId

NEWEST = 10
"""The number of the list's newest entries, by id, that show which page it links."""

_NAMED = re.compile(r"\b(?:abs|abstract|html|pdf)\W{0,9}\]\(\S{0,30}$", re.IGNORECASE)


def with_usual_pages(text: str, paper_id: ArxivId, newest: Sequence[tuple[str, ArxivId]]) -> str:
    """Returns an entry whose links to the paper go to the page that most of the newest entries link at that position.

    `newest` are texts of entries, newest first, each with the id of its paper. The newest entry counts most.
    Entries with another number of links don't count. A link that is called "pdf" or "abs" keeps its page.
    """
    own = list(_pages(text, paper_id))
    read = (list(_pages(*entry)) for entry in newest)
    known = [pages for pages in read if len(pages) == len(own)]
    for place, page in reversed(list(enumerate(own))):
        if not known or _NAMED.search(text, 0, page.start()):
            continue
        votes: Counter[tuple[str, str]] = Counter()
        for age, pages in enumerate(known):
            votes[pages[place][1], pages[place][2]] += len(known) - age
        (kind, ending), _ = votes.most_common(1)[0]
        text = f"{text[: page.start()]}{kind}/{paper_id}{ending}{text[page.end() :]}"
    return text


def _pages(text: str, paper_id: ArxivId) -> Iterator[re.Match[str]]:
    """The links of an entry to its paper on arXiv: the kind of page, and the ending of the address."""
    page = (
        rf"(?<=arxiv\.org/)(abs|pdf|html)/{re.escape(str(paper_id))}(?:v\d+)?(\.pdf|)(?![\w.]*\w)"
    )
    return re.finditer(page, text, re.IGNORECASE)
