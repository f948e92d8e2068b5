"""Texts about the same have similar meaning vectors."""

import numpy as np

from bot.core.word_vectors import WordVectors


def test_texts_about_the_same_are_near_each_other():
    vision, image, speech = WordVectors.shipped().read(
        ["Object Detection", "Segmenting IMAGES", "Automatic Speech Recognition"]
    )

    assert vision @ image > 2 * vision @ speech
    assert np.allclose([1, 1, 1], [vision @ vision, image @ image, speech @ speech])


def test_a_text_without_known_words_has_no_meaning():
    (nothing,) = WordVectors.shipped().read(["Xyzzy"])

    assert not nothing.any()
