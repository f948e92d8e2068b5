"""`arxiv-bot init` in a temporary checkout, against the test arXiv or a snapshot."""

import gzip
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from bot.core.version import __version__
from tests import samples
from tests.command_line import run_in
from tests.conftest import ROOT, thinned
from tests.servers.arxiv import Arxiv, Record
from tests.servers.http import Fault, Response, Server

BIN = Path(sys.executable).parent
GOLDEN = Path(__file__).parents[1] / "golden" / "init"
FILES = (
    "config/keywords.toml",
    ".github/workflows/arxiv-bot.yml",
    ".github/workflows/arxiv-bot-feedback.yml",
    ".github/workflows/arxiv-bot-refresh.yml",
)
SUBJECTS = ("Sheep", "Weather", "Bridges", "Proteins", "Compilers")

LIST = """\
# Awesome Reward Models

## News
- Hello.

## Papers
### 2025
- [Reward Models by Reward Models](https://arxiv.org/abs/2509.00001)
  - Authors: Ada Lovelace, Alan Turing
- [On Reward Hacking](https://arxiv.org/abs/2509.00002)
  - Authors: Ada Lovelace, Alan Turing

### 2024
- [Reward Models, Revisited](https://arxiv.org/abs/2409.00003)
  - Authors: Grace Hopper
- [Reward Hacking in the Wild](https://arxiv.org/abs/2409.00004)
  - Authors: Grace Hopper
- [Judges as Reward Models](https://arxiv.org/abs/2409.00005)
  - Authors: Grace Hopper, Alan Turing

## Contributing
Please do.
"""


def records() -> list[Record]:
    """The listed papers, a month of other papers, and three new papers for the list."""
    listed = [
        samples.record(0, title, id=name, categories=("cs.CL", "cs.LG"))
        for name, title in (
            ("2509.00001", "Reward Models by Reward Models"),
            ("2509.00002", "On Reward Hacking"),
            ("2409.00003", "Reward Models, Revisited"),
            ("2409.00004", "Reward Hacking in the Wild"),
            ("2409.00005", "Judges as Reward Models"),
        )
    ]
    old = [
        replace(item, submitted=item.submitted.replace(month=8), announced=date(2025, 8, 20))
        for item in listed
    ]
    others = [
        samples.record(n, f"{SUBJECTS[n % 5]}: Part {n}", f"We study {SUBJECTS[n % 5].lower()}.")
        for n in range(100, 300)
    ]
    new = [
        samples.record(1, "Cheaper Reward Models", "A reward model costs less."),
        samples.record(2, "Who Judges?", "We look at reward hacking."),
        samples.record(3, "Reward Hacking of Sheep", "A reward model is hacked by sheep."),
    ]
    return [*old, *others, *new]


class Checkout:
    """A checkout of a list, and the command to run in it."""

    def __init__(self, folder: Path, arxiv: Server) -> None:
        self.folder = folder
        self.arxiv = arxiv
        self.write(
            ".git/config", '[remote "origin"]\n\turl = git@github.com:them/awesome-rewards.git\n'
        )
        self.write("README.md", LIST)

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        env = {
            "PATH": os.environ["PATH"],
            "ARXIV_BOT_SEARCH_URL": f"{self.arxiv.url}/api/query",
            "ARXIV_BOT_FEED_URL": f"{self.arxiv.url}/atom",
            "ARXIV_BOT_OAI_URL": f"{self.arxiv.url}/oai",
        }
        return run_in(self.folder, env, *arguments)

    def init(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("init", "--until", "2025-10-20", *arguments)

    def snapshot(self) -> str:
        rows = [
            {
                "id": record.id,
                "announced": record.announced.isoformat(),
                "title": record.title,
                "authors": list(record.authors),
                "abstract": record.abstract,
                "categories": list(record.categories),
                "comments": None,
            }
            for record in records()
        ]
        self.write("saved/papers.jsonl", "".join(f"{json.dumps(row)}\n" for row in rows))
        return "snapshot:saved/papers.jsonl"

    @property
    def config(self) -> dict[str, object]:
        return tomllib.loads((self.folder / FILES[0]).read_text(encoding="utf-8"))

    @property
    def written(self) -> list[str]:
        return [path for path in FILES if (self.folder / path).exists()]


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    with Server(Arxiv(records(), samples.DAY)) as arxiv:
        yield Checkout(tmp_path / "list", arxiv)


def test_a_list_gets_a_configuration(checkout: Checkout):
    done = checkout.init()

    assert 0 == done.returncode, done.stderr
    for path in FILES:
        golden = GOLDEN / Path(path).name
        assert golden.read_text("utf-8") == (checkout.folder / path).read_text("utf-8"), path
    server = checkout.arxiv.url.removeprefix("http://")
    assert (GOLDEN / "output.txt").read_text("utf-8") == done.stdout.replace(server, "arxiv.test")
    assert ["/api/query"] * 2 == [request.path for request in checkout.arxiv.requests]
    assert LIST == (checkout.folder / "README.md").read_text("utf-8")


def test_a_list_of_several_files(checkout: Checkout):
    entries = "".join(
        f"- [{title}](https://arxiv.org/abs/{name})\n  - Authors: Ada Lovelace\n"
        for name, title in (
            ("2509.00011", "Sleep Stages of Robots"),
            ("2509.00012", "How Sleep Stages Differ"),
            ("2509.00013", "Sleep Stages in the Wild"),
            ("2509.00014", "A Survey of Sleep Stages"),
        )
    )
    checkout.write("sleep.md", f"# Sleep Stages\n\n{entries}")
    checkout.write("archive/2023.md", entries.replace("2509", "2309").replace("Sleep", "Wool"))
    mixed = ("Looms", "Kites at Dusk", "Bread without Yeast", "Of Harbours")
    rows = [f"- [{t}](https://arxiv.org/abs/2409.0001{n})\n" for n, t in enumerate(mixed)]
    checkout.write("mixed.md", "".join(rows))
    done = checkout.init()

    assert 0 == done.returncode, done.stderr
    assert [
        {"path": "archive/2023.md", "heading": "", "archive": True},
        {"path": "mixed.md", "heading": "", "archive": True},
        {"path": "sleep.md", "heading": "", "topics": ["sleep.md"]},
    ] == checkout.config["lists"]
    topics = checkout.config["topics"]
    assert isinstance(topics, list)
    assert {"name": "sleep.md", "phrases": ["sleep stages"]} == topics[0]
    assert "sleep.md: 4 papers (4 on arXiv), papers of its topic go there\n" in done.stdout
    assert "archive/2023.md: 4 papers (4 on arXiv), only read\n" in done.stdout
    assert (
        "mixed.md: 4 papers (4 on arXiv), only read, because no phrase distinguishes" in done.stdout
    )
    checked = checkout.run("check")
    assert 0 == checked.returncode, checked.stdout
    assert "sleep.md: 4 papers (4 on arXiv) in 1 section, nothing wrong\n" in checked.stdout
    checkout.write("sleep.md", f"# Sleep Stages\n\n{entries}{entries.replace('/abs/', '/pdf/')}")
    checked = checkout.run("check", "--json")
    assert {"sleep.md"} == {finding["path"] for finding in json.loads(checked.stdout)["findings"]}
    lists = [line for line in checkout.run("doctor").stdout.splitlines() if " list " in line]
    assert ["README.md", "archive/2023.md", "mixed.md", "sleep.md"] == [
        next(word for word in line.split() if word.endswith(".md:"))[:-1] for line in lists
    ]


def test_the_written_files_pass_the_checks(checkout: Checkout):
    checkout.init()
    checked = checkout.run("check")
    zizmor = subprocess.run(
        [BIN / "zizmor", "--offline", "--quiet", "--persona", "auditor", ".github"],
        cwd=checkout.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    workflows = [checkout.folder / path for path in FILES[1:]]
    actionlint = subprocess.run(
        [BIN / "actionlint", "-shellcheck=", "-pyflakes=", *workflows],
        cwd=checkout.folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == checked.returncode, checked.stdout + checked.stderr
    assert 0 == zizmor.returncode, zizmor.stdout
    assert (0, "") == (actionlint.returncode, actionlint.stdout)


def test_the_following_dry_run_proposes_what_was_shown(checkout: Checkout):
    shown = checkout.init().stdout
    done = checkout.run(
        "run", "--dry-run", "--since", "2025-09-20", "--until", "2025-10-20", "--json"
    )
    proposed = [
        decision["id"]
        for decision in json.loads(done.stdout)["decisions"]
        if decision["verdict"] == "propose"
    ]

    assert ["2510.00001", "2510.00002", "2510.00003"] == sorted(proposed)
    assert all(item in shown for item in proposed)


def test_a_snapshot_replaces_arxiv_and_determines_the_last_day(checkout: Checkout):
    live = checkout.init()
    there = (checkout.folder / FILES[0]).read_text("utf-8")
    done = checkout.run("init", "--force", "--source", checkout.snapshot())

    assert 0 == done.returncode == live.returncode, done.stderr
    assert there == (checkout.folder / FILES[0]).read_text("utf-8")
    assert "to 2025-10-20:" in done.stdout
    assert 2 == len(checkout.arxiv.requests)


def test_files_are_overwritten_only_with_force(checkout: Checkout):
    checkout.write(FILES[1], "name: mine\n")
    refused = checkout.init()

    assert (2, "") == (refused.returncode, refused.stdout)
    assert f"{FILES[1]}: already exists" in refused.stderr
    assert "--force" in refused.stderr
    assert [FILES[1]] == checkout.written
    assert [] == checkout.arxiv.requests
    forced = checkout.init("--force")
    assert 0 == forced.returncode
    assert f"overwritten {FILES[1]}" in forced.stdout
    assert f"written     {FILES[0]}" in forced.stdout
    assert "mine" not in (checkout.folder / FILES[1]).read_text("utf-8")


def test_every_finding_can_be_given_as_an_option(checkout: Checkout):
    checkout.write("papers.md", "## A\n- [Wool](https://arxiv.org/abs/2501.00001)\n## B\n")
    done = checkout.init(
        "--list", "papers.md", "--heading", "A", "--category", "cs.CL", "--category", "math.*",
        "--phrase", "sheep + part", "--phrase", 'a "quoted" one', "--contact", "me@example.org",
        "--since", "2025-10-01",
    )  # fmt: skip

    assert 0 == done.returncode, done.stderr
    config = checkout.config
    assert {"path": "papers.md", "heading": "A"} == config["list"]
    assert {"contact": "me@example.org", "categories": ["cs.CL", "math.*"]} == config["arxiv"]
    assert [{"name": "rewards", "phrases": ["sheep + part", 'a "quoted" one']}] == config["topics"]
    assert "2025-10-01 to 2025-10-20" in done.stdout


def test_when_arxiv_is_down_nothing_is_written_unless_phrases_are_given(checkout: Checkout):
    checkout.arxiv.always = Response(429, b"Rate exceeded.")
    nothing = checkout.init()

    assert 1 == nothing.returncode
    assert "arXiv is overloaded (HTTP 429)" in nothing.stderr
    assert "nothing was written" in nothing.stderr
    assert [] == checkout.written
    some = checkout.init("--phrase", "reward model")
    assert 1 == some.returncode
    assert list(FILES) == checkout.written
    assert "No papers to show: search: arXiv is overloaded (HTTP 429)" in some.stdout
    assert "the listed papers could not be looked up" in some.stdout
    assert ["cs.AI", "cs.CL", "cs.CV", "cs.LG"] == checkout.config["arxiv"]["categories"]  # type: ignore[index]
    assert 0 == checkout.run("check").returncode


def test_a_broken_connection_is_an_error_without_a_stack_trace(checkout: Checkout):
    checkout.arxiv.always = Fault.DROP_BEFORE
    done = checkout.init()

    assert 1 == done.returncode
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    assert [] == checkout.written


def test_a_doubtful_category_is_accepted_with_a_warning(checkout: Checkout):
    done = checkout.init("--category", "cs.CLL", "--category", "cs.CL")

    assert 0 == done.returncode
    assert (
        "warning: --category: no category 'cs.CLL' is known\n  fix: did you mean 'cs.CL'"
        in done.stderr
    )
    assert ["cs.CLL", "cs.CL"] == checkout.config["arxiv"]["categories"]  # type: ignore[index]


def test_too_few_papers_are_reported_with_their_number(checkout: Checkout):
    checkout.snapshot()
    line = (checkout.folder / "saved/papers.jsonl").read_text().splitlines()[0]
    checkout.write("saved/few.jsonl", f"{line}\n")
    checkout.write("saved/bad.jsonl", "# A list\n")
    few = checkout.run("init", "--source", "snapshot:saved/few.jsonl")
    bad = checkout.run("init", "--source", "snapshot:saved/bad.jsonl")

    assert 1 == few.returncode == bad.returncode
    assert "only 1 paper to compare the list's papers with" in few.stderr
    assert "fix: name a source with more days, or give" in few.stderr
    assert "fix: correct the file, or give" in bad.stderr


def test_a_list_of_few_words_gets_its_name_as_a_phrase_with_a_warning(
    checkout: Checkout,
):
    checkout.write("README.md", "# X\n- [Wool and Silk](https://arxiv.org/abs/2501.00001)\n")
    done = checkout.init()

    assert 0 == done.returncode
    assert "no phrase sets its 1 title apart from other papers" in done.stderr
    assert "--phrase" in done.stderr
    assert "config/keywords.toml" in checkout.written


def test_a_worktree_is_a_checkout_too(checkout: Checkout, tmp_path: Path):
    main = checkout.folder / ".git"
    (main / "worktrees" / "w").mkdir(parents=True)
    (main / "worktrees" / "w" / "commondir").write_text("../..\n")
    checkout.write("w/.git", f"gitdir: {main}/worktrees/w\n")
    checkout.write("w/README.md", LIST)
    done = checkout.init("w")

    assert 0 == done.returncode, done.stderr
    assert "https://github.com/them/awesome-rewards/issues" in (
        checkout.folder / "w" / FILES[0]
    ).read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["saved"], "this is not a git checkout"),
        (["--list", "NOWHERE.md"], "there is no such file"),
        (["--heading", "Paper"], "did you mean 'Papers'?"),
        (["--heading", "Contributing"], "no arXiv paper is below this heading"),
        (["--source", "announcements"], "use search or snapshot:PATH"),
        (["--source", "snapshot:nowhere"], "no such file or folder"),
        (["--since", "yesterday"], "2025-10-20"),
        (["--category", "nonsense!"], "is not an arXiv category"),
        (["--phrase", "?"], "has no word"),
        (["--since", "2025-11-01"], "the period to search is empty"),
        (["--until", "9999-12-31"], "is outside arXiv's time"),
        (["--since", "0001-01-01"], "is outside arXiv's time"),
        (["x" * 300], "check the path"),
        (["--heading", "Nowhere"], "the headings with the most entries are"),
    ],
)
def test_a_mistake_gets_one_clear_message(checkout: Checkout, arguments: list[str], words: str):
    checkout.snapshot()
    done = checkout.init(*arguments)

    assert (2, "") == (done.returncode, done.stdout), done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert [] == checkout.written


def test_a_hostile_heading_can_not_control_the_terminal_or_empty_a_file(checkout: Checkout):
    hostile = LIST.replace("## Papers", "## Papers \x1b]0;mine\x07")
    checkout.write("README.md", hostile)
    shown = checkout.init()
    (checkout.folder / "README.md").write_bytes(
        LIST.encode().replace(b"## Papers", b"## Pap\xe9rs")
    )
    bytes_of_old = checkout.init("--force")

    assert 0 == shown.returncode, shown.stderr
    assert "\x1b" not in shown.stdout
    assert "\x07" not in shown.stdout
    assert 0 == bytes_of_old.returncode, bytes_of_old.stderr
    assert "below" not in bytes_of_old.stdout.splitlines()[0]
    assert {"path": "README.md", "heading": ""} == checkout.config["list"]


def test_a_checkout_without_a_remote_needs_a_contact(checkout: Checkout):
    checkout.write(".git/config", "[core]\n")
    bare = checkout.init()
    done = checkout.init("--contact", "me@example.org")

    assert 2 == bare.returncode
    assert "add --contact" in bare.stderr
    assert 0 == done.returncode, done.stderr


@pytest.mark.parametrize("every", thinned([8, 1], every=2))
def test_the_subject_of_a_real_list_is_found(checkout: Checkout, shared: Path, every: int):
    """RLAIF is the subject of this repository's list, beside a month of the real stream or an eighth of it."""
    checkout.write("README.md", (ROOT / "README.md").read_text(encoding="utf-8"))
    with gzip.open(shared / "corpus" / "2025-06.jsonl.gz", "rt", encoding="utf-8") as lines:
        checkout.write("stream.jsonl", "".join(islice(lines, 0, None, every)))
    done = checkout.run("init", "--source", "snapshot:stream.jsonl")

    assert 0 == done.returncode, done.stderr
    phrases = {
        phrase
        for topic in checkout.config["topics"]  # type: ignore[attr-defined]
        for phrase in topic["phrases"]
    }
    assert "RLAIF" in phrases
    assert f"awesome-rlaif@v{__version__}" in (checkout.folder / FILES[1]).read_text("utf-8")


def test_principles_for_a_judge_are_drafted_without_asking_anybody(checkout: Checkout):
    done = checkout.run("init", "--judge")

    assert 0 == done.returncode, done.stderr
    text = (checkout.folder / "config" / "principles.toml").read_text("utf-8")
    assert 5 <= len(tomllib.loads(text)["principles"]) <= 9
    assert [] == checkout.arxiv.requests
    assert [] == checkout.written
    assert "a step that keeps its answers: https://" in done.stdout

    again = checkout.run("init", "--judge")
    assert 2 == again.returncode
    assert "add --force" in again.stderr
