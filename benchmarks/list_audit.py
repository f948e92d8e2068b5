"""Counts what `arxiv-bot check` finds in real lists.

    python -m benchmarks.list_audit FOLDER

FOLDER has `*.jsonl.xz` files of commits to lists (benchmarks/list_cases.py). The newest version of each list is
audited, repaired, and audited again. Prints a table with a row for each list. The exit code is 1 if a repair leaves a
problem that it should fix.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from benchmarks.list_cases import read_rows
from bot.core.check_rules import CheckRule
from bot.listing.paper_list import PaperList
from bot.tools.check.audit import audit, repair


def newest(folder: Path) -> dict[str, str]:
    """The newest version of each list."""
    found: dict[str, tuple[str, str]] = {}
    for row in read_rows(folder):
        name, date = str(row["list"]), str(row["date"])
        if date >= found.get(name, ("", ""))[0]:
            found[name] = (date, str(row["after"]))
    return {name: text for name, (_, text) in sorted(found.items())}


def main() -> int:
    """Audits every list; returns 1 if one can't be repaired as promised."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", metavar="RULE", help="print the findings of this rule")
    args = parser.parse_args()
    total, left = Counter[str](), 0
    print(f"{'list':52} {'papers':>6} " + " ".join(f"{rule.value:>12}" for rule in CheckRule))
    for name, text in newest(args.folder).items():
        listing = PaperList.parse(text.encode("utf-8", "surrogateescape"))
        found = audit(listing)
        counted = Counter(element.rule.value for element in found)
        total += counted
        print(
            f"{name:52} {len(listing.listed):6} "
            + " ".join(f"{counted[r.value]:12}" for r in CheckRule)
        )
        for item in found:
            if item.rule.value == args.show:
                print(f"  {name}:{item.line}: {item.what}")
        if any(element.edit for element in found):
            after = audit(PaperList.parse(repair(listing, found)))
            left += sum(element.edit is not None for element in after)
    print(f"{'all':52} {'':6} " + " ".join(f"{total[rule.value]:12}" for rule in CheckRule))
    print(f"problems left that `--fix` should fix: {left}")
    return 1 if left or not total else 0


if __name__ == "__main__":
    sys.exit(main())
