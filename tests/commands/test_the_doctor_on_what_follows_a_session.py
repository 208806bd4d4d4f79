"""`flask doctor` finds evaluations, certificates and files that do not fit what they belong to."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, select, update

from cpd.attendance.certificates.models import Certificate
from cpd.attendance.evaluation.models import Evaluation, LaterEvaluation
from cpd.attendance.evaluation.service import Answer, give_evaluation
from cpd.attendance.materials.models import Material
from cpd.attendance.materials.service import add_material
from cpd.attendance.models import EvaluationRequest
from cpd.attendance.registers import Keeper
from cpd.attendance.service import close_register, mark_everyone
from cpd.booking.service import book_places
from cpd.catalogue.models import Programme
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.kept_files import SentFile, path_of
from cpd.timetable.models import SessionDay
from tests.cast import london, saved
from tests.commands.conftest import change


@pytest.fixture
def over(app_in_use, alice, officer, make_session, clock_at):
    """A session that Alice attended and evaluated, with slides."""
    session = make_session(starts_at=london(2019, 1, 15, 9, 30))
    book_places(alice.id, [session.id], by=alice.id)
    clock_at(2019, 1, 15, 12, 40)
    day = db.session.scalars(select(SessionDay.id).where(SessionDay.training_session_id == session.id)).one()
    mark_everyone([day], by=Keeper(officer.id))
    close_register(day, by=Keeper(officer.id))
    give_evaluation(alice.id, alice.organisation_id, session.id, Answer(1, 2, 3))
    add_material(session.id, "Slides", SentFile("slides.pdf", b"%PDF-1.7"), for_everybody=False, by=officer.id)
    db.session.rollback()
    return session


def test_all_is_well_after_a_session(both, over, flask):
    code, lines = flask("doctor")
    assert {"evaluations: 1 answers", "certificates: 1 certificates", "files of materials: 1 materials"} < set(lines)
    assert code == 0


def test_an_answer_that_nobody_gave_and_one_that_is_lost(app, over, scheme, finds):
    key = db.session.scalars(select(Evaluation.key)).one()
    programme = saved(
        Programme(organisation_id=over.organisation_id, scheme_version_id=scheme.id, code="systemic", title="Systemic")
    )
    change(
        delete(Evaluation).where(Evaluation.key == key),
        insert(LaterEvaluation).values(
            key="x", organisation_id=over.organisation_id, programme_id=programme.id, used="often", example=""
        ),
    )
    finds(
        f"evaluations: of programme {programme.id}, 0 people have answered and 1 answers are kept",
        f"evaluations: of session {over.id}, 1 people have answered and 0 answers are kept",
    )


def test_somebody_who_is_said_to_have_answered_and_has_not(app, over, finds):
    change(update(EvaluationRequest).values(has_answered=False))
    finds(f"evaluations: of session {over.id}, 0 people have answered and 1 answers are kept")


def test_a_certificate_of_something_else_and_a_completion_without_one(app, over, make_session, finds):
    other = make_session().id
    change(update(Certificate).values(training_session_id=other))
    finds(f"certificates: certificate 1 is of session {other}, and its fact is completed by register:{over.id}")
    fact = db.session.scalars(select(RecordFact.id)).one()
    change(delete(Certificate))
    finds(f"certificates: the completion {fact} has no certificate")


def test_a_file_that_is_missing_and_one_that_is_cut_off(app, over, finds):
    material = db.session.scalars(select(Material)).one()
    lies_at = path_of(material.stored_as)
    lies_at.write_bytes(b"%PDF")
    finds(f"files of materials: the file {lies_at.name} of material 1 has 4 bytes instead of 8")
    lies_at.unlink()
    finds(f"files of materials: the file {lies_at.name} of material 1 is missing")
