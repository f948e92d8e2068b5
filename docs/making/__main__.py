"""Makes the site in build/docs-site/, strictly: a warning, a dead link or a file from elsewhere is a failure.

python -m docs.making [ADDRESS]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from docs.making import links, pages

ROOT = Path(__file__).resolve().parent.parent.parent
STAGE, SITE = ROOT / "build" / "docs-pages", ROOT / "build" / "docs-site"


def main(address: str) -> int:
    """Makes the site for its address, which may be empty; returns the exit code."""
    for folder in (STAGE, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    written = pages.stage(ROOT, STAGE / "pages")
    (STAGE / "zensical.toml").write_text(pages.settings(ROOT, address), encoding="utf-8")
    zensical = ROOT / "build" / "docs" / "bin" / "zensical"
    made = subprocess.run([zensical, "build", "--clean", "--strict"], cwd=STAGE, check=False)
    if made.returncode:
        return made.returncode
    shutil.move(STAGE / "site", SITE)
    problems = list(links.problems(SITE))
    print("\n".join(problems), file=sys.stderr)
    print(f"{SITE.relative_to(ROOT)}/index.html: {written} pages, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:] or [""])))
