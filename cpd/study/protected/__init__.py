"""Protected development time: a share of contracted hours, week by week (S-1, AMB-18)."""
