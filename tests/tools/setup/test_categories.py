from bot.tools.setup.categories import USUAL, categories_of
from tests.factories import paper


def of(*papers: str) -> tuple[str, ...]:
    known = [paper(categories=tuple(item.split())) for item in papers]
    return categories_of(known, len(known))


def test_the_fewest_that_nearly_all_papers_are_in():
    assert ("cs.CL",) == of("cs.CL cs.AI", "cs.LG cs.CL", "cs.CL")
    assert ("cs.CL", "cs.CV") == of(*["cs.CL cs.LG"] * 9, *["cs.CV"] * 9)


def test_a_stray_paper_adds_no_category():
    assert ("cs.CL",) == of(*["cs.CL"] * 99, "math.AG")


def test_of_two_that_cover_as_much_the_one_that_papers_are_in_first():
    assert ("cs.LG",) == of("cs.LG cs.CL", "cs.LG cs.CL")
    assert ("cs.CL",) == of("cs.CL cs.LG", "cs.CL cs.LG")


def test_where_little_is_known_the_usual_ones_are_added():
    few = [paper(categories=("cs.RO",))]

    assert ("cs.RO",) == categories_of(few, 2)
    assert ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "cs.RO") == categories_of(few, 3)
    assert USUAL == categories_of([paper(categories=())], 1) == categories_of([], 9)
