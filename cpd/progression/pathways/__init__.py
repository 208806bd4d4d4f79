"""Who is on which pathway, by which version of the scheme, and who is ready for what."""
