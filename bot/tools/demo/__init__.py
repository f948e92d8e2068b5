"""Bundles one day of arXiv, so that the demo can show a complete run without a network."""
