"""arxiv-bot keeps a curated list of arXiv papers current."""

__version__ = "0.1.0"
