"""Sets the bot up for a list: finds its heading, categories and phrases, and writes the files that a run needs."""
