"""The filters may pass too much, but must never rule out a text that a phrase matches or a record that is wanted."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.model import Topic, Window
from bot.relevance.phrases import Matcher
from bot.sources.prefilter import LineSearch, PhraseFilter, RecordFilter
from bot.sources.snapshot import Snapshot, is_within, parse_record
from tests.conftest import ROOT
from tests.factories import paper

PHRASES = (
    "RL-VLM-F",
    "AI feedback + reward",
    "self-rewarding",
    "policies",
    "Gödel machine",
    "λ-calculus",
    "bias",
    "quality model",
)
FILTER = PhraseFilter([Topic("T", PHRASES)])
SEARCH = LineSearch([Topic("T", PHRASES)], b"rewards")
MATCHER = Matcher([Topic("T", PHRASES)])


def is_found(search: LineSearch, text: str, *, in_title: bool = False) -> bool:
    """Whether the line of such a paper is found, and only that, however it is written."""
    record = {"title": "On numbers", "abstract": text, "authors_parsed": [["Gödel", "Kurt", ""]]}
    if in_title:
        record |= {"title": text, "abstract": "Numbers."}
    other = json.dumps({"title": "Nothing", "abstract": "“None”", "authors": "Gödel"}) + "\n"
    written = [json.dumps(record), json.dumps(record, ensure_ascii=False, separators=(",", ":"))]
    lines = [f"{line}\n".encode(errors="surrogatepass") for line in written]
    found = {
        tuple(search.starts(before + line + other.encode()))
        for line in lines
        for before in (b"", other.encode())
    }
    assert found in ({()}, {(0,), (len(other),)})
    return found != {()}


# the parts of arXiv texts: the phrases' words in many forms, and what may occur within and between them
PIECES = st.sampled_from(
    'AI ai feedback Feedbacks reward rewards rewarding self policy Policies RL VLM F Gödel G\\"odel G{\\"o}del machine '
    "λ calculus bias biases e ﬁ \\emph{AI} {AI} R{L} \\textbf{reward} AI\u00ad 's ’s \\alpha $\\lambda$ _ - — . {} \u200b".split()
)


@given(
    st.lists(
        st.tuples(PIECES, st.sampled_from(["", " ", "\n", "-", "'s ", "’s ", "_", "~", " \\em "])),
        max_size=8,
    )
)
@example([("AI", "’s "), ("feedback", " "), ("reward", "")])
@example([("RL", "\n"), ("VLM", "-"), ("F", "")])
@example([("\\emph{AI}", " "), ("feedback", "\n"), ("\\textbf{reward}", "")])
@example([('G{\\"o}del', " "), ("machine", "")])
@example([("Qualities", "-"), ("models", "")])
@example([("model's\u00ad", ""), ("policies", "")])
@example([("{GPT's}", ""), ("policies", "")])
@example([("dies\\'", ""), ("λ", " "), ("calculus", "")])
@example([("\\'s}", ""), ("elf", "-"), ("rewarding", "")])
def test_texts_that_a_phrase_matches_pass(pieces: list[tuple[str, str]]):
    text = "".join(word + after for word, after in pieces)

    if MATCHER.match(paper(title="", abstract=text)).matches:
        assert FILTER.passes(text)
        assert is_found(SEARCH, text)


@pytest.mark.parametrize(
    "text",
    [
        "Feedback for AI without what is asked for",
        "a self that is rewarding",
        "a reward from AI, and much feedback",
        "nothing",
        "unfair Gödelisation machines",
    ],
)
def test_texts_that_no_phrase_can_match_are_ruled_out(text: str):
    assert not FILTER.passes(text)
    assert not is_found(SEARCH, text.replace("ö", "o"))


def test_a_topic_without_words_lets_nothing_through():
    assert not is_found(LineSearch([], b""), "anything, and Gödel")
    assert not PhraseFilter([]).passes("anything")
    assert not PhraseFilter([Topic("T", ("\\alpha",))]).passes("anything")


def test_the_filter_looks_for_the_rarest_part_of_a_phrase():
    topics = [Topic("T", ("AI feedback + reward",))]

    assert not is_found(LineSearch(topics, b"rewards and a reward"), "A reward, and much feedback")
    assert is_found(LineSearch(topics, b"AI feedback"), "A reward, and much feedback")


@pytest.mark.parametrize("in_title", [False, True])
def test_letters_that_json_writes_in_many_ways_are_found(in_title: bool):
    for text in ("Gödel", "ﬁne", "self\u200brewarding", "𝐀𝐈", 'a\\b"c\n → é'):
        assert is_found(SEARCH, text, in_title=in_title)
    for text in ("“Judge” – it’s … ‘so’", 'a\\b"c\nd\te', "$\\mathbf{x}_{i}$"):
        assert not is_found(SEARCH, text, in_title=in_title)


def test_hundreds_of_phrases_are_all_looked_for():
    phrase_filter = PhraseFilter(
        [Topic("T", tuple(f"word{n} + other{n}" for n in range(200, 977)))]
    )

    assert all(phrase_filter.passes(f"Other{n} and word{n}") for n in range(200, 977))
    assert not any(phrase_filter.passes(f"Other{n} and word{n + 1}") for n in range(200, 977))
    search = LineSearch([Topic("T", tuple(f"word{n} of{n}" for n in range(200, 420)))], b"")
    assert all(is_found(search, f"Word{n} of{n}") for n in range(200, 420))
    assert not any(is_found(search, f"Word{n} of{n + 1}") for n in range(200, 420))


def test_long_phrases_are_looked_for_too():
    phrases = [" ".join(f"word{n}of{m}" for m in range(40)) for n in range(50)]
    phrase_filter = PhraseFilter([Topic("T", tuple(phrases))])

    assert all(map(phrase_filter.passes, phrases))
    assert not phrase_filter.passes(phrases[0].replace("of0", "of1"))
    search = LineSearch([Topic("T", tuple(phrases))], b"")
    assert is_found(search, phrases[0])
    assert not is_found(search, phrases[0].replace("of0", "of1"))


def test_a_lone_surrogate_does_not_stop_it():
    assert FILTER.passes("Self-rewarding \ud835 models")


def test_few_real_papers_pass_and_every_matching_paper_passes(shared):
    from bot.core.config import load

    topics = [block.topic() for block in load(ROOT / "config" / "keywords.toml").topics]
    phrase_filter, matcher = PhraseFilter(topics), Matcher(topics)
    passed = matched = found = lines = 0
    search = None
    for block in Snapshot(shared / "corpus" / "2025-11.jsonl.gz", ("cs.*",)).blocks():
        search = search or LineSearch(topics, block.data)
        starts = search.starts(block.data)
        for start, record in block.records(block.starts(1)):
            passes = phrase_filter.passes(record.text())
            matches = matcher.match(record.paper()).matches
            assert (passes and start in starts) or not matches, record.data["id"]
            passed += passes
            matched += bool(matches)
        found += len(starts)
        lines += block.lines
    assert 0 < matched <= passed < 2 * matched + 20
    assert passed < found < lines / 10


YEAR = Window(datetime(2022, 1, 1, tzinfo=UTC), datetime(2022, 12, 31, 23, 59, tzinfo=UTC))
WANTED = ("cs.CL", "stat.*")


def kaggle(
    created: str = "Mon, 11 Apr 2022 20:31:27 GMT", categories: str = "cs.DS cs.CL"
) -> dict[str, object]:
    return {
        "id": "2204.11408",
        "title": 'On "categories":"math.AG" and {braces}',
        "categories": categories,
        "abstract": 'x "created":"Mon, 11 Apr 1999 20:31:27 GMT" y',
        "versions": [
            {"version": "v1", "created": created},
            {"version": "v2", "created": "Sat, 30 Jan 2023 23:57:29 GMT"},
        ],
        "authors_parsed": [["Lemire", "Daniel", ""]],
    }


def short(
    announced: str = "2022-04-12", categories: tuple[str, ...] = ("cs.DS", "cs.CL")
) -> dict[str, object]:
    return {
        "abstract": "A text.",
        "announced": announced,
        "authors": ["Daniel Lemire"],
        "categories": list(categories),
        "id": "2204.11408",
        "title": "On numbers",
    }


def passes(record: dict[str, object]) -> bool:
    return RecordFilter(WANTED, YEAR).passes(record)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (kaggle(), True),
        (kaggle(categories="cs.CL"), True),
        (kaggle(categories="stat.ML"), True),
        (kaggle(categories="math.AG math.NT"), False),
        (kaggle(categories="cs.CLX stats"), False),
        (kaggle(created="Mon, 3 May 2021 20:31:27 GMT"), False),
        (kaggle(created="Mon, 2 Jan 2023 20:31:27 GMT"), False),
        (kaggle(created="the other day"), True),
        (short(), True),
        (short(categories=("stat.ML",)), True),
        (short(categories=("math.AG", "math.NT")), False),
        (short(announced="2021-12-30"), False),
        (short(announced="2023-01-02"), False),
    ],
)
def test_categories_and_days_are_seen(record: dict[str, object], expected: bool):
    assert expected == passes(record)


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"categories": None},
        {"categories": [1]},
        {"categories": "cs.CL"},
        {"categories": "cs.CL", "versions": []},
        {"categories": "cs.CL", "versions": [{"created": 7}]},
        {"categories": "cs.CL", "versions": [["v1"]]},
        {"categories": "cs.CL", "announced": "soon"},
        {"categories": "cs.CL", "announced": 20220412},
    ],
)
def test_invalid_records_are_left_to_the_reader(record: dict[str, object]):
    assert passes(record)


def test_a_repeated_record_gets_the_same_answer():
    record_filter = RecordFilter(WANTED, YEAR)
    records = [short(categories=names) for names in ((), ("math.AG",), ("math.AG", "cs.CL"))]

    assert [False, False, True] * 2 == [record_filter.passes(record) for record in records * 2]


def test_the_announcement_day_takes_precedence_over_the_submission():
    record = {**kaggle(created="Mon, 27 Dec 2021 20:31:27 GMT"), "announced": "2022-01-03"}

    assert passes(record)
    assert is_within(parse_record(record), YEAR)


@pytest.mark.parametrize(
    "created", ["Fri, 31 Dec 2021 23:30:00 -0100", "Sun, 1 Jan 2023 01:30:00 +0200"]
)
def test_a_time_in_another_zone_may_be_on_another_day(created: str):
    assert is_within(parse_record(kaggle(created)), YEAR)
    assert passes(kaggle(created))


@given(
    st.integers(-80, 8900),
    st.lists(
        st.sampled_from(["cs.CL", "cs.LG", "stat.ML", "stat.ME", "math.AG"]),
        min_size=1,
        unique=True,
    ),
    st.booleans(),
)
def test_the_filter_rules_out_no_paper_that_a_phrase_matches(
    hours: int, categories: list[str], in_kaggles_shape: bool
):
    moment = YEAR.since + timedelta(hours=hours)
    if in_kaggles_shape:
        record = kaggle(f"{moment:%a, %d %b %Y %H:%M:%S} GMT", " ".join(categories))
    else:
        record = short(f"{moment:%Y-%m-%d}", tuple(categories))
    paper = parse_record(record)
    accepted = is_within(paper, YEAR) and any(
        c == "cs.CL" or c.startswith("stat.") for c in categories
    )

    assert passes(record) or not accepted
    if passes(record):
        around = Window(YEAR.since - timedelta(days=2), YEAR.until + timedelta(days=2))
        assert is_within(paper, around)
