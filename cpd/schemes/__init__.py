"""Scheme packs: what one council offers and by which rules, written down as data and read with care."""
