"""Reads the body of an HTTP answer piece by piece, unpacked, within a size and a time."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable


class BodyError(Exception):
    """The body broke off or cannot be unpacked."""


class LargeBodyError(Exception):
    """The body is larger than allowed, as sent or unpacked."""


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
    """The body. It is unpacked as it arrives, so that neither its size nor its time can get out of hand.

    Args:
        pieces: the bytes as they arrive; the first empty piece ends them.
        is_packed: whether they are packed by gzip.
        most: how many bytes the body may have, as sent and unpacked.
        seconds: how long reading it may take.
        monotonic: reads a clock in seconds.

    Raises:
        BodyError, LargeBodyError, SlowBodyError: see there.
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
