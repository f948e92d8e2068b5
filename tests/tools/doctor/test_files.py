from bot.tools.doctor.diagnose import examine_list
from bot.tools.doctor.findings import Diagnosis, Status
from tests import samples

LIST = samples.LIST.encode()
ENTRY = b"- [RLAIF: Scaling](https://arxiv.org/abs/2309.00267)\n"


def test_a_correct_list_passes():
    assert Diagnosis(
        "list", Status.OK, "README.md: 2 papers (2 on arXiv) in 2 sections"
    ) == examine_list(LIST, "Papers", "README.md")


def test_a_missing_heading_is_a_problem():
    found = examine_list(LIST, "Paper", "README.md")

    assert found.status is Status.PROBLEM
    assert "Papers" in found.found + found.fix


def test_a_repeated_paper_is_reported_with_its_lines():
    found = examine_list(LIST.replace(b"### 2022\n", ENTRY + b"### 2022\n"), "Papers", "README.md")

    assert found.status is Status.WARNING
    assert "lines 5 and 9" in found.found
    assert "`arxiv-bot check`" in found.fix, "it may be the link of another paper that is wrong"


def test_a_paper_also_named_above_the_papers_is_no_repeat():
    above = LIST.replace(b"## Papers\n", b"## Highlights\n\n" + ENTRY + b"\n## Papers\n", 1)

    assert examine_list(above, "Papers", "README.md").status is Status.OK


def test_only_some_of_many_repeats_are_shown():
    five = b"".join(
        b"- [Paper %d](https://arxiv.org/abs/2401.0000%d)\n" % (n, n) for n in range(1, 6)
    )
    found = examine_list(
        LIST.replace(b"### 2022\n", five * 2 + b"### 2022\n"), "Papers", "README.md"
    )

    assert found.found.endswith(" … and 2 more")


def test_papers_in_several_sections_are_no_mistake_if_common():
    five = b"".join(
        b"- [Paper %d](https://arxiv.org/abs/2401.0000%d)\n" % (n, n) for n in range(1, 6)
    )
    found = examine_list(b"# Papers\n## Rewards\n" + five + b"## Judges\n" + five, "", "README.md")

    assert found.status is Status.OK


def test_a_list_without_papers_is_a_warning():
    assert examine_list(b"# List\n", "", "README.md").status is Status.WARNING
