"""Career progression: pathways, portfolios, panels, requests and decisions."""
