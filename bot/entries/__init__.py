"""Where an entry goes and what it looks like: learned from the entries that are there."""

from bot.entries.draft import Draft, ListRules, Place, Refused, draft
from bot.entries.sections import papers_part

__all__ = ["Draft", "ListRules", "Place", "Refused", "draft", "papers_part"]
