"""Study days: paid days for one's own study, asked for, decided on and counted in half days (W-2, W-12, W-14)."""
