"""The judge: a model that answers the list's written principles, and what its verdicts may do."""
