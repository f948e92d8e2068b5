"""Checks that reading a hostile list takes linear time.

    python -m benchmarks.hostile_lists [SIZE] [NAME]

Measures the CPU seconds to parse, index and audit each list of tests/fire/lists.py, at SIZE characters (default
200,000) and at ten times that. Linear growth is ten. The exit code is 1 if the growth is more than twenty and the
larger list took more than a second.
"""

from __future__ import annotations

import sys
import time

from bot.listing.paper_list import PaperList
from bot.tools.check.audit import audit
from tests.fire.lists import HOSTILE, ORDINARY


def seconds(content: bytes) -> float:
    start = time.process_time()
    audit(PaperList.parse(content))
    return time.process_time() - start


def main(size: str = "200000", only: str = "") -> int:
    print("| list | CPU s | ten times | growth |\n|---|--:|--:|--:|")
    bad = 0
    for name, make in HOSTILE.items():
        if only not in name:
            continue
        small, large = (seconds((ORDINARY + make(int(size) * times)).encode()) for times in (1, 10))
        growth = large / max(small, 0.001)
        wrong = growth > 20 and large > 1
        bad += wrong
        print(
            f"| {name} | {small:.3f} | {large:.3f} | {growth:.1f} |{' <--' if wrong else ''}",
            flush=True,
        )
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
