"""Venues within a line: entries that say "arXiv" where other entries name a venue."""

import pytest

from tests.refresh.lists import NAMES, after, facts, found, listing, paper, papers

ONE = NAMES[0]
ACCEPTED = papers(paper(ONE, comment="Accepted to ICML 2024"))


def entries(form: str, *venues: str) -> str:
    written = (
        form.format(paper(name).title, f"https://arxiv.org/abs/{name}", venue)
        for name, venue in zip(NAMES, venues, strict=False)
    )
    return listing(*written)


@pytest.mark.parametrize(
    ("form", "venues", "expected"),
    [
        ("- [{0}]({1}) *({2})*\n", ["arXiv 2024", "ICLR 2024", "ACL 2023", "KDD 2022"], "ICML 2024"),
        ("- {0} [[{2}]({1})]\n", ["arXiv 24", "ICLR 24", "ACL 23", "KDD 22"], "ICML 24"),
        ("- {0}. {2}, [[pdf]]({1})\n", ["arXiv", "ICLR", "ACL", "KDD"], "ICML"),
        ("- **{0}**, *{2}*. [[Paper]({1})]\n", ["arXiv, 2024", "ICLR, 2024", "ACL, 2023", "KDD, 2022"], "ICML, 2024"),
        ("**{0}** \\\n[[{2}]({1})]\n\n", ["arXiv 2024", "ICLR 2024", "ACL 2023", "KDD 2022"], "ICML 2024"),
        ("- [2024] [**{2}**] {0} [[paper]({1})]\n", ["arXiv 24", "ICLR 24", "ACL 23", "KDD 22"], "ICML 24"),
    ],
)  # fmt: skip
def test_arxiv_is_replaced_by_a_venue_at_the_same_position(
    form: str, venues: list[str], expected: str
):
    before = entries(form, *venues)
    findings = found(before, ACCEPTED)

    assert [f"{ONE}/venue"] == facts(findings)
    assert entries(form, expected, *venues[1:]) == after(before, findings)


@pytest.mark.parametrize(
    ("form", "venues"),
    [
        ("- [{0}]({1}) *({2})*\n", ["arXiv 2024", "ICLR 2024", "ACL 2023"]),  # two examples are too few
        ("- [{0}]({1}) *({2})*\n", ["arXiv 2024", "ICLR 2024", "ACL'23", "KDD", "CVPR-2020"]),
        ("- [{0}]({1}) *({2})*\n", ["arXiv 2024 (ICML workshop)", "ICLR 2024", "ACL 2023", "KDD 2022"]),
        ("- [{0}]({1}) *({2})*\n", ["ICML 2024, arXiv 2024", "ICLR 2024", "ACL 2023", "KDD 2022"]),
        ("- [{0}]({1}) *({2})*\n", ["arXiv:2402.00001", "ICLR 2024", "ACL 2023", "KDD 2022"]),
        ("- [{0}]({1}) {2}\n", ["[arXiv 2024]", "*ICLR 2024*", "*ACL 2023*", "*KDD 2022*"]),
        ("- [{0}]({1}) {2}\n", ["see arXiv 2024", "ICLR 2024", "ACL 2023", "KDD 2022"]),
        ("- [{0}]({1}) {2}\n", ["arXiv 2024 Oral", "ICLR 2024", "ACL 2023", "KDD 2022"]),
    ],
)  # fmt: skip
def test_a_venue_without_a_common_position_or_style_becomes_a_note(form: str, venues: list[str]):
    findings = found(entries(form, *venues), ACCEPTED)

    assert () == findings.changes


def test_a_link_to_the_proceedings_is_another_position():
    text = entries("- {0} [[{2}]({1})]\n", "arXiv 2024", "ICLR 2024", "ACL 2023", "KDD 2022")
    for name in NAMES[1:4]:
        text = text.replace(
            f"https://arxiv.org/abs/{name})]", f"https://example.org/{name}) [x](https://arxiv.org/abs/{name})]"
        )  # fmt: skip

    assert () == found(text, ACCEPTED).changes


def test_a_venue_that_arxiv_does_not_claim_is_left_alone():
    text = entries("- [{0}]({1}) *{2}*\n", "arXiv 2024", "ICLR 2024", "ACL 2023", "KDD 2022")
    known = papers(paper(ONE, comment="Submitted to ICML 2024"))

    assert () == found(text, known).changes
