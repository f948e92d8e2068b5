from bot.adoption.categories import categories_of
from tests.factories import paper


def of(*papers: str) -> tuple[str, ...]:
    return categories_of([paper(categories=tuple(one.split())) for one in papers])


def test_the_fewest_that_nearly_all_papers_are_in():
    assert ("cs.CL",) == of("cs.CL cs.AI", "cs.LG cs.CL", "cs.CL")
    assert ("cs.CL", "cs.CV") == of(*["cs.CL cs.LG"] * 9, *["cs.CV"] * 9)


def test_a_stray_paper_adds_no_category():
    assert ("cs.CL",) == of(*["cs.CL"] * 99, "math.AG")


def test_of_two_that_cover_as_much_the_one_that_papers_are_in_first():
    assert ("cs.LG",) == of("cs.LG cs.CL", "cs.LG cs.CL")
    assert ("cs.CL",) == of("cs.CL cs.LG", "cs.CL cs.LG")


def test_none_for_none():
    assert () == categories_of([paper(categories=())])
