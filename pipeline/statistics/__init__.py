"""Count tables over real news; see README.md in this folder."""
