"""Registers: who came on which day, what that completes, and signing in by the code of the day."""
