"""Tools besides a run: setup, checks, evaluation, the site, the fleet and the demo."""
