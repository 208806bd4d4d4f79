"""Windows, dates of reports and names of modules as people say them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cpd.catalogue.facts import AudienceFacts, ModuleFacts
from cpd.catalogue.rules import Route, route_of
from cpd.catalogue.service import ElementFacts, ProgrammeFacts
from cpd.home.catalogue_words import facts_shown, names_of, needs_words, published_words, remarks_on, window_words
from cpd.requirements.language import NOTHING, AllOf, AnyOf, Bounds, Completed

MODULE = ModuleFacts(
    id=1,
    organisation_id=1,
    scheme_version_id=1,
    code="M1",
    number_label="Module 1",
    title="Genograms",
    other_names=(),
    covers="",
    module_kind="in_house",
    module_format="taught",
    length_minutes=120,
    length_days=1,
    booking_mode="required",
    audience=AudienceFacts(),
    approval_needed=False,
    validity_months=None,
    completion_minutes=None,
    requirement=NOTHING,
    default_venue="",
    what_to_bring="",
    note="",
    cites=(),
    withdrawn=False,
)
M2 = replace(MODULE, id=2, code="M2", number_label="Module 2", title="")
M10 = replace(MODULE, id=10, code="M10", number_label="Module 10", title="")
W3 = replace(MODULE, id=3, code="W3", number_label="Workshop 3", title="")
COURSE = replace(MODULE, id=4, code="CO", number_label="", title="Catch 22")
ALL = {each.code: each for each in (MODULE, M2, M10, W3, COURSE)}
AFTER_1_AND_2 = AllOf((Completed("M1"), Completed("M2")))


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "words"),
    [
        (date(2018, 11, 1), date(2018, 12, 31), "in November or December 2018"),
        (date(2018, 2, 1), date(2018, 2, 28), "in February 2018"),
        (date(2018, 10, 1), date(2018, 12, 31), "between 1 October 2018 and 31 December 2018"),
        (date(2018, 12, 1), date(2019, 1, 31), "between 1 December 2018 and 31 January 2019"),
        (date(2018, 11, 8), date(2019, 1, 7), "between 8 November 2018 and 7 January 2019"),
        (date(2018, 11, 1), date(2018, 12, 30), "between 1 November 2018 and 30 December 2018"),
        (date(2018, 5, 1), None, "since 1 May 2018"),
        (None, date(2018, 5, 1), "until 1 May 2018"),
        (None, None, "at any time"),
    ],
)
def test_a_window_is_said_as_people_say_it(valid_from, valid_to, words):
    assert window_words(valid_from, valid_to) == words


@pytest.mark.parametrize(("published", "words"), [("2019-03-07", "7 March 2019"), ("2014-09", "September 2014")])
def test_a_report_is_dated_as_exactly_as_it_dates_itself(published, words):
    assert published_words(published) == words


@pytest.mark.parametrize(
    ("modules", "words"),
    [
        ([MODULE], "Module 1"),
        ([MODULE, M2], "Modules 1 and 2"),
        ([MODULE, M2, M10], "Modules 1, 2 and 10"),
        ([MODULE, W3], "Module 1 and Workshop 3"),
        ([MODULE, COURSE], "Module 1 and Catch 22"),
        ([COURSE], "Catch 22"),
    ],
)
def test_modules_are_named_together_where_their_numbers_allow(modules, words):
    assert names_of(modules) == words


@pytest.mark.parametrize(
    ("requirement", "words"),
    [
        (AFTER_1_AND_2, "Modules 1 and 2"),
        (Completed("M1"), "Module 1"),
        (NOTHING, ""),
        (AnyOf((Completed("M1"), Completed("M2"))), ""),
        (AllOf((Completed("M1", Bounds(since=date(2018, 1, 1))),)), ""),
        (AllOf((Completed("M1"), Completed("GONE"))), ""),
    ],
    ids=["both", "one", "nothing", "a choice", "only lately", "one that is not offered"],
)
def test_only_plain_needs_are_said_in_short(requirement, words):
    assert needs_words(replace(W3, requirement=requirement), ALL) == words


def route(*elements: tuple[ModuleFacts, bool]) -> Route:
    facts = tuple(ElementFacts(each.id, each.code, place, duty) for place, (each, duty) in enumerate(elements))
    return route_of(ProgrammeFacts(1, 1, 1, "way", "The way", "", (), facts), {each.id: each for each, _ in elements})


def test_a_step_says_what_it_needs_and_whether_it_may_be_left_out():
    third = replace(W3, requirement=AFTER_1_AND_2)

    assert remarks_on(route((MODULE, True), (M2, True), (third, False)), ALL) == {
        "M1": ["Needs nothing before"],
        "M2": ["Needs nothing before"],
        "W3": ["Needs Modules 1 and 2", "Not mandatory"],
    }


def test_where_nothing_is_ordered_or_mandatory_nothing_is_said_of_it():
    assert remarks_on(route((MODULE, False), (M2, False)), ALL) == {"M1": ["At any time"], "M2": ["At any time"]}


@pytest.mark.parametrize(
    ("module", "dates", "words"),
    [
        (MODULE, 3, "Book a place on one of its dates. Places are given in the order of asking."),
        (MODULE, 0, "Once there are dates"),
        (replace(MODULE, booking_mode="drop_in"), 3, "No need to book: just come. You can put a date in your diary."),
        (replace(MODULE, booking_mode="drop_in"), 0, "No need to book: just come"),
        (
            replace(MODULE, approval_needed=True),
            3,
            "Workforce Development must agree to it first. Ask for a place on one of its dates.",
        ),
    ],
    ids=["to be booked", "without dates", "drop-in", "drop-in without dates", "approval needed"],
)
def test_a_module_says_how_to_book_it(module, dates, words):
    assert {"key": "How to book", "value": words} in facts_shown(module, dates)


def test_a_module_that_must_be_repeated_says_so():
    module = replace(MODULE, validity_months=36, what_to_bring="A laptop")

    assert {"key": "Repeat", "value": "Again after 36 months"} in facts_shown(module, 1)
    assert {"key": "What to bring", "value": "A laptop"} in facts_shown(module, 1)


@pytest.mark.parametrize(
    ("minutes", "days", "length"),
    [
        (60, 1, "1 hour"),
        (90, 1, "90 minutes"),
        (150, 1, "2½ hours"),
        (75, None, "75 minutes"),
        (840, 2, "2 days, 14 hours together"),
        (None, 2, "2 days"),
        (None, 1, "1 day"),
        (None, None, ""),
    ],
)
def test_a_length_is_said_as_people_say_it(minutes, days, length):
    assert replace(MODULE, length_minutes=minutes, length_days=days).length == length
