from bot.doctor import Finding, Status, examine_list
from tests import samples

LIST = samples.LIST.encode()
ENTRY = b"- [RLAIF: Scaling](https://arxiv.org/abs/2309.00267)\n"


def test_a_list_in_order():
    assert Finding("list", Status.OK, "README.md: 2 papers in 5 sections") == examine_list(
        LIST, "Papers", "README.md"
    )


def test_a_heading_that_is_not_there_is_a_problem():
    found = examine_list(LIST, "Paper", "README.md")

    assert found.status is Status.PROBLEM
    assert "Papers" in found.found + found.fix


def test_a_paper_that_is_there_twice_is_named_by_its_lines():
    found = examine_list(LIST.replace(b"### 2022\n", ENTRY + b"### 2022\n"), "Papers", "README.md")

    assert found.status is Status.WARNING
    assert "lines 5 and 9" in found.found


def test_a_list_without_papers_is_told():
    assert examine_list(b"# List\n", "", "README.md").status is Status.WARNING
