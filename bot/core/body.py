"""Reads and decompresses the body of an HTTP response within limits of size and time."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable


class BodyError(Exception):
    """The body is cut short or cannot be decompressed."""


class LargeBodyError(Exception):
    """The body is larger than allowed, as sent or decompressed."""


class SlowBodyError(Exception):
    """The body takes longer than allowed."""


def read_body(
    pieces: Iterable[bytes],
    *,
    is_packed: bool,
    most: int,
    seconds: float,
    monotonic: Callable[[], float],
) -> bytes:
    """Reads the body and decompresses it as it arrives, so that its size and its time stay bounded.

    Args:
        pieces: the bytes as they arrive.
        is_packed: whether they are compressed with gzip.
        most: the most bytes that the body may have, both as sent and decompressed.
        seconds: the most seconds that reading may take.
        monotonic: reads a clock in seconds.

    Raises:
        BodyError: the body is cut short or cannot be decompressed.
        LargeBodyError: the body is larger than `most`.
        SlowBodyError: reading takes longer than `seconds`.
    """
    unpack = zlib.decompressobj(wbits=31) if is_packed else None
    start, parts, arrived, size = monotonic(), list[bytes](), 0, 0
    for piece in pieces:
        try:
            plain = unpack.decompress(piece, most - size + 1) if unpack else piece
        except zlib.error as error:
            raise BodyError(str(error)) from None
        parts.append(plain)
        arrived, size = arrived + len(piece), size + len(plain)
        if max(arrived, size) > most:
            raise LargeBodyError
        if monotonic() - start > seconds:
            raise SlowBodyError
    if unpack and arrived and not unpack.eof:
        raise BodyError("it is cut short")
    return b"".join(parts)
