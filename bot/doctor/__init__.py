"""What keeps a bot from doing its work, found beforehand: facts in, findings out. Pure.

What GitHub's settings mean: https://docs.github.com/actions and https://docs.github.com/rest.
"""

from bot.doctor.facts import GitHubFacts, Unseen
from bot.doctor.files import examine_list
from bot.doctor.findings import Finding, Status
from bot.doctor.settings import examine

__all__ = ["Finding", "GitHubFacts", "Status", "Unseen", "examine", "examine_list"]
