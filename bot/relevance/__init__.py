"""Decides how well papers fit the list: matches phrases, scores with a learned ranker, and screens."""
