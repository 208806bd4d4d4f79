"""Every message has words, and they say what happened, when and what to do."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from cpd.messages.words import HAPPENED, HIDDEN, Around, Place, Told, mail_words, words_of

TOP = Path(__file__).resolve().parents[2]
WORDS = {path.stem for path in (TOP / "templates" / "messages" / "words").glob("*.txt")}

SESSION = {
    "module": "Module 2",
    "session_id": 5,
    "days": [
        ["2019-01-15T09:30:00+00:00", "2019-01-15T12:30:00+00:00", "Bridges Room, Civic Centre"],
        ["2019-07-16T08:30:00+00:00", "2019-07-16T15:00:00+00:00", ""],
    ],
    "conditions": [],
}
LINK = {"nonce": "n", "expires_at": "2019-01-09T14:04:00+00:00"}
ASKED = {
    "person": "Alice Learner",
    "team": "Assessment Team 1",
    "asks": "I supervise\n two students",
    "answer_by": "2019-01-09T09:00:00+00:00",
}
EVIDENCE = {"person": "Alice Learner", "title": "Direct observation", "path": "/my/evidence/observation"}
PROGRESSION = {
    "request": "to become: Experienced social worker",
    "person": "Alice Learner",
    "path": "/my/progress/requests/3",
}
AWARD = {"award": "Postgraduate Certificate", "code": "pg-certificate"}
EARLY = {"person": "Nell Newly", "programme": "The first year", "own": True, "path": "/my/early-career"}
REGISTERED = {
    "module": "Module 2",
    "module_code": "M2",
    "path": "/sessions/5",
    "days_in_all": 2,
    "attended": ["Tuesday 15 January"],
    "in_part": [],
    "missed": [],
    "reason": "",
}
LEARNED = {
    "title": "Safe hands",
    "claim_id": 3,
    "counts_as": "Module 2",
    "module_code": "M2",
    "happened_on": "3 May 2018",
    "by": "Olive Officer",
    "reason": "The same content",
}
CREDITED = {
    "title": "Research Module",
    "amount": "20 credits at level 7",
    "university": "Midlands University",
    "board_on": "3 June 2019",
    "reason": "Too short",
    "is_claim": True,
    "before": "20 credits at level 7, expected, board of 3 June 2019",
    "now": "20 credits at level 7, awarded, board of 3 June 2019",
}
CLAIMED = {"title": "Portfolio", "claim_id": 3, "university": "Midlands University"}
RUNS_OUT = {"module": "Safeguarding", "module_code": "SAFE", "until": "3 March 2027", "refresher_on": ""}
CPD = {
    "regulator": "Social Work England",
    "ends_on": "30 November 2026",
    "days_left": 60,
    "pieces": 2,
    "counted": 1,
    "reflections_left": 1,
    "path": "/my/cpd",
}
PLAN = {"by": "Mary Manager", "own": True, "path": "/my/plan"}
STUDY_DAY = {
    "person": "Alice Learner",
    "title": "Study day",
    "day": "Monday 7 January 2019, the whole day",
    "held_on": "Monday 7 January 2019",
    "half_days": "1 day",
    "left": "2.5 days left of 3.5 days",
    "by": "Mary Manager",
    "path": "/my/study-days",
    "own": True,
    "reason": "Court that day",
}
PLACE = {
    "person": "Alice Learner",
    "award": "Practice Educator award",
    "year": "1 April 2018 to 31 March 2019",
    "path": "/my/award-places/7",
    "reasons": "You teach well",
    "outcome": "has a place",
}
FUNDING = {
    "person": "Alice Learner",
    "title": "Leadership in practice",
    "cost": "£1,250.50",
    "when": "4 February 2019",
    "path": "/my/funding/7",
    "reasons": "Families need it",
    "outcome": "is approved",
}
APPEAL = {
    "person": "Abel Able",
    "step": "social worker to experienced social worker",
    "decider": "Paula Principal",
    "decide_by": "31 January 2019",
    "reasons": "Your court work counts",
    "status": "dismissed",
    "path": "/my/progress/appeals/7",
}
PANEL = {
    "panel": "Moderation panel",
    "role": "panel member",
    "on": "2 January 2019",
    "when": "Tuesday 15 January 2019, 9:30am to midday",
    "place": "Civic Centre",
    "before": "",
    "invited": False,
    "recommend": False,
    "person": "Alice Learner",
    "outcome": "Not yet, with support",
    "reasons": "The analysis is not there yet",
    "reason": "Snow",
    "support_plan": "Two observed visits by May",
    "review_on": "3 June 2019",
    "because": "",
    "next_step": "Go through the support plan with your line manager.",
    "path": "/my/panels",
}
FACTS = {
    "appeal_to_assign": APPEAL,
    "appeal_to_decide": APPEAL,
    "appeal_with_somebody_else": APPEAL,
    "appeal_assigned": APPEAL,
    "appeal_upheld": APPEAL,
    "appeal_dismissed": APPEAL,
    "appeal_ended": APPEAL,
    "appeal_reminder": APPEAL | {"of": "late"},
    "change_to_enter": {
        "person": "Abel Able",
        "from_day": "1 March 2019",
        "is_hr": True,
        "path": "/progression/hr-export",
    },
    "award_place_comment": PLACE,
    "award_place_to_decide": PLACE,
    "award_place_selected": PLACE,
    "award_place_waiting": PLACE,
    "award_place_declined": PLACE,
    "award_place_passed_on": PLACE,
    "award_place_ended": PLACE,
    "award_place_given_up": PLACE,
    "award_place_in_team": PLACE,
    "funding_comment": FUNDING,
    "funding_to_decide": FUNDING,
    "funding_without_decider": FUNDING,
    "funding_approved": FUNDING,
    "funding_declined": FUNDING,
    "funding_withdrawn": FUNDING,
    "funding_not_held": FUNDING,
    "funding_in_team": FUNDING,
    "credits_awarded": CREDITED,
    "credits_refused": CREDITED,
    "credits_corrected": CREDITED,
    "prior_learning_sent_on": CLAIMED | {"expected_on": "1 May 2019"},
    "prior_learning_returned": CLAIMED | {"reason": "Page 3 is missing"},
    "welcome": LINK | {"organisation": "Gateshead Council"},
    "password_reset": LINK,
    "password_changed": {},
    "booked": SESSION,
    "booked_on_condition": SESSION | {"conditions": ["Module 1", "Module 2"]},
    "waiting": SESSION | {"position": 3},
    "promoted": SESSION,
    "moved": SESSION | {"days_before": [["2019-01-22T09:30:00+00:00", "2019-01-22T12:30:00+00:00", "Bridges Room"]]},
    "cancelled": SESSION | {"reason": "Ill"},
    "sent_back": SESSION | {"position": 1},
    "session_changed": SESSION,
    "session_cancelled": SESSION,
    "manager_informed": SESSION | {"happened": "booked", "person": "Alice Learner"},
    "new_date": SESSION | {"others": 2},
    "reminder": SESSION,
    "basis_lost": SESSION
    | {"missing": ["Module 1"], "release_at": "2019-01-13T09:30:00+00:00"}
    | {"ways": [["Module 1", "2019-01-10T12:00:00+00:00", "2019-01-10T14:00:00+00:00", "Bridges Room", True]]},
    "basis_lost_late": SESSION | {"people": ["Alice Learner", "Bob Colleague"]},
    "basis_restored": SESSION | {"kept": False},
    "place_requested": SESSION | {"answer_by": "2019-01-09T09:00:00+00:00"},
    "request_agreed": SESSION,
    "request_agreed_waiting": SESSION | {"position": 2},
    "request_declined": SESSION | {"reason": "It is for students"},
    "request_expired": SESSION | {"reason": "not answered in time"},
    "place_asked_for": SESSION | ASKED,
    "request_due": SESSION | ASKED,
    "request_not_answered": SESSION | ASKED,
    "released": SESSION | {"missing": ["Module 1"], "ways": []},
    "validity_ends": RUNS_OUT,
    "validity_lapsed": RUNS_OUT,
    "validity_lapsed_in_team": RUNS_OUT | {"person": "Alice Learner", "person_id": 7},
    "learning_accepted": LEARNED,
    "learning_returned": LEARNED | {"counts_as": "", "module_code": "", "by": "", "reason": "The name is cut off"},
    "learning_recognised": LEARNED,
    "record_corrected": {"before": "Module 2 on 3 May 2018", "now": "Module 2 on 4 May 2018", "reason": "A slip"},
    "record_withdrawn": {"before": "Module 2 on 3 May 2018", "reason": "Another Alice"},
    "not_complete": REGISTERED | {"missed": ["Wednesday 16 January"]},
    "complete_after_all": REGISTERED | {"reason": "A name was wrong"},
    "accepted_as_complete": REGISTERED | {"reason": "She read the second day's papers with her supervisor"},
    "acceptance_withdrawn": REGISTERED | {"reason": "It was somebody else"},
    "register_open": {"module": "Module 2", "register_of": "Tuesday 15 January 2019", "path": "/sessions/5/register"},
    "register_still_open": {
        "module": "Module 2",
        "register_of": "Tuesday 15 January 2019",
        "path": "/sessions/5/register",
    },
    "award_enrolled": AWARD | {"on": "2 January 2019"},
    "award_completed": AWARD | {"on": "31 May 2019", "credits": "60"},
    "award_dated_anew": AWARD | {"on": "30 May 2019", "before": "31 May 2019"},
    "award_reopened": AWARD | {"reason": "Credits that it rests on are no longer there"},
    "award_ended": AWARD | {"reason": "She has moved away"},
    "panel_appointed": PANEL,
    "panel_seat_ended": PANEL,
    "panel_sitting": PANEL,
    "panel_sitting_off": PANEL,
    "panel_meeting": PANEL,
    "panel_meeting_off": PANEL,
    "panel_case_assigned": PANEL,
    "panel_decided": PANEL,
    "panel_decided_in_team": PANEL,
    "panel_case_withdrawn": PANEL,
    "panel_judge_has_interest": PANEL | {"judge": "Judy Judge", "path": "/progression/cases/3"},
    "panel_review_due": PANEL,
    "panel_review_due_in_team": PANEL,
    "pathway_rules_changed": {
        "pathway": "Social work",
        "standing": "to Experienced social worker: ready",
        "reason": "The scheme has changed",
    },
    "evidence_to_look_at": EVIDENCE | {"path": "/progression/evidence/3"},
    "evidence_without_acceptor": EVIDENCE | {"acceptor": "the line manager"},
    "evidence_accepted": EVIDENCE | {"comments": "Well done"},
    "evidence_recorded": EVIDENCE | {"by": "Mary Manager", "on": "2 January 2019"},
    "evidence_returned": EVIDENCE | {"comments": "The second one is missing", "why": "returned"},
    "progression_raised": PROGRESSION,
    "progression_in_team": PROGRESSION | {"what": "is under way", "path": "/team/requests/3"},
    "progression_to_decide": PROGRESSION | {"role": "Assistant Director", "path": "/progression/requests/3"},
    "progression_waits_long": PROGRESSION
    | {"role": "Assistant Director", "since": "2 January 2019", "path": "/progression/requests/3"},
    "progression_without_decider": PROGRESSION | {"role": "Assistant Director"},
    "progression_post_gone": PROGRESSION | {"vacancy": "Team head, North"},
    "progression_ground_gone": PROGRESSION | {"from_day": "2 January 2019", "path": "/progression/requests/3"},
    "progression_decided": PROGRESSION
    | {
        "result": "not yet, with support",
        "reasons": "Two of the three audits are missing",
        "review_on": "1 March 2019",
        "from_day": "",
        "has_letter": True,
    },
    "progression_cover": {
        "role": "assistant director",
        "holder": "Dora Director",
        "from_day": "2 January 2019",
        "until": "9 January 2019",
    },
    "progression_covered": {
        "role": "assistant director",
        "holder": "Dora Director",
        "cover": "Bob Builder",
        "by": "Olga Officer",
        "reason": "Away until the spring",
        "from_day": "2 January 2019",
        "until": "9 January 2019",
    },
    "early_enrolled": EARLY | {"starts_on": "1 October 2018", "ends_on": "1 October 2019"},
    "early_dates_moved": EARLY | {"why": "A pause of 10 days", "ends_on": "11 October 2019"},
    "early_agreement_to_sign": EARLY,
    "early_review_held": EARLY | {"point": "Three-month review"},
    "early_review_due": EARLY | {"point": "Three-month review", "due_on": "1 January 2019", "days_left": 14},
    "early_ended": EARLY | {"outcome": "passed", "on": "2 January 2019", "reason": "Moderated"},
    "early_support": EARLY | {"other": "Asa Assessor", "kind": "buddy", "from_day": "1 October 2018"},
    "learning_set_meeting": {"title": "Set North", "when": "Thursday 10 January", "place": "Room 2", "act": "arranged"},
    "award_rules_changed": AWARD | {"reason": "The scheme has changed", "figure": "40 of 60 credits"},
    "cpd_shared": {"person": "Alice Learner", "path": "/people/7/cpd/2"},
    "cpd_reminder": CPD,
    "plan_to_agree": PLAN,
    "plan_agreed": PLAN | {"own": False, "path": "/people/7/plan"},
    "plan_reviewed": PLAN | {"held_on": "2 January 2019"},
    "study_day_asked": STUDY_DAY | {"purpose": "Portfolio", "path": "/people/7/study-days/3", "own": False},
    "study_day_approved": STUDY_DAY,
    "study_day_declined": STUDY_DAY,
    "study_day_ended": STUDY_DAY | {"act": "not_taken"},
    "evaluation": {"module": "Module 2", "held_on": "Tuesday 15 January 2019", "path": "/sessions/5"},
    "evaluation_later": {"programme": "Systemic practice", "code": "systemic"},
    "materials": {"module": "Module 2", "held_on": "Tuesday 15 January 2019", "path": "/sessions/5"}
    | {"titles": ["Slides", "Further reading"]},
    "invitation": {
        "method": "REQUEST",
        "uid": "session-day-1-person-7@training.example",
        "sequence": 3,
        "module": "Module 2",
        "days": SESSION["days"][:1],
        "description": "A pen",
        "path": "/sessions/5",
        "created_at": "2019-01-02T09:00:00+00:00",
        "changed_at": "2019-01-02T09:00:00+00:00",
        "stamped_at": "2019-01-02T09:00:00+00:00",
    },
}
"""Facts as each act writes them."""


def kinds_told() -> dict[str, str]:
    """Every kind of message that the code tells, and where: the strings given to `tell`, as such or by a name."""
    told = {}
    for path in (TOP / "cpd").rglob("*.py"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "tell":
                kind = node.args[2] if ast.unparse(node.func) == "outbox.tell" else node.args[0]
                for word in _strings(kind, tree):
                    told[word] = f"{path.name}:{node.lineno}"
    return told


def _strings(expression: ast.expr, tree: ast.Module) -> set[str]:
    """The strings that an expression may be; a name may be what is assigned to it."""
    found = set()
    for each in ast.walk(expression):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            found.add(each.value)
        if isinstance(each, ast.Name):
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == each.id:
                    found |= {part.value for part in ast.walk(node.value) if isinstance(part, ast.Constant)}
    return found


def test_every_kind_that_the_code_tells_has_words():
    told = kinds_told()

    assert {"welcome", "booked", "promoted", "manager_informed"} <= told.keys()
    assert {kind: where for kind, where in told.items() if kind not in WORDS} == {}


def test_every_kind_with_words_is_tried_here():
    assert FACTS.keys() == WORDS


def test_a_kind_without_words_is_found(app):
    with pytest.raises(LookupError, match="no words for a message of the kind birthday"):
        words_of("birthday", {}, name="Alice Learner", link_shown=True)


@pytest.mark.parametrize("kind", sorted(FACTS))
def test_a_message_has_a_subject_and_is_written_to_somebody(app, kind):
    words = words_of(kind, FACTS[kind], name="Alice Learner", link_shown=True)

    assert 10 <= len(words.subject) <= 78
    assert words.body.startswith("Hello Alice Learner,\n\n")
    assert "  " not in words.body
    assert "\n\n\n" not in words.body
    assert not any(mark in words.subject + words.body for mark in ("None", "{", "}", "[", "]"))


@pytest.mark.parametrize("kind", sorted(kind for kind, facts in FACTS.items() if "session_id" in facts))
def test_a_message_about_a_session_says_when_it_is_and_where_to_look(app, kind):
    words = words_of(kind, FACTS[kind], name="Alice Learner", link_shown=True)

    assert (
        "\n\nTuesday 15 January 2019, 9:30am to 12:30pm, Bridges Room, Civic Centre\n"
        "Tuesday 16 July 2019, 9:30am to 4pm\n\n"
    ) in words.body
    assert words.body.endswith("\n\nhttp://127.0.0.1:5000/sessions/5")
    assert "Module 2" in words.subject


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        ("waiting", {}, "You are 3rd on the waiting list for Module 2."),
        ("booked_on_condition", {}, "first complete what else you have booked: Module 1 and Module 2."),
        ("promoted", {"conditions": ["Module 1"]}, "first complete what else you have booked: Module 1."),
        ("cancelled", {}, "Reason: Ill"),
        ("manager_informed", {}, "Alice Learner has a place on Module 2."),
        ("manager_informed", {"happened": "cancelled"}, "Alice Learner is no longer booked on Module 2."),
        ("basis_lost", {}, "Module 1 is missing now, and your place on Module 2 rests on it."),
        ("basis_lost", {}, "On Sunday 13 January at 9:30am your place goes to the next person"),
        ("basis_lost", {}, "Module 1: Thursday 10 January 2019, midday to 2pm, Bridges Room (full: you can wait)"),
        ("basis_lost", {"release_at": None}, "You keep your place"),
        ("basis_lost", {"ways": []}, "No date of Module 1 that you can book is in time."),
        ("basis_lost_late", {}, "Talk to Alice Learner and Bob Colleague before the session."),
        ("basis_restored", {}, "You keep it."),
        ("basis_restored", {"kept": True}, "has set aside what was missing"),
        ("waiting", {"asked": True}, "it is your turn, once Workforce Development agrees, and we will tell you."),
        ("place_requested", {}, "at the latest on Wednesday 9 January at 9am."),
        ("request_agreed", {"conditions": ["Module 1"]}, "first complete what else you have booked: Module 1."),
        ("request_agreed_waiting", {}, "you are 2nd on the waiting list."),
        ("request_declined", {}, "Reason: It is for students"),
        ("place_asked_for", {}, "Alice Learner (Assessment Team 1) needs your agreement to a place on Module 2"),
        ("place_asked_for", {}, "and writes: I supervise two students"),
        ("place_asked_for", {"answer_by": "", "team": ""}, "There is no free place now."),
        ("request_due", {}, "http://127.0.0.1:5000/workforce/requests"),
        ("request_not_answered", {}, "Alice Learner wrote: I supervise two students"),
        ("released", {}, "Module 1 was still missing"),
        ("validity_ends", {}, "Your training Safeguarding is valid until 3 March 2027. A refresher renews it."),
        ("validity_ends", {"refresher_on": "8 March 2027"}, "a refresher on 8 March 2027, but it ends after that day."),
        ("validity_ends", {}, "http://127.0.0.1:5000/modules/SAFE"),
        ("validity_lapsed", {}, "was valid until 3 March 2027. It does not count any more."),
        ("validity_lapsed", {"refresher_on": "8 March 2027"}, "You are booked on a refresher on 8 March 2027."),
        ("validity_lapsed_in_team", {}, "Alice Learner is not booked on a refresher"),
        ("validity_lapsed_in_team", {}, "http://127.0.0.1:5000/people/7"),
        ("not_complete", {}, "You attended 1 of 2 days of Module 2."),
        ("not_complete", {"attended": []}, "you did not attend Module 2 on Wednesday 16 January."),
        ("not_complete", {"attended": [], "in_part": ["Monday"]}, "You attended part of Module 2."),
        ("complete_after_all", {}, "Reason: A name was wrong"),
        ("accepted_as_complete", {}, "accepted it as complete all the same"),
        ("acceptance_withdrawn", {}, "Reason: It was somebody else"),
        ("register_open", {}, "http://127.0.0.1:5000/sessions/5/register"),
        ("award_enrolled", {}, "The rules of today stay yours."),
        ("award_completed", {}, "All 60 credits of the award Postgraduate Certificate are awarded"),
        ("award_completed", {"credits": ""}, "is on your record, as of 31 May 2019"),
        ("award_dated_anew", {}, "Postgraduate Certificate since 30 May 2019, and not since 31 May 2019"),
        ("award_reopened", {}, "http://127.0.0.1:5000/my/awards/pg-certificate"),
        ("award_ended", {}, "Credits that you have stay yours."),
        ("award_rules_changed", {}, "Where you stand now: 40 of 60 credits."),
        ("evidence_accepted", {"comments": ""}, "What comes next on your pathway:"),
        ("evidence_accepted", {}, "The comments: Well done"),
        ("evidence_returned", {}, "This is returned to you to be changed: Direct observation."),
        ("evidence_returned", {"why": "deferred"}, "The panel has deferred its decision"),
        ("evidence_returned", {"why": "reopened"}, "it does not count for now"),
        ("appeal_assigned", {}, "by 31 January 2019, and had no part in the decision"),
        ("appeal_upheld", {}, "taken up again at the step where it was not agreed"),
        ("appeal_dismissed", {}, "The reasons: Your court work counts"),
        ("appeal_reminder", {}, "Paula Principal was to decide on the appeal of Abel Able"),
        ("appeal_reminder", {"of": "to_assign"}, "nobody was found yet to decide on it"),
        ("appeal_reminder", {"of": "to_decide"}, "Please decide on the appeal of Abel Able"),
        ("change_to_enter", {}, "http://127.0.0.1:5000/progression/hr-export"),
        ("change_to_enter", {"is_hr": False, "path": ""}, "Please ask who is to have that role."),
        ("progression_post_gone", {}, "Your request goes on all the same"),
        ("progression_ground_gone", {}, "The change was made from 2 January 2019 and stays"),
        ("progression_raised", {}, "You have been put forward to become: Experienced social worker."),
        ("progression_in_team", {}, "there is nothing that you have to do."),
        ("progression_to_decide", {}, "waits for the Assistant Director. Any holder of this role can decide on it"),
        ("progression_waits_long", {}, "has waited for the Assistant Director since 2 January 2019."),
        ("progression_without_decider", {}, "http://127.0.0.1:5000/progression/cover"),
        ("progression_decided", {}, "We look at it again on 1 March 2019."),
        ("progression_decided", {"from_day": "1 April 2019", "review_on": ""}, "It starts on 1 April 2019."),
        ("progression_decided", {"has_letter": False, "reasons": ""}, "Your request:"),
        ("progression_cover", {}, "from 2 January 2019 until 9 January 2019."),
        ("progression_covered", {}, "Olga Officer has named Bob Builder to stand in for you"),
        ("panel_judge_has_interest", {}, "Judy Judge judged the case of Alice Learner"),
        ("pathway_rules_changed", {}, "Where you stand now: to Experienced social worker: ready."),
        ("panel_appointed", {}, "from 2 January 2019, as panel member: Moderation panel."),
        ("panel_sitting", {}, "Where: Civic Centre"),
        ("panel_sitting", {"before": "Monday"}, "It was to be on Monday."),
        ("panel_meeting", {}, "You need not come."),
        ("panel_meeting", {"invited": True}, "You are invited. It is in your diary."),
        ("panel_meeting_off", {}, "The reason: Snow"),
        ("panel_case_assigned", {"for_the_young": True}, "You have nothing to read before it"),
        ("panel_case_assigned", {"recommend": True}, "You see what the others recommend once all have."),
        ("panel_decided", {}, "Your support plan: Two observed visits by May"),
        ("panel_decided", {"because": "A mistake"}, "It did so because: A mistake"),
        ("panel_decided_in_team", {"review_on": ""}, "Alice Learner has the reasons."),
        ("panel_review_due", {}, "looks at it again on 3 June 2019"),
        ("early_enrolled", {}, "You are enrolled on The first year from 1 October 2018."),
        ("early_enrolled", {"own": False}, "Nell Newly is enrolled on The first year"),
        ("early_dates_moved", {}, "expected to end on 11 October 2019 now. What is done stays done."),
        ("early_dates_moved", {"ends_on": ""}, "Nothing is due during the pause."),
        ("early_agreement_to_sign", {"own": False}, "is written, for Nell Newly."),
        ("early_review_held", {"own": False}, "The three-month review of Nell Newly is written down."),
        ("early_review_due", {}, "This is due by 1 January 2019: Three-month review (The first year)."),
        ("early_review_due", {"days_left": -1, "own": False}, "This was due by 1 January 2019, for Nell Newly:"),
        ("early_ended", {"outcome": "failed"}, "The first year has ended on 2 January 2019: not passed."),
        ("early_support", {}, "Asa Assessor is your buddy from 1 October 2018 on."),
        ("early_support", {"own": False, "kind": "assessor"}, "You are assessor of Asa Assessor from"),
        ("learning_set_meeting", {}, "Your learning set Set North meets on Thursday 10 January, here: Room 2."),
        ("learning_set_meeting", {"act": "cancelled"}, "on Thursday 10 January does not take place."),
        ("evaluation", {}, "You attended Module 2 on Tuesday 15 January 2019."),
        ("evaluation", {}, "http://127.0.0.1:5000/sessions/5/evaluation"),
        ("evaluation_later", {}, "http://127.0.0.1:5000/my/evaluations/systemic"),
        ("materials", {}, "Slides\nFurther reading"),
        ("materials", {}, "http://127.0.0.1:5000/sessions/5"),
        ("cpd_shared", {}, "Alice Learner lets you read a piece of CPD"),
        ("cpd_reminder", {}, "ends on 30 November 2026, in 60 days. You have 1 of 2 pieces of CPD here."),
        ("cpd_reminder", {"days_left": 0, "reflections_left": 0}, "ends today, on 30 November 2026."),
        ("cpd_reminder", {}, "At least one piece still needs a reflection with a peer."),
        ("plan_to_agree", {}, "has agreed to your development plan. Read it, and agree to it"),
        ("plan_agreed", {}, "http://127.0.0.1:5000/people/7/plan"),
        ("plan_reviewed", {}, "the review of 2 January 2019 of your development plan."),
        ("study_day_asked", {}, "asks for a study day on Monday 7 January 2019, the whole day (1 day)."),
        ("study_day_asked", {}, "http://127.0.0.1:5000/people/7/study-days/3"),
        ("study_day_approved", {"reason": ""}, "Mary Manager has approved your study day"),
        ("study_day_approved", {}, "It is more than you had left. Reason: Court that day"),
        ("study_day_approved", {"day_off": "a Sunday"}, "That day is a Sunday. Reason: Court that day"),
        ("study_day_asked", {"away": "Mary Manager"}, "Mary Manager, the line manager, is recorded as away today."),
        ("study_day_declined", {}, "Reason: Court that day"),
        ("study_day_ended", {}, "is not taken after all, by Mary Manager."),
        ("study_day_ended", {"own": False, "act": "cancelled"}, "The study day of Alice Learner on Monday 7 January"),
        ("award_place_comment", {}, "http://127.0.0.1:5000/my/award-places/7"),
        ("award_place_selected", {}, "The reasons: You teach well"),
        ("award_place_waiting", {}, "You are on the waiting list."),
        ("award_place_declined", {}, "The reasons: You teach well"),
        ("award_place_passed_on", {}, "you were next on the waiting list: Practice Educator award, 1 April 2018"),
        ("award_place_ended", {}, "Reason: You teach well"),
        ("award_place_in_team", {}, "Alice Learner has a place on this award: Practice Educator award"),
        ("funding_to_decide", {}, "Leadership in practice, 4 February 2019, £1,250.50"),
        ("funding_without_decider", {}, "Ask HR to give somebody the role in the file of people."),
        ("funding_approved", {}, "The reasons: Families need it"),
        ("funding_declined", {}, "The reasons: Families need it"),
        ("funding_not_held", {}, "The reason: Families need it"),
        ("funding_in_team", {}, "The funding that Alice Learner asked for is approved: Leadership in practice"),
        ("welcome", {}, "until 2:04pm on Wednesday 9 January 2019"),
    ],
)
def test_what_a_message_says(app, kind, facts, said):
    assert said in words_of(kind, FACTS[kind] | facts, name="Mary", link_shown=True).body


def test_a_cancelling_without_a_reason_says_none(app):
    assert "Reason" not in words_of("cancelled", FACTS["cancelled"] | {"reason": ""}, name="M", link_shown=True).body


@pytest.mark.parametrize("happened", sorted(HAPPENED))
def test_a_manager_is_told_of_everything_that_happens_to_a_booking(app, happened):
    facts = FACTS["manager_informed"] | {"happened": happened}
    assert (
        f"Alice Learner {HAPPENED[happened]} Module 2."
        in words_of("manager_informed", facts, name="Mary", link_shown=True).body
    )


def test_a_manager_can_be_told_of_every_kind_that_a_person_is(app):
    assert HAPPENED.keys() == {kind for kind, facts in FACTS.items() if "session_id" in facts} - {
        "manager_informed",
        "basis_lost_late",
        "place_asked_for",
        "request_due",
        "request_not_answered",
        "new_date",
        "reminder",
    }


@pytest.mark.parametrize("kind", ["welcome", "password_reset"])
def test_a_secret_link_is_only_put_in_for_the_person_herself(app, kind):
    hidden = words_of(kind, FACTS[kind], name="Alice", link_shown=False).body

    assert HIDDEN in hidden
    assert "/password/" not in hidden
    assert "http://127.0.0.1:5000/password/" in words_of(kind, FACTS[kind], name="Alice", link_shown=True).body


def test_a_fact_that_is_missing_is_an_error_and_not_a_blank(app):
    facts = {name: fact for name, fact in FACTS["waiting"].items() if name != "position"}
    with pytest.raises(Exception, match="position"):
        words_of("waiting", facts, name="Alice", link_shown=True)


CIVIC = Place("Civic Centre", "1 Example Square", "https://maps.example/?q=1")
AROUND = Around((CIVIC,), "A pen", "https://training.example/cancel/7.x")


@pytest.mark.parametrize("kind", ["booked", "booked_on_condition", "promoted", "session_changed", "reminder"])
def test_whoever_has_a_place_is_told_where_to_go_what_to_bring_and_how_to_give_it_back(app, kind):
    body = words_of(kind, FACTS[kind], name="Alice", link_shown=True, around=AROUND).body

    assert "\n\nCivic Centre: 1 Example Square\nhttps://maps.example/?q=1\n\nBring: A pen\n\n" in body
    assert body.endswith("so that somebody else can have it:\n\nhttps://training.example/cancel/7.x")


@pytest.mark.parametrize("kind", ["waiting", "sent_back"])
def test_whoever_waits_is_told_how_to_leave_the_list(app, kind):
    body = words_of(kind, FACTS[kind], name="Alice", link_shown=True, around=AROUND).body

    assert body.endswith("To leave the list:\n\nhttps://training.example/cancel/7.x")
    assert "A pen" not in body


def test_the_link_that_gives_a_place_back_is_for_the_person_herself_too(app):
    body = words_of("booked", FACTS["booked"], name="Alice", link_shown=False, around=AROUND).body

    assert "/cancel/" not in body
    assert body.endswith(HIDDEN)


@pytest.mark.parametrize("kind", ["cancelled", "session_cancelled", "manager_informed"])
def test_where_there_is_nothing_to_give_back_no_link_does_it(app, kind):
    assert "/cancel/" not in words_of(kind, FACTS[kind], name="Alice", link_shown=True, around=AROUND).body


def test_several_things_of_one_act_are_one_mail_with_a_heading_each_and_every_place_once(app):
    told = [
        Told("booked", SESSION | {"module": "Module 1"}, AROUND),
        Told("booked_on_condition", FACTS["booked_on_condition"], AROUND),
        Told("waiting", FACTS["waiting"], AROUND),
    ]
    words = mail_words(told, name="Alice", link_shown=True)

    assert words.subject == "You have a place: Module 1, Tuesday 15 January, and 2 more"
    assert [lines[0].words for lines in words.paragraphs if lines[0].is_heading] == [
        "1. You have a place: Module 1, Tuesday 15 January",
        "2. You have a place on condition: Module 2, Tuesday 15 January",
        "3. You are on the waiting list: Module 2, Tuesday 15 January",
    ]
    assert words.body.count("Hello Alice,") == 1
    assert words.body.count("1 Example Square") == 1
    assert words.body.count("/cancel/7.x") == 3
    assert "first complete what else you have booked: Module 1 and Module 2." in words.body
    assert "\n\n\n" not in words.body


@pytest.mark.parametrize("kind", sorted(kind for kind, facts in FACTS.items() if "session_id" in facts))
def test_what_people_typed_stays_on_its_line(app, kind):
    broken = {
        key: f"Two\r\nBcc: all@demo.example\n\nlines{value}" for key, value in FACTS[kind].items() if key == "module"
    }
    words = words_of(kind, FACTS[kind] | broken, name="Eve\r\nBcc: eve@demo.example", link_shown=True)

    assert "Two Bcc: all@demo.example lines" in words.subject
    assert "\nBcc" not in words.body
    assert words.body.startswith("Hello Eve Bcc: eve@demo.example,\n\n")
