"""What a run learns from, and the scores that follow."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.config import parse
from bot.core.errors import SourceError
from bot.core.model import Coverage, Harvest, Paper, Reason, Topic, Window
from bot.forge.local import LocalForge
from bot.listing.paper_list import ListFiles, PaperList
from bot.pipeline import background_papers, run
from bot.relevance.examples import Example
from bot.relevance.scoring import PASSED_OVER, Scorer, TrainingData
from tests import samples
from tests.factories import NOW, list_of_one_file, paper

LISTING = list_of_one_file(samples.LIST.encode(), "Papers")
TOPICS = (Topic("topic", ("AI feedback",)),)
DECLINED = ArxivId("2501.00009")


def data(*harvests: Harvest, declined: dict[ArxivId, str] | None = None) -> TrainingData:
    background = background_papers((), harvests, NOW)
    return TrainingData.of(LISTING, declined or {}, harvests, background)


def harvest(*papers: Paper, usual: bool = True) -> Harvest:
    return Harvest(papers, Coverage("a source", "", ""), papers if usual else ())


def stream(count: int = 150) -> list[Paper]:
    words = "telescope galaxy protein traffic glacier enzyme laser battery polymer orbit".split()
    return [
        paper(
            id=f"2510.{n:05}",
            title=f"A {words[n % 10]} for the {words[n // 10 % 10]} number {n}",
            abstract=f"The {words[n * 7 % 10]} of many a {words[n * 3 % 10]}.",
        )
        for n in range(100, 100 + count)
    ]


class Everything:
    """A source of all papers."""

    name = "stream"

    def __init__(self, papers: list[Paper]) -> None:
        self.papers = papers

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        return harvest(*self.papers)


def test_an_entry_is_learned_from_the_text_of_the_list():
    first, second = data().listed

    assert first == Example(
        "RLAIF: Scaling Reinforcement Learning from Human Feedback with AI Feedback",
        "Labels by a model.",
        ("Harrison Lee", "Samrat Phatale", "Hassan Mansoor"),
        date(2023, 9, 1),
        line=5,
    )
    assert ("Yuntao Bai", "Saurav Kadavath") == second.authors


def test_an_entry_found_in_a_source_is_learned_from_the_record_of_the_source():
    known = paper(id="2309.00267", title="RLAIF vs. RLHF", abstract="Better told.")
    first, _ = data(harvest(known, usual=False)).listed

    assert ("RLAIF vs. RLHF", "Better told.", 5) == (first.title, first.abstract, first.line)


GLACIERS = list_of_one_file(
    b"""# Awesome Ice
Papers on the [glacier](https://ice.example) and the <b>enzyme</b> in it.

- [Contents](#north)

## North
- [A First Look at Things](https://arxiv.org/abs/2401.00001)
- [A Second Look at Others](https://arxiv.org/abs/2401.00002)

## License
MIT
"""
)


def test_the_introduction_and_the_headings_of_papers_are_the_own_words_of_a_list():
    (words,) = TrainingData.of(GLACIERS, {}, (), ()).own_words

    assert words.title == "Awesome Ice"
    assert (
        "# Awesome Ice Papers on the [glacier and the enzyme in it. ## North Awesome Ice North"
        == (" ".join(words.abstract.split()))
    )
    assert not words.is_decided


def test_files_with_the_same_headings_both_say_what_the_list_is_about():
    entry = "\n- [A First Look at Things](https://arxiv.org/abs/2401.0000{})\n"
    texts = (f"# Ice\nPapers on {words}{entry}" for words in ("glaciers", "icebergs"))
    files = {
        str(number): PaperList.parse(text.format(number).encode())
        for number, text in enumerate(texts)
    }

    (words,) = TrainingData.of(ListFiles.of(files), {}, (), ()).own_words

    assert "glaciers" in words.abstract
    assert "icebergs" in words.abstract


@pytest.mark.parametrize("above", [b"", b"# Awesome Ice\n\n## Papers\n", b"Papers on ice. " * 9])
def test_a_file_with_few_words_or_no_headings_has_no_own_words(above: bytes):
    plain = list_of_one_file(above + b"\n- [A First Look](https://arxiv.org/abs/2401.00001)\n")

    assert 1 == len(plain.listed)
    assert () == TrainingData.of(plain, {}, (), ()).own_words


def test_own_words_help_a_short_list_and_are_not_counted_as_an_entry():
    learned = TrainingData.of(GLACIERS, {}, (), stream())
    papers = [
        paper(id="2510.00001", title=f"On a {word}", abstract=f"A {word}.")
        for word in ("glacier", "battery")
    ]

    on_ice, other = Scorer(TOPICS, learned).score(papers)
    unknown, same = Scorer(TOPICS, replace(learned, own_words=())).score(papers)

    assert on_ice.score > 3 * other.score
    assert unknown.score < 3 * same.score
    assert "Awesome Ice" not in {entry.title for entry in on_ice.nearest}


def test_entries_of_other_parts_teach_nothing():
    other = samples.LIST.replace(
        "## Contributing",
        "## More\n- [A Paper about Lists of the World](https://arxiv.org/abs/2401.00001)\n\n## Contributing",
    )
    listing = list_of_one_file(other.encode(), "Papers")

    assert 3 == len(listing.index.listed)
    assert 2 == len(TrainingData.of(listing, {}, (), ()).listed)


def test_papers_that_a_source_chose_by_words_are_no_background():
    papers = stream(3)

    assert (
        tuple(papers[:2]) == data(harvest(*papers[:2]), harvest(papers[2], usual=False)).background
    )


class Sampled(Everything):
    """A source of some papers, and of a sample of all."""

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        return harvest(*self.papers[:2], usual=False)

    def sample(self, until: datetime) -> tuple[Paper, ...]:
        if not self.papers[2:]:
            raise SourceError("arXiv refuses", where="the test")
        return tuple(self.papers[2:])


def test_if_nothing_was_announced_a_sample_is_the_background():
    source, window = Sampled(stream(9)), Window(NOW, NOW)
    found = source.collect((), window)

    assert 7 == len(background_papers([source], [found], NOW))
    assert 9 == len(background_papers([source], [found, harvest(*stream(9))], NOW))
    assert () == background_papers([source], [harvest(usual=False)], NOW)  # nothing is to be judged
    assert () == background_papers([Sampled(stream(2))], [found], NOW)  # and it is no failure


def test_a_declined_paper_is_known_by_its_title():
    found = data(declined={DECLINED: "Feedback of Sheep", ArxivId("2501.00010"): ""}).declined

    assert (Example("Feedback of Sheep"),) == found


def test_a_paper_that_nobody_ticked_counts_less_than_a_declined_one():
    passed = TrainingData.of(LISTING, {}, (), (), {DECLINED: "Feedback of Sheep"}).declined

    assert (Example("Feedback of Sheep", weight=PASSED_OVER),) == passed


def test_a_declined_paper_that_is_found_again_has_the_record_of_its_source():
    met = harvest(paper(id=DECLINED, abstract="About sheep."), usual=False)

    assert "About sheep." == data(met, declined={DECLINED: ""}).declined[0].abstract


def test_without_background_the_phrases_decide_and_nothing_is_learned():
    found = Scorer(TOPICS, data()).score([paper(title="On AI Feedback"), paper(id="2510.00002")])

    assert [0.8, 0.0] == [pytest.approx(item.score) for item in found]
    assert () == found[0].nearest


def test_with_a_background_scores_have_reasons():
    scorer = Scorer(TOPICS, data(harvest(*stream())))
    (near,) = scorer.score([paper(title="Scaling AI Feedback with Human Feedback")])
    (far,) = scorer.score(stream()[:1])

    assert near.score > 100 * far.score
    assert [10, 5] == [entry.line for entry in near.nearest]
    assert {"feedback"} & set(" ".join(near.speaks_for).split())
    assert scorer.score_if(near.paper, (0.0,))[0] < near.score


@pytest.mark.parametrize("common", [False, True])
def test_a_run_proposes_papers_like_its_list_and_is_unsure_of_papers_that_only_match_a_phrase(
    tmp_path: Path, common: bool
):
    """A list on judges and rewards; its phrase is in none of its titles, and may be in half of the background's."""
    subject = "judge reward policy preference critic alignment model answer".split()
    titles = [f"A {a} for the {b} of {c}" for a in subject for b in subject for c in subject[:2]]
    entries = [
        f"- [{title}](https://arxiv.org/abs/2509.{n:05})\n"
        for n, title in enumerate(titles[::2], start=1)
    ]
    (tmp_path / "README.md").write_text(f"# L\n\n## Papers\n{''.join(entries)}")
    alike = paper(id="2510.00001", title=titles[1], abstract="A judge of the reward of a policy.")
    words = paper(id="2510.00002", title="Galaxy of laser", abstract="Orbit AI feedback, battery.")
    day = [*stream(1000), alike, words]
    if common:
        day[:500] = [replace(item, title=f"{item.title} by AI feedback") for item in day[:500]]
    report = run(
        parse(
            f"{samples.CONFIG}\n[screening]\nthreshold = 0.005",
            where="the test",
        ),
        sources=[Everything(day)],
        forge=LocalForge(tmp_path, "README.md"),
        now=NOW,
    )
    found = {str(decision.candidate.paper.id): decision for decision in report.decisions}

    assert Reason.ALIKE is found["2510.00001"].reason
    assert found["2510.00002"].candidate.score < (
        0.05 if common else 0.5
    )  # 0.5 by its phrase alone
