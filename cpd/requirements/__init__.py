"""Does this person's record satisfy this requirement? The language and its one evaluator."""
