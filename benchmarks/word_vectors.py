"""Learns the word vectors that the package ships, from the titles and abstracts of a corpus.

    python -m benchmarks.word_vectors --corpus FOLDER --before 2025-07-01

Takes the words that at least eight of the papers announced before that day have, their rarity (inverse document
frequency), and the first 64 axes of latent semantic analysis. Writes bot/core/word_vectors.npz.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.extmath import randomized_svd

from benchmarks.corpus import read_corpus
from bot.core.word_vectors import split

PLACE = Path(__file__).resolve().parent.parent / "bot" / "core" / "word_vectors.npz"
DIMENSIONS = 64


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, nargs="+", required=True)
    parser.add_argument("--before", type=date.fromisoformat, required=True)
    args = parser.parse_args()
    papers = [
        paper
        for paper in read_corpus(*args.corpus).values()
        if paper.announced and paper.announced < args.before
    ]
    texts = [f"{paper.title} {paper.title} {paper.abstract}" for paper in papers]
    tfidf = TfidfVectorizer(analyzer=split, sublinear_tf=True, min_df=8, max_df=0.4)
    weights = tfidf.fit_transform(texts)
    axes = randomized_svd(weights, DIMENSIONS, n_iter=3, random_state=0)[2].T
    scale = np.float32(np.abs(axes).max() / 127)
    np.savez_compressed(
        PLACE,
        words=np.frombuffer(" ".join(tfidf.get_feature_names_out()).encode(), np.uint8),
        rarity=tfidf.idf_.astype(np.float32),
        meaning=np.round(axes / scale).astype(np.int8),
        scale=scale,
    )
    print(f"{len(papers):,} papers, {len(axes):,} words, {PLACE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
