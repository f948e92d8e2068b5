"""A bundled day of arXiv, to show a complete run without a network."""
