"""The demonstration: invented people and dates around five councils' real schemes, never in production."""
