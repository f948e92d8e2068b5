import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.escaping import web_address
from bot.tools.site.links import Link, find_links


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[A Title](https://a.org/x) and [code](http://b.org)", ["A Title", "Code"]),
        ("[![Demo](https://i.org/s.svg)](https://a.org/x)", ["Demo"]),
        ("[![GitHub Repo stars](https://i.org/s.svg)](https://github.com/a/b)", ["Code"]),
        ('<a href="https://a.org/?x=1&amp;y=2"><b>The page</b></a>', ["The page"]),
        ("see https://github.com/a/b, and <https://www.c.org/d>", ["Code", "c.org"]),
        ("[](https://a.org)", ["a.org"]),
        ("[Wiki](https://en.org/Mercury_(planet))", ["Wiki"]),
        ("[a](https://a.org) [b](https://a.org)", ["A"]),
        ("![picture](https://a.org/x.png)", []),
    ],
)
def test_links_have_the_labels_a_reader_understands(text: str, expected: list[str]):
    assert expected == [link.label for link in find_links(text)]


def test_an_address_is_taken_whole():
    (link,) = find_links("[Wiki](https://en.org/Mercury_(planet)?a=1#b)")

    assert Link("Wiki", "https://en.org/Mercury_(planet)?a=1#b") == link


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        "[x](//evil.org)",
        "[x](/relative)",
        "[x](#anchor)",
        "[x](mailto:a@b.org)",
        "[x](https://user:word@evil.org/)",
        '<a href="javascript&colon;alert(1)">x</a>',
        "[![s](u)](https://img.shields.io/github/stars/a/b)",
    ],
)
def test_only_a_plain_web_address_is_a_link(text: str):
    assert [] == list(find_links(text))


@pytest.mark.parametrize(
    "text",
    ["https://a.org/\u202egpj", "https://a\u200b.org", "https://", "http://[", "ftp://a.org"],
)
def test_an_unsafe_address_is_refused(text: str):
    assert "" == web_address(text)


@given(st.text(alphabet="[]()<>!ahref=\"' https://ab.org\n", max_size=200))
def test_every_link_is_one_of_the_web(text: str):
    assert all(link.url.lower().startswith(("http://", "https://")) for link in find_links(text))


@pytest.mark.parametrize("part", ["[", "[](", "![a](", "<a href=", "https://", "[a]("])
def test_a_hostile_entry_costs_little(part: str):
    start = time.process_time()

    found = list(find_links(part * 4_000))

    assert len(found) <= 12
    assert time.process_time() - start < 5
