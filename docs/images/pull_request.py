"""Takes pictures of the demo's pull request, light and dark, as GitHub would show its text.

`make pictures` runs it: the text is rendered by cmark-gfm, GitHub's own renderer (line breaks kept, as in GitHub's
comments), given a style near to GitHub's, and photographed by a headless Chromium.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH = 900  # CSS pixels
COLOURS = {
    "light": "--page:#fff;--text:#1f2328;--dim:#59636e;--line:#d1d9e0;--code:#818b981f;--link:#0969da;--row:#f6f8fa",
    "dark": "--page:#0d1117;--text:#f0f6fc;--dim:#9198a1;--line:#3d444d;--code:#656c7633;--link:#4493f8;--row:#151b23",
}
STYLE = """
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.5 "Liberation Sans", Arial, sans-serif; }
main { padding: 20px 24px; }
h1 { font-size: 26px; font-weight: 400; margin: 0 0 14px; }
article { border: 1px solid var(--line); border-radius: 6px; }
header { background: var(--row); border-bottom: 1px solid var(--line); border-radius: 6px 6px 0 0; padding: 8px 16px;
  color: var(--dim); }
header b { color: var(--text); }
section { padding: 16px; }
section > :last-child { margin-bottom: 0; }
p, ul, table, details { margin: 0 0 16px; }
a { color: var(--link); text-decoration: none; }
ul { padding-left: 2em; }
li + li { margin-top: 0.25em; }
li details { margin: 0; }
li details p { margin: 8px 0; }
h3 { font-size: 1.25em; font-weight: 600; margin: 24px 0 16px; }
li:has(> input) { list-style: none; }
li > input { margin: 0 0.2em 0.25em -1.4em; vertical-align: middle; }
code { background: var(--code); border-radius: 6px; padding: 0.2em 0.4em; font: 85% "Liberation Mono", monospace; }
table { border-collapse: collapse; }
th, td { border: 1px solid var(--line); padding: 6px 13px; }
tr:nth-child(2n) { background: var(--row); }
sub { font-size: 75%; vertical-align: baseline; position: relative; bottom: -0.25em; }
summary { cursor: pointer; }
"""
MEASURE = "<script>document.title = String(document.documentElement.scrollHeight)</script>"


def page(text: str, theme: str, *, unfolded: bool) -> str:
    """The page that shows a pull request's text; its first line is the title."""
    title, _, body = text.partition("\n")
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_HARDBREAKS
    rendered = github_flavored_markdown_to_html(body, options)
    if unfolded:
        rendered = rendered.replace("<details>", "<details open>")
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title></title><style>:root{{{COLOURS[theme]};"
        f"color-scheme:{theme}}}{STYLE}</style></head><body><main><h1>{html.escape(title.lstrip('# '))}</h1>"
        f"<article><header><b>github-actions</b> bot opened this pull request</header>"
        f"<section>{rendered}</section></article></main>{MEASURE}</body></html>"
    )


def photograph(browser: str, source: str, target: Path) -> None:
    """Shows the page in a window as high as the page, and takes the picture."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(source, encoding="utf-8")
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-lcd-text",
        ]
        command += [f"--user-data-dir={folder}/profile", "--force-device-scale-factor=1"]
        measured = subprocess.run(
            [*command, f"--window-size={WIDTH},600", "--dump-dom", file.as_uri()],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        height = re.search(r"<title>(\d+)</title>", measured.stdout)
        if height is None:
            sys.exit(f"{browser} did not show the page: {measured.stderr.strip()}")
        subprocess.run(
            [
                *command,
                f"--window-size={WIDTH},{height[1]}",
                f"--screenshot={target}",
                file.as_uri(),
            ],
            capture_output=True,
            check=True,
            timeout=120,
        )


def shrink(target: Path) -> None:
    """Gives the picture a palette: a third of the size, and no difference to be seen."""
    command = ["pngquant", "--strip", "--force", "--output", str(target), str(target)]
    subprocess.run(command, check=True, timeout=120)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "text", type=Path, help="the pull request: a title and its text, in Markdown"
    )
    parser.add_argument("--output", type=Path, default=Path(__file__).parent, help="the folder")
    parser.add_argument("--unfolded", action="store_true", help="show what is folded away, too")
    arguments = parser.parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"none of {', '.join(BROWSERS)} is installed; Debian's package is chromium")
    if shutil.which("pngquant") is None:
        sys.exit("pngquant is not installed; Debian's package has that name")
    text = arguments.text.read_text(encoding="utf-8")
    for theme in COLOURS:
        target = arguments.output / f"pull-request-{theme}.png"
        photograph(browser, page(text, theme, unfolded=arguments.unfolded), target)
        shrink(target)
        print(f"{target}: {target.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
