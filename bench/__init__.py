"""How quick it is, each figure beside its floor: `make bench` (see docs/speed.md)."""
