"""Who gets which page: every route is walked by every role, by nobody, and by people of another organisation.

The table below is written by hand, so that a change of `cpd/shared/permissions.py` or a new page has to be
said here too. `may` is who may perform the page's action at all; the others are refused with 403. Whoever may
gets `answer`; `where` lists those who get another one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from sqlalchemy import select

from cpd.application.factory import create_app
from cpd.booking.models import Booking
from cpd.commands.demo.programme import sessions_by_module
from cpd.commands.demo.story import address
from cpd.people import service as people
from cpd.shared.access import requires
from cpd.shared.permissions import Action
from cpd.shared.roles import Role
from tests.browser.world import content, cookie_of, differences, load_demonstration, make_world, put_back

OFFICER, FACILITATOR, HR, ADMIN = Role.WORKFORCE_DEVELOPMENT, Role.FACILITATOR, Role.HR, Role.ADMINISTRATOR
DIRECTOR = Role.ASSISTANT_DIRECTOR
PLACE_DECIDERS = frozenset({OFFICER, Role.SERVICE_MANAGER, DIRECTOR})
PROGRESS_SEEN_BY = frozenset(
    {OFFICER, Role.PRINCIPAL_SOCIAL_WORKER, Role.SERVICE_MANAGER, Role.OPERATIONS_MANAGER, DIRECTOR}
)
VACANCIES_KEPT_BY = frozenset({HR, Role.OPERATIONS_MANAGER})
APPEALS_DECIDED_BY = frozenset({DIRECTOR, Role.PRINCIPAL_SOCIAL_WORKER, Role.OPERATIONS_MANAGER})
EVIDENCE_ACCEPTED_BY = frozenset(
    {
        Role.ASSESSOR,
        Role.PANEL_MEMBER,
        Role.PRINCIPAL_SOCIAL_WORKER,
        Role.SERVICE_MANAGER,
        Role.OPERATIONS_MANAGER,
        DIRECTOR,
    }
)
PUBLIC, EVERYBODY = "public", "everybody"
HERE, ELSEWHERE = "officer here", "elsewhere"

ACCOUNTS: Mapping[str, tuple[Role | None, str]] = {
    "worker": (None, "gateshead"),
    "workforce": (OFFICER, "gateshead"),
    "facilitator": (FACILITATOR, "gateshead"),
    "assessor": (Role.ASSESSOR, "gateshead"),
    "panel": (Role.PANEL_MEMBER, "gateshead"),
    "psw": (Role.PRINCIPAL_SOCIAL_WORKER, "gateshead"),
    "service": (Role.SERVICE_MANAGER, "gateshead"),
    "operations": (Role.OPERATIONS_MANAGER, "gateshead"),
    "director": (Role.ASSISTANT_DIRECTOR, "gateshead"),
    "hr": (HR, "gateshead"),
    "auditor": (Role.AUDITOR, "gateshead"),
    "admin": (ADMIN, "gateshead"),
    "worker@coventry": (None, "coventry"),
    "workforce@coventry": (OFFICER, "coventry"),
}


@dataclass(frozen=True)
class Route:
    """One page or act: an example of its address, who may, and what they get."""

    example: str
    may: str | Collection[Role] = EVERYBODY
    answer: int = 200
    where: Mapping[str, int] = field(default_factory=dict)

    def answer_to(self, who: str | None) -> int:
        """Say what somebody gets; None is nobody."""
        if who is None:
            return self.answer if self.may == PUBLIC else 302
        role, council = ACCOUNTS[who]
        if self.may not in (PUBLIC, EVERYBODY) and role not in self.may:
            return 403
        if council != "gateshead":
            return self.where.get(ELSEWHERE, self.answer)
        return self.where.get(who, self.answer)


SESSION = "/sessions/{M2[1]}"
"""Ash and others have places here on the first; nobody here has asked for the second but Connie and Gwen."""

ITS_OWN = ("workforce", "facilitator")
"""Those of the accounts for whom the session is there: it is Fay's, and no other facilitator's, whatever her roles."""

MANAGERS = ("director", "operations", "service", "workforce")
"""Those of the accounts who manage somebody."""

ROUTES: Mapping[tuple[str, str], Route] = {
    ("GET", "/"): Route("/"),
    ("GET", "/timetable"): Route("/timetable?module=M2&bookable=y"),
    ("GET", "/sessions/<int:training_session_id>"): Route(SESSION, where={ELSEWHERE: 404}),
    ("GET", "/sessions/<int:training_session_id>.ics"): Route(SESSION + ".ics", where={ELSEWHERE: 404}),
    ("POST", "/sessions/<int:training_session_id>/book"): Route(
        SESSION + "/book", answer=303, where={ELSEWHERE: 404, "worker": 409}
    ),
    ("POST", "/sessions/<int:training_session_id>/ask"): Route(SESSION + "/ask", answer=422, where={ELSEWHERE: 404}),
    ("POST", "/sessions/<int:training_session_id>/wait"): Route(
        "/sessions/{M2[2]}/wait", answer=303, where={ELSEWHERE: 404, "worker": 409}
    ),
    ("POST", "/modules/<code>/wait"): Route("/modules/M2/wait", answer=303, where={ELSEWHERE: 404}),
    ("GET", "/my"): Route("/my"),
    ("GET", "/my/bookings"): Route("/my/bookings"),
    ("GET", "/bookings/<int:booking_id>/cancel"): Route(
        "/bookings/{booking}/cancel", answer=404, where={"workforce": 200}
    ),
    ("POST", "/bookings/<int:booking_id>/cancel"): Route(
        "/bookings/{booking}/cancel", answer=404, where={"workforce": 303}
    ),
    ("GET", "/bookings/<int:booking_id>/keep"): Route("/bookings/{booking}/keep", {OFFICER}, where={ELSEWHERE: 404}),
    ("POST", "/bookings/<int:booking_id>/keep"): Route(
        "/bookings/{booking}/keep", {OFFICER}, 422, where={ELSEWHERE: 404}
    ),
    ("POST", "/my/bookings/put-right"): Route("/my/bookings/put-right", answer=422),
    ("GET", "/workforce/requests"): Route("/workforce/requests", {OFFICER}),
    ("GET", "/workforce/requests/paste"): Route("/workforce/requests/paste", {OFFICER}),
    ("POST", "/workforce/requests/paste"): Route("/workforce/requests/paste", {OFFICER}, 422),
    ("GET", "/workforce/requests/paste/<int:upload_id>"): Route("/workforce/requests/paste/1", {OFFICER}, 404),
    ("POST", "/workforce/requests/paste/<int:upload_id>"): Route("/workforce/requests/paste/1", {OFFICER}, 404),
    ("POST", "/workforce/requests/paste/<int:upload_id>/about"): Route(
        "/workforce/requests/paste/1/about", {OFFICER}, 404
    ),
    ("GET", "/workforce/requests/booked"): Route("/workforce/requests/booked", {OFFICER}, 404),
    ("POST", "/workforce/requests/<int:booking_id>/yes"): Route("/workforce/requests/1/yes", {OFFICER}, 404),
    ("POST", "/workforce/requests/<int:booking_id>/no"): Route("/workforce/requests/1/no", {OFFICER}, 404),
    ("GET", "/workforce/conditions"): Route("/workforce/conditions", {OFFICER}),
    ("POST", "/bookings/<int:booking_id>/move"): Route(
        "/bookings/{booking}/move", answer=404, where={"workforce": 422}
    ),
    ("GET", "/my/record/send-in"): Route("/my/record/send-in"),
    ("POST", "/my/record/send-in"): Route("/my/record/send-in", answer=422),
    ("GET", "/my/record/send-in/<int:claim_id>"): Route("/my/record/send-in/1", answer=404),
    ("POST", "/my/record/send-in/<int:claim_id>"): Route("/my/record/send-in/1", answer=404),
    ("GET", "/my/record/send-in/<int:claim_id>/evidence"): Route("/my/record/send-in/1/evidence", answer=404),
    ("GET", "/workforce/claims"): Route("/workforce/claims", {OFFICER}),
    ("GET", "/workforce/claims/<int:claim_id>"): Route("/workforce/claims/1", {OFFICER}, 404),
    ("POST", "/workforce/claims/<int:claim_id>/accept"): Route("/workforce/claims/1/accept", {OFFICER}, 404),
    ("POST", "/workforce/claims/<int:claim_id>/return"): Route("/workforce/claims/1/return", {OFFICER}, 404),
    ("GET", "/workforce/claims/<int:claim_id>/evidence"): Route("/workforce/claims/1/evidence", {OFFICER}, 404),
    ("GET", "/people/<int:person_id>/recognise"): Route(
        "/people/{director}/recognise", {OFFICER}, where={ELSEWHERE: 404}
    ),
    ("POST", "/people/<int:person_id>/recognise"): Route(
        "/people/{director}/recognise", {OFFICER}, 422, where={ELSEWHERE: 404}
    ),
    ("GET", "/people/<int:person_id>/put-right"): Route(
        "/people/{director}/put-right", {OFFICER}, where={ELSEWHERE: 404}
    ),
    ("GET", "/people/<int:person_id>/put-right/<int:fact_id>"): Route(
        "/people/{director}/put-right/999", {OFFICER}, 404
    ),
    ("POST", "/people/<int:person_id>/put-right/<int:fact_id>/correct"): Route(
        "/people/{director}/put-right/999/correct", {OFFICER}, 404
    ),
    ("POST", "/people/<int:person_id>/put-right/<int:fact_id>/withdraw"): Route(
        "/people/{director}/put-right/999/withdraw", {OFFICER}, 404
    ),
    ("GET", "/my/progress"): Route("/my/progress"),
    ("GET", "/people/<int:person_id>/progress"): Route(
        "/people/{director}/progress",
        answer=404,
        where={"workforce": 200, "psw": 200, "operations": 200, "service": 200, "director": 302, ELSEWHERE: 404},
    ),
    ("GET", "/team/progress"): Route("/team/progress"),
    ("GET", "/workforce/progress"): Route("/workforce/progress", PROGRESS_SEEN_BY),
    ("GET", "/progression"): Route("/progression", EVIDENCE_ACCEPTED_BY | {OFFICER, HR, Role.AUDITOR}),
    ("GET", "/progression/retention"): Route("/progression/retention", APPEALS_DECIDED_BY | {OFFICER}),
    ("GET", "/my/progress/requests"): Route("/my/progress/requests"),
    ("GET", "/my/progress/ask/<transition_code>"): Route("/my/progress/ask/nothing", answer=409),
    ("POST", "/my/progress/ask/<transition_code>"): Route("/my/progress/ask/nothing", answer=409),
    ("GET", "/my/progress/requests/<int:request_id>"): Route("/my/progress/requests/999", answer=404),
    ("GET", "/my/progress/requests/<int:request_id>/withdraw"): Route("/my/progress/requests/999/withdraw", answer=404),
    ("POST", "/my/progress/requests/<int:request_id>/withdraw"): Route(
        "/my/progress/requests/999/withdraw", answer=404
    ),
    ("GET", "/my/progress/requests/<int:request_id>/letters/<int:number>"): Route(
        "/my/progress/requests/999/letters/1", answer=404
    ),
    ("GET", "/my/progress/requests/<int:request_id>/letters/<int:number>.pdf"): Route(
        "/my/progress/requests/999/letters/1.pdf", answer=404
    ),
    ("GET", "/team/requests"): Route("/team/requests"),
    ("GET", "/team/requests/<int:request_id>"): Route("/team/requests/999", answer=404),
    ("GET", "/team/requests/<int:request_id>/letters/<int:number>"): Route("/team/requests/999/letters/1", answer=404),
    ("GET", "/team/requests/<int:request_id>/letters/<int:number>.pdf"): Route(
        "/team/requests/999/letters/1.pdf", answer=404
    ),
    ("GET", "/progression/requests"): Route("/progression/requests"),
    ("GET", "/progression/requests/<int:request_id>"): Route("/progression/requests/999", answer=404),
    ("POST", "/progression/requests/<int:request_id>"): Route("/progression/requests/999", answer=404),
    ("GET", "/progression/requests/<int:request_id>/enact"): Route("/progression/requests/999/enact", answer=404),
    ("POST", "/progression/requests/<int:request_id>/enact"): Route("/progression/requests/999/enact", answer=404),
    ("GET", "/progression/requests/<int:request_id>/decline"): Route("/progression/requests/999/decline", answer=404),
    ("POST", "/progression/requests/<int:request_id>/decline"): Route("/progression/requests/999/decline", answer=404),
    ("GET", "/progression/requests/<int:request_id>/take-back"): Route(
        "/progression/requests/999/take-back", PROGRESS_SEEN_BY, 404
    ),
    ("POST", "/progression/requests/<int:request_id>/take-back"): Route(
        "/progression/requests/999/take-back", PROGRESS_SEEN_BY, 404
    ),
    ("GET", "/progression/requests/<int:request_id>/letters/<int:number_>"): Route(
        "/progression/requests/999/letters/1", answer=404
    ),
    ("GET", "/progression/requests/<int:request_id>/letters/<int:number_>.pdf"): Route(
        "/progression/requests/999/letters/1.pdf", answer=404
    ),
    ("GET", "/progression/cover"): Route("/progression/cover", PROGRESS_SEEN_BY),
    ("POST", "/progression/cover"): Route("/progression/cover", PROGRESS_SEEN_BY, 422),
    ("POST", "/progression/cover/<int:cover_id>/end"): Route("/progression/cover/999/end", PROGRESS_SEEN_BY, 404),
    ("GET", "/my/documents"): Route("/my/documents"),
    ("GET", "/people/<int:person_id>/documents"): Route("/people/999/documents", answer=404),
    ("GET", "/progression/documents/<int:document_id>"): Route("/progression/documents/999", answer=404),
    ("GET", "/progression/documents/<int:document_id>.pdf"): Route("/progression/documents/999.pdf", answer=404),
    ("GET", "/progression/documents/<int:document_id>.json"): Route("/progression/documents/999.json", answer=404),
    ("GET", "/progression/documents/of-<any(case, request):what>/<int:number>"): Route(
        "/progression/documents/of-case/999", answer=404
    ),
    ("GET", "/progression/documents/check"): Route("/progression/documents/check"),
    ("GET", "/progression/documents/key"): Route("/progression/documents/key"),
    ("GET", "/progression/openness"): Route("/progression/openness"),
    ("GET", "/progression/openness/steps/<code>"): Route("/progression/openness/steps/nowhere", answer=404),
    ("GET", "/progression/openness/outcomes"): Route("/progression/openness/outcomes"),
    ("GET", "/progression/audit"): Route("/progression/audit", {OFFICER, Role.AUDITOR}),
    ("GET", "/progression/audit.csv"): Route("/progression/audit.csv", {OFFICER, Role.AUDITOR}),
    ("GET", "/workforce/progress/rules"): Route("/workforce/progress/rules", {OFFICER}),
    ("POST", "/workforce/progress/rules"): Route("/workforce/progress/rules", {OFFICER}, 422),
    ("GET", "/progression/panels"): Route("/progression/panels", {OFFICER}),
    ("GET", "/progression/panels/<code>"): Route(
        "/progression/panels/experienced-interview", {OFFICER}, where={ELSEWHERE: 404}
    ),
    ("POST", "/progression/panels/<code>/open"): Route(
        "/progression/panels/experienced-interview/open", {OFFICER}, 422, where={ELSEWHERE: 404}
    ),
    ("GET", "/progression/panels/<code>/members/add"): Route(
        "/progression/panels/experienced-interview/members/add", {OFFICER}, where={ELSEWHERE: 404}
    ),
    ("GET", "/progression/panels/<code>/meetings/plan"): Route(
        "/progression/panels/experienced-interview/meetings/plan", {OFFICER}, where={ELSEWHERE: 404}
    ),
    ("GET", "/progression/panels/seats/<int:membership_id>/end"): Route(
        "/progression/panels/seats/99999/end", {OFFICER}, 404
    ),
    ("GET", "/progression/meetings/<int:meeting_id>/change"): Route(
        "/progression/meetings/99999/change", {OFFICER}, 404
    ),
    ("GET", "/progression/meetings/<int:meeting_id>/cancel"): Route(
        "/progression/meetings/99999/cancel", {OFFICER}, 404
    ),
    ("GET", "/progression/cases/<int:case_id>/meeting"): Route("/progression/cases/99999/meeting", {OFFICER}, 404),
    ("GET", "/progression/cases/<int:case_id>/withdraw"): Route("/progression/cases/99999/withdraw", {OFFICER}, 404),
    ("GET", "/progression/cases/<int:case_id>/interests/add"): Route(
        "/progression/cases/99999/interests/add", {OFFICER}, 404
    ),
    ("GET", "/progression/cases/<int:case_id>/interests/<int:person_id>/end"): Route(
        "/progression/cases/99999/interests/1/end", {OFFICER}, 404
    ),
    ("GET", "/progression/cases/<int:case_id>/interest"): Route("/progression/cases/99999/interest", answer=404),
    ("GET", "/progression/cases/<int:case_id>/recommend"): Route("/progression/cases/99999/recommend", answer=404),
    ("GET", "/progression/cases/<int:case_id>/reveal"): Route("/progression/cases/99999/reveal", answer=404),
    ("GET", "/progression/cases/<int:case_id>/decide"): Route("/progression/cases/99999/decide", answer=404),
    ("GET", "/progression/cases/<int:case_id>/decide-anew"): Route("/progression/cases/99999/decide-anew", answer=404),
    ("GET", "/my/panels/<int:case_id>/withdraw"): Route("/my/panels/99999/withdraw", answer=404),
    ("POST", "/progression/panels/<code>/members/add"): Route(
        "/progression/panels/experienced-interview/members/add", {OFFICER}, 422, where={ELSEWHERE: 404}
    ),
    ("POST", "/progression/panels/<code>/meetings/plan"): Route(
        "/progression/panels/experienced-interview/meetings/plan", {OFFICER}, 422, where={ELSEWHERE: 404}
    ),
    ("POST", "/progression/panels/seats/<int:membership_id>/end"): Route(
        "/progression/panels/seats/99999/end", {OFFICER}, 404
    ),
    ("POST", "/progression/meetings/<int:meeting_id>/change"): Route(
        "/progression/meetings/99999/change", {OFFICER}, 404
    ),
    ("POST", "/progression/meetings/<int:meeting_id>/cancel"): Route(
        "/progression/meetings/99999/cancel", {OFFICER}, 404
    ),
    ("POST", "/progression/cases/<int:case_id>/meeting"): Route("/progression/cases/99999/meeting", {OFFICER}, 404),
    ("POST", "/progression/cases/<int:case_id>/withdraw"): Route("/progression/cases/99999/withdraw", {OFFICER}, 404),
    ("POST", "/progression/cases/<int:case_id>/interests/add"): Route(
        "/progression/cases/99999/interests/add", {OFFICER}, 404
    ),
    ("POST", "/progression/cases/<int:case_id>/interests/<int:person_id>/end"): Route(
        "/progression/cases/99999/interests/1/end", {OFFICER}, 404
    ),
    ("POST", "/progression/cases/<int:case_id>/interest"): Route("/progression/cases/99999/interest", answer=404),
    ("POST", "/progression/cases/<int:case_id>/recommend"): Route("/progression/cases/99999/recommend", answer=404),
    ("POST", "/progression/cases/<int:case_id>/reveal"): Route("/progression/cases/99999/reveal", answer=404),
    ("POST", "/progression/cases/<int:case_id>/decide"): Route("/progression/cases/99999/decide", answer=404),
    ("POST", "/progression/cases/<int:case_id>/decide-anew"): Route("/progression/cases/99999/decide-anew", answer=404),
    ("POST", "/my/panels/<int:case_id>/withdraw"): Route("/my/panels/99999/withdraw", answer=404),
    ("GET", "/progression/meetings/<int:meeting_id>"): Route("/progression/meetings/99999", {OFFICER}, 404),
    ("GET", "/progression/cases/<int:case_id>"): Route("/progression/cases/99999", answer=404),
    ("GET", "/progression/cases/<int:case_id>/items/<int:item_id>/file"): Route(
        "/progression/cases/99999/items/1/file", answer=404
    ),
    ("GET", "/progression/my-cases"): Route("/progression/my-cases"),
    ("GET", "/my/panels"): Route("/my/panels"),
    ("GET", "/my/early-career"): Route("/my/early-career"),
    ("GET", "/team/early-career"): Route("/team/early-career"),
    ("GET", "/progression/early-career"): Route("/progression/early-career"),
    ("GET", "/progression/early-career/everybody"): Route("/progression/early-career/everybody", {OFFICER}),
    ("GET", "/progression/early-career/completed.csv"): Route(
        "/progression/early-career/completed.csv?since=2026-01-01&until=2026-12-31", {OFFICER}
    ),
    ("GET", "/progression/early-career/cohorts/new"): Route("/progression/early-career/cohorts/new", {OFFICER}),
    ("POST", "/progression/early-career/cohorts/new"): Route("/progression/early-career/cohorts/new", {OFFICER}, 422),
    ("GET", "/progression/early-career/enrol/<programme_code>"): Route(
        "/progression/early-career/enrol/nothing", {OFFICER}, 404
    ),
    ("POST", "/progression/early-career/enrol/<programme_code>"): Route(
        "/progression/early-career/enrol/nothing", {OFFICER}, 404
    ),
    ("GET", "/progression/early-career/<int:enrolment_id>"): Route("/progression/early-career/99999", answer=404),
    ("GET", "/progression/early-career/<int:enrolment_id>/reviews/<code>"): Route(
        "/progression/early-career/99999/reviews/x", answer=404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/reviews/<code>"): Route(
        "/progression/early-career/99999/reviews/x", answer=404
    ),
    ("GET", "/progression/early-career/<int:enrolment_id>/agreement"): Route(
        "/progression/early-career/99999/agreement", answer=404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/agreement"): Route(
        "/progression/early-career/99999/agreement", answer=404
    ),
    ("GET", "/progression/early-career/<int:enrolment_id>/self-assessments/<code>"): Route(
        "/progression/early-career/99999/self-assessments/x", answer=404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/self-assessments/<code>"): Route(
        "/progression/early-career/99999/self-assessments/x", answer=404
    ),
    ("GET", "/progression/early-career/<int:enrolment_id>/supervision"): Route(
        "/progression/early-career/99999/supervision", answer=404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/supervision"): Route(
        "/progression/early-career/99999/supervision", answer=404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/agreement/sign"): Route(
        "/progression/early-career/99999/agreement/sign", answer=404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/supervision/<int:session_id>/remove"): Route(
        "/progression/early-career/99999/supervision/1/remove", answer=404
    ),
    ("GET", "/progression/early-career/<int:enrolment_id>/pause"): Route(
        "/progression/early-career/99999/pause", {OFFICER}, 404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/pause"): Route(
        "/progression/early-career/99999/pause", {OFFICER}, 404
    ),
    ("GET", "/progression/early-career/<int:enrolment_id>/rejoin"): Route(
        "/progression/early-career/99999/rejoin", {OFFICER}, 404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/rejoin"): Route(
        "/progression/early-career/99999/rejoin", {OFFICER}, 404
    ),
    ("GET", "/progression/early-career/<int:enrolment_id>/pauses/<int:pause_id>/remove"): Route(
        "/progression/early-career/99999/pauses/1/remove", {OFFICER}, 404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/pauses/<int:pause_id>/remove"): Route(
        "/progression/early-career/99999/pauses/1/remove", {OFFICER}, 404
    ),
    ("GET", "/progression/early-career/<int:enrolment_id>/extend"): Route(
        "/progression/early-career/99999/extend", {OFFICER}, 404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/extend"): Route(
        "/progression/early-career/99999/extend", {OFFICER}, 404
    ),
    ("GET", "/progression/early-career/<int:enrolment_id>/terms"): Route(
        "/progression/early-career/99999/terms", {OFFICER}, 404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/terms"): Route(
        "/progression/early-career/99999/terms", {OFFICER}, 404
    ),
    ("POST", "/progression/early-career/cohorts/<int:cohort_id>/remove"): Route(
        "/progression/early-career/cohorts/99999/remove", {OFFICER}, 404
    ),
    ("GET", "/progression/early-career/<int:enrolment_id>/reopen"): Route(
        "/progression/early-career/99999/reopen", {OFFICER}, 404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/reopen"): Route(
        "/progression/early-career/99999/reopen", {OFFICER}, 404
    ),
    ("GET", "/progression/early-career/<int:enrolment_id>/end"): Route(
        "/progression/early-career/99999/end", {OFFICER}, 404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/end"): Route(
        "/progression/early-career/99999/end", {OFFICER}, 404
    ),
    ("GET", "/progression/early-career/<int:enrolment_id>/support"): Route(
        "/progression/early-career/99999/support", {OFFICER}, 404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/support"): Route(
        "/progression/early-career/99999/support", {OFFICER}, 404
    ),
    ("GET", "/progression/early-career/<int:enrolment_id>/support/<int:support_id>/end"): Route(
        "/progression/early-career/99999/support/1/end", {OFFICER}, 404
    ),
    ("POST", "/progression/early-career/<int:enrolment_id>/support/<int:support_id>/end"): Route(
        "/progression/early-career/99999/support/1/end", {OFFICER}, 404
    ),
    ("GET", "/progression/early-career/learning-sets"): Route("/progression/early-career/learning-sets"),
    ("GET", "/progression/early-career/learning-sets/new"): Route(
        "/progression/early-career/learning-sets/new", {OFFICER}
    ),
    ("POST", "/progression/early-career/learning-sets/new"): Route(
        "/progression/early-career/learning-sets/new", {OFFICER}, 422
    ),
    ("GET", "/progression/early-career/learning-sets/<int:set_id>"): Route(
        "/progression/early-career/learning-sets/99999", answer=404
    ),
    ("GET", "/progression/early-career/learning-sets/<int:set_id>/members"): Route(
        "/progression/early-career/learning-sets/99999/members", {OFFICER}, 404
    ),
    ("POST", "/progression/early-career/learning-sets/<int:set_id>/members"): Route(
        "/progression/early-career/learning-sets/99999/members", {OFFICER}, 404
    ),
    ("GET", "/progression/early-career/learning-sets/<int:set_id>/meetings/new"): Route(
        "/progression/early-career/learning-sets/99999/meetings/new", answer=404
    ),
    ("POST", "/progression/early-career/learning-sets/<int:set_id>/meetings/new"): Route(
        "/progression/early-career/learning-sets/99999/meetings/new", answer=404
    ),
    ("GET", "/progression/early-career/learning-sets/<int:set_id>/meetings/<int:meeting_id>/attendance"): Route(
        "/progression/early-career/learning-sets/99999/meetings/1/attendance", answer=404
    ),
    ("POST", "/progression/early-career/learning-sets/<int:set_id>/meetings/<int:meeting_id>/attendance"): Route(
        "/progression/early-career/learning-sets/99999/meetings/1/attendance", answer=404
    ),
    ("POST", "/progression/early-career/learning-sets/<int:set_id>/meetings/<int:meeting_id>/cancel"): Route(
        "/progression/early-career/learning-sets/99999/meetings/1/cancel", answer=404
    ),
    ("GET", "/progression/vacancies"): Route("/progression/vacancies"),
    ("GET", "/progression/vacancies/<int:vacancy_id>"): Route("/progression/vacancies/999", answer=404),
    ("GET", "/progression/vacancies/new"): Route("/progression/vacancies/new", VACANCIES_KEPT_BY),
    ("POST", "/progression/vacancies/new"): Route("/progression/vacancies/new", VACANCIES_KEPT_BY, 422),
    ("GET", "/progression/vacancies/<int:vacancy_id>/change"): Route(
        "/progression/vacancies/999/change", VACANCIES_KEPT_BY, 404
    ),
    ("POST", "/progression/vacancies/<int:vacancy_id>/change"): Route(
        "/progression/vacancies/999/change", VACANCIES_KEPT_BY, 404
    ),
    ("GET", "/progression/vacancies/<int:vacancy_id>/close"): Route(
        "/progression/vacancies/999/close", VACANCIES_KEPT_BY, 404
    ),
    ("POST", "/progression/vacancies/<int:vacancy_id>/close"): Route(
        "/progression/vacancies/999/close", VACANCIES_KEPT_BY, 404
    ),
    ("GET", "/progression/ceilings"): Route("/progression/ceilings"),
    ("GET", "/my/progress/requests/<int:request_id>/appeal"): Route("/my/progress/requests/999/appeal", answer=404),
    ("POST", "/my/progress/requests/<int:request_id>/appeal"): Route("/my/progress/requests/999/appeal", answer=404),
    ("GET", "/my/progress/appeals/<int:appeal_id>"): Route("/my/progress/appeals/999", answer=404),
    ("GET", "/my/progress/appeals/<int:appeal_id>/letter"): Route("/my/progress/appeals/999/letter", answer=404),
    ("GET", "/my/progress/appeals/<int:appeal_id>/letter.pdf"): Route(
        "/my/progress/appeals/999/letter.pdf", answer=404
    ),
    ("POST", "/my/progress/appeals/<int:appeal_id>/withdraw"): Route("/my/progress/appeals/999/withdraw", answer=404),
    ("GET", "/progression/appeals"): Route("/progression/appeals", APPEALS_DECIDED_BY | {OFFICER}),
    ("GET", "/progression/appeals/<int:appeal_id>"): Route(
        "/progression/appeals/999", APPEALS_DECIDED_BY | {OFFICER}, 404
    ),
    ("GET", "/progression/appeals/<int:appeal_id>/letter"): Route(
        "/progression/appeals/999/letter", APPEALS_DECIDED_BY | {OFFICER}, 404
    ),
    ("GET", "/progression/appeals/<int:appeal_id>/letter.pdf"): Route(
        "/progression/appeals/999/letter.pdf", APPEALS_DECIDED_BY | {OFFICER}, 404
    ),
    ("POST", "/progression/appeals/<int:appeal_id>/assign"): Route("/progression/appeals/999/assign", {OFFICER}, 404),
    ("POST", "/progression/appeals/<int:appeal_id>/decide"): Route(
        "/progression/appeals/999/decide", APPEALS_DECIDED_BY, 404
    ),
    ("GET", "/progression/hr-export"): Route("/progression/hr-export", {HR}),
    ("POST", "/progression/hr-export"): Route("/progression/hr-export", {HR}, 422),
    ("GET", "/progression/hr-export/<int:export_id>"): Route("/progression/hr-export/999", {HR}, 404),
    ("GET", "/progression/hr-export/<int:export_id>/changes.csv"): Route(
        "/progression/hr-export/999/changes.csv", {HR}, 404
    ),
    ("GET", "/progression/hr-export/<int:export_id>/changes.xlsx"): Route(
        "/progression/hr-export/999/changes.xlsx", {HR}, 404
    ),
    ("POST", "/progression/hr-export/<int:export_id>/entered"): Route("/progression/hr-export/999/entered", {HR}, 404),
    ("GET", "/my/evidence"): Route("/my/evidence"),
    ("GET", "/my/evidence/coverage"): Route("/my/evidence/coverage"),
    ("GET", "/my/evidence/<evidence_kind>"): Route("/my/evidence/nothing", answer=404),
    ("GET", "/my/evidence/<evidence_kind>/add"): Route("/my/evidence/nothing/add", answer=404),
    ("POST", "/my/evidence/<evidence_kind>/add"): Route("/my/evidence/nothing/add", answer=404),
    ("GET", "/my/evidence/<evidence_kind>/whole"): Route("/my/evidence/nothing/whole", answer=404),
    ("POST", "/my/evidence/<evidence_kind>/whole"): Route("/my/evidence/nothing/whole", answer=404),
    ("GET", "/my/evidence/<evidence_kind>/hand-in"): Route("/my/evidence/nothing/hand-in", answer=404),
    ("POST", "/my/evidence/<evidence_kind>/hand-in"): Route("/my/evidence/nothing/hand-in", answer=404),
    ("POST", "/my/evidence/<evidence_kind>/take-back"): Route("/my/evidence/nothing/take-back", answer=404),
    ("GET", "/my/evidence/items/<int:item_id>"): Route("/my/evidence/items/999", answer=404),
    ("POST", "/my/evidence/items/<int:item_id>"): Route("/my/evidence/items/999", answer=404),
    ("GET", "/my/evidence/items/<int:item_id>/remove"): Route("/my/evidence/items/999/remove", answer=404),
    ("POST", "/my/evidence/items/<int:item_id>/remove"): Route("/my/evidence/items/999/remove", answer=404),
    ("GET", "/my/evidence/items/<int:item_id>/identifiers"): Route("/my/evidence/items/999/identifiers", answer=404),
    ("POST", "/my/evidence/items/<int:item_id>/identifiers"): Route("/my/evidence/items/999/identifiers", answer=404),
    ("GET", "/my/evidence/items/<int:item_id>/file"): Route("/my/evidence/items/999/file", answer=404),
    ("GET", "/team/evidence"): Route("/team/evidence"),
    ("GET", "/people/<int:person_id>/evidence"): Route(
        "/people/{director}/evidence", answer=404, where={"psw": 200, "director": 302, ELSEWHERE: 404}
    ),  # Gateshead's portfolio is accepted by its Principal Social Worker
    ("GET", "/people/<int:person_id>/evidence/coverage"): Route(
        "/people/{director}/evidence/coverage", answer=404, where={"psw": 200, ELSEWHERE: 404}
    ),
    ("GET", "/people/<int:person_id>/evidence/record/<evidence_kind>"): Route(
        "/people/{director}/evidence/record/nothing", answer=404
    ),
    ("POST", "/people/<int:person_id>/evidence/record/<evidence_kind>"): Route(
        "/people/{director}/evidence/record/nothing", answer=404
    ),
    ("GET", "/progression/evidence"): Route("/progression/evidence", EVIDENCE_ACCEPTED_BY),
    ("GET", "/progression/evidence/<int:portfolio_id>"): Route("/progression/evidence/999", answer=404),
    ("POST", "/progression/evidence/<int:portfolio_id>/open"): Route("/progression/evidence/999/open", answer=404),
    ("POST", "/progression/evidence/<int:portfolio_id>/decide"): Route("/progression/evidence/999/decide", answer=404),
    ("GET", "/progression/evidence/<int:portfolio_id>/reopen"): Route("/progression/evidence/999/reopen", answer=404),
    ("POST", "/progression/evidence/<int:portfolio_id>/reopen"): Route("/progression/evidence/999/reopen", answer=404),
    ("GET", "/progression/evidence/<int:portfolio_id>/items/<int:item_id>/file"): Route(
        "/progression/evidence/999/items/999/file", answer=404
    ),
    ("GET", "/my/awards"): Route("/my/awards"),
    ("GET", "/my/awards/<code>"): Route("/my/awards/pg-certificate", answer=404),  # it is another council's
    ("GET", "/people/<int:person_id>/awards"): Route(
        "/people/{director}/awards", answer=404, where={"workforce": 200, "director": 302, ELSEWHERE: 404}
    ),
    ("GET", "/workforce/awards"): Route("/workforce/awards", {OFFICER}),
    ("GET", "/workforce/awards/enrol"): Route("/workforce/awards/enrol", {OFFICER}),
    ("POST", "/workforce/awards/enrol"): Route("/workforce/awards/enrol", {OFFICER}, 422),
    ("GET", "/workforce/awards/rules"): Route("/workforce/awards/rules", {OFFICER}),
    ("POST", "/workforce/awards/rules"): Route("/workforce/awards/rules", {OFFICER}, 422),
    ("GET", "/workforce/awards/<int:enrolment_id>"): Route("/workforce/awards/999", {OFFICER}, 404),
    ("POST", "/workforce/awards/<int:enrolment_id>/end"): Route("/workforce/awards/999/end", {OFFICER}, 404),
    ("POST", "/workforce/awards/<int:enrolment_id>/given"): Route("/workforce/awards/999/given", {OFFICER}, 404),
    ("POST", "/workforce/awards/<int:enrolment_id>/take-back"): Route(
        "/workforce/awards/999/take-back", {OFFICER}, 404
    ),
    ("POST", "/workforce/awards/<int:enrolment_id>/proof"): Route("/workforce/awards/999/proof", {OFFICER}, 404),
    ("GET", "/my/award-places"): Route("/my/award-places"),
    ("GET", "/my/award-places/<award>/<day>/apply"): Route(
        "/my/award-places/practice-educator/2018-04-01/apply", answer=404
    ),  # neither council has award places
    ("POST", "/my/award-places/<award>/<day>/apply"): Route(
        "/my/award-places/practice-educator/2018-04-01/apply", answer=404
    ),
    ("GET", "/my/award-places/<int:application_id>"): Route("/my/award-places/999", answer=404),
    ("GET", "/my/award-places/<int:application_id>/give-up"): Route("/my/award-places/999/give-up", answer=404),
    ("POST", "/my/award-places/<int:application_id>/give-up"): Route("/my/award-places/999/give-up", answer=404),
    ("GET", "/team/award-places"): Route("/team/award-places"),
    ("GET", "/team/award-places/<int:application_id>"): Route("/team/award-places/999", answer=404),
    ("POST", "/team/award-places/<int:application_id>"): Route("/team/award-places/999", answer=404),
    ("GET", "/workforce/award-places"): Route("/workforce/award-places", PLACE_DECIDERS),
    ("GET", "/workforce/award-places/<award>/<day>"): Route(
        "/workforce/award-places/practice-educator/2018-04-01", PLACE_DECIDERS, 404
    ),
    ("GET", "/workforce/award-places/applications/<int:application_id>"): Route(
        "/workforce/award-places/applications/999", PLACE_DECIDERS, 404
    ),
    ("POST", "/workforce/award-places/applications/<int:application_id>"): Route(
        "/workforce/award-places/applications/999", PLACE_DECIDERS, 404
    ),
    ("GET", "/workforce/award-places/applications/<int:application_id>/end"): Route(
        "/workforce/award-places/applications/999/end", PLACE_DECIDERS, 404
    ),
    ("POST", "/workforce/award-places/applications/<int:application_id>/end"): Route(
        "/workforce/award-places/applications/999/end", PLACE_DECIDERS, 404
    ),
    ("GET", "/my/funding"): Route("/my/funding"),
    ("GET", "/my/funding/ask"): Route("/my/funding/ask", answer=404),  # neither council takes requests
    ("POST", "/my/funding/ask"): Route("/my/funding/ask", answer=404),
    ("GET", "/my/funding/<int:request_id>"): Route("/my/funding/999", answer=404),
    ("GET", "/my/funding/<int:request_id>/file"): Route("/my/funding/999/file", answer=404),
    ("GET", "/my/funding/<int:request_id>/withdraw"): Route("/my/funding/999/withdraw", answer=404),
    ("POST", "/my/funding/<int:request_id>/withdraw"): Route("/my/funding/999/withdraw", answer=404),
    ("GET", "/team/funding"): Route("/team/funding"),
    ("GET", "/team/funding/<int:request_id>"): Route("/team/funding/999", answer=404),
    ("POST", "/team/funding/<int:request_id>"): Route("/team/funding/999", answer=404),
    ("GET", "/team/funding/<int:request_id>/file"): Route("/team/funding/999/file", answer=404),
    ("GET", "/funding"): Route("/funding", {DIRECTOR}),
    ("GET", "/funding/<int:request_id>"): Route("/funding/999", {DIRECTOR}, 404),
    ("POST", "/funding/<int:request_id>"): Route("/funding/999", {DIRECTOR}, 404),
    ("GET", "/funding/<int:request_id>/not-held"): Route("/funding/999/not-held", {DIRECTOR}, 404),
    ("POST", "/funding/<int:request_id>/not-held"): Route("/funding/999/not-held", {DIRECTOR}, 404),
    ("GET", "/funding/<int:request_id>/file"): Route("/funding/999/file", {DIRECTOR}, 404),
    ("GET", "/my/credits"): Route("/my/credits"),
    ("GET", "/my/credits/prior-learning"): Route("/my/credits/prior-learning"),
    ("GET", "/my/credits/prior-learning/new/<kind>"): Route("/my/credits/prior-learning/new/asye-apel", answer=404),
    ("POST", "/my/credits/prior-learning/new/<kind>"): Route("/my/credits/prior-learning/new/asye-apel", answer=404),
    ("GET", "/my/credits/prior-learning/<int:claim_id>"): Route("/my/credits/prior-learning/999", answer=404),
    ("POST", "/my/credits/prior-learning/<int:claim_id>"): Route("/my/credits/prior-learning/999", answer=404),
    ("POST", "/my/credits/prior-learning/<int:claim_id>/withdraw"): Route(
        "/my/credits/prior-learning/999/withdraw", answer=404
    ),
    ("GET", "/my/credits/prior-learning/<int:claim_id>/evidence"): Route(
        "/my/credits/prior-learning/999/evidence", answer=404
    ),
    ("GET", "/people/<int:person_id>/credits"): Route(
        "/people/{director}/credits", answer=404, where={"workforce": 200, "director": 302, ELSEWHERE: 404}
    ),
    ("GET", "/people/<int:person_id>/credits/enter"): Route(
        "/people/{director}/credits/enter", {OFFICER}, where={ELSEWHERE: 404}
    ),
    ("POST", "/people/<int:person_id>/credits/enter"): Route(
        "/people/{director}/credits/enter", {OFFICER}, 422, where={ELSEWHERE: 404}
    ),
    ("GET", "/workforce/credits"): Route("/workforce/credits", {OFFICER}),
    ("GET", "/workforce/credits/board/<code>"): Route("/workforce/credits/board/WA-PE-1", {OFFICER}, 404),
    ("POST", "/workforce/credits/board/<code>"): Route("/workforce/credits/board/WA-PE-1", {OFFICER}, 404),
    ("GET", "/workforce/credits/entries/<int:entry_id>"): Route("/workforce/credits/entries/999", {OFFICER}, 404),
    ("POST", "/workforce/credits/entries/<int:entry_id>"): Route("/workforce/credits/entries/999", {OFFICER}, 404),
    ("POST", "/workforce/credits/entries/<int:entry_id>/withdraw"): Route(
        "/workforce/credits/entries/999/withdraw", {OFFICER}, 404
    ),
    ("GET", "/workforce/credits/claims/<int:claim_id>"): Route("/workforce/credits/claims/999", {OFFICER}, 404),
    ("GET", "/workforce/credits/claims/<int:claim_id>/evidence"): Route(
        "/workforce/credits/claims/999/evidence", {OFFICER}, 404
    ),
    ("POST", "/workforce/credits/claims/<int:claim_id>/send"): Route(
        "/workforce/credits/claims/999/send", {OFFICER}, 404
    ),
    ("POST", "/workforce/credits/claims/<int:claim_id>/return"): Route(
        "/workforce/credits/claims/999/return", {OFFICER}, 404
    ),
    ("POST", "/workforce/credits/claims/<int:claim_id>/decide"): Route(
        "/workforce/credits/claims/999/decide", {OFFICER}, 404
    ),
    ("GET", "/my/calendar"): Route("/my/calendar"),
    ("POST", "/my/calendar"): Route("/my/calendar", answer=303),
    ("POST", "/my/calendar/invitations"): Route("/my/calendar/invitations", answer=422),
    ("GET", "/my/record"): Route("/my/record"),
    ("GET", "/my/record.pdf"): Route("/my/record.pdf"),
    ("GET", "/my/record.csv"): Route("/my/record.csv"),
    ("GET", "/people/<int:person_id>"): Route(
        "/people/{director}", answer=404, where={"workforce": 200, "director": 302, ELSEWHERE: 404}
    ),
    ("GET", "/people/<int:person_id>/record.pdf"): Route(
        "/people/{director}/record.pdf", answer=404, where={"workforce": 200, "director": 200, ELSEWHERE: 404}
    ),
    ("GET", "/people/<int:person_id>/record.csv"): Route(
        "/people/{director}/record.csv", answer=404, where={"workforce": 200, "director": 200, ELSEWHERE: 404}
    ),
    ("GET", "/people/<int:person_id>/away"): Route(
        "/people/{director}/away", answer=404, where={"workforce": 200, "director": 200, ELSEWHERE: 404}
    ),
    ("POST", "/people/<int:person_id>/away"): Route(
        "/people/{director}/away", answer=404, where={"workforce": 422, "director": 409, ELSEWHERE: 404}
    ),
    ("GET", "/people/<int:person_id>/away/<int:away_id>"): Route("/people/{director}/away/999", answer=404),
    ("POST", "/people/<int:person_id>/away/<int:away_id>"): Route("/people/{director}/away/999", answer=404),
    ("POST", "/people/<int:person_id>/away/<int:away_id>/remove"): Route(
        "/people/{director}/away/999/remove", answer=404
    ),
    ("GET", "/people/<int:person_id>/protected-time"): Route(
        "/people/{director}/protected-time", answer=404, where={"workforce": 200, "director": 302, ELSEWHERE: 404}
    ),
    ("GET", "/my/protected-time"): Route("/my/protected-time"),
    ("GET", "/my/protected-time/<week>"): Route("/my/protected-time/2018-12-17", answer=404),
    ("POST", "/my/protected-time/<week>"): Route("/my/protected-time/2018-12-17", answer=409),  # nobody there has any
    ("GET", "/team/protected-time"): Route("/team/protected-time"),
    ("GET", "/my/study-days"): Route("/my/study-days"),
    ("GET", "/my/study-days/ask"): Route("/my/study-days/ask"),
    ("POST", "/my/study-days/ask"): Route("/my/study-days/ask", answer=422),
    ("GET", "/my/study-days/<int:request_id>/end"): Route("/my/study-days/1/end", answer=404),
    ("POST", "/my/study-days/<int:request_id>/end"): Route("/my/study-days/1/end", answer=404),
    ("GET", "/team/study-days"): Route("/team/study-days"),
    ("GET", "/people/<int:person_id>/study-days"): Route(
        "/people/{director}/study-days", answer=404, where={"workforce": 200, "director": 302, ELSEWHERE: 404}
    ),
    ("GET", "/people/<int:person_id>/study-days/<int:request_id>"): Route(
        "/people/{director}/study-days/999", answer=404
    ),
    ("POST", "/people/<int:person_id>/study-days/<int:request_id>/approve"): Route(
        "/people/{director}/study-days/999/approve", answer=404
    ),
    ("POST", "/people/<int:person_id>/study-days/<int:request_id>/decline"): Route(
        "/people/{director}/study-days/999/decline", answer=404
    ),
    ("POST", "/people/<int:person_id>/study-days/<int:request_id>/call-off"): Route(
        "/people/{director}/study-days/999/call-off", answer=404
    ),
    ("GET", "/my/cpd"): Route("/my/cpd"),
    ("GET", "/my/cpd/new"): Route("/my/cpd/new"),
    ("POST", "/my/cpd/new"): Route("/my/cpd/new", answer=422),
    ("POST", "/my/cpd/draft"): Route("/my/cpd/draft", answer=404),
    ("GET", "/my/cpd/<int:number>"): Route("/my/cpd/1", answer=404),
    ("GET", "/my/cpd/<int:number>/change"): Route("/my/cpd/1/change", answer=404),
    ("POST", "/my/cpd/<int:number>/change"): Route("/my/cpd/1/change", answer=404),
    ("GET", "/my/cpd/<int:number>/peer"): Route("/my/cpd/1/peer", answer=404),
    ("POST", "/my/cpd/<int:number>/peer"): Route("/my/cpd/1/peer", answer=404),
    ("POST", "/my/cpd/<int:number>/peer/remove"): Route("/my/cpd/1/peer/remove", answer=404),
    ("GET", "/my/cpd/<int:number>/remove"): Route("/my/cpd/1/remove", answer=404),
    ("POST", "/my/cpd/<int:number>/remove"): Route("/my/cpd/1/remove", answer=404),
    ("POST", "/my/cpd/<int:number>/share"): Route("/my/cpd/1/share", answer=404),
    ("POST", "/my/cpd/<int:number>/unshare"): Route("/my/cpd/1/unshare", answer=404),
    ("GET", "/my/cpd/<year>.csv"): Route("/my/cpd/2018-12-01.csv"),
    ("GET", "/my/cpd/<year>.pdf"): Route("/my/cpd/2018-12-01.pdf"),
    ("GET", "/team/cpd"): Route("/team/cpd"),
    ("GET", "/people/<int:person_id>/cpd/<int:number>"): Route("/people/{director}/cpd/1", answer=404),
    ("GET", "/my/plan"): Route("/my/plan"),
    ("GET", "/my/plan/write"): Route("/my/plan/write"),
    ("POST", "/my/plan/write"): Route("/my/plan/write", answer=303),
    ("GET", "/my/plan/aims/new"): Route("/my/plan/aims/new"),
    ("POST", "/my/plan/aims/new"): Route("/my/plan/aims/new", answer=422),
    ("GET", "/my/plan/aims/<int:number>"): Route("/my/plan/aims/9", answer=404),
    ("POST", "/my/plan/aims/<int:number>"): Route("/my/plan/aims/9", answer=404),
    ("POST", "/my/plan/aims/<int:number>/remove"): Route("/my/plan/aims/9/remove", answer=404),
    ("GET", "/my/plan/aims/<int:number>/progress"): Route("/my/plan/aims/9/progress", answer=404),
    ("POST", "/my/plan/aims/<int:number>/progress"): Route("/my/plan/aims/9/progress", answer=404),
    ("POST", "/my/plan/agree"): Route("/my/plan/agree", answer=422),
    ("GET", "/my/plan/review"): Route("/my/plan/review"),
    ("POST", "/my/plan/review"): Route("/my/plan/review", answer=422),
    ("GET", "/team/plans"): Route("/team/plans"),
    ("GET", "/people/<int:person_id>/plan"): Route("/people/{director}/plan", answer=404, where={"director": 302}),
    ("POST", "/people/<int:person_id>/plan/agree"): Route("/people/{director}/plan/agree", answer=404),
    ("GET", "/people/<int:person_id>/plan/review"): Route("/people/{director}/plan/review", answer=404),
    ("POST", "/people/<int:person_id>/plan/review"): Route("/people/{director}/plan/review", answer=404),
    ("GET", "/team"): Route("/team"),
    ("GET", "/team/week"): Route("/team/week?from=2019-01-14"),
    ("POST", "/team/week"): Route("/team/week", answer=303),
    ("GET", "/team/calendar"): Route("/team/calendar", answer=302, where=dict.fromkeys(MANAGERS, 200)),
    ("POST", "/team/calendar"): Route("/team/calendar", answer=303),
    ("GET", "/calendar/team/<token>.ics"): Route("/calendar/team/made-up.ics", PUBLIC, 404),
    ("GET", "/my/route/<code>"): Route("/my/route/systemic", where={ELSEWHERE: 404}),
    ("GET", "/my/route/<code>/book"): Route("/my/route/systemic/book?together={M1[0]}", where={ELSEWHERE: 404}),
    ("POST", "/my/route/<code>/book"): Route("/my/route/systemic/book", answer=422),
    ("GET", "/my/route/<code>/booked"): Route("/my/route/systemic/booked?together={M1[0]}", where={ELSEWHERE: 404}),
    ("POST", "/my/route/<code>/tell-me"): Route("/my/route/systemic/tell-me", answer=422),
    ("GET", "/cancel/<token>"): Route("/cancel/made-up", PUBLIC, 404),
    ("POST", "/cancel/<token>"): Route("/cancel/made-up", PUBLIC, 404),
    ("GET", "/calendar/<token>.ics"): Route("/calendar/made-up.ics", PUBLIC, 404),
    ("GET", "/catalogue"): Route("/catalogue"),
    ("GET", "/catalogue/<code>"): Route("/catalogue/systemic", where={ELSEWHERE: 404}),
    ("GET", "/modules/<code>"): Route("/modules/M3", where={ELSEWHERE: 404}),
    ("GET", "/account"): Route("/account"),
    ("GET", "/account/password"): Route("/account/password"),
    ("POST", "/account/password"): Route("/account/password", answer=422),
    ("GET", "/sign-in"): Route("/sign-in", PUBLIC, 302),
    ("POST", "/sign-in"): Route("/sign-in", PUBLIC, 422),
    ("POST", "/sign-out"): Route("/sign-out", PUBLIC, 303),
    ("GET", "/forgotten-password"): Route("/forgotten-password", PUBLIC),
    ("POST", "/forgotten-password"): Route("/forgotten-password", PUBLIC, 422),
    ("GET", "/forgotten-password/sent"): Route("/forgotten-password/sent", PUBLIC),
    ("GET", "/password/<token>"): Route("/password/made-up", PUBLIC, 404),
    ("POST", "/password/<token>"): Route("/password/made-up", PUBLIC, 404),
    ("GET", "/help"): Route("/help", PUBLIC),
    ("GET", "/accessibility"): Route("/accessibility", PUBLIC),
    ("GET", "/healthz"): Route("/healthz", PUBLIC),
    ("GET", "/readyz"): Route("/readyz", PUBLIC),
    ("GET", "/static/<path:filename>"): Route("/static/icon.svg", PUBLIC),
    ("GET", "/outbox"): Route("/outbox", {OFFICER, ADMIN}),
    ("GET", "/workforce/messages"): Route("/workforce/messages", {OFFICER, ADMIN}),
    ("POST", "/workforce/messages/again"): Route("/workforce/messages/again", {OFFICER, ADMIN}, 303),
    ("POST", "/workforce/messages/<int:message_id>/again"): Route("/workforce/messages/1/again", {OFFICER, ADMIN}, 404),
    ("GET", "/workforce"): Route("/workforce", {OFFICER}),
    ("GET", "/workforce/programmes"): Route("/workforce/programmes", {OFFICER}),
    ("GET", "/workforce/programmes/<code>"): Route("/workforce/programmes/systemic", {OFFICER}, where={ELSEWHERE: 404}),
    ("GET", "/sessions/<int:training_session_id>/list"): Route(
        SESSION + "/list", answer=404, where=dict.fromkeys(ITS_OWN, 200)
    ),
    ("GET", "/sessions/<int:training_session_id>/list.xlsx"): Route(
        SESSION + "/list.xlsx", answer=404, where=dict.fromkeys(ITS_OWN, 200)
    ),
    ("POST", "/sessions/<int:training_session_id>/publish"): Route(
        SESSION + "/publish", {OFFICER}, 303, where={ELSEWHERE: 404}
    ),
    ("POST", "/sessions/<int:training_session_id>/capacity"): Route(
        SESSION + "/capacity", {OFFICER}, 303, where={ELSEWHERE: 404}
    ),
    ("GET", "/sessions/<int:training_session_id>/cancel"): Route(
        SESSION + "/cancel", {OFFICER}, where={ELSEWHERE: 404}
    ),
    ("POST", "/sessions/<int:training_session_id>/cancel"): Route(
        SESSION + "/cancel", {OFFICER}, 422, where={ELSEWHERE: 404}
    ),
    ("GET", "/sessions/<int:training_session_id>/register"): Route(
        SESSION + "/register", answer=404, where=dict.fromkeys(ITS_OWN, 200)
    ),
    ("POST", "/sessions/<int:training_session_id>/register/<any(mark, everyone, add, close, reopen):act>"): Route(
        SESSION + "/register/mark", answer=404, where=dict.fromkeys(ITS_OWN, 422)
    ),
    ("POST", "/sessions/<int:training_session_id>/register/links"): Route(
        SESSION + "/register/links", {OFFICER}, 422, where={ELSEWHERE: 404}
    ),
    ("POST", "/sessions/<int:training_session_id>/register/links/<int:link_id>/revoke"): Route(
        SESSION + "/register/links/1/revoke", {OFFICER}, 404
    ),
    ("POST", "/sessions/<int:training_session_id>/register/accept"): Route(
        SESSION + "/register/accept", {OFFICER}, 422, where={ELSEWHERE: 404}
    ),
    ("POST", "/sessions/<int:training_session_id>/register/accept/withdraw"): Route(
        SESSION + "/register/accept/withdraw", {OFFICER}, 422, where={ELSEWHERE: 404}
    ),
    ("GET", "/sessions/<int:training_session_id>/sign-in-sheet.pdf"): Route(
        SESSION + "/sign-in-sheet.pdf", answer=404, where=dict.fromkeys(ITS_OWN, 200)
    ),
    ("GET", "/my/registers"): Route("/my/registers"),
    ("GET", "/workforce/registers"): Route("/workforce/registers", {OFFICER}),
    ("GET", "/register/<token>"): Route("/register/made-up", PUBLIC, 404),
    ("POST", "/register/<token>/<any(mark, everyone, add, close):act>"): Route("/register/made-up/mark", PUBLIC, 404),
    ("GET", "/sessions/<int:training_session_id>/code"): Route(
        SESSION + "/code", answer=404, where=dict.fromkeys(ITS_OWN, 200)
    ),
    ("GET", "/sessions/<int:training_session_id>/code.svg"): Route(SESSION + "/code.svg", answer=404),
    ("GET", "/sessions/<int:training_session_id>/evaluation"): Route(
        SESSION + "/evaluation", answer=409, where={ELSEWHERE: 404}
    ),  # it is not over
    ("POST", "/sessions/<int:training_session_id>/evaluation"): Route(
        SESSION + "/evaluation", answer=409, where={ELSEWHERE: 404}
    ),
    ("GET", "/my/evaluations/<code>"): Route("/my/evaluations/systemic", answer=404),
    ("POST", "/my/evaluations/<code>"): Route("/my/evaluations/systemic", answer=404),
    ("GET", "/evaluations"): Route("/evaluations", {OFFICER, FACILITATOR}),
    ("GET", "/evaluations.csv"): Route("/evaluations.csv", {OFFICER, FACILITATOR}),
    ("GET", "/my/certificates"): Route("/my/certificates"),
    ("GET", "/my/certificates/<int:certificate_id>.pdf"): Route("/my/certificates/1.pdf", answer=404),
    ("GET", "/people/<int:person_id>/certificates"): Route(
        "/people/{director}/certificates", {OFFICER}, where={ELSEWHERE: 404}
    ),
    ("GET", "/people/<int:person_id>/certificates/<int:certificate_id>.pdf"): Route(
        "/people/{director}/certificates/1.pdf", {OFFICER}, 404
    ),
    ("GET", "/certificates/<code>"): Route("/certificates/MADEUP", PUBLIC, 404),
    ("POST", "/certificates/<code>"): Route("/certificates/MADEUP", PUBLIC, 404),
    ("GET", "/sessions/<int:training_session_id>/materials"): Route(
        SESSION + "/materials", {OFFICER, FACILITATOR}, where={ELSEWHERE: 404}
    ),
    ("POST", "/sessions/<int:training_session_id>/materials"): Route(
        SESSION + "/materials", {OFFICER, FACILITATOR}, 422, where={ELSEWHERE: 404}
    ),
    ("POST", "/sessions/<int:training_session_id>/materials/<int:material_id>/remove"): Route(
        SESSION + "/materials/1/remove", {OFFICER, FACILITATOR}, 404
    ),
    ("GET", "/materials/<int:material_id>"): Route("/materials/1", answer=404),
    ("GET", "/attend"): Route("/attend"),
    ("POST", "/attend"): Route("/attend", answer=422),
    ("GET", "/attend/<code>"): Route("/attend/AB2CD3"),
    ("GET", "/workforce/sessions/new"): Route("/workforce/sessions/new", {OFFICER}),
    ("POST", "/workforce/sessions/new"): Route("/workforce/sessions/new", {OFFICER}, 422),
    ("GET", "/workforce/sessions/<int:training_session_id>/edit"): Route(
        "/workforce" + SESSION + "/edit", {OFFICER}, where={ELSEWHERE: 404}
    ),
    ("POST", "/workforce/sessions/<int:training_session_id>/edit"): Route(
        "/workforce" + SESSION + "/edit", {OFFICER}, 200, where={ELSEWHERE: 404}
    ),  # nothing typed is nothing changed: she is shown what that would mean
    ("GET", "/workforce/import/timetable"): Route("/workforce/import/timetable", {OFFICER}),
    ("POST", "/workforce/import/timetable"): Route("/workforce/import/timetable", {OFFICER}, 422),
    ("GET", "/workforce/import/timetable/<int:upload_id>"): Route("/workforce/import/timetable/1", {OFFICER}, 404),
    ("POST", "/workforce/import/timetable/<int:upload_id>"): Route("/workforce/import/timetable/1", {OFFICER}, 404),
    ("POST", "/workforce/import/timetable/<int:upload_id>/columns"): Route(
        "/workforce/import/timetable/1/columns", {OFFICER}, 404
    ),
    ("GET", "/workforce/import/bookings"): Route("/workforce/import/bookings", {OFFICER}),
    ("POST", "/workforce/import/bookings"): Route("/workforce/import/bookings", {OFFICER}, 422),
    ("GET", "/workforce/import/bookings/<int:upload_id>"): Route("/workforce/import/bookings/1", {OFFICER}, 404),
    ("POST", "/workforce/import/bookings/<int:upload_id>"): Route("/workforce/import/bookings/1", {OFFICER}, 404),
    ("GET", "/workforce/import/people"): Route("/workforce/import/people", {OFFICER, HR, ADMIN}),
    ("POST", "/workforce/import/people"): Route("/workforce/import/people", {OFFICER, HR, ADMIN}, 422),
    ("GET", "/workforce/import/people/<int:upload_id>"): Route("/workforce/import/people/1", {OFFICER, HR, ADMIN}, 404),
    ("POST", "/workforce/import/people/<int:upload_id>"): Route(
        "/workforce/import/people/1", {OFFICER, HR, ADMIN}, 404
    ),
}
BY_NOBODY = {("GET", "/sign-in"): 200}
"""Where nobody gets something else than somebody, on a page that is for everybody."""


@pytest.fixture(scope="module")
def module_world(sqlite_app, instance):
    app = make_world(instance, "permissions")
    app.config["WTF_CSRF_ENABLED"] = False  # who may is asked here, not whether a form is stale
    load_demonstration(app, instance)
    app.extensions["demonstration"] = False  # the outbox is for everybody only there
    return app


@pytest.fixture
def world(module_world, instance) -> Iterator:
    put_back(module_world, instance / "demonstration.sqlite", module_world.config["CPD_INSTANCE"] / "used.sqlite")
    with module_world.app_context():
        yield module_world


def rules(app) -> list[tuple[str, str]]:
    return [(method, str(rule)) for rule in app.url_map.iter_rules() for method in rule.methods - {"HEAD", "OPTIONS"}]


def test_every_route_is_walked_here(sqlite_app):
    assert sorted(rules(sqlite_app)) == sorted(ROUTES)


def test_every_page_declares_its_action_or_is_public(sqlite_app):
    undeclared = [
        name
        for name, view in sqlite_app.view_functions.items()
        if name != "static" and not (hasattr(view, "action") or getattr(view, "public", False))
    ]
    assert undeclared == []


def test_every_role_has_an_account_here():
    assert {role for role, _ in ACCOUNTS.values()} == {None, *Role}


def client_of(world, who: str):
    """Give a client on which somebody is signed in, after a look whether she holds her one role."""
    assert who not in ACCOUNTS or people.find_by_email(address(who)).roles == {ACCOUNTS[who][0]} - {None}
    client = world.test_client()
    client.set_cookie("session", cookie_of(world, who))
    return client


def examples() -> dict[tuple[str, str], str]:
    """Fill the ids of the world into the addresses."""
    sessions = sessions_by_module()
    booking = select(Booking.id).where(Booking.training_session_id == sessions["M2"][0]).order_by(Booking.id)
    from cpd.shared.database import db

    director = people.find_by_email(address("director")).id
    known = {**sessions, "booking": db.session.scalars(booking).first(), "director": director}
    return {key: route.example.format(**known) for key, route in ROUTES.items()}


@pytest.mark.parametrize("who", [None, *ACCOUNTS], ids=lambda who: who or "nobody")
def test_each_gets_what_is_theirs_and_nothing_else(world, instance, who):
    expected = {key: route.answer_to(who) for key, route in ROUTES.items()}
    if who is None:
        expected |= BY_NOBODY
    addresses = examples()
    cookie = client_of(world, who).get_cookie("session").value if who else None
    before = content()

    acts = [key for key in ROUTES if key[0] == "POST" and expected[key] == 303]
    got = {key: answer(world, cookie, key[0], addresses[key]) for key in ROUTES if key not in acts}
    assert got == {key: expected[key] for key in got}
    assert differences(before, content()) == []

    assert {key: answer(world, cookie, key[0], addresses[key]) for key in acts} == dict.fromkeys(acts, 303)


def answer(world, cookie: str | None, method: str, wanted: str) -> int:
    """Ask for a page or an act with nothing filled in, and return the answer's code."""
    client = world.test_client()
    if cookie:
        client.set_cookie("session", cookie)
    with client.open(wanted, method=method) as response:
        return response.status_code


def test_nobody_is_sent_to_sign_in_from_any_page_and_its_address_goes_along(world):
    addresses = examples()
    client = world.test_client()

    for key in (key for key, route in ROUTES.items() if route.may != PUBLIC and key[0] == "GET"):
        asked = client.get(addresses[key])
        assert (asked.status_code, asked.location) == (302, f"/sign-in?next={quote(addresses[key], safe='')}")


@pytest.mark.parametrize("wanted", ["/", "/timetable?module=M2&bookable=y", "/my/progress", "/account"])
def test_a_deep_link_survives_signing_in(world, wanted):
    client = world.test_client()

    page = client.get(client.get(wanted).location)
    assert f'name="next" value="{wanted.replace("&", "&amp;")}"' in page.text
    signed_in = client.post(
        "/sign-in", data={"email": address("workforce"), "password": "demonstration", "next": wanted}
    )
    assert (signed_in.status_code, signed_in.location) == (303, wanted)


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example/", "/\\evil.example", "/sign-in", "/sign-out"]
)
def test_signing_in_never_leads_to_another_site_nor_in_a_circle(world, elsewhere):
    signed_in = world.test_client().post(
        "/sign-in", data={"email": address("worker"), "password": "demonstration", "next": elsewhere}
    )
    assert (signed_in.status_code, signed_in.location) == (303, "/")


def test_a_facilitator_sees_the_list_of_her_own_sessions_only(world):
    sessions = sessions_by_module()
    client = client_of(world, "facilitator")

    assert client.get(f"/sessions/{sessions['M2'][0]}/list").status_code == 200
    assert client.get(f"/sessions/{sessions['M5'][0]}/list").status_code == 404
    assert client.get(f"/sessions/{sessions['M5'][0]}/list.xlsx").status_code == 404


def test_nobody_books_for_somebody_else_but_workforce_development(world):
    session = sessions_by_module()["M2"][2]
    before = content()

    for fields in ({"person": address("nqsw")}, {"override_reason": "Just so"}):
        assert client_of(world, "manager").post(f"/sessions/{session}/book", data=fields).status_code == 403
    assert differences(before, content()) == []
    booked = client_of(world, "workforce").post(f"/sessions/{session}/book", data={"person": address("nqsw")})
    assert booked.status_code == 303


def test_workforce_development_books_nobody_of_another_organisation(world):
    session = sessions_by_module()["M2"][2]
    before = content()

    refused = client_of(world, "workforce").post(
        f"/sessions/{session}/book", data={"person": address("worker@coventry")}
    )
    assert refused.status_code == 422
    assert "Nobody here has" in refused.text
    assert differences(before, content()) == []


def test_a_page_that_declares_nothing_is_refused_to_everybody(instance):
    app = create_app({"TESTING": True, "CPD_INSTANCE": instance, "SQLALCHEMY_DATABASE_URI": "sqlite://"})

    @app.get("/forgotten-to-say")
    def forgotten() -> str:
        return "secret"

    @app.get("/said")
    @requires(Action.SEE_CATALOGUE)
    def said() -> str:
        return "for those who are signed in"

    assert app.test_client().get("/forgotten-to-say").status_code == 403
    assert app.test_client().get("/said").status_code == 302
