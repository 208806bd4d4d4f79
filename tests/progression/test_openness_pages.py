"""Everybody here reads how progression is decided and what came of it; who audits reads every decision, and no name."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest

from cpd.progression.openness import counting
from cpd.progression.openness.auditing import grounds_of
from cpd.progression.panels.reading import terms_in_force
from cpd.progression.pathways import service as pathways
from cpd.progression.requests import service as requests
from cpd.shared import sealing
from cpd.shared.permissions import allows
from cpd.shared.roles import Role
from tests.cast import LONG_AGO, saved
from tests.people.conftest import counted_queries
from tests.progression.judging import sit
from tests.progression.requesting import adopt, approve, ask, enact


@pytest.fixture
def council(app_in_use, organisation):
    return adopt()


@pytest.fixture
def auditor(app_in_use, make_person):
    return make_person("Ada Auditor", Role.AUDITOR)


@pytest.fixture
def director(app_in_use, make_person):
    return make_person("Dara Director", Role.ASSISTANT_DIRECTOR)


@pytest.fixture
def operations(app_in_use, make_person):
    return make_person("Opal Operations", Role.OPERATIONS_MANAGER)


@pytest.fixture
def wise(council, make_person, manager):
    """Make experienced social workers: `wise("Wanda Wise")`."""

    def make(name):
        person = make_person(name, career_level="wise", manager=manager)
        pathways.settle_enrolments([person.id])
        return person

    return make


@pytest.fixture
def decisions(wise, director, operations):
    """Six people are told yes and two no, with names in the reasons; one withdraws."""
    people = [wise(f"Wanda{letter} Wise{letter}") for letter in "abcdefghi"]
    for number, each in enumerate(people):
        request_id = ask(each, "wise-lead")
        if number == 8:
            requests.withdraw(request_id, by=each.id)
            continue
        said = f"{each.name} works well, says Mary Manager; write to {each.email}"
        approve(request_id, director, approved=number < 6, reasons=said)
        if number < 6:
            enact(request_id, operations, reasons=f"As Dara said of {each.name.split()[0]}")
    return people


# --- how it is decided


def test_everybody_of_the_council_reads_every_step(app, council, alice, sign_in):
    page = sign_in(alice).get("/progression/openness").text

    for words in (
        "Newly qualified to Social worker",
        "Social worker to Experienced social worker",
        "0 of 1 FTE taken",
        "None published",
        "Managers&#39; panel",
        "Careers for a test",
    ):
        assert words in page, words


def test_a_step_shows_criteria_sources_deciders_and_appeals(app, council, alice, make_person, sign_in):
    sit("managers", make_person("Sam Service", Role.SERVICE_MANAGER), role="service_manager")
    page = sign_in(alice).get("/progression/openness/steps/able-wise").text

    for words in (
        "Observed in practice",
        "Direct observation",
        "By a panel",
        "Assistant Director approves",
        "Operations manager makes the change",
        "Sam Service, service manager",
        "within 28 days",
        "Rules: C-1",
        "a rule of the council’s report",
        "they have no accounts and no names here",
    ):
        assert words in page, words


def test_who_holds_the_role_no_more_is_not_shown_as_sitting(app, council, alice, make_person, sign_in):
    sam = make_person("Sam Service")
    sit("managers", sam, role="service_manager")
    from cpd.people.models import RoleGrant
    from cpd.shared.database import db

    for grant in db.session.query(RoleGrant).filter_by(person_id=sam.id):
        grant.revoked_at = LONG_AGO
        saved(grant)

    assert "Sam Service" not in sign_in(alice).get("/progression/openness").text


def test_another_council_reads_nothing_of_ours(app, council, stranger, sign_in):
    assert "has not published a scheme" in sign_in(stranger).get("/progression/openness").text
    assert sign_in(stranger).get("/progression/openness/steps/able-wise").status_code == 404


def test_an_unknown_step_is_not_found(app, council, alice, sign_in):
    assert sign_in(alice).get("/progression/openness/steps/nowhere").status_code == 404


# --- what came of it


def outcomes(browser, title="How requests ended"):
    """Read one table of the page of outcomes: what each row counts, and its cells."""
    page = browser.get("/progression/openness/outcomes?year=2018").text
    table = re.search(rf"{title}</h2>.*?</section>", page, re.DOTALL)[0]
    cells = re.findall(r'data-label="([^"]+)">([^<]*)<', table)
    return re.findall(r"<th[^>]*scope=\"row\"[^>]*>(?:<[^>]*>)*([^<]*)<", table), cells


def test_the_outcomes_are_given_in_ranges_once_the_year_is_over(app, decisions, alice, sign_in, clock_at):
    clock_at(2019, 4, 30, 9)

    assert outcomes(sign_in(alice))[1] == [
        ("Change made", "5 to 9"),
        ("Not yet, with support", "fewer than 5"),
        ("Not agreed", "fewer than 5"),
        ("Withdrawn", "fewer than 5"),
    ]


def test_a_year_under_way_says_how_many_and_nothing_of_what_came_of_them(app, decisions, alice, sign_in, clock_at):
    """Else whoever looked the day before a decision and the day after it would know what it was."""
    clock_at(2019, 4, 29, 9)  # the year is over, but what was decided late in it may not be written down yet
    page = sign_in(alice).get("/progression/openness/outcomes?year=2018").text

    assert "So far: 5 to 9." in page
    assert "Not agreed" not in page
    assert "published on 30 April 2019" in page


def test_a_few_decisions_in_all_are_not_shown_by_step(app, wise, director, alice, sign_in, clock_at):
    approve(ask(wise("Wanda Wise"), "wise-lead"), director, approved=False, reasons="No")
    clock_at(2019, 5, 1, 9)
    rows, cells = outcomes(sign_in(alice))

    assert rows == ["Every step, together"]
    assert {value for _, value in cells} == {"fewer than 5"}


def test_another_year_and_another_council_are_not_counted(app, decisions, alice, stranger, sign_in, clock_at):
    clock_at(2019, 5, 1, 9)
    page = sign_in(alice).get("/progression/openness/outcomes?year=2019").text
    assert "April 2019 to March 2020" in page
    assert page.count("None in this year.") == 3
    assert "April 2018 to March 2019" in sign_in(alice).get("/progression/openness/outcomes").text
    assert "April 2018" in sign_in(alice).get("/progression/openness/outcomes?year=1066").text
    assert sign_in(stranger).get("/progression/openness/outcomes").text.count("None in this year.") == 3


def test_steps_that_one_panel_judges_are_counted_in_one_row(app, council, organisation):
    """Else what the panel came to, less the larger step, would tell what became of the few of the smaller one."""
    terms = terms_in_force(organisation.id)
    (pathway,) = terms.pathways.values()
    alone, by_panels, other, *_ = pathway.transitions
    shared = pathway.model_copy(
        update={"transitions": (alone, by_panels, other.model_copy(update={"steps": by_panels.steps}))}
    )

    steps = counting.steps_in_rows(replace(terms, pathways={"only": shared}))

    row = (by_panels.code, f"{by_panels.title}; {other.title}")
    assert steps == {alone.code: (alone.code, alone.title), by_panels.code: row, other.code: row}


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2019-03-31", "2018"), ("2019-04-01", "2019"), ("2020-02-29", "2019")],
    ids=["the last day of a year", "the first day of a year", "a leap day"],
)
def test_the_financial_year(on, expected):
    from datetime import date

    first, last = counting.financial_year(date.fromisoformat(on))

    assert (first.isoformat(), last.isoformat()) == (f"{expected}-04-01", f"{int(expected) + 1}-03-31")


def test_what_is_not_held_is_said(app, council, alice, sign_in):
    assert "Protected characteristics are not held here" in sign_in(alice).get("/progression/openness").text
    assert "none by protected characteristics" in sign_in(alice).get("/progression/openness/outcomes").text


# --- the auditor


NAMES = re.compile(r"Wanda|Wise[a-i]|Mary|Dara|Opal|@demo\.example|\bE\d+\b")


def test_the_auditor_reads_every_decision_and_no_name(app, decisions, auditor, sign_in):
    page = sign_in(auditor).get("/progression/audit").text
    main = page[page.index("<main") : page.index("</main>")]

    assert main.count("data-decision=") == 8
    assert not NAMES.search(main), NAMES.search(main)
    assert "[the person] works well, says [the line manager]; write to [an address]" in main
    assert "Assistant director: 0 days" in main
    assert "Verifies" in main
    assert "Nothing is sealed yet" in main


def test_a_change_without_reasons_of_its_own_says_who_made_it_and_on_whose_word():
    content = {
        "person": {"name": "Wanda Wise", "manager": ""},
        "steps": [{"kind": "panel", "who": "Young panel"}, {"kind": "enactment", "who": "Operations manager"}],
        "panels": [
            {"title": title, "outcome": "recommended", "judges": [], "recommendations": [], "interests": []}
            | {"written_down_by": ""}
            for title in ("Young panel", "Managers' panel")
        ],
        "approvals": [{"role": "assistant_director", "approved": True, "name": "", "in_place_of": ""}],
        "enactment": {"name": "Opal Operations", "in_place_of": "", "reasons": "Wanda Wise starts in May."},
    }

    assert grounds_of(content) == (
        "Made by the operations manager, on the recommendation of the Young panel and the Managers' panel, "
        "with the approval of the assistant director. [the person] starts in May."
    )
    assert grounds_of(content | {"enactment": None}) == ""


def test_the_file_names_nobody_either(app, decisions, auditor, sign_in):
    answer = sign_in(auditor).get("/progression/audit.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))

    assert len(rows) == 8
    assert not NAMES.search(answer.data.decode())
    assert {row["verifies"] for row in rows} == {"yes"}
    assert {row["rules_version"] for row in rows} == {"2"}
    assert all(len(row["sha256"]) == 64 for row in rows)


def test_only_the_days_asked_for_are_listed(app, decisions, auditor, sign_in):
    browser = sign_in(auditor)
    asked = "since=2018-01-01&until=2018-12-31"

    assert "No decision in these days" in browser.get(f"/progression/audit?{asked}").text
    assert browser.get("/progression/audit?since=99").status_code == 422


def test_the_seal_is_shown_to_be_kept_elsewhere(app, decisions, auditor, sign_in):
    sealing.seal_everything()
    page = sign_in(auditor).get("/progression/audit").text

    newest = sealing.newest_seal()
    assert f"{newest.number}:{newest.hash}" in page
    assert "Seal 1, made on" in page


def test_only_auditors_and_workforce_development_open_it(
    app, decisions, auditor, officer, alice, director, make_person, sign_in
):
    for person, expected in (
        (auditor, 200),
        (officer, 200),
        (alice, 403),
        (director, 403),
        (make_person("Ann", Role.ADMINISTRATOR), 403),
    ):
        assert sign_in(person).get("/progression/audit").status_code == expected
        assert sign_in(person).get("/progression/audit.csv").status_code == expected


def test_another_councils_decisions_are_not_listed(app, decisions, make_person, stranger, sign_in):
    from cpd.people.models import RoleGrant

    saved(RoleGrant(person_id=stranger.id, role=Role.AUDITOR, granted_at=LONG_AGO))

    assert "No decision in these days" in sign_in(stranger).get("/progression/audit").text


def opens(view, auditor) -> bool:
    """Say whether a page is there for auditors at all; that the others are refused is seen for every role elsewhere."""
    action = getattr(view, "action", None)
    return getattr(view, "public", False) or (action is not None and allows(action, auditor.roles))


def test_the_auditor_opens_no_page_that_names_people(app, decisions, council, auditor, make_person, sign_in):
    """Every page that is there for auditors, with every number that there is: none says anybody's name to her."""
    sit("managers", make_person("Samuel Serviceman", Role.SERVICE_MANAGER), role="service_manager")
    browser, opened = sign_in(auditor), 0
    values = {"code": "wise-lead", "what": "request", "programme": "x", "token": "x", "panel_code": "managers"}
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or not opens(app.view_functions[rule.endpoint], auditor):
            continue
        for number in range(1, 12) if rule.arguments else (0,):
            parts = {name: values.get(name, number) for name in rule.arguments}
            path = app.url_map.bind("").build(rule.endpoint, parts)
            answer = browser.get(path)
            if answer.status_code != 200 or not answer.mimetype.startswith("text/"):
                continue
            opened += 1
            others = answer.text.replace(auditor.email, "").replace(auditor.employee_number, "")
            found = re.search(rf"{NAMES.pattern}|Samuel|Serviceman", others)
            assert not found, (path, found)
    assert opened > 20


def test_pages_take_a_fixed_number_of_queries(app, decisions, wise, director, auditor, alice, sign_in):
    def queries(person, path):
        browser = sign_in(person)
        browser.get(path)
        with counted_queries() as sent:
            assert browser.get(path).status_code == 200
        return len(sent)

    before = [queries(auditor, "/progression/audit"), queries(alice, "/progression/openness/outcomes")]
    for letter in "jklm":
        approve(ask(wise(f"Wanda{letter} Wise{letter}"), "wise-lead"), director, approved=False, reasons="No")
    after = [queries(auditor, "/progression/audit"), queries(alice, "/progression/openness/outcomes")]

    assert before == after
    assert max(after) <= 10
    assert queries(alice, "/progression/openness") <= 8
