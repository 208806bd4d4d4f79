"""What people meet when they fill in a form: our own words, and an answer to whatever is typed."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from cpd.shared.forms import (
    CheckboxesField,
    DateField,
    EmailField,
    FileField,
    IntegerField,
    LongTextField,
    PasswordField,
    QueryForm,
    RadiosField,
    SelectChoice,
    SelectField,
    TextField,
    TickField,
    error_list,
)
from tests.shared.filling_in import GOOD, filled, form_of, sent
from tests.shared.gallery import EveryFieldForm, make_gallery

REQUIRED = {
    "name": "Enter a title",
    "email": "Enter your e-mail address",
    "password": "Enter your password",
    "reason": "Enter a reason",
    "format": "Select how it will be held",
    "needs": "Select what you need",
    "venue": "Select a venue",
    "held_on": "Enter the date of the session",
    "places": "Enter the number of places",
    "file": "Choose a file",
    "agreed": "Tell your manager first",
}


def test_a_form_that_is_filled_in_is_taken(gallery_app):
    assert sent(gallery_app).status_code == 303


def test_what_was_typed_becomes_typed_values(gallery_app):
    form = filled(gallery_app, EveryFieldForm, {**GOOD, "file": (io.BytesIO(b"x"), "a.csv")})

    assert form.errors == {}
    assert form.data["held_on"] == date(2019, 1, 31)
    assert form.data["places"] == 20
    assert form.data["needs"] == ["loop"]
    assert form.data["agreed"] is True
    assert form.data["reason"] == "It helps\nmy team"


def test_a_password_is_taken_as_typed_and_a_line_of_text_is_tidied(gallery_app):
    form = filled(gallery_app, EveryFieldForm, {**GOOD, "name": "  Practical \n Simulation "})
    assert form.password.data == " open sesame "
    assert form.name.data == "Practical Simulation"


def test_an_empty_form_says_what_is_missing_in_our_own_words_and_in_order(gallery_app):
    form = filled(gallery_app, EveryFieldForm, {"back_to": "/"})
    assert [error["text"] for error in error_list(form)] == list(REQUIRED.values())


def test_the_page_of_a_wrong_form_says_so_in_its_title_and_in_its_summary(gallery_app):
    answer = gallery_app.test_client().post("/form", data={})
    assert answer.status_code == 422
    assert "<title>Error: New session \N{EN DASH} Training and CPD</title>" in answer.text.replace("\n", "")
    assert answer.text.index("There is a problem") < answer.text.index("<h1")


def test_every_error_leads_to_a_box_that_is_there(gallery_app):
    page = gallery_app.test_client().post("/form", data={"held_on": ["31", "", "2019"]}).text
    leads = re.findall(r'<li>\s*<a href="#([^"]+)"', page)
    assert len(leads) == len(REQUIRED)
    assert "held_on-month" in leads
    assert [box for box in leads if f'id="{box}"' not in page] == []


def test_every_description_that_is_read_out_is_there_and_says_something(gallery_app):
    page = gallery_app.test_client().post("/form", data={}).text
    described = {name for names in re.findall(r'aria-describedby="([^"]*)"', page) for name in names.split()}
    assert described
    for name in described:
        assert re.search(rf'id="{name}"[^>]*>\s*\S', page), name
    assert not re.search(r'class="govuk-hint[^"]*"[^>]*>\s*</div>', page)


def test_a_password_never_comes_back_to_the_page(gallery_app):
    assert "open sesame" not in sent(gallery_app, name="").text


@pytest.mark.parametrize("name", ["name", "email", "password", "reason", "back_to"])
@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f"], ids=["NUL", "escape", "delete"])
def test_a_character_that_no_database_takes_is_refused_in_every_text(gallery_app, name, character):
    form = filled(gallery_app, EveryFieldForm, {**GOOD, name: f"wor{character}ker@demo.example"})
    assert "contains a character that cannot be used" in form.errors[name][0]
    assert len(form.errors[name]) == 1
    assert sent(gallery_app, **{name: f"a{character}b"}).status_code == 422


def test_a_lone_half_of_a_character_is_refused(gallery_app):
    with gallery_app.test_request_context():
        form = form_of(TextField("Title"))(MultiDict({"it": "a\ud800b"}))  # no browser sends one, other programs do
        assert not form.validate()


@pytest.mark.parametrize(
    ("field", "longest"),
    [
        (TextField("Title"), 200),
        (TextField("Title", longest=10), 10),
        (LongTextField("Title"), 2000),
        (PasswordField("Title"), 200),
    ],
    ids=["a line", "a shorter line", "several lines", "a password"],
)
def test_a_text_that_is_too_long_is_refused_with_its_bound(gallery_app, field, longest):
    assert filled(gallery_app, form_of(field), {"it": "x" * longest}).errors == {}
    assert filled(gallery_app, form_of(field), {"it": "x" * (longest + 1)}).errors == {
        "it": [f"Title must be {longest:,} characters or fewer"]
    }


def test_a_new_line_counts_as_one_character(gallery_app):
    assert filled(gallery_app, form_of(LongTextField("Reason", longest=3)), {"it": "a\r\nb"}).errors == {}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("0", "Number of places must be between 1 and 200"),
        ("-1", "Number of places must be between 1 and 200"),
        ("201", "Number of places must be between 1 and 200"),
        ("9" * 18, "Number of places must be between 1 and 200"),
        ("9" * 5000, "Number of places must be a whole number"),
        ("2.5", "Number of places must be a whole number"),
        ("1_0", "Number of places must be a whole number"),
        ("٣", "Number of places must be a whole number"),
        ("ten", "Number of places must be a whole number"),
        ("1\0", "Number of places must be a whole number"),
        ("  ", "Enter the number of places"),
    ],
)
def test_what_is_no_number_of_places_is_refused(gallery_app, typed, message):
    assert filled(gallery_app, EveryFieldForm, {**GOOD, "places": typed}).errors["places"] == [message]
    assert sent(gallery_app, places=typed).status_code == 422


def test_a_number_that_need_not_be_given_may_be_nothing_or_nought(gallery_app):
    kind = form_of(IntegerField("Places"))
    assert [filled(gallery_app, kind, {"it": typed}).it.data for typed in ("", "0", " 7 ")] == [None, 0, 7]
    assert filled(gallery_app, kind, {"it": "2147483648"}).errors == {
        "it": ["Places must be between 0 and 2,147,483,647"]
    }


@pytest.mark.parametrize(
    "typed", ["worker", "worker@", "@demo.example", "a b@demo.example", "worker@demo..example", "a@b@c.example"]
)
def test_what_is_no_e_mail_address_is_refused_with_an_example(gallery_app, typed):
    assert filled(gallery_app, form_of(EmailField("E-mail")), {"it": typed}).errors == {
        "it": ["Enter an e-mail address in the correct format, like name@example.com"]
    }


@pytest.mark.parametrize("typed", ["worker@demo.example", "o'neil@coventry.demo.example", " WORKER@demo.example "])
def test_an_e_mail_address_is_kept_as_typed(gallery_app, typed):
    form = filled(gallery_app, form_of(EmailField("E-mail")), {"it": typed})
    assert form.errors == {}
    assert form.it.data == typed.strip()


TWO = [SelectChoice("1", "One"), SelectChoice("2", "Two")]


@pytest.mark.parametrize("kind", [RadiosField, SelectField, CheckboxesField])
@pytest.mark.parametrize("typed", ["3", "one", "\0", "9" * 5000], ids=["3", "one", "NUL", "very long"])
def test_what_is_not_on_the_list_is_refused_like_no_choice(gallery_app, kind, typed):
    field = kind("Number", choices=TWO, coerce=int, required="Select 100% of it")
    assert filled(gallery_app, form_of(field), {"it": typed}).errors == {"it": ["Select 100% of it"]}
    assert filled(gallery_app, form_of(field), {}).errors == {"it": ["Select 100% of it"]}


@pytest.mark.parametrize(
    ("kind", "typed", "chosen"),
    [
        (RadiosField, {}, None),
        (SelectField, {"it": ""}, None),
        (CheckboxesField, {}, []),
        (RadiosField, {"it": "2"}, 2),
        (SelectField, {"it": "2"}, 2),
        (CheckboxesField, {"it": ["1", "2"]}, [1, 2]),
    ],
)
def test_a_choice_that_need_not_be_made_may_be_none(gallery_app, kind, typed, chosen):
    form = filled(gallery_app, form_of(kind("Number", choices=[SelectChoice("", "Any"), *TWO], coerce=int)), typed)
    assert form.errors == {}
    assert form.it.data == chosen


def test_a_choice_that_was_taken_away_is_not_kept_from_before(gallery_app):
    with gallery_app.test_request_context(method="POST", data={"other": "x"}):
        form = form_of(RadiosField("Number", choices=TWO))(data={"it": "1"})
        assert form.validate_on_submit()
        assert form.it.data is None


def test_a_list_shows_its_groups_and_what_was_chosen(gallery_app):
    page = sent(gallery_app, name="").text
    assert re.findall(r'<optgroup label="([^"]+)"', page) == ["Civic Centre", "Dryden Road"]
    assert re.findall(r'<option value="(\w*)" selected>', page) == ["bewicks"]


def test_a_choice_shows_its_own_hint(gallery_app):
    page = gallery_app.test_client().get("/form").text
    assert re.search(r'id="format-item-hint"[^>]*>\s*The room must be free', page)


def test_the_question_can_be_the_heading_of_the_page(gallery_app):
    with gallery_app.test_request_context():
        assert re.search(r"<h1[^>]*>\s*<label[^>]*>\s*Title", str(form_of(TextField("Title"))().it(heading=True)))
        assert re.search(r"<h1[^>]*>\s*Ends on", str(form_of(DateField("Ends on"))().it(heading=True)))


def test_what_was_typed_is_shown_as_text_and_never_as_markup(gallery_app):
    page = sent(gallery_app, name='"><script>alert(1)</script>', format="").text
    assert "<script>alert" not in page
    assert '"><script>alert(1)</script>' in unescape(page)


@pytest.mark.parametrize(
    ("name", "size", "message"),
    [
        ("plan.exe", 10, "The file must be .csv or .xlsx"),
        ("csv", 10, "The file must be .csv or .xlsx"),
        ("plan.csv", 101, "The file must be smaller than 1 MB"),
        ("", 0, "Choose a file"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused(gallery_app, monkeypatch, name, size, message):
    monkeypatch.setattr("cpd.shared.forms.MEGABYTE", 100)
    kind = form_of(FileField("File", kinds=("csv", "xlsx"), megabytes=1, required="Choose a file"))
    assert filled(gallery_app, kind, {"it": (io.BytesIO(b"x" * size), name)}).errors == {"it": [message]}


def test_a_file_of_a_good_kind_is_taken_whatever_its_capitals(gallery_app):
    kind = form_of(FileField("File", kinds=("csv",)))
    assert filled(gallery_app, kind, {"it": (io.BytesIO(b"x"), "PLAN.CSV")}).errors == {}
    assert filled(gallery_app, kind, {}).errors == {}


def test_a_form_that_was_not_sent_from_our_page_is_refused_without_a_box_to_lead_to():
    app = make_gallery()
    with app.test_request_context(method="POST", data={"it": "x"}):
        form = form_of(TextField("Title"))()
        assert not form.validate_on_submit()
        assert [sorted(error) for error in error_list(form)] == [["text"]]


class _Filter(QueryForm):
    after = DateField("From")
    module = SelectField("Module", choices=TWO)
    bookable = TickField("Only what I can book")


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("", {}),
        ("?after=31&after=1&after=2019&module=1&bookable=y", {}),
        ("?after=&after=&after=", {}),
        ("?after=2019-01-31", {}),
        ("?after=31&after=1", {"after": ["From must include a year"]}),
        (
            "?after=%00&module=%00",
            {"after": ["From must include a month and year"], "module": ["Choose from the list"]},
        ),
        ("?module=9&nobody=knows", {"module": ["Choose from the list"]}),
    ],
)
def test_a_filter_is_read_from_the_address(gallery_app, query, errors):
    with gallery_app.test_request_context(f"/timetable{query}"):
        form = _Filter()
        form.validate()
        assert form.errors == errors


@settings(deadline=None, derandomize=True)
@given(
    st.dictionaries(
        st.sampled_from(sorted(GOOD)), st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4)
    )
)
def test_whatever_is_typed_gets_an_answer(gallery_app, typed):
    assert gallery_app.test_client().post("/form", data={**GOOD, **typed}).status_code == 422  # the file is missing
