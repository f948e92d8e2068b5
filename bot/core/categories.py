"""Knows arXiv's categories, matches papers with them, and explains category names that look wrong.

The names are those of https://arxiv.org/category_taxonomy and of archives that arXiv has closed. arXiv may add
categories at any time, so an unknown name is reported as doubtful, not refused.
"""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterable

_SUBJECTS = {
    "astro-ph": "CO EP GA HE IM SR",
    "cond-mat": "dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con",
    "cs": "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH OS PF PL RO "
    "SC SD SE SI SY",
    "econ": "EM GN TH",
    "eess": "AS IV SP SY",
    "math": "AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG SP ST",
    "nlin": "AO CD CG PS SI",
    "physics": "acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph flu-dyn gen-ph "
    "geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph",
    "q-bio": "BM CB GN MN NC OT PE QM SC TO",
    "q-fin": "CP EC GN MF PM PR RM ST TR",
    "stat": "AP CO ME ML OT TH",
}
_WHOLE = frozenset("gr-qc hep-ex hep-lat hep-ph hep-th math-ph nucl-ex nucl-th quant-ph".split())
_CLOSED = {
    "acc-phys": "physics.acc-ph",
    "adap-org": "nlin.AO",
    "alg-geom": "math.AG",
    "ao-sci": "physics.ao-ph",
    "atom-ph": "physics.atom-ph",
    "bayes-an": "physics.data-an",
    "chao-dyn": "nlin.CD",
    "chem-ph": "physics.chem-ph",
    "cmp-lg": "cs.CL",
    "comp-gas": "nlin.CG",
    "dg-ga": "math.DG",
    "funct-an": "math.FA",
    "mtrl-th": "cond-mat.mtrl-sci",
    "patt-sol": "nlin.PS",
    "plasm-ph": "physics.plasm-ph",
    "q-alg": "math.QA",
    "solv-int": "nlin.SI",
    "supr-con": "cond-mat.supr-con",
}
CATEGORIES = _WHOLE | {
    f"{archive}.{subject}"
    for archive, subjects in _SUBJECTS.items()
    for subject in subjects.split()
}
"""All categories of new papers. `cs.NA` and `math.NA` are two names for one category, as are five other pairs."""
_KNOWN = CATEGORIES | {f"{archive}.*" for archive in _SUBJECTS}

_PAGE = "https://arxiv.org/category_taxonomy"
_SIMILAR = 0.75  # from 0 to 1, by difflib


def covers(wanted: Container[str], categories: Iterable[str]) -> bool:
    """Whether one of a paper's categories is wanted, by its own name or by its whole archive (`cs.*`)."""
    return any(
        category in wanted or f"{category.partition('.')[0]}.*" in wanted for category in categories
    )


def doubt(category: str) -> tuple[str, str] | None:
    """What is doubtful about a category in the configuration, and what to do; None if it is known."""
    archive, dot, subject = category.partition(".")
    if category in _KNOWN:
        return None
    if now := _CLOSED.get(archive):
        return f"arXiv closed {archive!r}: no new paper is in it", f"write {now!r}"
    if archive in _WHOLE and subject == "*":
        return f"{archive!r} has no categories inside", f"write {archive!r}"
    if archive in _SUBJECTS and not dot:
        return (
            f"{archive!r} is an archive, not a category",
            f"write '{archive}.*', or one of its categories",
        )
    return f"no category {category!r} is known", _suggestion(archive, category)


def _suggestion(archive: str, category: str) -> str:
    names = {name.casefold(): name for name in CATEGORIES}
    if found := names.get(category.casefold()):
        return f"did you mean {found!r}?"
    if near := difflib.get_close_matches(category, sorted(_KNOWN), n=2, cutoff=_SIMILAR):
        return f"did you mean {' or '.join(map(repr, near))}? all categories: {_PAGE}"
    if archive in _SUBJECTS:
        return f"{archive} has {', '.join(_SUBJECTS[archive].split())}; see {_PAGE}"
    return f"see {_PAGE}"
