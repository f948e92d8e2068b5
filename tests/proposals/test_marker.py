from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arxiv_id import ArxivId
from bot.proposals.items import ChangeId, Fact
from bot.proposals.marker import (
    AnyMarker,
    Contents,
    Marker,
    Ticks,
    box,
    boxes,
    compose,
    is_edited,
    parse_marker,
    parse_refresh,
    parse_removals,
    read_ticks,
    render_marker,
)

NOW = datetime(2025, 10, 20, 6, 23, tzinfo=UTC)
ONE, TWO = ArxivId("2510.00001"), ArxivId("2309.00267")
MARKER = Marker((ONE, TWO), "README.md", NOW)
WRITTEN = f"Words.\n\n{box(ONE)} **T**\n{box(TWO)} **U**\n"
IDS = st.lists(
    st.integers(1, 9999).map(lambda n: ArxivId(f"2401.{n:05}")), max_size=5, unique=True
).map(tuple)
TEXT = st.text(max_size=30).map(lambda text: text.encode("utf-8", "ignore").decode())


CHANGES = st.builds(ChangeId.of, st.just(ONE), st.sampled_from(Fact), TEXT)


def markers(items: st.SearchStrategy[Any], contents: Contents) -> st.SearchStrategy[AnyMarker]:
    return st.builds(
        Marker,
        items=items,
        path=TEXT,
        resume=st.just(NOW),
        declined=items,
        written=st.none() | st.just(NOW),
        head=TEXT,
        base=TEXT,
        anchors=st.lists(TEXT, max_size=3).map(tuple),
        title=TEXT,
        digest=TEXT,
        retired=st.booleans(),
        contents=st.just(contents),
        perhaps=items,
        answered=items.map(
            lambda found: tuple((item, NOW.date()) for item in dict.fromkeys(found))
        ),
    )


@given(
    markers(IDS, Contents.PAPERS)
    | markers(st.lists(CHANGES, max_size=5).map(tuple), Contents.CHANGES)
)
def test_a_marker_is_read_back_as_it_was_written_and_stays_a_comment(marker: AnyMarker):
    text = render_marker(marker)
    body = f"{text}\n\nwords <!-- arxiv-bot {{}} -->"
    is_refresh = marker.contents is Contents.CHANGES

    assert (None if is_refresh else marker) == parse_marker(body)
    assert (marker if is_refresh else None) == parse_refresh(body)
    assert parse_removals(body) is None
    assert text.count("-->") == 1
    assert "\n" not in text


@pytest.mark.parametrize(
    "body",
    [
        "",
        "words",
        f"words\n\\{render_marker(MARKER)}",
        render_marker(MARKER).replace(", ", ",\n", 1),
        render_marker(MARKER).removesuffix(" -->"),
        "<!-- arxiv-bot {} -->",
        '<!-- arxiv-bot {"papers": 3} -->',
        render_marker(MARKER).replace("2510.00001", "nonsense"),
        render_marker(MARKER).replace("2025", "year"),
        render_marker(MARKER).replace('"list"', '"declined": 3, "list"'),
        render_marker(MARKER).replace('"list"', '"answered": {"2510.00001": "soon"}, "list"'),
        render_marker(MARKER).replace('"version": 2', '"version": "two"'),
    ],
)
def test_text_without_a_valid_marker_gives_none(body: str):
    assert parse_marker(body) is None


@pytest.mark.parametrize("above", ["words", "words\n\n", "\r\n", "words <!-- mine --> "])
def test_a_marker_is_read_whatever_a_person_writes_above_it(above: str):
    body = above + compose(MARKER, WRITTEN)
    marker = parse_marker(body)
    assert marker is not None

    assert MARKER.items == marker.items
    assert bool(above.strip()) == is_edited(body, marker)


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
def test_only_a_tick_does_not_count_as_an_edit(change: tuple[str, str], edited: bool):
    body = compose(MARKER, WRITTEN)
    marker = parse_marker(body)
    assert marker is not None

    assert edited is is_edited(body.replace(*change) if change[0] else body, marker)


THREE = ArxivId("2401.00003")
BATCH = Marker((ONE,), "README.md", NOW, declined=(TWO,), perhaps=(THREE,))


@pytest.mark.parametrize(
    ("ticked", "wanted", "declined", "perhaps"),
    [
        ((ONE,), (ONE,), (TWO,), (THREE,)),
        ((), (), (ONE, TWO), (THREE,)),
        ((ONE, THREE), (ONE, THREE), (TWO,), ()),
        ((ONE, TWO), (ONE, TWO), (), (THREE,)),
        ((TWO, THREE), (THREE, TWO), (ONE,), ()),
    ],
)
def test_a_ticked_box_is_a_paper_in_the_pull_request(
    ticked: tuple[ArxivId, ...],
    wanted: tuple[ArxivId, ...],
    declined: tuple[ArxivId, ...],
    perhaps: tuple[ArxivId, ...],
):
    body = "\n".join(box(item, ticked=item in ticked) for item in (ONE, TWO, THREE))

    assert Ticks(wanted, declined, perhaps) == read_ticks(BATCH, body)


def test_an_item_without_a_box_stays_as_the_marker_has_it():
    assert Ticks((ONE,), (TWO,), (THREE,)) == read_ticks(BATCH, "All mine now.")


def test_in_a_version_1_text_a_tick_declines():
    """The text is as release 0.1.0 wrote it: papers are unticked, and those that a person declined are ticked."""
    body = (
        '<!-- arxiv-bot {"version": 1, "list": "README.md", "papers": ["2510.00001", "2401.00003"], '
        '"declined": ["2309.00267"], "resume": "2025-10-20T06:23:00+00:00"} -->\n\n'
        f"- [ ] <!-- {ONE} --> **T**\n- [x] <!-- {THREE} --> **V**\n- [x] <!-- {TWO} --> U\n"
    )
    marker = parse_marker(body)
    assert marker is not None

    assert Ticks((ONE,), (THREE, TWO), ()) == read_ticks(marker, body)
    taken_back = body.replace(f"- [x] <!-- {TWO}", f"- [ ] <!-- {TWO}")
    assert Ticks((ONE, TWO), (THREE,), ()) == read_ticks(marker, taken_back)


def test_boxes_are_read_whatever_is_around_them():
    body = f"{box(ONE)} a\r\n* [X] <!-- arxiv.org/abs/2309.00267v2 --> b\n  - [x] <!-- 2401.00001 -->\n- [x] <!-- no -->\n"

    assert {ONE: False, TWO: True} == boxes(body)
    assert {ONE: True} == boxes(box(ONE, ticked=True))


@given(CHANGES)
def test_a_change_is_read_back_from_its_box_and_is_not_a_paper(change: ChangeId):
    assert change == ChangeId.parse(str(change))
    assert {change: True, ONE: False} == boxes(f"{box(change, ticked=True)} a\n{box(ONE)} b\n")


def test_the_same_value_in_another_notation_is_the_same_change():
    first, two = (
        ChangeId.of(ONE, Fact.TITLE, text)
        for text in (r"Na\"{\i}ve  \emph{Judges}", "Naïve Judges")
    )

    assert first == two
    assert first != ChangeId.of(ONE, Fact.ABSTRACT, "Naïve Judges")
    assert first != ChangeId.of(ONE, Fact.TITLE, "Naïve Judge")
