"""`/my`: everything that somebody has here on one page, each with the figure that she wants first."""

from __future__ import annotations

from cpd.booking.service import book_places
from tests.cast import london
from tests.home.test_query_counts import queries


def rows_of(page):
    """The words of the page, in one line."""
    return " ".join(page.text.split())


def test_somebody_new_sees_what_there_is_and_nothing_that_her_council_does_not_offer(app, alice, scheme, sign_in):
    page = sign_in(alice).get("/my")

    assert page.status_code == 200
    assert "Nothing booked" in page.text
    for absent in ("/my/protected-time", "/my/award-places", "/my/funding", "/my/study-days", "/my/awards"):
        assert f'href="{absent}"' not in page.text


def test_the_next_session_stands_first_with_how_many_days_are_ahead(app, alice, make_module, make_session, sign_in):
    for code, day in (("T2", 22), ("T1", 15)):
        session = make_session(make_module(code, title=f"About {code}"), london(2019, 1, day, 9, 30))
        book_places(alice.id, [session.id], by=alice.id)

    assert "Next: About T1, Tuesday 15 January<br>2 days ahead" in rows_of(sign_in(alice).get("/my"))


def test_the_page_asks_as_often_however_much_there_is(app, alice, make_module, make_session, sign_in):
    client = sign_in(alice)
    client.get("/my")
    with queries() as for_few:
        client.get("/my")
    for day in range(7, 25):
        session = make_session(make_module(f"D{day}"), london(2019, 1, day, 9, 30))
        book_places(alice.id, [session.id], by=alice.id)
    with queries() as for_many:
        client.get("/my")

    assert len(for_many) == len(for_few), "\n".join(for_many)
