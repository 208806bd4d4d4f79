"""The record's tests adopt real packs as the catalogue's do."""

from tests.catalogue.conftest import adopt_real

__all__ = ["adopt_real"]
