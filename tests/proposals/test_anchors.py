import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.proposals.anchors import anchors, hold, transplant

LINES = [f"line {n}\n".encode() for n in range(12)]
LIST = b"".join(LINES)


def at(offset: int) -> tuple[int, int]:
    return offset, offset


def inserted(lines: list[bytes], number: int) -> bytes:
    return b"".join([*lines[:number], b"new\n", *lines[number:]])


@pytest.mark.parametrize("number", range(13))
def test_an_anchor_holds_while_three_lines_on_each_side_are_unchanged(number: int):
    offset = sum(map(len, LINES[:number]))
    (anchor,) = anchors(LIST, [(offset, offset)])

    for changed in range(12):
        lines = [*LINES]
        lines[changed] = b"changed\n"
        near = number - 3 <= changed < number + 3
        assert (not near) is hold(b"".join(lines), [anchor]), changed


def test_an_anchor_that_occurs_twice_does_not_hold():
    block = b"".join(LINES[:6])
    (anchor,) = anchors(b"a\n" + block + b"b\n", [at(2 + 3 * len(LINES[0]))])

    assert hold(b"x\n" + block, [anchor])
    assert not hold(block + b"x\n" + block, [anchor])


def test_edits_at_the_same_offset_share_an_anchor():
    assert 1 == len(anchors(LIST, [at(7), at(7), at(7)]))
    assert hold(LIST, anchors(LIST, map(at, [0, 7, 14, len(LIST)])))


@pytest.mark.parametrize("number", range(12))
def test_an_anchor_of_a_line_holds_while_it_and_three_lines_on_each_side_are_unchanged(number: int):
    start = sum(map(len, LINES[:5]))
    (anchor,) = anchors(LIST, [(start + 2, start + len(LINES[5]))])
    lines = [*LINES]
    lines[number] = b"changed\n"

    assert (2 <= number <= 8) is not hold(b"".join(lines), [anchor])


def test_a_transplant_that_would_conflict_returns_none():
    near = LIST.replace(b"line 5\n", b"changed\n")

    assert transplant(LIST, inserted(LINES, 6), near) is None
    assert transplant(LIST, LIST.replace(b"line 5\n", b""), near) is None
    assert inserted([b"top\n", *LINES], 7) == transplant(LIST, inserted(LINES, 6), b"top\n" + LIST)


@pytest.mark.parametrize("place", range(13))
@pytest.mark.parametrize("cut", [0, 1, 2])
def test_a_transplant_near_a_change_is_what_git_merges(tmp_path: Path, place: int, cut: int):
    ours = b"".join([*LINES[:place], b"new\n", *LINES[place + cut :]])
    theirs = LIST.replace(b"line 5\n", b"changed\n")

    assert git_merge(tmp_path, LIST, ours, theirs) == transplant(LIST, ours, theirs)


def test_a_change_made_on_both_sides_appears_once():
    both = LIST.replace(b"line 5\n", b"changed\n")

    assert both == transplant(LIST, both, both)
    assert both + b"end\n" == transplant(LIST, both + b"end\n", both)


def test_inserted_lines_are_distinguished_from_equal_lines(tmp_path: Path):
    old = b"c\na\nc\n\na\n"
    ours, theirs = b"c\n- new\na\nc\n\n\na\n", b"c\na\nc\n\nchanged\n"
    more, other = b"- new\n" + old + b"- newer\n", old.replace(b"\n\n", b"\n \n")

    assert transplant(old, ours, theirs) is None is git_merge(tmp_path, old, ours, theirs)
    assert git_merge(tmp_path, old, more, other) == transplant(old, more, other) is not None


def git_merge(folder: Path, base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    for name, content in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_bytes(content)
    files = [str(folder / name) for name in ("ours", "base", "theirs")]
    done = subprocess.run(
        ["git", "merge-file", "-p", "-q", *files], capture_output=True, check=False
    )
    return done.stdout if done.returncode == 0 else None


WORD = st.sampled_from([b"a\n", b"b\n", b"c\n", b"\n", b"### d\n", b"e\n", b"f\n", b"g\n", b"h\n"])


@given(
    base=st.lists(WORD, min_size=4, max_size=25),
    place=st.integers(0, 25),
    change=st.integers(0, 25),
    words=st.lists(WORD, max_size=2),
    cut=st.integers(0, 2),
    entry=st.sampled_from([b"", b"- the new entry\n", b"- two\n- entries\n"]),
    instead=st.integers(0, 3),
)
def test_a_transplant_is_what_git_merges(
    tmp_path_factory: pytest.TempPathFactory,
    base: list[bytes],
    place: int,
    change: int,
    words: list[bytes],
    cut: int,
    entry: bytes,
    instead: int,
):
    """Also checks that git finds no conflict if the anchors hold."""
    folder = tmp_path_factory.getbasetemp()
    place = min(place, len(base))
    old = b"".join(base)
    ours = b"".join([*base[:place], entry, *base[place + instead :]])
    span = (len(b"".join(base[:place])), len(b"".join(base[: place + instead])))
    theirs = b"".join([*base[:change], *words, *base[change + cut :]])
    merged = git_merge(folder, old, ours, theirs)
    planted = transplant(old, ours, theirs)

    if hold(old, anchors(old, [span])) and planted is not None:
        assert planted == merged
