"""The site's files: complete, the same every time, and harmless whatever the list says."""

import json
import posixpath
import re
import subprocess
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.main import main
from bot.tools.site.build import build
from bot.tools.site.papers import read
from tests import samples

LIST = """\
# A list

## Papers
### Judges
- [A Paper on Judges and Juries](https://arxiv.org/abs/2401.00002)
  - Authors: Ada Lovelace, Alan Turing
### Others
- [Another Paper on Other Things](https://arxiv.org/abs/2402.00002)
"""
HOSTILE = """\
# A list </title><script>alert(1)</script>

Words that lead into the list "><script>alert(2)</script> and so on and on.

## Papers
### "><img src=x onerror=alert(3)>
- [A Paper </h3><script>alert(4)</script> on *It*](https://arxiv.org/abs/2401.00002)
  - Authors: Ada <svg onload=alert(5)>, Alan "><script>alert(6)</script>
  - <details> <summary>Abstract</summary> Words </details></li><script>alert(7)</script> more </details>
  - [x](javascript:alert(8)) [y](https://a.org/"onmouseover="alert(9)) <a href="https://b.org" onclick="alert(10)">z</a>
- [Another </pre><script>alert(11)</script> Paper](https://openreview.net/forum?id=1)
### Fine
- [A Third Paper of Some Words](https://arxiv.org/abs/2402.00002)
"""


class Reader(HTMLParser):
    """The elements of a page, each with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def site(text: str, address: str = "") -> dict[str, str]:
    listing = read(
        text.encode(),
        name="a-list",
        heading="",
        topics=(),
        days={},
        updated=date(2025, 1, 2),
        home="https://github.com/o/n",
    )
    return {name: content.decode() for name, content in build(listing, address).items()}


def harmless(page: str) -> None:
    elements = Reader(page).elements
    scripts = [attributes for tag, attributes in elements if tag == "script"]
    assert [{"type": "application/ld+json"}, {"src": "site.js"}] == scripts
    assert 2 == page.count("</script>")
    for tag, attributes in elements:
        assert tag not in {"img", "iframe", "object", "embed", "style", "base"}
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("href", "src"):
            address = attributes.get(name) or ""
            assert re.match(
                r"https?://[^\s\"'<>]+$|#|[a-z]+\.[a-z]+$|topic/[a-z0-9-]+/$|$", address
            ), address


@pytest.mark.parametrize("address", ["", "https://a.org/list/"])
def test_every_address_within_the_site_has_a_file_and_every_file_an_address(address: str):
    files = site(LIST, address)

    named = {"index.html", *(["feed.xml", "sitemap.xml"] if address else ["feed.xml"])}
    for page in (name for name in files if name.endswith(".html")):
        for _, attributes in Reader(files[page]).elements:
            for name in ("href", "src"):
                target = (attributes.get(name) or "").partition("#")[0]
                if target and "://" not in target:
                    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
                    path = "" if path == "." else path
                    named.add(f"{path}/index.html".lstrip("/") if target.endswith("/") else path)
    feeds = {name for name in files if name.endswith("feed.xml")}  # of lists with a history
    assert named | feeds == set(files)


def test_topics_have_pages_with_their_papers_alone():
    files = site(LIST)
    page = files["topic/judges/index.html"]

    assert "A Paper on Judges and Juries" in page
    assert "Another Paper" not in page
    assert 'href="topic/judges/">Judges <span>1</span></a>' in files["index.html"]
    assert 'href="../../site.css"' in page
    harmless(page.replace("../../", ""))


def test_the_page_leads_out_and_describes_itself():
    files = site(LIST, "https://a.org/list/")
    page = files["index.html"]
    data = json.loads(page.partition('ld+json">')[2].partition("</script>")[0])

    assert 3 == page.count('href="https://github.com/o/n/issues/new?title=Suggest+a+paper"')
    assert 'property="og:url" content="https://a.org/list/"' in page
    assert ("ItemList", 2) == (data["@type"], data["numberOfItems"])
    assert "ScholarlyArticle" == data["itemListElement"][0]["item"]["@type"]
    assert "<loc>https://a.org/list/topic/judges/</loc>" in files["sitemap.xml"]
    assert 'href="https://arxiv.org/pdf/2401.00002">PDF</a>' in page
    assert re.search(r'<li class="year" id="year-2024"><h2>2024 <span>2</span></h2></li>', page)
    assert "TI  - A Paper on Judges and Juries\nAU  - Ada Lovelace\n" in files["papers.ris"]


def test_every_paper_is_on_the_page_with_an_anchor_and_a_citation():
    page = site(LIST)["index.html"]

    assert {"2401.00002", "2402.00002"} <= {
        attributes.get("id") for _, attributes in Reader(page).elements
    }
    assert page.index("Another Paper on Other Things") < page.index("A Paper on Judges")
    assert "@misc{arXiv:2401.00002," in page


@pytest.mark.parametrize(
    ("authors", "more"), [(12, None), (13, "and 3 more"), (400, "and 390 more")]
)
def test_a_long_list_of_authors_is_folded(authors: int, more: str | None):
    names = ", ".join(f"Ada Person{n}son" for n in range(authors))

    page = site(LIST.replace("Ada Lovelace, Alan Turing", names))["index.html"]

    folded = re.findall(r"<summary>(and [^<]*)</summary>", page)
    assert [more] * (more is not None) == folded
    assert f"Ada Person{authors - 1}son" in page


def test_anchors_are_unique_and_none_is_of_the_page_itself():
    text = (
        LIST
        + "- [Search](https://openreview.net/forum?id=1)\n- [Papers](https://openreview.net/forum?id=2)\n"
    )

    ids = [a["id"] for _, a in Reader(site(text)["index.html"]).elements if "id" in a]

    assert len(ids) == len(set(ids))


def test_the_json_and_the_bibliography_have_everything():
    files = site(LIST)
    papers = json.loads(files["papers.json"])["papers"]

    assert ["2402.00002", "2401.00002"] == [paper["arxiv_id"] for paper in papers]
    assert ["Ada Lovelace", "Alan Turing"] == papers[1]["authors"]
    assert ["arXiv:2402.00002", "arXiv:2401.00002"] == re.findall(
        r"@misc{([^,]+),", files["papers.bib"]
    )


def test_a_hostile_list_has_no_effect():
    files = site(HOSTILE)

    harmless(files["index.html"])
    assert "alert(4)" in files["index.html"]  # it is shown, as text
    assert {
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
    } == {
        attributes["content"]
        for _, attributes in Reader(files["index.html"]).elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    }


@given(st.text(alphabet="<>\"'&=/()[]{}`! scriptonhref:ab\\\n#*-|", max_size=120))
def test_no_text_of_a_list_has_an_effect(words: str):
    entry = f"- [Some Paper {words}](https://arxiv.org/abs/2401.00002) {words}\n"

    harmless(site(f"# A {words}\n\n{words}\n\n## B\n{entry}")["index.html"])


def test_an_empty_list_has_a_site():
    files = site("# Nothing yet\n")

    assert "0 papers" in files["index.html"]
    assert "" == files["papers.bib"]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of two versions in a repository, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    older = LIST.replace(
        "- [Another Paper on Other Things](https://arxiv.org/abs/2402.00002)\n", ""
    )
    for text, day in ((older, "2025-03-01"), (LIST, "2025-04-05")):
        Path("README.md").write_text(text)
        git("add", "README.md")
        git("commit", "-qm", "x", day=day)
    return tmp_path


def git(*arguments: str, day: str = "2025-01-01") -> None:
    named = ["-c", "user.name=A", "-c", "user.email=a@b.org"]
    when = f"{day}T12:00:00Z"
    env = {
        "PATH": "/usr/bin:/bin",
        "GIT_COMMITTER_DATE": when,
        "GIT_AUTHOR_DATE": when,
        "GIT_CONFIG_GLOBAL": "/dev/null",
    }
    subprocess.run(["git", *named, *arguments], check=True, env=env, capture_output=True)


def test_the_command_writes_the_site_from_list_and_history(
    repository: Path, capsys: pytest.CaptureFixture[str]
):
    code = main(["site", "--output", "out", "--url", "https://a.org/list"])

    assert 0 == code
    assert (
        "out/index.html: 2 papers (2 on arXiv), 2 with the day they were added"
        in capsys.readouterr().out
    )
    papers = json.loads((repository / "out/papers.json").read_text())
    assert ["2025-04-05", "2025-03-01"] == [paper["added"] for paper in papers["papers"]]
    assert "2025-04-05" == papers["updated"]
    assert 'href="feed.xml"' in (repository / "out/index.html").read_text()
    assert "https://a.org/list/feed.xml" in (repository / "out/feed.xml").read_text()


def test_the_same_list_and_history_make_the_same_site(repository: Path):
    for name in ("one", "two"):
        assert 0 == main(["site", "--output", name])

    made = [
        {
            path.relative_to(repository / name): path.read_bytes()
            for path in (repository / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    ]
    assert made[0] == made[1]


def test_abstracts_are_looked_up_when_a_source_is_named(
    repository: Path, capsys: pytest.CaptureFixture[str]
):
    line = {
        "id": "2401.00002",
        "title": "x",
        "abstract": "A xylophone judges.",
        "announced": "2024-01-02",
        "authors": ["A B"],
        "categories": ["cs.CL"],
    }
    Path("papers.jsonl").write_text(json.dumps(line) + "\n")

    assert 0 == main(["site", "--output", "out", "--source", "snapshot:papers.jsonl"])
    assert "A xylophone judges." in (repository / "out/index.html").read_text()
    assert "xylophone" not in (repository / "README.md").read_text()
    assert 2 == main(["site", "--output", "out", "--source", "announcements"])
    assert "use search or snapshot:PATH" in capsys.readouterr().err


def test_a_source_that_fails_is_reported_and_the_site_has_no_abstracts(
    repository: Path, capsys: pytest.CaptureFixture[str]
):
    Path("papers.jsonl").write_text("no JSON\n")

    assert 0 == main(["site", "--output", "out", "--source", "snapshot:papers.jsonl"])

    assert "warning: all abstracts are missing: " in capsys.readouterr().err
    assert (repository / "out/index.html").exists()


def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(repository: Path):
    Path("out").mkdir()
    Path("precious").write_text("kept")
    Path("out/site.js").symlink_to(repository / "precious")

    assert 0 == main(["site", "--output", "out"])

    assert "kept" == Path("precious").read_text()
    assert not Path("out/site.js").is_symlink()


def test_the_page_says_how_many_papers_it_shows_of_how_many_entries(
    repository: Path, capsys: pytest.CaptureFixture[str]
):
    more = "- [Again](https://arxiv.org/pdf/2402.00002)\n- **A Paper That Links Nowhere at All**\n"
    Path("README.md").write_text(LIST + more)
    code = main(["site", "--output", "out"])

    assert 0 == code
    assert (
        "out/index.html: 4 entries of 3 papers (2 on arXiv), 2 with the day they were added; "
        "1 without any link is left out\n" == capsys.readouterr().out
    )


def test_a_list_without_papers_makes_no_empty_site(
    repository: Path, capsys: pytest.CaptureFixture[str]
):
    Path("README.md").write_text("# A list\n\nWords.\n\n## Papers\n")
    code = main(["site", "--output", "out"])

    assert 2 == code
    error = capsys.readouterr().err
    assert "README.md: there is no paper to show" in error
    assert "--list" in error
    assert not (repository / "out").exists()


def test_a_list_without_a_title_has_the_name_of_its_repository(
    repository: Path, capsys: pytest.CaptureFixture[str]
):
    Path("README.md").write_text(LIST.replace("# A list", "Words that lead into this list."))
    git("remote", "add", "origin", "https://github.com/them/awesome-judges.git")
    main(["site", "--output", "out"])

    assert "awesome-judges" == json.loads((repository / "out/papers.json").read_text())["title"]


def test_a_list_of_another_repository_does_not_get_this_repositorys_name(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
):
    git("remote", "add", "origin", "https://github.com/them/awesome-judges.git")
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "docs" / "list.md"
    elsewhere.parent.mkdir()
    elsewhere.write_text(LIST.replace("# A list", "Words that lead into this list."))
    main(["site", "--output", "out", "--list", str(elsewhere)])

    assert "docs" == json.loads((repository / "out/papers.json").read_text())["title"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--output", "out", "--url", "a.org"], "--url"),
        (["--output", "README.md"], "--output"),
        (["--output", "out", "--list", "nothing.md"], "nothing.md"),
        (["--output", "out", "--config", "nothing.toml"], "nothing.toml"),
    ],
)
def test_impossible_options_are_reported_with_their_fix(
    arguments: list[str], message: str, repository: Path, capsys: pytest.CaptureFixture[str]
):
    assert 2 == main(["site", *arguments])

    error = capsys.readouterr().err
    assert message in error
    assert "fix: " in error
    assert not (repository / "out").exists()


def test_a_file_that_an_option_names_is_read_below_the_heading_of_its_block(
    repository: Path, capsys: pytest.CaptureFixture[str]
):
    further = '\n[[lists]]\npath = "more.md"\nheading = "Judges"\ntopics = ["RLAIF"]\n'
    Path("config").mkdir()
    Path("config/keywords.toml").write_text(samples.CONFIG + further)
    other = "- [Outside of It](https://arxiv.org/abs/2301.00001)\n"
    Path("more.md").write_text(f"# More\n{other}\n## Judges\n{other.replace('23', '24', 1)}")

    assert 0 == main(["site", "--output", "out", "--list", "more.md"])
    assert "1 paper (1 on arXiv)" in capsys.readouterr().out
