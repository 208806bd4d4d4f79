"""What every capability stands on: clocks, the unit of work, permissions, outbox, history."""
