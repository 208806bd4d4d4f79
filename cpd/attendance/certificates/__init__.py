"""Certificates of attendance: one for each completion by a register, on paper, and checked by a link."""
