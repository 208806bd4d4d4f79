"""Places, waiting lists and conditions: who gets a place, who waits, and why not."""
