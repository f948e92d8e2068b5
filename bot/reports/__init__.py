"""Reports of a run: for a terminal, as a job summary, as an HTML page, as JSON."""
