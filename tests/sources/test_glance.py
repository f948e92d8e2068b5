"""A look at a record must never refuse what reading it accepts."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Window
from bot.sources.glance import Glance
from bot.sources.snapshot import is_within, parse_record

WINDOW = Window(datetime(2022, 1, 1, tzinfo=UTC), datetime(2022, 12, 31, 23, 59, tzinfo=UTC))
LOOKED_FOR = ("cs.CL", "stat.*")


def kaggle(
    created: str = "Mon, 11 Apr 2022 20:31:27 GMT", categories: str = "cs.DS cs.CL"
) -> dict[str, object]:
    return {
        "id": "2204.11408",
        "title": 'On "categories":"math.AG" and {braces}',
        "categories": categories,
        "abstract": 'x "created":"Mon, 11 Apr 1999 20:31:27 GMT" y',
        "versions": [
            {"version": "v1", "created": created},
            {"version": "v2", "created": "Sat, 30 Jan 2023 23:57:29 GMT"},
        ],
        "authors_parsed": [["Lemire", "Daniel", ""]],
    }


def short(
    announced: str = "2022-04-12", categories: tuple[str, ...] = ("cs.DS", "cs.CL")
) -> dict[str, object]:
    return {
        "abstract": "A text.",
        "announced": announced,
        "authors": ["Daniel Lemire"],
        "categories": list(categories),
        "id": "2204.11408",
        "title": "On numbers",
    }


def looks(record: dict[str, object], *, compact: bool = True, end: bytes = b"\n") -> bool:
    separators = (",", ":") if compact else (", ", ": ")
    return Glance(LOOKED_FOR, WINDOW).passes(
        json.dumps(record, separators=separators).encode() + end
    )


@pytest.mark.parametrize("compact", [True, False])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
@pytest.mark.parametrize(
    ("record", "passes"),
    [
        (kaggle(), True),
        (kaggle(categories="cs.CL"), True),
        (kaggle(categories="stat.ML"), True),
        (kaggle(categories="math.AG math.NT"), False),
        (kaggle(categories="cs.CLX stats"), False),
        (kaggle(created="Mon, 3 May 2021 20:31:27 GMT"), False),
        (kaggle(created="Mon, 2 Jan 2023 20:31:27 GMT"), False),
        (kaggle(created="the other day"), True),
        (short(), True),
        (short(categories=("stat.ML",)), True),
        (short(categories=("math.AG", "math.NT")), False),
        (short(announced="2021-12-30"), False),
        (short(announced="2023-01-02"), False),
    ],
)
def test_categories_and_days_are_seen(
    record: dict[str, object], passes: bool, compact: bool, end: bytes
):
    assert passes == looks(record, compact=compact, end=end)


def test_what_is_cut_off_is_left_to_the_reader():
    assert Glance(LOOKED_FOR, WINDOW).passes(b'{"categories":"math.AG","id":"22')


def test_what_has_no_such_key_is_left_to_the_reader():
    assert Glance(LOOKED_FOR, WINDOW).passes(b"{}\n")


def test_lists_that_begin_alike_are_told_apart():
    glance = Glance(LOOKED_FOR, WINDOW)

    assert not glance.passes(json.dumps(short(categories=("math.AG", "math.NT"))).encode())
    assert glance.passes(json.dumps(short(categories=("math.AG", "cs.CL"))).encode())


@pytest.mark.parametrize("gap", ["", " ", "  ", "\t \t"])
def test_space_before_the_categories_does_not_mix_records_up(gap: str):
    glance = Glance(LOOKED_FOR, WINDOW)
    lines = [
        f'{{"categories":{gap}"{names}"}}\n'.encode() for names in ("", "math.AG", "cs.CL", "q")
    ]

    assert [True, False, True, False] == [glance.passes(line) for line in lines]


def test_a_day_of_announcement_counts_before_that_of_submission():
    record = {**kaggle(created="Mon, 27 Dec 2021 20:31:27 GMT"), "announced": "2022-01-03"}

    assert looks(record)
    assert is_within(parse_record(record), WINDOW)


@given(
    st.integers(-80, 8900),
    st.lists(
        st.sampled_from(["cs.CL", "cs.LG", "stat.ML", "stat.ME", "math.AG"]),
        min_size=1,
        unique=True,
    ),
    st.booleans(),
)
def test_it_never_refuses_what_reading_accepts(
    hours: int, categories: list[str], in_kaggles_shape: bool
):
    moment = WINDOW.since + timedelta(hours=hours)
    if in_kaggles_shape:
        record = kaggle(f"{moment:%a, %d %b %Y %H:%M:%S} GMT", " ".join(categories))
    else:
        record = short(f"{moment:%Y-%m-%d}", tuple(categories))
    paper = parse_record(record)
    accepted = is_within(paper, WINDOW) and any(
        c == "cs.CL" or c.startswith("stat.") for c in categories
    )

    assert looks(record) or not accepted
    if looks(record):
        around = Window(WINDOW.since - timedelta(days=2), WINDOW.until + timedelta(days=2))
        assert is_within(paper, around)
