"""The curated list: reading it, and writing an entry in its form."""
