"""Funding of training outside the pathway: asked for, commented on, decided by an Assistant Director (W-13)."""
