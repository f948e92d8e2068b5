import pytest

from bot.core.errors import ListError, UsageError
from bot.listing.paper_list import PaperList
from bot.tools.setup.find_list import FoundList, find, subject

ENTRY = "- [A Paper about Wool](https://arxiv.org/abs/2501.{:05})\n"


def papers(*numbers: int) -> str:
    return "".join(ENTRY.format(n) for n in numbers)


def files(**texts: str) -> dict[str, bytes]:
    return {f"{name}.md": text.encode() for name, text in texts.items()}


def heading(text: str) -> str:
    return find(files(README=text)).heading


def test_the_list_is_the_readme_or_the_file_with_the_most_papers():
    assert "README.md" == find(files(README=papers(1), zh=papers(1))).path
    assert "README.md" == find(files(README=papers(1, 2), all=papers(1, 2, 3))).path
    assert "papers.md" == find(files(README=papers(1), papers=papers(1, 2, 3))).path
    assert "zh.md" == find(files(README=papers(1), zh=papers(1)), "zh.md").path


def test_the_readme_is_the_list_if_it_has_the_newest_papers():
    old, older = papers(*range(1, 10)), papers(*range(101, 110)).replace("2501", "2401")
    found = find(files(README=papers(11, 12, 13), **{"2025_01": old, "Earlier": older}))

    assert "README.md" == found.path
    assert [("2025_01.md", True), ("Earlier.md", True)] == [
        (file.path, file.is_archive) for file in found.others
    ]
    assert (found,) == found.open_files


def test_other_files_of_the_list_have_many_papers_that_no_other_file_has():
    subjects = {"judges": papers(11, 12, 13), "robots": papers(14, 15, 16, 17)}
    repeated = {"README_zh": papers(*range(1, 10)), "everything": papers(*range(1, 18))}
    few = {"notes": papers(21, 22)}
    found = find(files(README=papers(*range(1, 10)), **subjects, **repeated, **few))

    assert ["judges.md", "robots.md"] == [file.path for file in found.others]
    assert (found, *found.others) == found.open_files
    assert () == find(files(README=papers(1, 2), a=papers(3, 4, 5)), "README.md").others


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"# List\n\n## Papers\n### 2025\n{papers(1)}\n## Tools\n", "Papers"),
        (f"# List\n\n## 📚 Paper List\n### Rewards\n{papers(1)}\n## Tools\n", "📚 Paper List"),
        (f"# List\n\n## Wool and Silk\n{papers(1)}\n## Tools\nnone\n", "Wool and Silk"),
        (f"# List\n\n## Wool\n{papers(1, 2)}\n## Silk\n{papers(3, 4)}", ""),
        (f"# List\n\n## 2025\n{papers(1)}\n## 2024\nnone\n", ""),
        (f"# List\n\n## A\n### Papers\nnone\n## B\n### Papers\n{papers(1, 2)}", "B"),
        (papers(1), ""),
    ],
)
def test_the_heading_of_the_papers_is_found(text: str, found: str):
    assert found == heading(text)


def test_the_entries_are_those_below_the_heading():
    text = f"# List\n\n## News\n- [Wool](https://arxiv.org/abs/2401.00009)\n\n## Papers\n{papers(1, 2)}"
    place = find(files(README=text), heading="Papers")

    assert ["2501.00001", "2501.00002"] == [str(paper.ids[0]) for paper in place.papers.listed]


def test_the_curators_description_is_found():
    text = f"# Awesome *Wool*\nAll about [wool](https://example.org/silk).\n## Papers\n{papers(1)}After."
    about = " ".join(find(files(README=text)).about)

    assert "Awesome Wool" in about
    assert "All about [wool" in about
    assert "silk" not in about
    assert "After" not in about


@pytest.mark.parametrize(
    ("texts", "path", "head", "words"),
    [
        ({}, "", None, "no entry names an arXiv paper"),
        ({"README": "# List\n"}, "", None, "--list"),
        ({"README": papers(1), "x": "none"}, "x.md", None, "add the first papers by hand"),
        ({"README": papers(1)}, "y.md", None, "there is no such file"),
        (
            {"README": f"{papers(1)}\n## Tools\nnone\n"},
            "",
            "Tools",
            "no arXiv paper is below this heading",
        ),
    ],
)
def test_a_missing_list_is_an_error(texts: dict[str, str], path: str, head: str | None, words: str):
    with pytest.raises(UsageError) as caught:
        find(files(**texts), path, head)

    assert words in str(caught.value)


def test_a_missing_heading_is_reported_with_the_most_similar():
    with pytest.raises(ListError, match="no heading 'Paper'") as caught:
        find(files(README=f"## Papers\n{papers(1)}"), heading="Paper")

    assert "'Papers'" in caught.value.fix


@pytest.mark.parametrize(
    ("repository", "about"),
    [
        ("awesome-reward-models", "reward models"),
        ("Awesome-RLHF", "RLHF"),
        ("LLM_Agent-Paper-List", "LLM Agent"),
        ("awesome-rlaif", "RLAIF"),
        ("awesome", "Papers"),
    ],
)
def test_the_subject_comes_from_the_repositorys_name(repository: str, about: str):
    assert about == subject(repository, ["awesome-rlaif", "A list of RLAIF"])


def test_a_heading_that_is_not_utf8_is_skipped():
    content = f"# List\n\n## Pap\udce9rs\n{papers(1)}\n## Tools\n".encode(
        "utf-8", "surrogateescape"
    )
    nested = f"# A\n## \udce9\n### Wool\n{papers(1)}".encode("utf-8", "surrogateescape")

    assert "" == find({"README.md": content}).heading
    assert "Wool" == find({"README.md": nested}).heading
    with pytest.raises(UsageError, match="is not UTF-8"):
        find({"README.md": content}, heading="Pap\udce9rs")
    with pytest.raises(UsageError, match="is not UTF-8"):
        find({"caf\udce9.md": papers(1).encode()})


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("# Awesome LLM Agents", "LLM Agents"),
        ("# :robot: Reward Models Papers", "Reward Models"),
        ("# Awesome", ""),
        ("# A list of all papers on agents that we know", ""),
        ("Some words", ""),
    ],
)
def test_a_short_title_names_the_subject(title: str, named: str):
    content = f"{title}\n\n## Papers\n- [A Paper](https://arxiv.org/abs/2401.00001)\n".encode()

    assert named == FoundList("README.md", PaperList.parse(content), "").subject


def test_a_readme_that_is_made_from_data_leads_to_the_data():
    record = "- title: A Paper about Wool\n  url: https://arxiv.org/abs/2501.0000{}\n"
    readme = f"# Wool\nAll of wool.\n{papers(1, 2, 3)}"
    data = {
        "docs/some.json": b'[{"title": "A Paper", "url": "https://arxiv.org/abs/2501.00001"}]',
        "data/papers.yaml": "".join(record.format(n) for n in (1, 2, 3, 4)).encode(),
    }
    found = find({**files(README=readme), **data})

    assert ("data/papers.yaml", "") == (found.path, found.heading)
    assert found.readme
    assert "README.md" == found.readme.path
    assert "All of wool." in found.about
    assert 4 == found.papers.size.on_arxiv
    assert "README.md" == find({**files(README=papers(5, 6, 7)), **data}).path
    assert "README.md" == find({**files(README=readme), **data}, "README.md").path


def test_a_subject_has_no_emoji_and_no_brackets_around_them():
    text = b"# Awesome LLM-RLVR [\xf0\x9f\x94\xa5\xf0\x9f\x93\x9c]\n- [A](https://arxiv.org/abs/2401.00001)\n"

    assert "LLM-RLVR" == find({"README.md": text}).subject
