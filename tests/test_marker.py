from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arxiv_id import ArxivId
from bot.marker import Marker, box, boxes, compose, is_edited, parse_marker, render_marker

NOW = datetime(2025, 10, 20, 6, 23, tzinfo=UTC)
ONE, TWO = ArxivId("2510.00001"), ArxivId("2309.00267")
MARKER = Marker((ONE, TWO), "README.md", NOW)
IDS = st.lists(
    st.integers(1, 9999).map(lambda n: ArxivId(f"2401.{n:05}")), max_size=5, unique=True
).map(tuple)
TEXT = st.text(max_size=30).map(lambda text: text.encode("utf-8", "ignore").decode())


@given(
    st.builds(
        Marker,
        papers=IDS,
        path=TEXT,
        resume=st.just(NOW),
        declined=IDS,
        written=st.none() | st.just(NOW),
        head=TEXT,
        base=TEXT,
        anchors=st.lists(TEXT, max_size=3).map(tuple),
        title=TEXT,
        digest=TEXT,
        retired=st.booleans(),
    )
)
def test_a_marker_is_read_back_as_it_was_written_and_stays_a_comment(marker: Marker):
    text = render_marker(marker)

    assert marker == parse_marker(f"{text}\n\nwords <!-- arxiv-bot {{}} -->")
    assert text.count("-->") == 1
    assert "\n" not in text


@pytest.mark.parametrize(
    "body",
    [
        "",
        "words",
        f"words\n{render_marker(MARKER)}",
        "<!-- arxiv-bot {} -->",
        '<!-- arxiv-bot {"papers": 3} -->',
        render_marker(MARKER).replace("2510.00001", "nonsense"),
        render_marker(MARKER).replace("2025", "year"),
        render_marker(MARKER).replace('"list"', '"declined": 3, "list"'),
    ],
)
def test_what_is_not_a_marker_at_the_top_is_none(body: str):
    assert parse_marker(body) is None


WRITTEN = f"Words.\n\n{box(ONE)} **T**\n{box(TWO)} **U**\n"


@pytest.mark.parametrize(
    ("change", "edited"),
    [
        (("", ""), False),
        (("- [ ] <!-- 2510.00001 -->", "- [x] <!-- 2510.00001 -->"), False),
        (("\n", "\r\n"), False),
        (("**U**\n", "**U**"), False),
        (("Words.", "Words, and mine."), True),
        (("- [ ] <!-- 2510.00001 --> **T**\n", ""), True),
    ],
)
def test_ticking_is_no_edit_and_all_else_is(change: tuple[str, str], edited: bool):
    body = compose(MARKER, WRITTEN)
    marker = parse_marker(body)
    assert marker is not None

    assert edited is is_edited(body.replace(*change) if change[0] else body, marker)


def test_boxes_are_read_whatever_stands_around_them():
    body = f"{box(ONE)} a\r\n* [X] <!-- arxiv.org/abs/2309.00267v2 --> b\n  - [x] <!-- 2401.00001 -->\n- [x] <!-- no -->\n"

    assert {ONE: False, TWO: True} == boxes(body)
    assert {ONE: True} == boxes(box(ONE, ticked=True))
