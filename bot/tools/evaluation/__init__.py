"""Tests the configuration against papers that were added to the list later."""
