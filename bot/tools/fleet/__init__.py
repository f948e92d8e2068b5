"""Runs the bot for many lists that share one harvest."""
