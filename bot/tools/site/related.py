"""Finds related papers within a list: those that share its rarest words."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from bot.core import titles

_MOST = 5
_RAREST = 16  # words of a paper that are compared; common words relate everything
_COMMON = 80  # papers that have a word; a word of more says little
_LEAST = 2  # shared words


def related(texts: Sequence[str]) -> list[list[int]]:
    """For each text the places of at most five others, the nearest first."""
    words = [{word for word in titles.key(text).split() if len(word) > 2} for text in texts]
    having: dict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(words):
        for word in found:
            having[word].append(place)
    return [_nearest(place, found, having, len(texts)) for place, found in enumerate(words)]


def _nearest(place: int, words: set[str], having: dict[str, list[int]], size: int) -> list[int]:
    telling = [word for word in words if 1 < len(having[word]) <= max(_COMMON, size // 10)]
    rarest = sorted(telling, key=lambda word: (len(having[word]), word))[:_RAREST]
    weights, shared = Counter[int](), Counter[int]()
    for word in rarest:
        for other in having[word]:
            weights[other] += round(1000 * math.log(size / len(having[word])))
            shared[other] += 1
    near = (other for other, _ in sorted(weights.items(), key=lambda pair: (-pair[1], pair[0])))
    return [other for other in near if other != place and shared[other] >= _LEAST][:_MOST]
