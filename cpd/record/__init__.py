"""The one table of dated facts that a requirement may ask about, and loading it for one or ten thousand."""
