from datetime import date

import feedparser

from bot.core.arxiv_id import ArxivId
from bot.tools.site.feed import NEWEST, feed
from bot.tools.site.papers import Listing, read

UPDATED = date(2025, 12, 31)


def listing(papers: int = 3) -> Listing:
    lines = ["# Judges & <b>juries</b>", "Papers on judges and on who judges all of them.", ""]
    lines += [
        f"- [Paper & <i>Number</i> {n}](https://arxiv.org/abs/2401.{n:05})\n  - Ada Lovelace, Alan Turing"
        for n in range(1, papers + 1)
    ]
    days = {ArxivId(f"2401.{n:05}"): date(2025, 1 + n % 12, 1) for n in range(1, papers)}
    content = "\n".join(lines).encode()
    return read(content, name="a-list", heading="", topics=(), days=days, updated=UPDATED)


def test_the_feed_is_valid_and_has_the_additions_newest_first():
    found = feedparser.parse(feed(listing(), "https://a.org/list/"))

    assert not found.bozo
    assert "atom10" == found.version
    assert "Judges & juries" == found.feed.title
    assert "2025-12-31T00:00:00Z" == found.feed.updated
    assert ["https://a.org/list/#2401.00002", "https://a.org/list/#2401.00001"] == [
        entry.id for entry in found.entries
    ]
    first = found.entries[0]
    assert "https://arxiv.org/abs/2401.00002" == first.link
    assert "2025-03-01T00:00:00Z" == first.updated == first.published
    assert ["Ada Lovelace", "Alan Turing"] == [author.name for author in first.authors]


def test_without_an_address_every_id_is_still_an_address_of_its_own():
    found = feedparser.parse(feed(listing(), ""))

    ids = [found.feed.id, *(entry.id for entry in found.entries)]
    assert all(item.startswith("urn:uuid:") for item in ids)
    assert len(ids) == len(set(ids))


def test_a_list_without_history_has_a_valid_feed_without_entries():
    bare = read(b"# A\n", name="a-list", heading="", topics=(), days={}, updated=None)

    found = feedparser.parse(feed(bare, ""))

    assert not found.bozo
    assert [] == found.entries
    assert "1970-01-01T00:00:00Z" == found.feed.updated


def test_the_feed_has_no_more_than_the_newest():
    assert NEWEST == len(feedparser.parse(feed(listing(NEWEST + 20), "")).entries)


def test_a_topic_has_a_feed_of_its_own():
    text = b"# A\n## B\n- [Paper One](https://arxiv.org/abs/2401.00001)\n## C\n- [Paper Two](https://arxiv.org/abs/2401.00002)\n"
    days = {ArxivId(f"2401.{n:05}"): date(2025, 1, n) for n in (1, 2)}
    found = read(text, name="a", heading="", topics=(), days=days, updated=UPDATED)

    made = feedparser.parse(feed(found, "https://a.org/", "C", "topic/c/"))

    assert "A: C" == made.feed.title
    assert "https://a.org/topic/c/feed.xml" == made.feed.id
    assert ["Paper Two"] == [entry.title for entry in made.entries]
