"""The pages of career progression with example addresses, and who of the demonstration looks at them."""

from __future__ import annotations

Accounts = str | list[str]

PROGRESSION: dict[str, dict[str, Accounts]] = {
    "home.progression": {
        "/progression": [
            "workforce",
            "psw",
            "operations@coventry",
            "director@warwickshire",
            "service@slough",
            "assessor@warwickshire",
            "panel@walsall",
            "hr@coventry",
            "auditor",
        ]
    },
    "retention.staff": {"/progression/retention": ["operations@walsall", "workforce@coventry"]},
    # Evidence
    "portfolios.mine": {"/my/evidence": ["todo", "nqsw@warwickshire", "todo@coventry", "worker@walsall", "gil"]},
    "portfolios.my_coverage": {"/my/evidence/coverage": ["todo", "ready@warwickshire"]},
    "portfolios.my_kind": {
        "/my/evidence/portfolio": ["todo", "ready"],
        "/my/evidence/asye-portfolio": ["nqsw@warwickshire", "expected@warwickshire"],
        "/my/evidence/epd-portfolio": "epd@warwickshire",
        "/my/evidence/role-criteria": ["todo@coventry", "case@coventry"],
    },
    "portfolios.add": {"/my/evidence/asye-portfolio/add": "nqsw@warwickshire", "/my/evidence/academic/add": "todo"},
    "portfolios.whole": {"/my/evidence/asye-portfolio/whole": "nqsw@warwickshire"},
    "portfolios.change": {"/my/evidence/items/{item[todo@coventry]}": "todo@coventry"},
    "portfolios.remove": {"/my/evidence/items/{item[nqsw@warwickshire]}/remove": "nqsw@warwickshire"},
    "portfolios.hand_in": {"/my/evidence/asye-portfolio/hand-in": "nqsw@warwickshire"},
    "portfolios.person": {
        "/people/{person[todo]}/evidence": "manager3",
        "/people/{person[interview@warwickshire]}/evidence": "manager2@warwickshire",
    },
    "portfolios.coverage_of_person": {"/people/{person[todo]}/evidence/coverage": "manager3"},
    "portfolios.record": {"/people/{person[two@walsall]}/evidence/record/development-conversation": "manager@walsall"},
    "portfolios.queue": {"/progression/evidence": ["assessor@warwickshire", "psw"]},
    "portfolios.team": {"/team/evidence": ["manager3", "manager@walsall"]},
    "portfolios.review": {
        "/progression/evidence/{portfolio[expected@warwickshire]}": "assessor@warwickshire",
        "/progression/evidence/{portfolio[worker@walsall]}": "manager@walsall",
        "/progression/evidence/{portfolio[above@warwickshire]}": "manager@warwickshire",
        "/progression/evidence/{portfolio[ready@warwickshire]}": "assessor@warwickshire",
    },
    "portfolios.reopen": {"/progression/evidence/{portfolio[ready@warwickshire]}/reopen": "assessor@warwickshire"},
    # Panels
    "panels.index": {"/progression/panels": ["workforce", "workforce@coventry", "workforce@warwickshire"]},
    "panels.panel": {
        "/progression/panels/experienced-interview": "workforce",
        "/progression/panels/young-people": "workforce@coventry",
        "/progression/panels/asye-moderation": "workforce@warwickshire",
    },
    "panels.appoint": {"/progression/panels/managers/members/add": "workforce@coventry"},
    "panels.end_seat": {"/progression/panels/seats/{seat[service2@coventry]}/end": "workforce@coventry"},
    "panels.plan": {"/progression/panels/managers/meetings/plan": "workforce@coventry"},
    "panels.meeting": {
        "/progression/meetings/{meeting[experienced-interview]}": "workforce",
        "/progression/meetings/{meeting[progression-panel]}": "workforce@walsall",
    },
    "panels.change": {"/progression/meetings/{meeting[progression-panel]}/change": "workforce@walsall"},
    "panels.cancel": {"/progression/meetings/{meeting[progression-panel]}/cancel": "workforce@walsall"},
    "panels.my_cases": {
        "/progression/my-cases": ["panel@walsall", "psw", "panel@coventry", "service2@coventry", "nqsw"]
    },
    "panels.case": {
        "/progression/cases/{case[case]}": ["workforce", "psw"],
        "/progression/cases/{case[planned@walsall]}": ["panel@walsall", "psw@walsall"],
        "/progression/cases/{case[case@coventry]}": "panel@coventry",
        "/progression/cases/{case[advanced@coventry]}": "workforce@coventry",
    },
    "panels.meeting_for": {"/progression/cases/{case[planned@walsall]}/meeting": "workforce@walsall"},
    "panels.withdraw": {"/progression/cases/{case[planned@walsall]}/withdraw": "workforce@walsall"},
    "panels.interest": {"/progression/cases/{case[planned@walsall]}/interest": "psw@walsall"},
    "panels.somebodys_interest": {"/progression/cases/{case[planned@walsall]}/interests/add": "workforce@walsall"},
    "panels.recommend": {"/progression/cases/{case[planned@walsall]}/recommend": "psw@walsall"},
    "panels.decide": {
        "/progression/cases/{case[case]}/decide": "workforce",
        "/progression/cases/{case[case@coventry]}/decide": "panel@coventry",
    },
    "panels.decide_anew": {"/progression/cases/{case[ready@slough]}/decide-anew": "workforce@slough"},
    "panels.mine": {"/my/panels": ["case", "notyet@coventry", "nqsw"]},
    "panels.withdraw_own": {"/my/panels/{case[case]}/withdraw": "case"},
    # Requests
    "requests.mine": {"/my/progress/requests": ["case@coventry", "advanced@coventry", "ivo@slough", "nqsw"]},
    "requests.ask": {
        "/my/progress/ask/grade-7-to-8": ["expected@coventry", "todo@coventry", "case@coventry", "worker@coventry"],
        "/my/progress/ask/to-senior-social-worker": "ready@walsall",
    },
    "requests.my_request": {
        "/my/progress/requests/{asked_to[case@coventry]}": "case@coventry",
        "/my/progress/requests/{asked_to[advanced@coventry]}": "advanced@coventry",
        "/my/progress/requests/{asked_to[ivo@slough]}": "ivo@slough",
    },
    "requests.withdraw": {"/my/progress/requests/{asked_to[case@coventry]}/withdraw": "case@coventry"},
    "requests.my_letter": {
        "/my/progress/requests/{asked_to[advanced@coventry]}/letters/1": "advanced@coventry",
        "/my/progress/requests/{asked_to[ivo@slough]}/letters/1": "ivo@slough",
    },
    "requests.team": {"/team/requests": ["manager@coventry", "manager2@warwickshire", "nqsw"]},
    "requests.team_request": {"/team/requests/{asked_to[case@coventry]}": "manager@coventry"},
    "requests.team_letter": {"/team/requests/{asked_to[advanced@coventry]}/letters/1": "manager@coventry"},
    "requests.queue": {
        "/progression/requests": [
            "director@warwickshire",
            "service@slough",
            "operations@coventry",
            "workforce@coventry",
            "nqsw",
        ]
    },
    "requests.one": {
        "/progression/requests/{asked_to[ready@warwickshire]}": "director@warwickshire",
        "/progression/requests/{asked_to[advanced@warwickshire]}": "director@warwickshire",
        "/progression/requests/{asked_to[ready@slough]}": "service@slough",
        "/progression/requests/{asked_to[advanced@coventry]}": "operations@coventry",
    },
    "requests.decline": {"/progression/requests/{asked_to[ready@slough]}/decline": "service@slough"},
    "requests.take_back": {"/progression/requests/{asked_to[advanced@coventry]}/take-back": "operations@coventry"},
    "requests.letter": {"/progression/requests/{asked_to[advanced@coventry]}/letters/1": "operations@coventry"},
    "requests.cover": {"/progression/cover": ["service@slough", "workforce@slough"]},
    # Vacancies, appeals and HR's files
    "vacancies.index": {"/progression/vacancies": ["hr", "operations@walsall", "interview@warwickshire", "nqsw"]},
    "vacancies.one": {"/progression/vacancies/{vacancy[warwickshire]}": ["interview@warwickshire", "hr@warwickshire"]},
    "vacancies.new": {"/progression/vacancies/new": "hr@coventry"},
    "vacancies.change": {"/progression/vacancies/{vacancy[warwickshire]}/change": "hr@warwickshire"},
    "vacancies.close": {"/progression/vacancies/{vacancy[warwickshire]}/close": "hr@warwickshire"},
    "vacancies.ceilings": {"/progression/ceilings": ["director@coventry", "worker@coventry", "nqsw"]},
    "appeals.mine": {"/my/progress/appeals/{appeal[ivo@slough]}": "ivo@slough"},
    "appeals.queue": {"/progression/appeals": ["workforce@slough", "director@slough", "workforce"]},
    "appeals.one": {"/progression/appeals/{appeal[ivo@slough]}": "workforce@slough"},
    "appeals.my_letter": {"/my/progress/appeals/{appeal[lou@slough]}/letter": "lou@slough"},
    "appeals.letter": {"/progression/appeals/{appeal[lou@slough]}/letter": "workforce@slough"},
    "exports.index": {"/progression/hr-export": ["hr@coventry", "hr"]},
    # Early career
    "early_career.mine": {"/my/early-career": ["nqsw", "epd@warwickshire", "returner@slough", "una", "worker"]},
    "early_career.supported": {"/progression/early-career": ["assessor", "assessor@warwickshire", "worker"]},
    "early_career.everybody": {"/progression/early-career/everybody": ["workforce", "workforce@slough"]},
    "early_career.team": {"/team/early-career": ["manager", "manager@warwickshire"]},
    "early_career.person": {
        "/progression/early-career/{early[nqsw]}": ["assessor", "manager", "workforce", "worker"],
        "/progression/early-career/{early[returner@slough]}": ["assessor@slough", "workforce@slough"],
        "/progression/early-career/{early[epd@warwickshire]}": "assessor@warwickshire",
    },
    "early_career.agreement": {
        "/progression/early-career/{early[nqsw@warwickshire]}/agreement": "assessor@warwickshire"
    },
    "early_career.review": {"/progression/early-career/{early[nqsw]}/reviews/six-months": "assessor"},
    "early_career.self_assessment": {"/progression/early-career/{early[nqsw]}/self-assessments/self-middle": "nqsw"},
    "early_career.supervision": {"/progression/early-career/{early[nqsw]}/supervision": "assessor"},
    "early_career.enrol": {"/progression/early-career/enrol/asye": "workforce"},
    "early_career.new_cohort": {"/progression/early-career/cohorts/new": "workforce"},
    "early_career.end": {"/progression/early-career/{early[nqsw]}/end": "workforce"},
    "early_career.extend": {"/progression/early-career/{early[nqsw]}/extend": "workforce"},
    "early_career.pause": {"/progression/early-career/{early[nqsw]}/pause": "workforce"},
    "early_career.rejoin": {"/progression/early-career/{early[una]}/rejoin": "workforce"},
    "early_career.terms": {"/progression/early-career/{early[nqsw]}/terms": "workforce"},
    "early_career.support": {"/progression/early-career/{early[nqsw]}/support": "workforce"},
    "early_career.sets": {"/progression/early-career/learning-sets": ["workforce@warwickshire", "workforce"]},
    "early_career.new_set": {"/progression/early-career/learning-sets/new": "workforce@warwickshire"},
    "early_career.one_set": {
        "/progression/early-career/learning-sets/{learning_set[warwickshire]}": "workforce@warwickshire"
    },
    "early_career.members": {
        "/progression/early-career/learning-sets/{learning_set[warwickshire]}/members": "workforce@warwickshire"
    },
    "early_career.new_meeting": {
        "/progression/early-career/learning-sets/{learning_set[warwickshire]}/meetings/new": "workforce@warwickshire"
    },
}
"""By page, who looks at which address of it."""

ELSEWHERE = "in tests/browser/test_five_councils.py and the tests of its own package"
PROGRESSION_LEFT_OUT = {
    "portfolios.identifiers": "once something is found, in tests/progression/test_portfolios_pages.py",
    "portfolios.my_file": "a file",
    "early_career.reopen": "once an ending was written down by mistake, in tests/progression/test_early_pages.py",
    "portfolios.file": "a file",
    "panels.file": "a file",
    "panels.end_interest": "once somebody has declared one",
    "panels.reveal": "once somebody is missing at a meeting that is over",
    "requests.enact": ELSEWHERE,
    "requests.my_letter_as_pdf": "a PDF",
    "requests.team_letter_as_pdf": "a PDF",
    "requests.letter_as_pdf": "a PDF",
    "appeals.my_letter_as_pdf": "a PDF",
    "appeals.letter_as_pdf": "a PDF",
    "appeals.appeal": "while no appeal was made yet",
    "exports.one": "once a file was taken",
    "exports.as_csv": "a table as a file",
    "exports.as_workbook": "a workbook",
    "early_career.completed": "a table as a file",
    "early_career.remove_pause": "by the number of a pause",
    "early_career.end_support": "by the number of a relation",
    "early_career.attendance": "by the number of a meeting",
}
