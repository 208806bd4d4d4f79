"""Yearly places on awards: applied for, commented on by the manager, given for reasons, passed on (S-5)."""
