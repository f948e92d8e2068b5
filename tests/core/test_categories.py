"""arXiv's categories, and the messages for names that are not categories."""

import pytest

from bot.core.categories import CATEGORIES, doubt


@pytest.mark.parametrize(
    "category", ["cs.CL", "cs.NA", "math.NA", "hep-th", "cond-mat.supr-con", "cs.*", "physics.*"]
)
def test_a_known_category_is_not_doubtful(category: str):
    assert doubt(category) is None


def test_there_are_as_many_categories_as_arxiv_has():
    """155 categories, with both names of the six that have two."""
    assert 155 == len(CATEGORIES)
    twice = {"math-ph", "math.MP", "math.ST", "stat.TH", "cs.IT", "math.IT", "cs.NA", "math.NA"}
    assert twice | {"eess.SY", "cs.SY", "econ.GN", "q-fin.EC"} <= CATEGORIES


@pytest.mark.parametrize(
    ("category", "what", "fix"),
    [
        ("cs.ZZ", "no category 'cs.ZZ' is known", "cs has AI, AR"),
        ("cs.cl", "no category 'cs.cl' is known", "did you mean 'cs.CL'?"),
        ("cs.LGG", "no category 'cs.LGG' is known", "did you mean 'cs.LG'"),
        ("cond-mat.superconductivity", "no category", "cond-mat has dis-nn"),
        ("sc.*", "no category 'sc.*' is known", "did you mean 'cs.*'"),
        ("zoology", "no category 'zoology' is known", "https://arxiv.org/category_taxonomy"),
        ("cmp-lg", "no new paper is in it", "write 'cs.CL'"),
        ("math", "is an archive, not a category", "write 'math.*'"),
        ("hep-th.*", "has no categories inside", "write 'hep-th'"),
    ],
)
def test_an_unknown_category_is_doubtful_and_gets_a_suggestion(category: str, what: str, fix: str):
    found = doubt(category)

    assert found is not None
    assert what in found[0]
    assert fix in found[1]
