"""Appeals against a decision, heard by people who did not make it."""
