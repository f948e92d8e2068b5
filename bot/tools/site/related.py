"""Finds related papers within a list: those that share its rarest words."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from bot.core import titles

_MOST = 5
_RAREST = 16  # only this many of a paper's rarest words are compared
_COMMON = 80  # papers; a word in more of them (or in a tenth of a larger list) is ignored
_LEAST = 2  # the fewest shared words


def related(texts: Sequence[str]) -> list[list[int]]:
    """Returns for each text the indexes of at most five related texts, the closest first."""
    words = [{word for word in titles.key(text).split() if len(word) > 2} for text in texts]
    having: dict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(words):
        for word in found:
            having[word].append(place)
    return [_nearest(place, found, having, len(texts)) for place, found in enumerate(words)]


def _nearest(place: int, words: set[str], having: dict[str, list[int]], size: int) -> list[int]:
    shared_words = [word for word in words if 1 < len(having[word]) <= max(_COMMON, size // 10)]
    rarest = sorted(shared_words, key=lambda word: (len(having[word]), word))[:_RAREST]
    weights, shared = Counter[int](), Counter[int]()
    for word in rarest:
        for other in having[word]:
            weights[other] += round(1000 * math.log(size / len(having[word])))
            shared[other] += 1
    near = (other for other, _ in sorted(weights.items(), key=lambda pair: (-pair[1], pair[0])))
    return [other for other in near if other != place and shared[other] >= _LEAST][:_MOST]
