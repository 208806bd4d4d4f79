"""Early-career programmes: reviews, supervision, pauses and who supports whom."""
