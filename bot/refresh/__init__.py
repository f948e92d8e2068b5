"""The second pipeline: corrections to entries that are already listed."""
