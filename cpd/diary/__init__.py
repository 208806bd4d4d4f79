"""One row per person and dated thing; clashes, the feed and invitations read only this."""
