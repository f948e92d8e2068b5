"""The version of arxiv-bot, which the package, the command and the user agents read from here."""

__version__ = "0.2.0"

DOCS = "https://awesome-rlaif.github.io/awesome-rlaif/bot/"
"""The URL of the bot's documentation."""
