"""The second pipeline: proposes corrections to entries that are already listed."""
