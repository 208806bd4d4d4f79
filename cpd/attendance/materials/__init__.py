"""Materials of a session: slides and handouts as files and links, for those who attended or for all (C-8)."""
