"""Schemes: what was adopted once can still be read and is the same, since people are enrolled on old versions too."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from cpd.catalogue.models import SchemeVersion
from cpd.catalogue.packed import hash_of
from cpd.commands.checks.check import Check, rows_in
from cpd.schemes.reading import read_adopted
from cpd.shared.database import db


def altered_versions() -> Iterator[str]:
    """Find versions of packs that cannot be read any more, or say something else than when they were adopted."""
    wanted = select(
        SchemeVersion.id,
        SchemeVersion.organisation_id,
        SchemeVersion.version,
        SchemeVersion.content,
        SchemeVersion.content_hash,
    ).order_by(SchemeVersion.id)
    for number, organisation_id, version, content, content_hash in db.session.execute(wanted):
        which = f"scheme version {number} (version {version} of organisation {organisation_id})"
        try:
            pack = read_adopted(content)
        except ValueError as error:
            yield f"{which} is unreadable: {str(error).splitlines()[0]}"
        else:
            if hash_of(pack) != content_hash:
                yield f"{which} is not what was adopted: its fingerprint does not fit"


CHECKS = (Check("schemes readable", altered_versions, rows_in(SchemeVersion), "scheme versions"),)
