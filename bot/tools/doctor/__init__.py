"""Finds what would keep a run from working: settings, token, list, configuration."""
