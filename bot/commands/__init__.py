"""The commands, a module each: what the options mean is decided here, nothing else is."""
