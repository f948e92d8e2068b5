"""Publishes the list as a static site."""
