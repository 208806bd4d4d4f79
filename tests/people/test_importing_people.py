"""HR sends a file of people: it is taken whole or not at all, and the same again changes nothing."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from sqlalchemy import func, select

from cpd.people import service as people
from cpd.people.importing import Outcome, import_people
from cpd.people.models import PasswordLink, Person, Post, RoleGrant, Team
from cpd.people.reading import read_people
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.roles import Role
from cpd.shared.tables import TableRefused
from tests.people.conftest import (
    ALICE,
    HEADER,
    MARY,
    counted_queries,
    file_of,
    messages,
    notes,
    person,
    posts_of,
    row,
    take,
)

TODAY = date(2019, 1, 2)
PUT_ON_PATHWAYS = 6
"""So many queries it takes to put everybody on the pathway of her post, which follows in the same act."""
PUT_FORWARD = 3
"""So many it takes to see whose request to progress lapses with her post, and whom an automatic step now leads on."""


@pytest.fixture(autouse=True)
def _council(request):
    request.getfixturevalue("both" if "both" in request.fixturenames else "app")
    request.getfixturevalue("organisation")


def test_everybody_in_the_file_is_there_afterwards(both):
    assert take(ALICE, MARY) == Outcome(2, 0, (), ())

    alice, mary = person("N2"), person("N1")
    post = people.posts_on([alice.id], TODAY)[alice.id]
    assert (alice.name, alice.email, alice.qualified_on) == ("Alice Learner", "alice@demo.example", date(2018, 7, 2))
    assert (post.team_name, post.manager_id, post.career_level) == ("Assessment Team 1", mary.id, "ASYE")
    assert posts_of("N2")[0].fte == Decimal("0.6")
    assert mary.registered_on == date(2005, 9, 1)


def test_the_same_file_again_changes_nothing(both):
    take(MARY, ALICE)
    with counted_queries() as sent:
        assert take(MARY, ALICE) == Outcome(0, 2, (), ())

    assert [each for each in sent if not each.startswith("SELECT")] == []


def test_a_dry_run_says_the_same_and_writes_nothing(app):
    assert take(MARY, ALICE, dry_run=True) == Outcome(2, 0, (), ())
    assert db.session.scalar(select(func.count(Person.id))) == 0


def test_one_refused_row_means_that_nothing_is_written(app):
    outcome = take(MARY, row(email="nobody"))

    assert (outcome.taken, outcome.unchanged) == (0, 0)
    assert notes(outcome) == ["row 3, column email: this is not an e-mail address; write it like name@example.com"]
    assert db.session.scalar(select(func.count(Person.id))) == 0


def test_good_rows_can_be_taken_although_another_is_refused(app):
    outcome = take(MARY, row(email="nobody"), take_good_rows=True)

    assert (outcome.taken, len(outcome.refused)) == (1, 1)
    assert person("N1").name == "Mary Manager"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"organisation": ""}, "organisation: this cell must be filled in"),
        (
            {"organisation": "leeds"},
            "organisation: there is no organisation leeds (known: gateshead); `flask import scheme` makes one",
        ),
        ({"employee_number": ""}, "employee_number: this cell must be filled in"),
        ({"email": ""}, "email: this cell must be filled in"),
        ({"name": " "}, "name: this cell must be filled in"),
        ({"name": "=1+1"}, "name: this is a formula; write the value that it gives"),
        ({"name": "A" * 201}, "name: at most 200 characters can be kept"),
        ({"name": "Alice\x07"}, "name: it holds a character that cannot be printed; type it again"),
        ({"manager_employee_number": "N9"}, "manager_employee_number: nobody at gateshead has the number N9"),
        ({"manager_employee_number": "N2"}, "manager_employee_number: nobody can be her own manager"),
        (
            {"roles": "hr;queen"},
            f"roles: there is no role queen; the roles are {', '.join(Role)}",
        ),
        ({"staff_type": "visitor"}, "staff_type: it must be one of employee, agency, student, apprentice, partner"),
        ({"fte": "1.2"}, "fte: it must be between 0 and 1: full time is 1, three days of five are 0.6"),
        ({"fte": "half"}, "fte: it must be a number between 0 and 1, such as 0.6"),
        ({"fte": "-0.5"}, "fte: it must be a number between 0 and 1, such as 0.6"),
        ({"fte": "NaN"}, "fte: it must be a number between 0 and 1, such as 0.6"),
        ({"fte": "0.6757"}, "fte: write it with at most 3 decimals, such as 0.676"),
        ({"qualified_on": "2018-02-30"}, "qualified_on: 30 February is not a date"),
        (
            {"registered_on": "07/2018"},
            'registered_on: "07/2018" is not a date: write it like 31 January 2019, and several with commas between',
        ),
        (
            {"starts_on": "01/02/18"},
            'starts_on: "01/02/18" does not give the year with four figures: write it like 31/01/2019',
        ),
        ({"starts_on": "1066-10-14"}, "starts_on: the year 1066 cannot be right"),
        ({"leaves_on": "2018-08-01"}, "leaves_on: she would leave before she starts"),
    ],
    ids=lambda value: next(iter(value.items()))[0] if isinstance(value, dict) else None,
)
def test_a_row_is_refused_with_its_column_and_reason(app, changes, refusal):
    assert notes(take(MARY, row(**changes))) == [f"row 3, column {refusal}"]


def test_every_wrong_cell_of_a_row_is_named_at_once(app):
    assert len(take(row(email="x", fte="2", starts_on="soon")).refused) == 3


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"fte": "0,5"}, {"fte": Decimal("0.5")}),
        ({"fte": ".4"}, {"fte": Decimal("0.4")}),
        ({"fte": ""}, {"fte": Decimal(1)}),
        ({"fte": "0"}, {"fte": Decimal(0)}),
        ({"fte": "0.675"}, {"fte": Decimal("0.675")}),
        ({"starts_on": "03/09/2018"}, {"starts_on": date(2018, 9, 3)}),
        ({"starts_on": "3.9.2018"}, {"starts_on": date(2018, 9, 3)}),
        ({"starts_on": "2018-09-03 00:00"}, {"starts_on": date(2018, 9, 3)}),
        ({"starts_on": ""}, {"starts_on": TODAY}),
        ({"staff_type": ""}, {"staff_type": "employee"}),
        ({"staff_type": "Agency"}, {"staff_type": "agency"}),
        ({"leaves_on": "2019-03-31"}, {"ends_on": date(2019, 4, 1)}),
    ],
)
def test_what_may_be_written_in_several_ways_means_one_thing(app, written, expected):
    assert take(MARY, row(**written)).refused == ()

    [post] = posts_of("N2")
    assert {field: getattr(post, field) for field in expected} == expected


def test_an_address_is_kept_in_lower_case(app):
    take(MARY, row(email="Alice@Demo.Example"))
    assert people.find_by_email("ALICE@demo.example ").employee_number == "N2"


def test_two_rows_with_one_number_or_one_address_are_both_refused(app):
    assert notes(take(MARY, row(email="mary@DEMO.example"), row(employee_number="N1", email="c@demo.example"))) == [
        "row 2, column employee_number: row 4 says the same; each must be somebody else's",
        "row 2, column email: row 3 says the same; each must be somebody else's",
        "row 3, column email: row 2 says the same; each must be somebody else's",
        "row 4, column employee_number: row 2 says the same; each must be somebody else's",
    ]


def test_one_number_may_be_used_by_two_councils(app, make_organisation):
    make_organisation("slough", "Slough Borough Council")
    other = row(MARY, organisation="Slough", email="sara@slough.demo.example")

    assert take(MARY, other).taken == 2


def test_an_address_that_somebody_has_is_refused(app, stranger):
    take(MARY)

    assert notes(take(row(email="mary@demo.example"), take_good_rows=True)) == [
        "row 2, column email: employee N1 has this address"
    ]
    assert notes(take(row(email=stranger.email, manager_employee_number=""))) == [
        "row 2, column email: somebody in another organisation has this address"
    ]


def test_two_people_may_exchange_their_addresses(both):
    take(MARY, ALICE)
    assert take(row(MARY, email="alice@demo.example"), row(email="mary@demo.example")).taken == 2

    assert (person("N1").email, person("N2").email) == ("alice@demo.example", "mary@demo.example")


def test_an_address_is_not_free_when_the_row_that_gives_it_up_is_refused(app):
    take(MARY, ALICE)
    outcome = take(row(MARY, email="new@demo.example", fte="9"), row(email="mary@demo.example"), take_good_rows=True)

    assert [note.row for note in outcome.refused] == [2, 3]
    assert outcome.taken == 0


def test_a_manager_may_stand_later_in_the_file_or_be_known_already(app):
    assert take(ALICE, MARY).refused == ()
    assert take(row(employee_number="N3", email="e3@demo.example")).refused == ()
    assert posts_of("N3")[0].manager_id == person("N1").id


def test_whoever_relies_on_a_refused_row_is_refused_with_it(app):
    cathy = row(employee_number="N3", email="cathy@demo.example", manager_employee_number="N2")
    outcome = take(row(MARY, fte="9"), ALICE, cathy, take_good_rows=True)

    assert notes(outcome)[1:] == [
        "row 3, column manager_employee_number: the manager's own row 2 is refused",
        "row 4, column manager_employee_number: the manager's own row 3 is refused",
    ]


def test_one_mistake_is_said_once_where_nothing_is_taken_anyway(app):
    assert [note.row for note in take(row(MARY, fte="9"), ALICE).refused] == [2]


def test_people_cannot_manage_one_another_in_a_circle(app):
    third = row(employee_number="N3", email="cathy@demo.example", manager_employee_number="N2")
    outcome = take(row(MARY, manager_employee_number="N3"), ALICE, third)

    assert len(outcome.refused) == 3
    assert notes(outcome)[0].endswith("these people would manage one another in a circle: N1 → N3 → N2 → N1")


def test_a_circle_may_run_through_somebody_who_is_not_in_the_file(app):
    take(MARY, ALICE)
    assert [note.column for note in take(row(MARY, manager_employee_number="N2")).refused] == [
        "manager_employee_number"
    ]


def test_a_later_start_ends_the_post_before_it(both):
    take(MARY, ALICE)
    assert take(MARY, row(team="Assessment Team 2", starts_on="2019-04-01")).taken == 1

    first, second = posts_of("N2")
    assert (first.starts_on, first.ends_on) == (date(2018, 9, 3), date(2019, 4, 1))
    assert (second.starts_on, second.ends_on) == (date(2019, 4, 1), None)
    assert people.posts_on([first.person_id], date(2019, 3, 31))[first.person_id].team_name == "Assessment Team 1"
    assert people.posts_on([first.person_id], date(2019, 4, 1))[first.person_id].team_name == "Assessment Team 2"


def test_a_correction_supersedes_and_keeps_what_was_believed(both, officer):
    take(MARY, ALICE)
    assert take(row(career_level="Level 2"), header=HEADER, by=officer.id).taken == 1

    [now], [before] = posts_of("N2"), posts_of("N2", superseded=True)
    assert (now.career_level, now.starts_on, now.recorded_by_id) == ("Level 2", date(2018, 9, 3), officer.id)
    assert (before.career_level, before.superseded_by_id) == ("ASYE", officer.id)
    assert before.supersede_reason == "the people file says so"


def test_a_change_without_a_start_holds_from_today(app):
    take(MARY, ALICE)
    take(MARY, row(team="Assessment Team 2", starts_on=""))

    assert [(post.starts_on, post.ends_on) for post in posts_of("N2")] == [
        (date(2018, 9, 3), TODAY),
        (TODAY, None),
    ]


def test_an_earlier_start_replaces_what_was_thought_to_come_after_it(app):
    take(MARY, ALICE)
    take(MARY, row(starts_on="2019-04-01", career_level="Level 2"))
    take(MARY, row(starts_on="2018-10-01", career_level="Level 2"))

    assert [(post.career_level, post.starts_on, post.ends_on) for post in posts_of("N2")] == [
        ("ASYE", date(2018, 9, 3), date(2018, 10, 1)),
        ("Level 2", date(2018, 10, 1), None),
    ]


def test_the_last_day_ends_the_post_and_a_blank_one_later_takes_that_back(app):
    take(MARY, ALICE)
    take(MARY, row(leaves_on="2019-01-02"))
    alice = person("N2")
    assert people.posts_on([alice.id], TODAY).keys() == {alice.id}
    assert people.posts_on([alice.id], date(2019, 1, 3)) == {}

    take(MARY, ALICE)
    assert posts_of("N2")[0].ends_on is None


def test_whoever_comes_back_has_a_second_post(app):
    take(MARY, row(leaves_on="2018-10-31"))
    take(MARY, row(starts_on="2019-02-01"))

    assert [(post.starts_on, post.ends_on) for post in posts_of("N2")] == [
        (date(2018, 9, 3), date(2018, 11, 1)),
        (date(2019, 2, 1), None),
    ]


def test_the_grade_of_which_the_file_says_nothing_stays(app):
    take(MARY, ALICE)
    posts_of("N2")[0].grade = "Grade J"
    db.session.commit()
    take(MARY, row(team="Assessment Team 2"))

    assert posts_of("N2")[0].grade == "Grade J"


def test_a_column_that_is_not_there_changes_nothing(app):
    take(MARY, row(roles="facilitator", leaves_on="2019-06-30"))
    outcome = take("gateshead,N2,alice@demo.example,Alice Married", header="organisation,employee_number,email,name")

    [post] = posts_of("N2")
    assert (outcome.taken, person("N2").name) == (1, "Alice Married")
    assert person("N2").roles == {Role.FACILITATOR}
    assert (post.manager_id, post.fte, post.ends_on) == (person("N1").id, Decimal("0.6"), date(2019, 7, 1))


def test_roles_are_given_and_taken_back_and_it_is_kept_when(both):
    take(MARY, row(roles="facilitator; Panel Member"))
    assert person("N2").roles == {Role.FACILITATOR, Role.PANEL_MEMBER}

    take(MARY, row(roles="panel_member;hr"))
    assert person("N2").roles == {Role.PANEL_MEMBER, Role.HR}
    revoked = db.session.scalars(select(RoleGrant).where(RoleGrant.revoked_at.is_not(None))).one()
    assert revoked.role == Role.FACILITATOR


def test_whoever_is_absent_from_the_file_is_listed_and_stays(app):
    take(MARY, ALICE, row(employee_number="N3", email="gone@demo.example", leaves_on="2018-12-31"))
    outcome = take(MARY)

    assert outcome.absent == ("gateshead N2",)
    assert posts_of("N2")[0].ends_on is None


def test_somebody_signed_in_changes_her_own_organisation_only(app, officer, make_organisation):
    make_organisation("slough", "Slough Borough Council")
    outcome = take(MARY, row(MARY, organisation="slough", email="s@slough.demo.example"), by=officer.id)

    assert notes(outcome) == ["row 3, column organisation: you can only change the people of your own organisation"]


@pytest.mark.parametrize("roles", ["administrator", "workforce_development"])
def test_only_an_administrator_gives_roles(app, officer, make_person, roles):
    refused = take(MARY, row(roles=roles), by=officer.id)

    reason = "only an administrator gives or takes roles; leave them as they are, or ask an administrator"
    assert notes(refused) == [f"row 3, column roles: {reason}"]
    assert db.session.scalars(select(Person).where(Person.employee_number == "N2")).all() == []
    assert take(MARY, row(roles=roles), by=make_person("Ada", Role.ADMINISTRATOR).id).taken == 2


def test_history_says_what_changed_without_names(app, make_person):
    officer = make_person("Ada", Role.ADMINISTRATOR)
    take(MARY, ALICE)
    take(MARY, row(name="Alice Married", email="new@demo.example", team="Team 2", roles="hr"), by=officer.id)

    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "changed")).all()
    assert (event.subject, event.subject_id, event.actor_id) == ("person", person("N2").id, officer.id)
    assert event.after["changed"] == ["email", "name"]
    assert (event.before["roles"], event.after["roles"]) == ([], ["hr"])
    assert event.before["post"]["team_id"] != event.after["post"]["team_id"]
    assert event.after["post"]["fte"] == "0.6"
    everything = repr([(each.before, each.after) for each in db.session.scalars(select(AuditEvent))])
    assert not any(word in everything for word in ("Alice", "Mary", "@", "Assessment"))


def test_each_new_person_is_sent_a_link_once(app):
    gone = row(employee_number="N3", email="gone@demo.example", leaves_on="2018-12-31")
    take(MARY, ALICE, gone)
    take(MARY, row(name="Alice Married"), gone)

    assert sorted(each.person_id for each in messages("welcome")) == sorted([person("N1").id, person("N2").id])
    assert messages("welcome")[0].facts["organisation"] == "Gateshead Council"
    assert db.session.scalar(select(func.count(PasswordLink.id))) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"x" * (10 * 1024 * 1024), "The file has 10.0 MB; at most 5 MB can be read. Divide it into smaller files."),
        (
            file_of(MARY).replace(b"Mary", b"Ma\0ry"),
            "The file holds NUL characters. Save it again as CSV UTF-8 (or as plain text).",
        ),
        (
            b"email,name\na@demo.example,A\n",
            "There is no column for organisation, employee_number. The columns are: email, name.",
        ),
    ],
    ids=["empty", "10 MB", "NUL", "columns missing"],
)
def test_a_file_that_cannot_be_read_as_a_whole_says_why(app, content, reason):
    with pytest.raises(TableRefused) as refused:
        read_people("people.csv", content)
    assert refused.value.reason == reason


def test_a_file_from_an_older_excel_keeps_its_accents(app):
    content = file_of(row(MARY, name="Zoë \u201cZo\u201d Nuñez")).decode().encode("cp1252")
    import_people(read_people("people.csv", content), by=None)

    assert person("N1").name == "Zoë \u201cZo\u201d Nuñez"


def test_a_workbook_is_taken_as_well(app):
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file)
    sheet = workbook.add_worksheet()
    dated = workbook.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, ["Name", "Employee No", "E-mail address", "Council", "FTE", "Start date", "Shoe size"])
    sheet.write_row(1, 0, ["Mary Manager", 1042, "mary@demo.example", "Gateshead", 0.6])
    sheet.write_datetime(1, 5, date(2017, 4, 1), dated)
    workbook.close()
    outcome = import_people(read_people("people.xlsx", file.getvalue()), by=None)

    assert (outcome.taken, outcome.unknown_columns) == (1, ("Shoe size",))
    assert (posts_of("1042")[0].fte, posts_of("1042")[0].starts_on) == (Decimal("0.6"), date(2017, 4, 1))


def many(count: int) -> list[str]:
    return [
        row(
            MARY if number == 0 else ALICE,
            employee_number=f"N{number}",
            email=f"person{number}@demo.example",
            manager_employee_number="" if number == 0 else f"N{(number - 1) // 10}",
            team=f"Team {number % 40}",
            roles="facilitator" if number % 50 == 0 else "",
            registered_on="2018-09-01" if number % 2 else "",
            leaves_on="2018-12-31" if number % 3 == 2 else "",
        )
        for number in range(count)
    ]


def set_based(sent: list[str]) -> list[str]:
    """Without history and outbox: SQLite takes the rows of these one by one, PostgreSQL a thousand at a time."""
    return [each for each in sent if not each.startswith(("INSERT INTO audit_event", "INSERT INTO outbox_message"))]


def test_a_file_takes_as_many_queries_for_ten_people_as_for_five_hundred(both):
    with counted_queries() as few:
        take(*many(10))
    with counted_queries() as more:
        take(*many(500))

    assert len(set_based(few)) <= 16 + PUT_ON_PATHWAYS + PUT_FORWARD
    assert len(set_based(more)) <= len(set_based(few))


def test_changes_take_as_many_queries_for_ten_people_as_for_five_hundred(both):
    def moved(count: int, team: str) -> list[str]:
        return [each.replace("@demo", f"@{team}.demo").replace("Team ", f"{team} ") for each in many(count)]

    take(*many(500))
    with counted_queries() as few:
        assert take(*moved(10, "other")).taken == 10
    with counted_queries() as more:
        assert take(*moved(500, "third")).taken == 500

    assert len(set_based(few)) <= 20 + PUT_ON_PATHWAYS
    assert len(set_based(more)) <= len(set_based(few))


def test_unchanged_rows_cost_no_query_each(app):
    take(*many(500))
    with counted_queries() as sent:
        assert take(*many(500)).unchanged == 500
    assert len(sent) <= 10


def test_five_thousand_people_are_taken(app):
    assert take(*many(5000)) == Outcome(5000, 0, (), ())
    assert take(*many(5000)).unchanged == 5000
    assert db.session.scalar(select(func.count(Post.id))) == 5000
    assert db.session.scalar(select(func.count(Team.id))) == 40
