"""Asks a language model about the list's written principles, and applies its verdicts within narrow limits."""
