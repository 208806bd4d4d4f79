"""`flask doctor` finds versions of schemes that nobody can read any more."""

from __future__ import annotations

from sqlalchemy import update

from cpd.catalogue.models import SchemeVersion
from tests.commands.conftest import change


def test_it_is_content_with_a_version_that_is_read_as_it_was_adopted(app, scheme, finds_nothing):
    finds_nothing()


def test_a_version_that_has_lost_a_part(app, scheme, finds):
    change(update(SchemeVersion).values(content="organisation: {code: gateshead, name: Gateshead}\nversion: 1\n"))

    finds(
        f"schemes readable: scheme version {scheme.id} (version 1 of organisation {scheme.organisation_id}) is "
        "unreadable: 1 validation error for Pack"
    )
