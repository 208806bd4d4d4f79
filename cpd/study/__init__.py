"""What somebody is promised for her development and what she has earned: days, time, credits, awards, CPD, plans."""
