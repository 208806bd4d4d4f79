"""Academic credits: a ledger that is only ever added to, and the claims for prior learning that lead to entries."""
