"""The commands, one module each: they interpret options and environment, and leave all other decisions to the rest."""
