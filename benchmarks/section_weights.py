"""Learns the weights by which a section is chosen, from where the curators of many lists put papers.

    python -m benchmarks.section_weights FOLDER...

FOLDER is as for `benchmarks.list_fidelity`; only the half of the lists on which rules are decided is read. The weights
are those of a conditional logit: they make the curators' sections likeliest. A list with four times as many cases as
another counts twice as much.

Prints how often the curator's section is the first guess, and how often one of the first three: with the bot's weights,
and for each list with weights learned from the other lists. Then prints the weights learned from all lists, for
bot/listing/section_scores.py.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.list_cases import Case, half, read_case, read_rows
from bot.listing.index import Listed
from bot.listing.paper_list import PaperList
from bot.listing.section_scores import WEIGHTS
from bot.listing.sections import SectionChooser

PENALTY = 1.0
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """A paper's traits, a row for each subject of a list, and the row that the curator chose."""

    name: str
    traits: Matrix
    right: int


def read_choices(folders: Sequence[Path]) -> Iterator[Choice]:
    """The choices of curators whose section was in the list before."""
    for row in (row for folder in folders for row in read_rows(folder)):
        case = read_case(row) if half(str(row["list"])) == 0 else ""
        choice = read_choice(case) if isinstance(case, Case) else None
        if choice is not None:
            yield choice


def read_choice(case: Case) -> Choice | None:
    """The choice of a case; None for a list of one subject, and if the curator opened a new section."""
    found = chooser_of(case.before.listing).candidates(case.paper)
    numbers = [choice.section if choice.sibling is None else choice.sibling for choice, _ in found]
    sections = case.before.document.sections
    paths = [() if number is None else sections[number].path for number in numbers]
    wanted = case.after.path(case.entry)
    if len(found) < 2 or wanted not in paths:
        return None
    return Choice(case.name, np.array([traits for _, traits in found]), paths.index(wanted))


def chooser_of(listing: PaperList) -> SectionChooser:
    """Chooses among all sections of a list."""
    members: dict[int | None, list[Listed]] = defaultdict(list)
    for listed in listing.listed:
        members[listing.document.entries[listed.entry].section].append(listed)
    part, sections = listing.part, enumerate(listing.document.sections)
    inside = [number for number, at in sections if part.start <= at.start < part.end]
    return SectionChooser(listing.document, members, inside)


def fit(choices: Sequence[Choice]) -> Matrix:
    """The weights that make the curators' choices likeliest, with a penalty for large ones."""
    sizes = Counter(choice.name for choice in choices)
    counted = np.array([sizes[choice.name] ** -0.5 for choice in choices])
    counted *= len(choices) / counted.sum()
    rows = np.vstack([choice.traits for choice in choices])
    scale = rows.std(axis=0) + 1e-9
    rows = rows / scale
    lengths = [len(choice.traits) for choice in choices]
    starts = np.cumsum([0, *lengths[:-1]])
    right = rows[starts + np.array([choice.right for choice in choices])]

    def cost(weights: Matrix) -> tuple[float, Matrix]:
        scores = rows @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts), lengths)
        powers = np.exp(scores)
        totals = np.add.reduceat(powers, starts)
        shares = powers / np.repeat(totals, lengths)
        chosen = scores[starts + np.array([choice.right for choice in choices])]
        gain = counted @ (chosen - np.log(totals))
        slope = counted @ right - (np.repeat(counted, lengths) * shares) @ rows
        return PENALTY * weights @ weights - gain, 2 * PENALTY * weights - slope

    start = np.zeros(rows.shape[1])
    return np.asarray(minimize(cost, start, jac=True, method="L-BFGS-B").x / scale)


def left_out(choices: Sequence[Choice]) -> Iterator[tuple[Choice, Matrix]]:
    """The rank of each choice, with weights that were learned from the other lists."""
    for name in sorted({choice.name for choice in choices}):
        weights = fit([choice for choice in choices if choice.name != name])
        yield from ((choice, weights) for choice in choices if choice.name == name)


def show(caption: str, judged: Sequence[tuple[Choice, Matrix]]) -> None:
    """Prints how often the curator's section is the first, and among the first three."""
    scored = [(choice.traits @ weights, choice.right) for choice, weights in judged]
    places = [int((scores > scores[right]).sum()) for scores, right in scored]
    first, three = (sum(place < n for place in places) / len(places) for n in (1, 3))
    print(f"{caption:32} first {first:.1%}, among three {three:.1%} of {len(places)}")


def main() -> None:
    """Measures the weights and prints new ones."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    choices = list(read_choices(parser.parse_args().folders))
    show("with the bot's weights", [(choice, np.array(WEIGHTS)) for choice in choices])
    show("learned from the other lists", list(left_out(choices)))
    print(np.round(fit(choices), 2).tolist())


if __name__ == "__main__":
    main()
