"""Where papers come from: arXiv's search and announcements, and saved snapshots."""
