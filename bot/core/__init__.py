"""The foundation of all other folders: shared types, arXiv ids, errors, configuration, escaping."""
