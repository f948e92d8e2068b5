"""A bundled day of arXiv, to show a whole run without a network."""
