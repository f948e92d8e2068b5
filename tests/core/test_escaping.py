import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core.escaping import clean, html, inline, printable, unlinked
from tests.fire.surfaces import Page, shows

ATTACK = st.lists(
    st.sampled_from(
        [*list("ab1 _*~`$[]()<>!#@&;:/\\|-+=.\"'{}\n\t"), "http://a.b", "\u200b", "\x1b", "\u202e"]
    ),
    max_size=60,
).map("".join)
PIECES = st.lists(
    st.sampled_from(
        [
            "](http://x.y)",
            "[x](y)",
            "![i](u)",
            "<b>",
            "</details>",
            "<!--",
            "-->",
            "@everyone",
            "#1",
            "a/b#2",
            "GH-3",
            "**",
            "__",
            "~~",
            "```",
            "`",
            "# ",
            "- ",
            "1. ",
            "> ",
            "|",
            "&amp;",
            "&lt;script&gt;",
            "www.x.y",
            "a@b.cd",
            ":tada:",
            "$x$",
            "$",
            " ",
            "word",
        ]
    ),
    max_size=12,
).map("".join)

_MARKDOWN = MarkdownIt("gfm-like", {"html": True})
_MARKDOWN.linkify.set({"fuzzy_link": False, "fuzzy_email": False}) if _MARKDOWN.linkify else None


def rendered(markdown: str) -> str:
    """The text of the only paragraph of this Markdown; fails if it contains anything but plain text."""
    tokens = _MARKDOWN.parse(markdown)
    assert ["paragraph_open", "inline", "paragraph_close"] == [token.type for token in tokens], (
        markdown
    )
    return shown(tokens[1])


def shown(token: Token) -> str:
    for child in token.children or ():
        assert child.type in {"text", "text_special"}, (child.type, token.content)
    return "".join(child.content for child in token.children or ()).replace("\u200b", "")


@given(st.one_of(ATTACK, PIECES))
@example("1. one")
@example("# heading")
@example("a $x_i$ b $y_j$")
@example("--- -")
def test_rendered_text_shows_the_same_characters_and_has_no_effect(text: str):
    wanted = clean(text)
    if wanted:
        assert wanted == rendered(f"{inline(text)}")
        assert wanted == rendered(f"x {inline(text)}").removeprefix("x ")
        page = Page(inline(text))
        assert {"p": 1} == page.elements
        assert wanted == page.text.strip().replace("\u200b", "")


@given(st.one_of(ATTACK, PIECES))
def test_escaped_text_of_a_link_stays_inside_the_link(text: str):
    (_, token, _) = _MARKDOWN.parse(
        f"[{inline(text) or 'x'}](https://arxiv.org/abs/2401.00001) end"
    )
    kinds = [child.type for child in token.children or ()]

    assert "link_open" == kinds[0]
    assert 1 == kinds.count("link_open")
    assert " end" == (token.children or [])[-1].content


@given(st.one_of(ATTACK, PIECES))
def test_escaped_text_in_a_table_stays_in_its_cell(text: str):
    tokens = _MARKDOWN.parse(f"| a | b |\n|---|---|\n| {inline(text, table=True)} | end |")
    cells = [
        shown(t)
        for n, t in enumerate(tokens)
        if t.type == "inline" and tokens[n - 1].type == "td_open"
    ]

    assert [clean(text), "end"] == cells


@given(st.one_of(ATTACK, PIECES))
def test_escaped_text_in_html_is_text(text: str):
    escaped = html(text)

    assert "<" not in escaped
    assert ">" not in escaped
    assert "\n" not in escaped


@given(st.text())
def test_no_text_controls_the_terminal(text: str):
    for shown_text in (
        printable(text),
        printable(text, newlines=True),
        unlinked(text),
        inline(text),
    ):
        assert not any(c < " " or "\x7f" <= c <= "\x9f" for c in shown_text.replace("\n", ""))
        assert not set(shown_text) & set(
            "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
        )


@pytest.mark.parametrize(
    "title",
    [
        "RLAIF: Scaling Reinforcement Learning from Human Feedback with AI Feedback",
        "Science Q&A by 50% (and more) - don't stop!",
        "A * B with $\\alpha$-Models",
        "Learning snake_case names",
        "Recall@k at $k=5$",
        "C# and F#",
    ],
)
def test_an_ordinary_title_stays_unchanged(title: str):
    assert title == inline(title)


@pytest.mark.parametrize(
    "text",
    [
        'Deep 1http://x.y<img src="//e/p.png">',
        "x ftp://a.b<b>c</b>",
        "foo@.bar and a@b.c, xmpp:a@b.c/d, mailto:a@b.c",
        "www",
        "www.x.y",
        "0",
        "12",
        "1.",
        "=",
        "==",
        "--",
        "-- | --",
        ":-|-:",
        ":-",
        "|-|",
        "-|-",
        "+",
        "> x",
        "#",
        "$x$*",
        "*$x$*",
        "[^1]",
        "$\\href{//evil.example/x}{click}$ $\\rlap{covered}$",
    ],
)
@pytest.mark.parametrize(
    "around", ["{}", "x\n{}", "x | y\n{}", "- {}. y", "> {}", "- [ ] {}", "**{}** y*"]
)
def test_githubs_own_renderer_turns_it_into_plain_text(text: str, around: str):
    made, ordinary = (Page(around.format(word)) for word in (inline(text), "word"))

    assert ordinary.elements == made.elements
    assert [] == made.links
    assert shows(made.text, text)


@pytest.mark.parametrize("text", ["[x", "x", "X", "a [x", "[x] y", "[x](u)"])
@pytest.mark.parametrize("around", ["- [ ] **[{}](u)**", "- [ ] {}", "- [ ] [{}](u)"])
def test_no_title_ticks_the_box_before_it(text: str, around: str):
    assert 0 == Page(around.format(inline(text))).ticked
    assert 0 == Page(f"- [ ] <b>{html(text)}</b>").ticked


@pytest.mark.parametrize("sha", ["0123456789abcdef0123456789abcdef01234567", "0123abc", "0123ABC"])
@pytest.mark.parametrize("before", ["", "owner/repo@", "user@", "see "])
def test_no_commit_is_linked(before: str, sha: str):
    for escaped in (inline(before + sha), html(before + sha), unlinked(before + sha)):
        assert not re.search(r"[0-9a-f]{7}", escaped, re.IGNORECASE)
        assert before + sha == escaped.replace("\u200b", "")


@pytest.mark.parametrize("blank", "\u115f\u1160\u2800\u3164\uffa0\ufe0f\U000e0100\u034f\u180b")
def test_invisible_characters_are_removed(blank: str):
    assert "" == clean(blank)
    assert "" == inline(f"{blank}{blank} {blank}")
    assert clean(f"a{blank} b") == "a b"


def test_math_keeps_its_symbols():
    for kept in ("$\\alpha_t$", "$\\mathcal{O}(n^2)$", "$\\sqrt{\\frac{a}{b}}$"):
        assert f"A {kept} B" == inline(f"A {kept} B")
    assert "\\$\\\\href{a}{b}\\$" == inline("$\\href{a}{b}$")


@pytest.mark.parametrize(
    "text", ["@everyone", "see #12", "a/b#3", "GH-4", "https://x.y/z", "www.x.y", "me@x.yz"]
)
def test_github_finds_nothing_to_link(text: str):
    for escaped in (inline(text), html(text), unlinked(text)):
        assert "\u200b" in escaped
        assert text == escaped.replace("\u200b", "")


def test_hazardous_real_titles_are_shown_unchanged(shared: Path):
    classes = json.loads((shared / "arxiv" / "hazard_titles_real.json").read_text())["classes"]
    titles = [paper["title"] for papers in classes.values() for paper in papers]

    assert len(titles) > 250
    for title in titles:
        assert clean(title) == rendered(inline(title)), title
