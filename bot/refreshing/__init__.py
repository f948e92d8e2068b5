"""Listed papers as arXiv has them now: what has changed, proposed in a pull request of its own."""
