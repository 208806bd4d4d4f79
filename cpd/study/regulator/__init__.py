"""The regulator's CPD record: pieces of CPD, peer reflections, and whether the registration year is done (B1)."""
