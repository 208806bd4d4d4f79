"""Personal development plans and learning agreements: aims, agreement by both, and reviews (W-14, S-4)."""
