"""How well a paper fits the list: phrases, the learned score, and what is screened out."""
