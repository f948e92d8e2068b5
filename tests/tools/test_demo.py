import os
import subprocess
import sys
from pathlib import Path

from bot.core.config import load
from bot.tools.demo.bundled import CONFIG
from tests.conftest import ROOT

COMMAND = Path(sys.executable).with_name("arxiv-bot")


def test_the_demo_proposes_papers_that_the_real_list_now_has(tmp_path: Path):
    listed = (ROOT / "README.md").read_text(encoding="utf-8")
    done = subprocess.run(
        [str(COMMAND), "demo"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=os.environ | {"COLUMNS": "100"},
    )
    made = tmp_path / "build" / "demo"
    added = [line for line in (made / "changes.diff").read_text().splitlines() if line[:1] == "+"]
    papers = [line[1:] for line in added if line.startswith("+- [")]

    assert "6 papers proposed" in done.stdout.splitlines()
    assert 6 == len(papers)
    assert all(paper in listed for paper in papers)
    assert 6 == sum(
        "  - <details> <summary>Abstract (click me)</summary>" in line for line in added
    )
    assert "+  - Links: [code](https://github.com/RUCBM/LaSeR)" in added
    assert {"README.md", "changes.diff", "pull-request.md", "report.html", "report.json"} == {
        path.name for path in made.iterdir()
    }


def test_the_demo_searches_for_the_same_as_the_list():
    """Does not compare the form: the demo's short list has abstracts, and this repository's list has none."""
    bundled, own = load(CONFIG), load(ROOT / "config" / "keywords.toml")
    phrases = {topic.name: topic.phrases for topic in own.topics}

    assert (bundled.list.path, bundled.list.heading) == (own.list.path, own.list.heading)
    assert bundled.arxiv == own.arxiv
    assert all(set(topic.phrases) <= set(phrases[topic.name]) for topic in bundled.topics)
