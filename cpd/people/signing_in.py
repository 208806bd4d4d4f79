"""Who is signed in."""

from __future__ import annotations

from cpd.people.models import Person
from cpd.people.service import find_person


def load_signed_in(cookie_id: str) -> Person | None:
    """Return who a sign-in cookie names, unless her password has changed since."""
    person_id, _, version = cookie_id.partition(":")
    if not (person_id.isdecimal() and version.isdecimal()):
        return None
    person = find_person(int(person_id))
    return person if person is not None and person.session_version == int(version) else None
