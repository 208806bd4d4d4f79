"""Whatever is sent, nothing breaks: a clear answer, never a failure of ours, and nothing is changed.

What one database takes silently (a number too large for a column, a NUL), the other refuses with an error, so the
stricter one is asked in every run. Forms are protected as in life, so a token is sent along as a browser would. One
test sends many things, and lists those that were not answered as they should be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import product
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.requests import ask_for_place
from cpd.booking.service import book_places
from cpd.requirements.language import AllOf, Completed
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.browser.world import content, differences
from tests.cast import london
from tests.databases import stricter_first
from tests.timetable.conftest import systemic

__all__ = ["systemic"]

pytestmark = stricter_first

REFUSED = {400, 404, 405, 409, 413, 422}
NUL, SURROGATE, NOT_UTF8 = "%00", "%ED%A0%80", "%FF%FE"
LONG = "x" * 5000
HUGE = "9" * 30
NO_IDS = ("0", "999", "2147483647", "2147483648", "9223372036854775808", HUGE, "-1", "1.5", "x", "%00", "%ff", "%20")
NO_CODES = ("x", NUL, SURROGATE, NOT_UTF8, "%2e%2e%2fetc", LONG, "1' OR '1'='1", "<script>", "{{7*7}}", "é", "=1+1")
PARTS = (
    "training_session_id",
    "booking_id",
    "upload_id",
    "message_id",
    "link_id",
    "claim_id",
    "fact_id",
    "person_id",
    "certificate_id",
    "material_id",
    "away_id",
)
TABLE_OF_PEOPLE = b"organisation,employee_number,email,name\n"


class Sender:
    """Somebody at a browser who sends anything at all; her forms carry a good token unless told otherwise."""

    def __init__(self, app, person=None) -> None:
        self.client = app.test_client()
        if person:
            with self.client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = person.get_id(), True
        self.form = "/my/bookings" if person else "/sign-in"

    @cached_property
    def token(self) -> str:
        """The token that stands in her forms, from a page that she opens when she first sends something."""
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get(self.form).text).group(1)

    def get(self, address: str):
        return self.client.get(address, follow_redirects=True)

    def post(self, address: str, **fields):
        return self.client.post(address, data={"csrf_token": self.token, **fields})

    def post_raw(self, address: str, body: str):
        """Send a form as it stands, already encoded."""
        kind = "application/x-www-form-urlencoded"
        return self.client.post(address, data=f"csrf_token={quote(self.token)}&{body}".encode(), content_type=kind)

    def send_file(self, address: str, name: str, file: bytes):
        return self.send_parts(address, (f'name="file"; filename="{name}"', file))

    def send_parts(self, address: str, *parts: tuple[str, bytes]):
        """Send a form in parts, byte for byte."""
        body = b"".join(
            f"--part\r\nContent-Disposition: form-data; {named}\r\n\r\n".encode() + value + b"\r\n"
            for named, value in (('name="csrf_token"', self.token.encode()), *parts)
        )
        return self.client.post(address, data=body + b"--part--\r\n", content_type="multipart/form-data; boundary=part")


@pytest.fixture
def town(both, organisation, alice, bob, officer, stranger, make_person, make_module, make_session) -> Iterator:
    """A small town: Module 2, which all may book; Module 3 after it; a full session that Alice waits for; a request."""
    second = make_module("M2", number_label="Module 2")
    third = make_module("M3", number_label="Module 3", needs=AllOf((Completed("M2"),)))
    morning, later = (make_session(second, london(2019, 1, day, 9, 30)).id for day in (15, 21))
    afternoon = make_session(third, london(2019, 1, 15, 13, 30)).id
    full = make_session(places=1, starts_at=london(2019, 1, 16, 9)).id
    (bobs,) = book_places(bob.id, [full], by=bob.id)
    (alices,) = book_places(alice.id, [full], by=alice.id)
    approved = make_session(make_module("M9", approval_needed=True), london(2019, 1, 18, 9)).id
    asked = ask_for_place(bob.id, approved, "I need it", by=bob.id)
    hr = make_person("Harry HR", Role.HR)
    both.config.update(WTF_CSRF_ENABLED=True, PROPAGATE_EXCEPTIONS=False)
    people = {"alice": alice, "bob": bob, "officer": officer, "stranger": stranger, "hr": hr, "nobody": None}
    yield SimpleNamespace(
        app=both,
        morning=morning,
        later=later,
        afternoon=afternoon,
        full=full,
        bobs=bobs.booking_id,
        alices=alices.booking_id,
        asked=asked.booking_id,
        **{name: Sender(both, person) for name, person in people.items()},
    )
    both.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=None)


@pytest.fixture
def unchanged(town) -> Iterator[None]:
    """Whatever the test sends, every row of every table is afterwards as it was (tries are counted, and may be)."""
    before = content(without=("attempt",))
    yield
    assert differences(before, content(without=("attempt",))) == []


def taken(answers: Iterable[tuple[object, object]]) -> list[tuple[str, int]]:
    """List what was not clearly refused: what was sent, and the answer's code."""
    return [(str(sent)[:60], answer.status_code) for sent, answer in answers if not is_clear_refusal(answer)]


def is_clear_refusal(answer) -> bool:
    """Say whether an answer refuses and, where it is a page, says something."""
    says_why = "govuk-heading-l" in answer.text or answer.mimetype != "text/html"
    return answer.status_code in REFUSED and says_why


def examples(app, method: str, **filled: str) -> list[str]:
    """List every address of a method whose parts are all among those to be filled in."""
    rules = [rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.arguments]
    patterns = [re.sub(r"<(?:\w+:)?(\w+)>", lambda part: filled.get(part[1], "<>"), str(rule)) for rule in rules]
    return sorted(pattern for pattern in patterns if "<>" not in pattern)


def bookings_on(training_session_id: int) -> list[str]:
    """List how the bookings of a session stand."""
    db.session.rollback()
    wanted = select(Booking.status).where(Booking.training_session_id == training_session_id)
    return list(db.session.scalars(wanted))


def test_ids_that_name_nothing_are_not_found(town, unchanged):
    wrong = []
    for number in NO_IDS:
        filled = dict.fromkeys(PARTS, number)
        wrong += taken((each, town.officer.get(each)) for each in examples(town.app, "GET", **filled))
        wrong += taken((f"POST {each}", town.officer.post(each)) for each in examples(town.app, "POST", **filled))

    assert wrong == []


def test_codes_and_tokens_that_name_nothing_are_not_found(town, unchanged):
    wrong = []
    for value in NO_CODES:
        filled = {"code": value, "token": value}
        wrong += taken((each, town.officer.get(each)) for each in examples(town.app, "GET", **filled))
        wrong += taken((f"POST {each}", town.officer.post(each)) for each in examples(town.app, "POST", **filled))

    assert wrong == []


def test_a_timetable_that_is_asked_for_strangely_is_still_a_timetable(town, unchanged):
    months = ("9999-99", "9999-12", "0000-01", "1901-01", "2019-00", "x", "-", "2019-%C2%B2")
    queries = [
        *(f"{name}={value}" for name, value in product(("page", "per_page"), ("0", "-1", "1e30", HUGE, "x", "%D9%A3"))),
        *(f"view=month&month={month}" for month in months),
        *(f"{name}={value}" for name, value in product(("module", "programme", "venue"), ("x", "-1", HUGE, LONG))),
        "view=nothing",
        f"bookable={LONG}",
        "module=M2&module=M3&page=1&page=2",
    ]

    answers = {query: town.officer.get(f"/timetable?{query}") for query in queries}

    assert [query for query, answer in answers.items() if answer.status_code != 200] == []


def test_a_plan_that_is_asked_for_strangely_breaks_nothing(both, alice, systemic):
    days = ("x", "9999-99-99", "0000-01-01", "2019-01-15T00:00", HUGE, "٣")
    queries = [
        *(f"not_on={day}" for day in days),
        "&".join(f"not_on=2019-01-{day:02}" for day in range(1, 31)),
        *(f"{name}={value}" for name, value in product(("pin", "together"), ("x", "-1", "0", "2147483647", HUGE))),
        "&".join(f"together={number}" for number in range(1, 10_001)),
        "day=31&day=2&day=2019",
        f"waiting={LONG}",
    ]
    who = Sender(both, alice)
    before = content()

    pages = [f"/my/route/systemic{page}?{query}" for page, query in product(("", "/book", "/booked"), queries)]
    assert [page for page in pages if who.get(page).status_code not in {200, 404, 422}] == []
    for query in queries:
        assert who.post_raw("/my/route/systemic/book", query).status_code in {404, 422}
    assert taken((code, who.post("/my/route/systemic/tell-me", module=code)) for code in ("", "x", "\x00", LONG)) == []
    assert differences(before, content()) == []


def test_dates_and_characters_that_cannot_be_are_refused(town, unchanged):
    queries = [
        "since=31&since=2&since=2019",
        "since=1&since=1&since=99999",
        "since=-1&since=-1&since=-1",
        "until=%D9%A3&until=1&until=2019",
        f"since={LONG}",
        f"q={NUL}",
        f"{NUL}=1",
    ]

    assert taken((query, town.alice.get(f"/timetable?{query}")) for query in queries) == []


def test_a_search_for_anything_breaks_nothing(town, unchanged):
    words = (NOT_UTF8, SURROGATE, LONG, "%07", "%25%5F%27%22", "a&q=b", "(", "\\", "%F0%9F%A6%84")
    answers = {word: town.alice.get(f"/catalogue?q={word}").status_code for word in words}

    assert [word for word, code in answers.items() if code not in {200, 422}] == []


def test_characters_that_no_text_has_and_far_too_many_are_refused(town, unchanged):
    forms = {
        f"/sessions/{town.morning}/book": ("together", "access_needs"),
        f"/sessions/{town.later}/book": ("person", "override_reason"),
        f"/sessions/{town.morning}/capacity": ("capacity",),
        f"/sessions/{town.morning}/cancel": ("reason",),
        "/account/password": ("current", "password"),
        "/workforce/sessions/new": ("module", "on_0", "time_0", "place_0", "online_link", "note", "facilitators"),
        f"/workforce/sessions/{town.morning}/edit": ("facilitator_names", "online_link", "note"),
        "/workforce/import/timetable": ("text", "programme", "year"),
        "/workforce/requests/paste": ("text",),
        f"/bookings/{town.alices}/cancel": ("reason", "words"),
        f"/sessions/{town.morning}/ask": ("asks",),
        f"/sessions/{town.morning}/materials": ("title", "link"),
        f"/sessions/{town.morning}/evaluation": ("confidence_before", "usefulness", "will_change"),
        f"/workforce/requests/{town.asked}/no": ("reason",),
        f"/bookings/{town.alices}/move": ("to",),
        "/sign-in": ("email", "password"),
        "/forgotten-password": ("email",),
    }
    who = {"/sign-in": town.nobody, "/forgotten-password": town.nobody}
    who |= dict.fromkeys((address for address in forms if address.startswith("/bookings")), town.alice)
    values = (NUL, f"a{NUL}b", "%07", "%EF%BF%BD", "x" * 250_000)

    wrong = taken(
        (
            (address, value),
            who.get(address, town.officer).post_raw(address, "&".join(f"{each}={value}" for each in fields)),
        )
        for (address, fields), value in product(forms.items(), values)
    )
    assert wrong == []


def test_bytes_that_are_no_text_are_refused(town, unchanged):
    cancel = f"/sessions/{town.morning}/cancel"
    raw = b"csrf_token=" + town.officer.token.encode() + b"&reason=no \xff\xfe room"

    assert town.officer.send_parts(cancel, ('name="reason"', b"no \xff\xfe room")).status_code == 422
    kind = "application/x-www-form-urlencoded"
    assert town.officer.client.post(cancel, data=raw, content_type=kind).status_code == 400


@pytest.mark.parametrize("value", [SURROGATE, NOT_UTF8])
def test_an_escape_that_stands_for_no_text_stays_the_escape_that_it_is(town, value):
    town.alice.post_raw(f"/bookings/{town.alices}/cancel", f"words={value}")

    assert [row for row in content()["booking"] if f"other: {value}" in row]


def test_a_number_of_places_that_cannot_be_is_refused(town, unchanged):
    for capacity in ("-1", "1000000000", "1e9", "many", "1.5", "٣", HUGE, "1,000", "=5", "0x10"):
        refused = town.officer.post(f"/sessions/{town.full}/capacity", capacity=capacity)
        assert (capacity, refused.status_code) == (capacity, 422)
        assert "There is a problem" in refused.text
        assert "Places must be" in refused.text


def test_sessions_that_cannot_be_booked_together_are_refused(town, unchanged):
    ten_thousand = [str(number) for number in range(1, 10_001)]
    for together in (*(["x"], ["-1"], ["0"], ["99999999999"], ["1.5"], ["٣"], ["\x00"]), ten_thousand):
        refused = town.alice.post(f"/sessions/{town.afternoon}/book", together=together)
        assert refused.status_code == 422
        assert "There is a problem" in refused.text


def test_a_session_that_is_not_there_spoils_the_whole_booking(town, unchanged):
    assert town.alice.post(f"/sessions/{town.morning}/book", together=["2147483647"]).status_code == 404


def test_the_same_session_named_again_and_again_is_booked_once(town):
    booked = town.alice.post(f"/sessions/{town.morning}/book", together=[str(town.morning)] * 3)

    assert booked.status_code == 303
    assert bookings_on(town.morning) == ["confirmed"]


def test_a_place_moves_to_no_session_that_is_not_there_and_to_no_other_module(town, unchanged):
    move = f"/bookings/{town.bobs}/move"

    assert taken((to, town.bob.post(move, to=to)) for to in ("x", "-1", "0", "", "2147483647", HUGE, "1 OR 1")) == []
    refused = town.bob.post(move, to=town.morning)
    assert refused.status_code == 409
    assert "same module" in refused.text


def test_a_place_and_a_position_do_not_move_to_where_they_are(town, unchanged):
    for who, booking in ((town.bob, town.bobs), (town.alice, town.alices)):
        assert who.post(f"/bookings/{booking}/move", to=town.full).status_code == 409


def test_another_persons_booking_and_another_organisations_session_are_not_there(town, unchanged):
    cancel, move = f"/bookings/{town.bobs}/cancel", f"/bookings/{town.bobs}/move"
    for other in (town.alice, town.stranger):
        answers = (other.get(cancel), other.post(cancel), other.post(move, to=town.later))
        assert [answer.status_code for answer in answers] == [404, 404, 404]

    session = str(town.morning)
    addresses = examples(town.app, "GET", training_session_id=session)
    assert {town.stranger.get(each).status_code for each in addresses} <= {403, 404}
    assert town.stranger.post(f"/sessions/{session}/book").status_code == 404


def test_a_form_is_not_taken_without_its_token_nor_with_anothers(town, unchanged):
    book, token = f"/sessions/{town.morning}/book", town.alice.token
    for wrong in ("", "stale", town.bob.token, "\x00", LONG):
        refused = town.alice.client.post(book, data={"csrf_token": wrong})
        assert refused.status_code == 400
        assert "Nothing was changed." in refused.text

    for sent in (
        {"json": {"csrf_token": token}},
        {"data": b"\x00\xff" * 100, "content_type": "multipart/form-data"},
        {"data": f"csrf_token={token}", "content_type": "text/plain"},
    ):
        assert town.alice.client.post(book, **sent).status_code == 400


def test_a_form_sent_twice_acts_once(town):
    twice = {
        "book": (town.alice, f"/sessions/{town.morning}/book", {}),
        "say no": (town.officer, f"/workforce/requests/{town.asked}/no", {"reason": "Not this term"}),
        "give back": (town.alice, f"/bookings/{town.alices}/cancel", {}),
        "more places": (town.officer, f"/sessions/{town.full}/capacity", {"capacity": "2"}),
        "cancel the session": (town.officer, f"/sessions/{town.later}/cancel", {"reason": "No room"}),
    }

    codes = {
        act: [who.post(address, **fields).status_code for _ in range(2)]
        for act, (who, address, fields) in twice.items()
    }

    refused_then = [303, 409]
    assert codes == {**dict.fromkeys(twice, refused_then), "more places": [303, 303]}
    assert bookings_on(town.morning) == ["confirmed"]
    assert town.alice.post(f"/bookings/{town.alices}/move", to=town.later).status_code == 409


def test_a_field_that_is_sent_twice_counts_once(town):
    answer = town.officer.post_raw(f"/sessions/{town.full}/capacity", "capacity=3&capacity=many&send_back=&send_back=y")

    assert answer.status_code == 303
    assert "2 of 3 places taken" in town.officer.get(f"/sessions/{town.full}/list").text


def test_methods_that_a_page_does_not_know_are_refused_with_those_that_it_knows(town, unchanged):
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "BREW", "book"):
        answer = town.alice.client.open(f"/sessions/{town.morning}/book", method=method)
        assert (answer.status_code, "POST" in answer.headers["Allow"]) == (405, True)
        assert "Nothing was changed." in answer.text


NOT_THE_OFFICERS = {"/funding", "/progression/evidence", "/progression/hr-export", "/progression/vacancies/new"}


def test_asking_for_the_head_or_the_methods_of_a_page_changes_nothing(town, unchanged):
    pages = [str(rule) for rule in town.app.url_map.iter_rules() if not rule.arguments]
    heads = {page: town.officer.client.head(page) for page in pages}
    methods = {page: town.officer.client.options(page) for page in pages}

    assert [page for page, answer in heads.items() if answer.status_code >= 500 or answer.data] == []
    refused = {page for page, answer in heads.items() if answer.status_code == 403}
    assert refused == NOT_THE_OFFICERS
    assert {page for page, answer in methods.items() if answer.status_code != 200} == refused


def test_a_cookie_that_names_nobody_is_nobodys(town, unchanged):
    client = town.app.test_client()
    for user in ("", "x", "0:1", "-1:1", "99999999999:1", "1:999", "1", "1:", "\x00", "1:1:1", LONG[:1000], None):
        with client.session_transaction() as cookie:
            cookie["_user_id"] = user
        answer = client.get("/my/bookings")
        assert (user, answer.status_code, answer.location) == (user, 302, "/sign-in?next=%2Fmy%2Fbookings")
    for value in ("x", "..", "eyJfdXNlcl9pZCI6IjEifQ.x.y", LONG[:4000]):
        client.set_cookie("session", value)
        assert client.get("/my/bookings").status_code == 302


def test_signing_in_leads_only_to_pages_of_ours(town, unchanged):
    for elsewhere in ("//evil.example", "/\\evil.example", "javascript:alert(1)", "/\x00", LONG, "/é", "\r\nX: y"):
        page = town.nobody.client.get("/sign-in", query_string={"next": elsewhere})
        assert page.status_code in {200, 400}
        assert "evil" not in page.text
        assert "javascript:" not in page.text


def test_what_is_no_address_is_no_link_for_joining_online(town, unchanged):
    day = {"on_0": "2019-01-15", "time_0": "9:30am to 12:30pm", **{f"place_{number}": "0-0" for number in range(4)}}
    for link in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "meeting",
        "https://",
        "https://[",
        "ftp://x",
    ):
        refused = town.officer.post(f"/workforce/sessions/{town.morning}/edit", online_link=link, **day)
        assert (link, refused.status_code) == (link, 422)
        assert "Link for joining online must be a whole address" in refused.text


@pytest.mark.parametrize("kind", ["timetable", "people", "bookings"])
def test_a_file_that_is_too_large_or_cannot_be_read_is_refused(town, unchanged, kind):
    address = f"/workforce/import/{kind}"
    assert town.officer.send_file(address, "large.csv", b"x" * 10 * 1024 * 1024).status_code == 413
    refused = town.officer.send_file(address, "large.csv", b"module\n" + b"x" * 5 * 1024 * 1024)
    assert (refused.status_code, "smaller than 5 MB" in refused.text) == (422, True)

    for name, file in (
        ("empty.csv", b""),
        ("nul.csv", b"\x00\x00\x00"),
        ("program.xlsx", b"MZ\x90\x00 this is a program"),
        ("broken.xlsx", b"PK\x03\x04 not really"),
        ("program.exe", b"MZ"),
        ("half-a-character.csv", b"\xff\xfe\x00\xd8\x00\xd8"),
        ("", b"module\n"),
        ("../../up.csv\x00.exe", b"x"),
    ):
        refused = town.officer.send_file(address, name, file)
        assert (name, refused.status_code, "There is a problem" in refused.text) == (name, 422, True)


def sent_people(town, rows: bytes) -> str:
    """Send a file of people and return the address of its preview."""
    answer = town.hr.send_file("/workforce/import/people", "people.csv", TABLE_OF_PEOPLE + rows)
    assert answer.status_code == 303
    return answer.location


def named(name: str) -> list[tuple]:
    """List the people of this name."""
    return [row for row in content()["person"] if name in row]


def test_names_in_windows_1252_arrive_whole(town):
    preview = sent_people(town, "gateshead,E900,zoe@demo.example,Zoë O\u2019Neill\n".encode("cp1252"))

    assert "Zoë O\u2019Neill" in town.hr.get(preview).text
    assert town.hr.post(preview, take="Take it").status_code == 303
    assert len(named("Zoë O\u2019Neill")) == 1


def test_a_cell_that_looks_like_a_formula_or_a_script_is_shown_as_text_at_most(town):
    before = content(without=("pending_import",))
    for cell in ("=HYPERLINK(1)", "+cmd|' /C calc'!A0", "@SUM(1)", "<script>alert(1)</script>", "{{7*7}}"):
        page = town.hr.get(sent_people(town, f"gateshead,E900,new@demo.example,{cell}\n".encode()))
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert not re.search(r">\s*49\s*<", page.text)
    assert differences(before, content(without=("pending_import",))) == []


def test_a_file_is_its_senders_alone_and_is_taken_once(town):
    preview = sent_people(town, b"gateshead,E900,new@demo.example,Nia New\n")
    before = content()

    assert town.officer.get(preview).status_code == 404
    assert town.officer.post(preview, take="Take it").status_code == 404
    assert differences(before, content()) == []
    assert [town.hr.post(preview, take="Take it").status_code for _ in range(2)] == [303, 404]
    assert len(named("Nia New")) == 1
