"""A look at a record must never refuse what reading it accepts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Window
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


def looks(record: dict[str, object]) -> bool:
    return Glance(LOOKED_FOR, WINDOW).passes(record)


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
def test_categories_and_days_are_seen(record: dict[str, object], passes: bool):
    assert passes == looks(record)


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"categories": None},
        {"categories": [1]},
        {"categories": "cs.CL"},
        {"categories": "cs.CL", "versions": []},
        {"categories": "cs.CL", "versions": [{"created": 7}]},
        {"categories": "cs.CL", "versions": [["v1"]]},
        {"categories": "cs.CL", "announced": "soon"},
        {"categories": "cs.CL", "announced": 20220412},
    ],
)
def test_what_is_no_record_is_left_to_the_reader(record: dict[str, object]):
    assert looks(record)


def test_what_was_judged_once_is_judged_so_again():
    glance = Glance(LOOKED_FOR, WINDOW)
    records = [short(categories=names) for names in ((), ("math.AG",), ("math.AG", "cs.CL"))]

    assert [False, False, True] * 2 == [glance.passes(record) for record in records * 2]


def test_a_day_of_announcement_counts_before_that_of_submission():
    record = {**kaggle(created="Mon, 27 Dec 2021 20:31:27 GMT"), "announced": "2022-01-03"}

    assert looks(record)
    assert is_within(parse_record(record), WINDOW)


@pytest.mark.parametrize(
    "created", ["Fri, 31 Dec 2021 23:30:00 -0100", "Sun, 1 Jan 2023 01:30:00 +0200"]
)
def test_a_time_of_another_zone_may_be_of_another_day(created: str):
    assert is_within(parse_record(kaggle(created)), WINDOW)
    assert looks(kaggle(created))


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
