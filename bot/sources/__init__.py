"""The sources of papers: arXiv's search, announcements and OAI-PMH service, and saved snapshots."""
