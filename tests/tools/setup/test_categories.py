from bot.tools.setup.survey import USUAL, categories_of
from tests.factories import paper


def of(*papers: str) -> tuple[str, ...]:
    known = [paper(categories=tuple(item.split())) for item in papers]
    return categories_of(known, len(known))


def test_the_smallest_set_that_covers_nearly_all_papers():
    assert ("cs.CL",) == of("cs.CL cs.AI", "cs.LG cs.CL", "cs.CL")
    assert ("cs.CL", "cs.CV") == of(*["cs.CL cs.LG"] * 9, *["cs.CV"] * 9)


def test_a_stray_paper_adds_no_category():
    assert ("cs.CL",) == of(*["cs.CL"] * 99, "math.AG")


def test_of_two_equal_categories_the_more_frequent_primary_one_wins():
    assert ("cs.LG",) == of("cs.LG cs.CL", "cs.LG cs.CL")
    assert ("cs.CL",) == of("cs.CL cs.LG", "cs.CL cs.LG")


def test_if_little_is_known_the_usual_categories_are_added():
    few = [paper(categories=("cs.RO",))]

    assert ("cs.RO",) == categories_of(few, 2)
    assert ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "cs.RO") == categories_of(few, 3)
    assert USUAL == categories_of([paper(categories=())], 1) == categories_of([], 9)
