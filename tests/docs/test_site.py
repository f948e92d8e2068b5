"""The documentation's site: adapted links, a reference generated from the code, a check for dead links."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.core.config import json_schema
from docs.making import links, pages, reference, schemas
from tests.conftest import ROOT


@pytest.mark.parametrize("name", sorted(reference.pages()))
def test_the_reference_matches_the_code(name: str):
    """`make reference` writes it anew."""
    assert reference.pages()[name] == (reference.FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(schemas.OUTPUTS))
def test_the_published_schemas_match_the_code(name: str):
    assert schemas.render(name) == (schemas.FOLDER / f"{name}.json").read_text(encoding="utf-8")


def test_the_schema_of_the_configuration_matches_the_code():
    assert json_schema() == (ROOT / "config" / "keywords.schema.json").read_text(encoding="utf-8")


def test_folders_of_generated_files_contain_nothing_else():
    assert set(reference.pages()) == {path.name for path in reference.FOLDER.iterdir()}
    assert {f"{name}.json" for name in schemas.OUTPUTS} == {
        path.name for path in schemas.FOLDER.iterdir()
    }


def test_every_page_is_in_the_navigation():
    project = tomllib.loads(pages.settings(ROOT, ""))["project"]
    shown = re.findall(r"'([\w/-]+\.md)'", str(project["nav"]))

    assert sorted(pages.sources(ROOT).values()) == sorted(shown)
    assert "site_url" not in project


def test_a_site_has_the_configured_address():
    project = tomllib.loads(pages.settings(ROOT, "https://x.test/bot/"))["project"]

    assert "https://x.test/bot/" == project["site_url"]


def test_links_are_adapted_to_the_site():
    text = (
        "[a](../guarantees.md#arxiv) [b](../../SECURITY.md) [`c`](../../bot/commands/main.py) [d](https://x.test/e)\n"
        "```text\n[not](../guarantees.md)\n```\n"
    )

    assert (
        f"[a](../guarantees.md#arxiv) [b](../project/security.md) [`c`]({pages.SOURCE}bot/commands/main.py) [d](https://x.test/e)\n"
        "```text\n[not](../guarantees.md)\n```\n"
    ) == pages.fit(text, "docs/how-to/check.md", ROOT)


def test_a_link_to_a_missing_file_is_an_error():
    with pytest.raises(pages.DeadLinkError, match="gone"):
        pages.fit("[a](gone.md)", "docs/tutorial.md", ROOT)


def test_every_page_is_staged_with_adapted_links(tmp_path: Path):
    count = pages.stage(ROOT, tmp_path)

    assert count == len(list(tmp_path.rglob("*.md")))
    assert (tmp_path / "images" / "pull-request-light.png").exists()
    assert (tmp_path / "schemas" / "run.json").exists()


def test_dead_links_and_content_from_other_hosts_are_found(tmp_path: Path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "index.html").write_text(
        '<h1 id="top">x</h1><a href="sub/#there">ok</a><a href="sub/#gone">x</a><a href="none/">x</a>'
        '<a href="../outside.html">x</a><a href="https://elsewhere.test/">a link may</a>'
        '<script src="https://cdn.test/a.js"></script><link rel="canonical" href="https://x.test/">'
    )
    (tmp_path / "sub" / "index.html").write_text('<a id="there" href="../#top">ok</a>')
    (tmp_path / "a.css").write_text(
        "a{background:url(data:image/svg+xml,x)} @import 'https://fonts.test/f.css';"
    )

    assert [
        "index.html: sub/#gone: no such anchor",
        "index.html: none/ is not there",
        "index.html: ../outside.html is not there",
        "index.html: loads https://cdn.test/a.js",
        "a.css: loads https://fonts.test/f.css",
    ] == list(links.problems(tmp_path))
