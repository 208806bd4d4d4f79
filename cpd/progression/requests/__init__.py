"""Asking to progress: the steps of the pack, each by its role, up to the change of level."""
