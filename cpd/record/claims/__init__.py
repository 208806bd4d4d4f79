"""Learning from elsewhere: sent in by the worker and accepted or returned, or recognised by hand (AMB-24, AMB-25)."""
