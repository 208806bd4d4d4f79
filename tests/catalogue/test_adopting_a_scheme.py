"""A council's pack becomes its catalogue: nothing is lost, nothing is adopted twice, and no code means two things."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from cpd.catalogue import service as catalogue
from cpd.catalogue.models import Assumption, Equivalence, Module, Programme, SchemeVersion
from cpd.people.models import Organisation
from cpd.requirements.language import Completed
from cpd.schemes.problems import PackRefused
from cpd.schemes.reading import PACKS, read_pack
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.unit_of_work import Follower
from tests.catalogue.conftest import SMALL, adopt

COUNCILS = sorted(path.stem for path in PACKS.glob("*.yaml"))
SECOND = SMALL.replace("version: 1", "version: 2")


def modules() -> dict[str, catalogue.ModuleFacts]:
    (organisation_id,) = db.session.scalars(select(Organisation.id))
    return {module.code: module for module in catalogue.modules_of([organisation_id]).values()}


@pytest.mark.parametrize("council", COUNCILS)
def test_every_real_pack_is_adopted_and_the_same_again_changes_nothing(both, adopt_real, council):
    first = adopt_real(council)
    before = db.session.scalars(select(Module.id)).all()

    again = adopt_real(council)

    assert again.id == first.id
    assert db.session.scalars(select(Module.id)).all() == before
    assert len(db.session.scalars(select(AuditEvent)).all()) == 1


def test_all_real_packs_live_in_one_installation(app, adopt_real):
    for council in COUNCILS:
        adopt_real(council)

    themes = {each.code: each.theme for each in db.session.scalars(select(Organisation))}
    assert sorted(themes) == COUNCILS
    assert themes["gateshead"] == "green"


def test_a_new_council_is_made_and_its_modules_say_what_the_pack_says(both):
    adopt(SMALL)

    further = modules()["FURTHER"]
    assert (further.title, further.validity_months, further.booking_mode) == ("Going further", 12, "required")
    assert further.requirement == Completed("BASICS")
    assert modules()["BASICS"].is_drop_in
    assert catalogue.settings_of(further.organisation_id).booking_closes_days_before == 3
    assert catalogue.settings_of(further.organisation_id).late_cancellation_working_days == 2


def test_comments_and_another_layout_are_no_other_content(app):
    adopt(SMALL)

    adoption = adopt("# the same, with a remark\n" + SMALL.replace("version: 1", "version:   1"))

    assert adoption.modules.unchanged == ("BASICS", "SHORT", "FURTHER")
    assert len(db.session.scalars(select(SchemeVersion)).all()) == 1


def test_a_version_is_never_changed(app):
    adopt(SMALL)

    with pytest.raises(PackRefused) as refused:
        adopt(SMALL.replace("The basics in short", "Short"), name="bury.yaml")
    (problem,) = refused.value.problems
    assert str(problem).startswith("bury.yaml:3: version: 1 is in force and says something else")


def test_an_older_version_is_refused(app):
    adopt(SECOND)

    with pytest.raises(PackRefused, match="1 is older than version 2, which is in force"):
        adopt(SMALL)


def test_what_a_new_version_no_longer_has_is_withdrawn_and_kept(both):
    adopt(SMALL)
    without = "\n".join(line for line in SECOND.splitlines() if "SHORT" not in line and line != "equivalences:")

    adoption = adopt(without)

    assert adoption.modules.withdrawn == ("SHORT",)
    assert "SHORT" not in modules()
    assert catalogue.module_by_code("SHORT") is None
    kept = db.session.scalars(select(Module).where(Module.code == "SHORT")).one()
    assert catalogue.modules_by_id([kept.id])[kept.id].withdrawn
    assert catalogue.equivalences_of([kept.organisation_id]) == ()
    assert db.session.scalars(select(Equivalence)).one().superseded_at is not None


def test_a_withdrawn_module_comes_back_with_the_same_id(app):
    adopt(SMALL)
    (before,) = db.session.scalars(select(Module.id).where(Module.code == "FURTHER"))
    modules_before, rest = SECOND.replace(", {module: FURTHER, is_mandatory: false}", "").split("  - code: FURTHER")
    adopt(modules_before + rest[rest.index("equivalences:") :])
    assert "FURTHER" not in modules()

    adopt(SMALL.replace("version: 1", "version: 3"))

    assert modules()["FURTHER"].id == before


def test_only_what_changed_counts_as_changed(app):
    adopt(SMALL)

    adoption = adopt(SECOND.replace("title: Going further", "title: Going much further"))

    assert (adoption.modules.changed, adoption.modules.unchanged) == (("FURTHER",), ("BASICS", "SHORT"))
    assert adoption.programmes.unchanged == ("way",)


def test_a_changed_window_supersedes_the_old_one(both):
    adopt(SMALL)

    adopt(SECOND.replace("valid_to: 2018-12-31", "valid_to: 2019-01-31"))

    rows = db.session.scalars(select(Equivalence).order_by(Equivalence.id)).all()
    assert [row.valid_to for row in rows] == [date(2018, 12, 31), date(2019, 1, 31)]
    assert [row.superseded_at is None for row in rows] == [False, True]
    assert rows[0].supersede_reason == "version 2 of the scheme"


def test_a_programme_follows_its_new_version(app):
    adopt(SMALL)

    adopt(SECOND.replace("{module: FURTHER, is_mandatory: false}", "{module: FURTHER, is_mandatory: true}"))

    programme = catalogue.programme_by_code("way")
    assert [each.module_code for each in programme.elements if each.is_mandatory] == ["BASICS", "FURTHER"]


def test_a_code_of_another_council_is_refused_and_its_owner_named(both):
    adopt(SMALL)

    with pytest.raises(PackRefused) as refused:
        adopt(SMALL.replace("code: bury", "code: bolton").replace("Bury Council", "Bolton Council"))

    assert [(problem.line, problem.reason.split(":")[0]) for problem in refused.value.problems] == [
        (11, "modules, BASICS"),
        (12, "modules, SHORT"),
        (13, "modules, FURTHER"),
        (21, "programmes, way"),
    ]
    assert "belongs to Bury Council already" in refused.value.problems[0].reason
    assert db.session.scalars(select(Organisation.code)).all() == ["bury"]


def test_a_trial_says_what_would_happen_and_changes_nothing(app):
    adoption = adopt(SMALL, dry_run=True)

    assert adoption.version is None
    assert adoption.modules.added == ("BASICS", "SHORT", "FURTHER")
    assert db.session.scalars(select(Organisation)).all() == []
    assert db.session.scalars(select(Programme)).all() == []


def test_each_version_keeps_its_own_assumptions(app):
    adopt(SMALL)

    adopt(SECOND.replace("Basics need no booking.", "Just come to the basics."))

    (organisation_id,) = db.session.scalars(select(Organisation.id))
    scheme = catalogue.find_scheme(organisation_id)
    assert [each.sentence for each in scheme.assumptions] == ["Just come to the basics."]
    assert len(db.session.scalars(select(Assumption)).all()) == 2


def test_the_floors_above_are_told_of_the_pack(app, monkeypatch):
    told = []
    follower = Follower("scheme.adopted", 6, lambda _session, values: told.extend(values))
    monkeypatch.setitem(app.extensions, "followers", [follower])

    adopt(SMALL)
    adopt(SMALL)

    ((organisation_id, pack),) = told
    assert pack.organisation.code == "bury"
    assert organisation_id == db.session.scalars(select(Organisation.id)).one()


def test_the_history_says_what_was_adopted_and_by_whom(app, officer):
    catalogue.adopt_pack(read_pack(SMALL), SMALL, by=officer.id)

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.subject == "scheme_version")).one()
    assert (event.verb, event.actor_id, event.before) == ("adopted", officer.id, None)
    assert event.after["modules_added"] == ["BASICS", "SHORT", "FURTHER"]
