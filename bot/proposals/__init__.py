"""The pull request: which papers are in it, what a maintainer answered, and what it says."""
