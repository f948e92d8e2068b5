"""Finds what would keep a run from working: configuration, list, token, GitHub settings."""
