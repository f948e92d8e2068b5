"""What everything else rests on: the types that travel, identifiers, errors, the configuration."""
