"""Frozen, signed documents of decisions."""
