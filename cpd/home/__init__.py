"""Pages that speak of many floors: what is open to me, what I have booked, what it brings me."""
