"""The commands, one module each: they interpret options and environment; all other decisions are made elsewhere."""
