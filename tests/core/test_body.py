import gzip
from collections.abc import Iterable, Iterator

import pytest

from bot.core.body import BodyError, LargeBodyError, SlowBodyError, read_body

PLAIN = b"A paper list. " * 100
PACKED = gzip.compress(PLAIN)


def read(
    pieces: Iterable[bytes], *, is_packed: bool = False, most: int = 10_000, clock: object = None
) -> bytes:
    ticks: Iterator[float] = iter(clock) if isinstance(clock, list) else iter([0.0] * 1000)
    return read_body(
        pieces, is_packed=is_packed, most=most, seconds=5.0, monotonic=lambda: next(ticks)
    )


def test_a_body_is_the_same_in_one_piece_or_many_compressed_or_not():
    assert PLAIN == read([PLAIN]) == read([PLAIN[n : n + 7] for n in range(0, len(PLAIN), 7)])
    assert PLAIN == read([PACKED[n : n + 3] for n in range(0, len(PACKED), 3)], is_packed=True)
    assert b"" == read([]) == read([], is_packed=True)


def test_a_body_is_limited_both_as_sent_and_decompressed():
    assert PLAIN == read([PLAIN], most=len(PLAIN))
    with pytest.raises(LargeBodyError):
        read([PLAIN], most=len(PLAIN) - 1)
    with pytest.raises(LargeBodyError):
        read([PACKED], is_packed=True, most=len(PLAIN) - 1)


def test_a_body_that_arrives_too_slowly_is_given_up():
    with pytest.raises(SlowBodyError):
        read([b"a", b"b", b"c"], clock=[0.0, 2.0, 4.0, 6.0])


@pytest.mark.parametrize("pieces", [[PACKED[:-9]], [b"no gzip at all"]])
def test_a_body_that_is_cut_short_or_not_compressed_is_an_error(pieces: list[bytes]):
    with pytest.raises(BodyError):
        read(pieces, is_packed=True)
