"""Wiring: the application factory, navigation, errors, and the list of followers."""

from cpd.application.factory import create_app

__all__ = ["create_app"]
