import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

COMMAND = Path(sys.executable).with_name("arxiv-bot")


def test_every_command_that_the_readme_names_is_there():
    done = subprocess.run([str(COMMAND), "--help"], capture_output=True, text=True, check=True)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`arxiv-bot ([a-z]+)", readme))

    assert {"init", "run", "doctor", "check"} <= named
    assert named <= set(re.findall(r"^  ([a-z]+)  ", done.stdout, re.MULTILINE))


def test_every_make_target_that_the_texts_name_is_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")]
    named = {
        target
        for text in texts
        for target in re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)
    }

    assert {"demo", "test", "test-deep"} <= named <= targets


def test_every_picture_that_the_readme_shows_is_there_and_small():
    shown = re.findall(r'(?:src|srcset)="([^"]+)"', (ROOT / "README.md").read_text("utf-8"))

    assert 2 == len(shown)
    for name in shown:
        picture = (ROOT / name).read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) < 200_000


def test_every_runtime_dependency_has_a_row_and_nothing_else_has():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[^\w-]", dependency)[0].lower() for dependency in project["dependencies"]}
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w-]+) \|.*\| [\d.]+, 20\d\d-\d\d \|", text, re.MULTILINE)

    assert needed == set(rows)


@pytest.mark.parametrize(
    "name", ["SECURITY.md", "docs/architecture.md", "docs/dependencies.md", "docs/guarantees.md"]
)
def test_every_file_that_a_text_names_is_there(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"`((?:bot|tests|benchmarks|config|docs|\.github)/[\w./-]*)`", text)
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", text)

    assert named
    for path in named:
        assert (ROOT / path).exists(), path
    for path in linked:
        assert ((ROOT / name).parent / path).exists(), path


def test_no_page_says_that_a_tick_declines():
    """Release 0.1.0 declined what was ticked; since then a ticked box is a paper that is in."""
    declines = re.compile(
        r"\btick\b[^|]{0,40}(?:declin|not belong|takes? it out|took)", re.IGNORECASE
    )
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").rglob("*.py")]
    wrong = [
        f"{page.relative_to(ROOT)}:{number}: {line}"
        for page in pages
        if "decisions" not in page.parts
        for number, line in enumerate(page.read_text().splitlines(), 1)
        if declines.search(line) and "0.1.0" not in line
    ]
    assert not wrong
