"""Workforce Development's desk: changes that span floors."""
