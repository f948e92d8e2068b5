"""A short, repeatable run of the targets of `benchmarks/fuzz.py`, and the inputs that once failed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import samples
from tests.fire.targets import FEED, SEARCH_PAGE, TARGETS

LISTS = samples.LIST.encode()
CASES: dict[str, tuple[str, bytes]] = {
    "a form whose links lead nowhere": (
        "list",
        LISTS.replace(b"https://arxiv.org", b"ht\x18tps://arxiv.o\0rg", 1),
    ),
    "lines that end in a carriage return": ("list", LISTS.replace(b"\n", b"\r")),
    "lists inside lists": ("list", b"".join(b" " * 2 * n + b"- a\n" for n in range(1200))),
    "a moment before all time": (
        "pull",
        b'<!-- arxiv-bot {"list": "a", "papers": [], "resume": "0001-01-01T00:00:00+14:00"} -->',
    ),
    "a marker without bottom": ("pull", b'<!-- arxiv-bot {"a": ' + b"[" * 50_000 + b"} -->"),
    "a marker to the microsecond": (
        "pull",
        b'<!-- arxiv-bot {"list": "a", "papers": [], "resume": "2025-10-20T00:00:00.5+00:00"} -->',
    ),
    "more results than ids": (
        "search",
        SEARCH_PAGE.replace(b"<opensearch:totalResults>2<", b"<opensearch:totalResults>20001<"),
    ),
    "a total of another script": (
        "search",
        SEARCH_PAGE.replace(b"<opensearch:totalResults>2<", "<opensearch:totalResults>²<".encode()),
    ),
    "a date that Python reads and the package does not": (
        "search",
        SEARCH_PAGE.replace(b"2025-10-17T12:01:00Z", b"2025-10-17Z0012:01:00+00:00"),
    ),
    "an unknown encoding": ("feed", b"<?xml version='1.0' encoding='x-none'?>" + FEED[38:]),
}


@pytest.mark.parametrize("name", CASES)
def test_inputs_that_once_failed_are_read(name: str):
    target, data = CASES[name]
    assert TARGETS[target][0](data) is None


def mutated(seed: bytes) -> st.SearchStrategy[bytes]:
    """The seed with some parts replaced by other parts or by random bytes."""
    place = st.integers(0, len(seed))
    piece = st.one_of(
        st.binary(max_size=12),
        st.builds(lambda start, size: seed[start : start + size], place, st.integers(0, 200)),
    )
    cut = st.tuples(place, st.integers(0, 60), piece)

    def cut_up(cuts: list[tuple[int, int, bytes]]) -> bytes:
        data = seed
        for start, size, new in cuts:
            data = data[:start] + new + data[start + size :]
        return data

    return st.lists(cut, max_size=4).map(cut_up)


@pytest.mark.deep
@pytest.mark.parametrize("name", TARGETS)
def test_no_input_causes_an_error(name: str):
    target, seeds = TARGETS[name]

    @settings(max_examples=60)
    @given(st.one_of(st.binary(max_size=400), *map(mutated, seeds)))
    def holds(data: bytes) -> None:
        assert target(data) is None

    holds()
