"""Who is at the point at which people tend to leave, and who advanced or moved (L-2, L-3)."""
