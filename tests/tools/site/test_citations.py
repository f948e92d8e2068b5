import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arxiv_id import ArxivId
from bot.tools.site.citations import bibtex, key
from bot.tools.site.papers import SitePaper, read


def paper(title: str = "A Title", link: str = "https://arxiv.org/abs/2401.00002") -> SitePaper:
    text = f"- [Some Paper]({link})\n".encode()
    (item,) = read(text, name="a-list", heading="", topics=(), days={}, updated=None).items
    return replace(item, title=title)


def test_an_entry_is_as_arxiv_would_write_it():
    item = replace(
        paper("RLAIF: Scaling with AI Feedback"), authors=("Harrison Lee", "José Peña"), cut=True
    )

    assert """\
@misc{arXiv:2401.00002,
  title         = {{RLAIF}: Scaling with {AI} Feedback},
  author        = {Harrison Lee and José Peña and others},
  year          = {2024},
  eprint        = {2401.00002},
  archivePrefix = {arXiv},
  url           = {https://arxiv.org/abs/2401.00002},
}""" == bibtex(item)


def test_an_old_id_names_its_primary_class():
    item = replace(paper(), arxiv=ArxivId("hep-th/9901001"))

    assert "  primaryClass  = {hep-th}," in bibtex(item).splitlines()
    assert "arXiv:hep-th/9901001" == key(item)


def test_a_paper_without_an_arxiv_id_has_its_title_as_its_key():
    item = paper(link="https://openreview.net/forum?id=x")

    assert "some-paper" == key(item)
    assert "eprint" not in bibtex(item)


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("100% of R&D #1 for $5_a", r"100\% of {R\&D} \#1 for \$5\_a"),
        (
            r"a\input{x} {b~c^d",
            r"a\textbackslash{}input\textbraceleft{}x\textbraceright{} \textbraceleft{}b\textasciitilde{}c\textasciicircum{}d",
        ),
        ("the $k^2$ and $n_1$ of it", "the $k^2$ and $n_1$ of it"),
        (
            "the $\\input{x}$ of it",
            r"the \$\textbackslash{}input\textbraceleft{}x\textbraceright{}\$ of it",
        ),
    ],
)
def test_special_characters_are_escaped(title: str, written: str):
    assert f"  title         = {{{written}}}," in bibtex(paper(title)).splitlines()


@given(
    st.text(alphabet="aB{}\\$%&_^~#@, \"'\n-:", max_size=40),
    st.lists(st.text(alphabet="aB{}\\, and", min_size=1, max_size=20), max_size=3),
)
def test_whatever_the_list_says_an_entry_stays_one(title: str, authors: list[str]):
    text = bibtex(replace(paper(" ".join(title.split())), authors=tuple(authors)))

    depth = 0
    for place, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        assert depth > 0 or place in range(5) or place == len(text) - 1
    assert depth == 0
    written = text.splitlines()[1].partition(" = {")[2].removesuffix("},")
    assert not re.search(r"(?<!\\)[%&#]", written)


@pytest.mark.parametrize("name", ["Ada and Alan", "Ada AND Alan", "Ada And Alan", "Turing, Alan"])
def test_a_name_that_contains_the_word_and_stays_one_name(name: str):
    item = replace(paper(), authors=(name, "C D"))

    assert f"author        = {{{{{name}}} and C D}}," in bibtex(item)
