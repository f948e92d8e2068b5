"""Harvests the announcements of arXiv into a folder that many lists read."""
