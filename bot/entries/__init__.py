"""Where an entry goes and what it looks like: learned from the entries that are there."""

from bot.entries.draft import Draft, ListRules, Place, Refused, draft, papers_part
from bot.entries.form import Form, Slot

__all__ = ["Draft", "Form", "ListRules", "Place", "Refused", "Slot", "draft", "papers_part"]
