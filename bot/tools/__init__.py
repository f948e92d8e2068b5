"""What stands beside a run: setting up, checking, evaluating, the site, the demonstration."""
