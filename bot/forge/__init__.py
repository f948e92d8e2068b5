"""Where the list lives: GitHub, or a local directory for a dry run."""
