"""Programmes, modules, prerequisites and equivalences, from versioned scheme packs."""
