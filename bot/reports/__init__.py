"""What a run shows: on a terminal, in a job summary, as a page, as JSON."""
