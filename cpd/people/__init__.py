"""Organisations, teams, persons with dated posts and roles, and how somebody signs in."""
