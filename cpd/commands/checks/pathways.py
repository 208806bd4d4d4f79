"""Pathways: whoever is on one is on it by rules of her own council, and these have it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from cpd.catalogue.models import SchemeVersion
from cpd.commands.checks.check import Check, rows_in
from cpd.people.models import Person
from cpd.progression.pathways import reading
from cpd.progression.pathways.models import PathwayEnrolment
from cpd.shared.database import db


def misplaced_enrolments() -> Iterator[str]:
    """Find enrolments by rules of another council, or on a pathway that these rules do not have."""
    versions = dict(db.session.execute(select(SchemeVersion.id, SchemeVersion.organisation_id)).all())
    employers = dict(db.session.execute(select(Person.id, Person.organisation_id)).all())
    enrolments = reading.enrolments_where()
    terms = reading.versions_of(enrolments)
    for each in enrolments:
        if {versions[each.scheme_version_id], employers[each.person_id]} != {each.organisation_id}:
            yield f"pathway enrolment {each.id} is by the rules of another council"
        elif each.pathway_code not in terms[each.scheme_version_id].pathways:
            yield f"pathway enrolment {each.id} is on a pathway that its version of the scheme does not have"


CHECKS = (Check("pathways", misplaced_enrolments, rows_in(PathwayEnrolment), "enrolments"),)
