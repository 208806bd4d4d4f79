"""Every page with example addresses, and the accounts of the demonstration that look at it.

A page stands here for each appearance that it has: what a person can do, waits for, lacks or may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.browser.progression_pages import PROGRESSION, PROGRESSION_LEFT_OUT

NOBODY = ""


@dataclass(frozen=True)
class Look:
    """Somebody looks at a page."""

    who: str
    page: str
    address: str

    def __str__(self) -> str:
        """Name it as a test is named."""
        return f"{self.who or 'nobody'} {self.address}"


def _looks(page: str, looks: Mapping[str, str | list[str]]) -> list[Look]:
    """Spell out who looks at which address of a page."""
    return [
        Look(who, page, address)
        for address, accounts in looks.items()
        for who in ([accounts] if isinstance(accounts, str) else accounts)
    ]


LOOKS = [
    *_looks(
        "home.start",
        {"/": ["nqsw", "worker", "waiting", "blocked", "connie", "lee", "workforce", "hr", "worker@coventry"]},
    ),
    *_looks(
        "home.timetable",
        {
            "/timetable": ["nqsw", "worker", "gwen", "workforce", "worker@coventry", "nqsw@warwickshire"],
            "/timetable?view=month": ["worker", "workforce"],
            "/timetable?view=month&month=2019-02&module=M6": "nqsw",
            "/timetable?view=month&month=1999-12": "nqsw",
            "/timetable?module=M2&bookable=y&since=1&since=2&since=2019": "nqsw",
            "/timetable?per_page=5&page=3": "nqsw",
            "/timetable?module=nothing": "nqsw",
        },
    ),
    *_looks(
        "home.session_page",
        {
            "/sessions/{M1[0]}": ["nqsw", "connie"],
            "/sessions/{M2[0]}": ["nqsw", "waiting", "ash", "worker", "workforce", "facilitator"],
            "/sessions/{M3[1]}": "blocked",
            "/sessions/{M3[2]}": ["lee", "nqsw"],
            "/sessions/{M4[0]}": ["worker", "gwen", "blocked"],
            "/sessions/{M4[1]}": ["worker", "connie", "otis"],
            "/sessions/{M4[5]}": "nqsw",
            "/sessions/{M5[5]}": "workforce",
            "/sessions/{M6[0]}": ["nqsw", "flo"],
            "/sessions/{ASYE-1[0]}": "nqsw@warwickshire",
            "/sessions/{ASYE-2[0]}": ["nqsw@warwickshire", "worker@warwickshire"],
        },
    ),
    *_looks(
        "home.ask_to_cancel",
        {
            "/bookings/{booking[worker]}/cancel": ["worker", "workforce"],
            "/bookings/{booking[waiting]}/cancel": "waiting",
            "/bookings/{booking[worker@warwickshire]}/cancel": "worker@warwickshire",
        },
    ),
    *_looks(
        "home.route",
        {
            "/my/route/systemic": ["nqsw", "worker", "blocked", "connie"],
            "/my/route/systemic?not_on=2019-01-15&waiting=y": "nqsw",
        },
    ),
    *_looks("home.ask_to_book_all", {"/my/route/systemic/book?together={M1[0]}&together={M2[1]}": "nqsw"}),
    *_looks("home.booked_all", {"/my/route/systemic/booked?together={M1[0]}&together={M2[1]}": ["nqsw", "connie"]}),
    *_looks(
        "home.my",
        {"/my": ["nqsw", "nqsw@slough", "worker@slough", "worker@warwickshire", "epd@warwickshire", "director"]},
    ),
    *_looks("home.my_bookings", {"/my/bookings": ["nqsw", "waiting", "connie", "lee", "flo", "worker@warwickshire"]}),
    *_looks("home.record", {"/my/record": ["nqsw", "worker", "gwen", "connie", "flo", "worker@coventry"]}),
    *_looks(
        "home.person",
        {
            "/people/{person[worker]}": ["manager", "workforce"],
            "/people/{person[case@coventry]}": "manager@coventry",
        },
    ),
    *_looks("home.send_in", {"/my/record/send-in": ["worker", "nqsw", "worker@coventry"]}),
    *_looks(
        "home.my_claim", {"/my/record/send-in/{claim[nqsw]}": "nqsw", "/my/record/send-in/{claim[worker]}": "worker"}
    ),
    *_looks("home.team", {"/team": ["manager", "manager2", "nqsw", "manager@coventry"]}),
    *_looks("home.team_week", {"/team/week?from=2019-01-14": ["manager", "manager2"], "/team/week": "nqsw"}),
    *_looks("people.time_away", {"/people/{person[nqsw@slough]}/away": ["nqsw@slough", "manager@slough"]}),
    *_looks("people.one_time_away", {"/people/{person[nqsw@slough]}/away/{away[nqsw@slough]}": "manager@slough"}),
    *_looks("protected_time.mine", {"/my/protected-time": ["nqsw@slough", "worker@slough"]}),
    *_looks("protected_time.week", {"/my/protected-time/2018-12-17": "nqsw@slough"}),
    *_looks("protected_time.team", {"/team/protected-time": ["manager@slough", "manager"]}),
    *_looks("protected_time.person", {"/people/{person[nqsw@slough]}/protected-time": "manager@slough"}),
    *_looks("places.mine", {"/my/award-places": ["worker@slough", "mel@slough", "nqsw@slough", "nqsw"]}),
    *_looks("places.apply", {"/my/award-places/practice-educator/2018-04-01/apply": "nqsw@slough"}),
    *_looks(
        "places.my_application",
        {
            "/my/award-places/{award_place[mel@slough]}": "mel@slough",
            "/my/award-places/{award_place[asa@slough]}": "asa@slough",
        },
    ),
    *_looks("places.give_up", {"/my/award-places/{award_place[asa@slough]}/give-up": "asa@slough"}),
    *_looks("places.team", {"/team/award-places": ["manager@slough", "nqsw"]}),
    *_looks("places.comment", {"/team/award-places/{award_place[worker@slough]}": "manager@slough"}),
    *_looks("places.years", {"/workforce/award-places": ["workforce@slough", "workforce", "director"]}),
    *_looks("places.year", {"/workforce/award-places/practice-educator/2018-04-01": "workforce@slough"}),
    *_looks(
        "places.decide",
        {
            "/workforce/award-places/applications/{award_place[worker@slough]}": "workforce@slough",
            "/workforce/award-places/applications/{award_place[mel@slough]}": "workforce@slough",
        },
    ),
    *_looks("places.end", {"/workforce/award-places/applications/{award_place[asa@slough]}/end": "workforce@slough"}),
    *_looks("funding.mine", {"/my/funding": ["worker@warwickshire", "nqsw@warwickshire", "nqsw"]}),
    *_looks("funding.ask", {"/my/funding/ask": "worker@warwickshire"}),
    *_looks("funding.my_request", {"/my/funding/{funding[worker@warwickshire]}": "worker@warwickshire"}),
    *_looks("funding.withdraw", {"/my/funding/{funding[worker@warwickshire]}/withdraw": "worker@warwickshire"}),
    *_looks("funding.team", {"/team/funding": ["manager@warwickshire", "nqsw"]}),
    *_looks("funding.comment", {"/team/funding/{funding[worker@warwickshire]}": "manager@warwickshire"}),
    *_looks("funding.queue", {"/funding": ["director@warwickshire", "director"]}),
    *_looks("funding.decide", {"/funding/{funding[epd@warwickshire]}": "director@warwickshire"}),
    *_looks("funding.not_held", {"/funding/{funding[worker@warwickshire]}/not-held": "director@warwickshire"}),
    *_looks("diary.team_feed_settings", {"/team/calendar": "manager"}),
    *_looks("study_days.mine", {"/my/study-days": ["epd@warwickshire", "nqsw@warwickshire", "worker"]}),
    *_looks("study_days.ask", {"/my/study-days/ask": ["epd@warwickshire", "worker"]}),
    *_looks(
        "study_days.end",
        {
            "/my/study-days/{study_day[epd@warwickshire]}/end": "epd@warwickshire",
            "/my/study-days/{study_day[nqsw@warwickshire]}/end": "nqsw@warwickshire",
        },
    ),
    *_looks("study_days.team", {"/team/study-days": ["manager@warwickshire", "nqsw"]}),
    *_looks("study_days.of_person", {"/people/{person[epd@warwickshire]}/study-days": "manager@warwickshire"}),
    *_looks(
        "study_days.one",
        {
            "/people/{person[epd@warwickshire]}/study-days/{study_day[epd@warwickshire]}": "manager@warwickshire",
            "/people/{person[nqsw@warwickshire]}/study-days/{study_day[nqsw@warwickshire]}": "manager@warwickshire",
        },
    ),
    *_looks("cpd_record.mine", {"/my/cpd": ["worker@warwickshire", "nqsw@warwickshire", "director"]}),
    *_looks("cpd_record.write", {"/my/cpd/new": "nqsw@warwickshire"}),
    *_looks("cpd_record.piece", {"/my/cpd/1": "worker@warwickshire"}),
    *_looks("cpd_record.change", {"/my/cpd/1/change": "worker@warwickshire"}),
    *_looks("cpd_record.reflect", {"/my/cpd/1/peer": "worker@warwickshire"}),
    *_looks("cpd_record.remove", {"/my/cpd/1/remove": "worker@warwickshire"}),
    *_looks("cpd_record.shared_with_me", {"/team/cpd": ["manager@warwickshire", "manager"]}),
    *_looks("cpd_record.shared_piece", {"/people/{person[worker@warwickshire]}/cpd/1": "manager@warwickshire"}),
    *_looks("development_plan.mine", {"/my/plan": ["worker@warwickshire", "nqsw@warwickshire", "worker@slough"]}),
    *_looks("development_plan.write", {"/my/plan/write": "worker@warwickshire"}),
    *_looks("development_plan.add_aim", {"/my/plan/aims/new": "nqsw@warwickshire"}),
    *_looks("development_plan.change_aim", {"/my/plan/aims/1": "worker@warwickshire"}),
    *_looks("development_plan.say_progress", {"/my/plan/aims/1/progress": "worker@warwickshire"}),
    *_looks("development_plan.review", {"/my/plan/review": "worker@warwickshire"}),
    *_looks("development_plan.team", {"/team/plans": ["manager@warwickshire", "manager@slough"]}),
    *_looks("development_plan.of_person", {"/people/{person[worker@warwickshire]}/plan": "manager@warwickshire"}),
    *_looks(
        "development_plan.review_with", {"/people/{person[worker@warwickshire]}/plan/review": "manager@warwickshire"}
    ),
    *_looks("home.help_page", {"/help": "nqsw"}),
    *_looks("home.accessibility", {"/accessibility": NOBODY}),
    *_looks(
        "catalogue.index",
        {
            "/catalogue": ["nqsw", "worker@coventry", "nqsw@warwickshire"],
            "/catalogue?q=genograms": "nqsw",
            "/catalogue?q=zzzz": "nqsw",
        },
    ),
    *_looks("catalogue.programme_page", {"/catalogue/systemic": ["nqsw", "worker", "gwen", "connie"]}),
    *_looks(
        "catalogue.module_page",
        {"/modules/M1": "gwen", "/modules/M3": ["nqsw", "worker"], "/modules/M6": "worker", "/modules/CO-AIM": "nqsw"},
    ),
    *_looks("diary.feed_settings", {"/my/calendar": "nqsw"}),
    *_looks("home.account", {"/account": ["nqsw", "director"]}),
    *_looks("people.change_password", {"/account/password": "nqsw"}),
    *_looks("people.sign_in", {"/sign-in?next=/timetable": NOBODY}),
    *_looks("people.forgotten_password", {"/forgotten-password": NOBODY}),
    *_looks("people.password_asked_for", {"/forgotten-password/sent": NOBODY}),
    *_looks("people.choose_password", {"/password/{link}": NOBODY}),
    *_looks("messages.outbox", {"/outbox": [NOBODY, "workforce", "admin"], "/outbox?to=zzzz": NOBODY}),
    *_looks("messages.failed", {"/workforce/messages": ["workforce", "admin"]}),
    *_looks("messages.ask_to_give_back", {"/cancel/{give_back}": NOBODY}),
    *_looks("desk.index", {"/workforce": ["workforce", "workforce@coventry"]}),
    *_looks("desk.list_conditions", {"/workforce/conditions": ["workforce", "workforce@coventry"]}),
    *_looks(
        "desk.keep", dict.fromkeys(("/bookings/{booking[lee]}/keep", "/bookings/{booking[worker]}/keep"), "workforce")
    ),
    *_looks(
        "desk.session_list",
        {
            "/sessions/{M2[0]}/list": ["workforce", "facilitator"],
            "/sessions/{M3[2]}/list": "workforce",
            "/sessions/{M4[1]}/list": "workforce",
            "/sessions/{M4[5]}/list": "workforce",
            "/sessions/{M5[5]}/list": "workforce",
            "/sessions/{M7[0]}/list": "workforce",
        },
    ),
    *_looks(
        "attendance.register",
        {"/sessions/{M2[0]}/register": ["workforce", "facilitator"], "/sessions/{M6[0]}/register": "workforce"},
    ),
    *_looks("attendance.my_registers", {"/my/registers": ["facilitator", "workforce"]}),
    *_looks("desk.registers_left_open_page", {"/workforce/registers": ["workforce", "workforce@coventry"]}),
    *_looks("attendance.code", {"/sessions/{M2[0]}/code": "facilitator"}),
    *_looks("attendance.ask_to_attend", {"/attend": "nqsw"}),
    *_looks(
        "attendance.evaluations", {"/evaluations": ["workforce", "facilitator"], "/evaluations?module=M2": "workforce"}
    ),
    *_looks("attendance.certificates", {"/my/certificates": ["nqsw", "hana"]}),
    *_looks("attendance.certificates_of_somebody", {"/people/{person[gwen]}/certificates": "workforce"}),
    *_looks("attendance.materials", {"/sessions/{M2[0]}/materials": ["workforce", "facilitator"]}),
    *_looks("attendance.ask_to_attend_by", {"/attend/AB2CD3": "worker"}),
    *_looks(
        "pathways.mine",
        {
            "/my/progress": [
                "nqsw@warwickshire",
                "above@warwickshire",
                "worker@coventry",
                "nqsw@slough",
                "gil",
                "worker",
            ]
        },
    ),
    *_looks("pathways.person", {"/people/{person[nqsw@warwickshire]}/progress": "manager@warwickshire"}),
    *_looks("pathways.team", {"/team/progress": ["manager@warwickshire", "worker"]}),
    *_looks("pathways.everybody", {"/workforce/progress": ["workforce@warwickshire", "psw"]}),
    *_looks("pathways.rules", {"/workforce/progress/rules": "workforce@warwickshire"}),
    *_looks("documents.mine", {"/my/documents": ["worker@coventry", "nqsw"]}),
    *_looks("documents.of_person", {"/people/{person[advanced@coventry]}/documents": "manager@coventry"}),
    *_looks("documents.document", {"/progression/documents/{document[advanced@coventry]}": "advanced@coventry"}),
    *_looks("documents.check", {"/progression/documents/check": "worker@coventry"}),
    *_looks("documents.keys", {"/progression/documents/key": "worker@coventry"}),
    *_looks(
        "openness.index",
        {"/progression/openness": ["worker@coventry", "nqsw@warwickshire", "worker", "nqsw@slough", "auditor"]},
    ),
    *_looks("openness.step", {"/progression/openness/steps/to-senior-practitioner": "worker@coventry"}),
    *_looks("openness.outcomes", {"/progression/openness/outcomes": ["worker@coventry", "auditor"]}),
    *_looks("openness.audit", {"/progression/audit": ["auditor", "workforce@coventry"]}),
    *_looks("awards.mine", {"/my/awards": ["worker@warwickshire", "nqsw@warwickshire", "worker@slough", "worker"]}),
    *_looks(
        "awards.my_award",
        {
            "/my/awards/pg-certificate": ["worker@warwickshire", "above@warwickshire", "nqsw@warwickshire"],
            "/my/awards/graduate-diploma": "worker@slough",
        },
    ),
    *_looks("awards.person", {"/people/{person[worker@warwickshire]}/awards": "manager@warwickshire"}),
    *_looks("awards.everybody", {"/workforce/awards": ["workforce@warwickshire", "workforce"]}),
    *_looks("awards.enrol", {"/workforce/awards/enrol": "workforce@warwickshire"}),
    *_looks("awards.rules", {"/workforce/awards/rules": "workforce@warwickshire"}),
    *_looks(
        "awards.one",
        dict.fromkeys(
            (
                "/workforce/awards/{enrolment[worker@warwickshire]}",
                "/workforce/awards/{enrolment[above@warwickshire]}",
            ),
            "workforce@warwickshire",
        ),
    ),
    *_looks("credits.mine", {"/my/credits": ["worker@warwickshire", "nqsw@warwickshire", "worker@slough", "worker"]}),
    *_looks("credits.choose_kind", {"/my/credits/prior-learning": ["worker@warwickshire", "worker"]}),
    *_looks(
        "credits.new_claim",
        dict.fromkeys(
            ("/my/credits/prior-learning/new/asye-apel", "/my/credits/prior-learning/new/apcl"), "nqsw@warwickshire"
        ),
    ),
    *_looks(
        "credits.my_claim",
        {"/my/credits/prior-learning/{prior_learning[worker@warwickshire]}": "worker@warwickshire"},
    ),
    *_looks(
        "credits.of_person",
        {"/people/{person[worker@warwickshire]}/credits": ["manager@warwickshire", "workforce@warwickshire"]},
    ),
    *_looks("credits.enter", {"/people/{person[worker@warwickshire]}/credits/enter": "workforce@warwickshire"}),
    *_looks(
        "credits.desk",
        {
            "/workforce/credits": ["workforce@warwickshire", "workforce"],
            "/workforce/credits?person=ward": "workforce@warwickshire",
        },
    ),
    *_looks(
        "credits.board",
        {
            "/workforce/credits/board/WA-RESEARCH": "workforce@warwickshire",
            "/workforce/credits/board/SL-CONSOLIDATION": "workforce@slough",
        },
    ),
    *_looks("credits.entry", {"/workforce/credits/entries/{credit[worker@warwickshire]}": "workforce@warwickshire"}),
    *_looks(
        "credits.claim",
        {"/workforce/credits/claims/{prior_learning[worker@warwickshire]}": "workforce@warwickshire"},
    ),
    *_looks("desk.programme_list", {"/workforce/programmes": ["workforce", "workforce@coventry"]}),
    *_looks("desk.programme", {"/workforce/programmes/systemic": "workforce"}),
    *_looks("desk.paste_request", {"/workforce/requests/paste": "workforce"}),
    *_looks("desk.preview_request", {"/workforce/requests/paste/{request}": "workforce"}),
    *_looks(
        "desk.booked_request",
        {"/workforce/requests/booked?person={asker}&together={M2[0]}&together={M3[1]}": "workforce"},
    ),
    *_looks("desk.list_requests", {"/workforce/requests": ["workforce@warwickshire", "workforce"]}),
    *_looks("desk.list_claims", {"/workforce/claims": ["workforce", "workforce@coventry"]}),
    *_looks(
        "desk.claim", {"/workforce/claims/{claim[worker]}": "workforce", "/workforce/claims/{claim[gwen]}": "workforce"}
    ),
    *_looks("desk.recognise", {"/people/{person[worker]}/recognise": "workforce"}),
    *_looks(
        "desk.list_facts",
        dict.fromkeys(("/people/{person[gwen]}/put-right", "/people/{person[flo]}/put-right"), "workforce"),
    ),
    *_looks("desk.fact", {"/people/{person[gwen]}/put-right/{fact[gwen]}": "workforce"}),
    *_looks("desk.cancel_session", {"/sessions/{M2[0]}/cancel": "workforce"}),
    *_looks("desk.new_session", {"/workforce/sessions/new": "workforce"}),
    *_looks("desk.edit_session", {"/workforce/sessions/{M6[0]}/edit": "workforce"}),
    *_looks("desk.send_timetable", {"/workforce/import/timetable": ["workforce", "workforce@coventry"]}),
    *_looks("desk.preview_timetable", {"/workforce/import/timetable/{timetable}": "workforce"}),
    *_looks("desk.send_bookings", {"/workforce/import/bookings": "workforce"}),
    *_looks("desk.preview_bookings", {"/workforce/import/bookings/{bookings}": "workforce"}),
    *_looks("desk.send_people", {"/workforce/import/people": "hr"}),
    *_looks("desk.preview_people", {"/workforce/import/people/{people}": "hr"}),
    *(look for page, looks in PROGRESSION.items() for look in _looks(page, looks)),
]

LEFT_OUT = {
    **PROGRESSION_LEFT_OUT,
    "cpd_record.as_table": "a table as a file",
    "cpd_record.as_paper": "a PDF file",
    "funding.my_file": "a file",
    "funding.team_file": "a file",
    "funding.file": "a file",
    "credits.my_claims_evidence": "a file",
    "credits.claims_evidence": "a file",
    "home.my_evidence": "a file",
    "desk.evidence": "a file",
    "documents.newest": "it leads on to a document",
    "documents.paper": "a PDF",
    "documents.file": "a file",
    "openness.audit_file": "a table for a spreadsheet",
    "static": "files, not pages",
    "healthz": "for the machines that watch over the service",
    "readyz": "for the machines that watch over the service",
    "home.session_calendar": "a calendar file",
    "home.record_as_pdf": "a PDF file",
    "home.record_as_table": "a table as a file",
    "home.person_as_pdf": "a PDF file",
    "home.person_as_table": "a table as a file",
    "diary.feed": "a calendar file",
    "diary.team_feed": "a calendar file",
    "desk.session_workbook": "a workbook",
    "attendance.code_picture": "a picture",
    "attendance.evaluations_as_table": "a table for a spreadsheet",
    "attendance.certificate_paper": "a PDF",
    "attendance.certificate_paper_of_somebody": "a PDF",
    "attendance.download": "a file",
    "attendance.evaluate": "after a session, in tests/browser/test_after_a_session.py",
    "attendance.evaluate_later": "after a programme, in tests/browser/test_after_a_session.py",
    "attendance.check_certificate": "after a session, in tests/browser/test_after_a_session.py",
    "attendance.sign_in_sheet": "a PDF, read in tests/attendance/test_the_sign_in_sheet.py",
    "attendance.register_from_outside": "the register, looked at by a link in tests/attendance/test_in_a_browser.py",
}
