"""Evidence and portfolios: what people hand in, who looks at it, and which standards it shows."""
