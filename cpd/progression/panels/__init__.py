"""Panels: who sits on them, when they meet, whom they judge and what they came to."""
