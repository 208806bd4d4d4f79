"""Schemes: what was adopted once can still be read, since people are enrolled on old versions too."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from cpd.catalogue.models import SchemeVersion
from cpd.commands.checks.check import Check, rows_in
from cpd.schemes.reading import read_adopted
from cpd.shared.database import db


def unreadable_versions() -> Iterator[str]:
    """Find versions of packs that cannot be read any more."""
    wanted = select(SchemeVersion.id, SchemeVersion.organisation_id, SchemeVersion.version, SchemeVersion.content)
    for number, organisation_id, version, content in db.session.execute(wanted.order_by(SchemeVersion.id)):
        try:
            read_adopted(content)
        except ValueError as error:
            which = f"scheme version {number} (version {version} of organisation {organisation_id})"
            yield f"{which} is unreadable: {str(error).splitlines()[0]}"


CHECKS = (Check("schemes readable", unreadable_versions, rows_in(SchemeVersion), "scheme versions"),)
