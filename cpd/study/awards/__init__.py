"""University awards: what each takes, who is enrolled, where everybody stands, and practice educators' stages."""
