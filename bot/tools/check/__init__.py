"""Checks the list and the configuration, and fixes what can be fixed automatically."""
