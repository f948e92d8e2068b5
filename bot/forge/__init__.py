"""Access to the place where the list is stored: GitHub, or a local directory for a dry run."""
