"""Venues, rooms, sessions and their days: what is offered when, where and to whom."""
