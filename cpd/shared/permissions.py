"""Who may do what: one table. A page that names no action is refused to everybody.

An action either belongs to everyone who is signed in, or to those who hold one of its roles. That
somebody may see one person and not another ("is this my team?") is decided in `people.rules`.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from cpd.shared.roles import Role


class Action(StrEnum):
    """Something that a page does on somebody's behalf."""

    SEE_CATALOGUE = "see_catalogue"
    SEE_TIMETABLE = "see_timetable"
    BOOK_OWN_PLACE = "book_own_place"
    SEE_OWN_RECORD = "see_own_record"
    SEND_IN_LEARNING = "send_in_learning"
    RECOGNISE_LEARNING = "recognise_learning"
    MANAGE_OWN_ACCOUNT = "manage_own_account"
    SEE_TEAM = "see_team"
    SEE_PERSON = "see_person"
    SEE_SESSION_LIST = "see_session_list"
    KEEP_REGISTER = "keep_register"
    SIGN_IN_ON_THE_DAY = "sign_in_on_the_day"
    EVALUATE = "evaluate"
    SEE_EVALUATIONS = "see_evaluations"
    PRINT_CERTIFICATES = "print_certificates"
    KEEP_AWARDS = "keep_awards"
    SEE_OWN_CREDITS = "see_own_credits"
    KEEP_CREDITS = "keep_credits"
    SEE_MATERIALS = "see_materials"
    KEEP_MATERIALS = "keep_materials"
    BOOK_FOR_OTHERS = "book_for_others"
    CHANGE_TIMETABLE = "change_timetable"
    IMPORT_FILES = "import_files"
    IMPORT_PEOPLE = "import_people"
    SEE_OUTBOX = "see_outbox"
    APPLY_FOR_AWARD_PLACES = "apply_for_award_places"
    DECIDE_AWARD_PLACES = "decide_award_places"
    ASK_FOR_FUNDING = "ask_for_funding"
    DECIDE_FUNDING = "decide_funding"
    COMMENT_ON_APPLICATIONS = "comment_on_applications"
    KEEP_TIME_AWAY = "keep_time_away"
    KEEP_PROTECTED_TIME = "keep_protected_time"
    ASK_FOR_STUDY_DAYS = "ask_for_study_days"
    DECIDE_ON_STUDY_DAYS = "decide_on_study_days"
    KEEP_CPD_RECORD = "keep_cpd_record"
    KEEP_DEVELOPMENT_PLAN = "keep_development_plan"
    AGREE_ON_PLANS = "agree_on_plans"
    ASK_TO_PROGRESS = "ask_to_progress"
    DECIDE_ON_PROGRESS = "decide_on_progress"
    NAME_COVER = "name_cover"
    SEE_PROGRESS = "see_progress"
    KEEP_PATHWAYS = "keep_pathways"
    KEEP_PANELS = "keep_panels"
    JUDGE_CASES = "judge_cases"
    HAND_IN_EVIDENCE = "hand_in_evidence"
    READ_EVIDENCE = "read_evidence"
    ACCEPT_EVIDENCE = "accept_evidence"
    SEE_EARLY_CAREER = "see_early_career"
    KEEP_EARLY_CAREER = "keep_early_career"
    SEE_DECISIONS = "see_decisions"
    SEE_OPENNESS = "see_openness"
    AUDIT_PROGRESSION = "audit_progression"
    SEE_RETENTION = "see_retention"
    SEE_PROGRESSION = "see_progression"
    SEE_VACANCIES = "see_vacancies"
    KEEP_VACANCIES = "keep_vacancies"
    APPEAL = "appeal"
    SEE_APPEALS = "see_appeals"
    ASSIGN_APPEALS = "assign_appeals"
    DECIDE_APPEALS = "decide_appeals"
    EXPORT_CHANGES = "export_changes"


EVERYONE = frozenset[Role]()

PERMISSIONS: dict[Action, frozenset[Role]] = {
    Action.SEE_CATALOGUE: EVERYONE,
    Action.SEE_TIMETABLE: EVERYONE,
    Action.BOOK_OWN_PLACE: EVERYONE,
    Action.SEE_OWN_RECORD: EVERYONE,
    Action.SEND_IN_LEARNING: EVERYONE,
    Action.RECOGNISE_LEARNING: frozenset({Role.WORKFORCE_DEVELOPMENT}),
    Action.MANAGE_OWN_ACCOUNT: EVERYONE,
    Action.SEE_TEAM: EVERYONE,  # the page shows only those she manages
    Action.SEE_PERSON: EVERYONE,  # refused by people.rules where she neither is nor manages the person
    Action.SEE_SESSION_LIST: EVERYONE,  # the page answers only to its facilitators and its Workforce Development
    Action.KEEP_REGISTER: EVERYONE,  # the same: whoever was named as facilitator, whatever her roles
    Action.SIGN_IN_ON_THE_DAY: EVERYONE,
    Action.EVALUATE: EVERYONE,  # refused by attendance.evaluation.rules where she was not there
    Action.SEE_EVALUATIONS: frozenset({Role.WORKFORCE_DEVELOPMENT, Role.FACILITATOR}),  # hers: of her own sessions
    Action.PRINT_CERTIFICATES: frozenset({Role.WORKFORCE_DEVELOPMENT}),  # of the organisation's own people
    Action.KEEP_AWARDS: frozenset({Role.WORKFORCE_DEVELOPMENT}),
    Action.SEE_OWN_CREDITS: EVERYONE,
    Action.KEEP_CREDITS: frozenset({Role.WORKFORCE_DEVELOPMENT}),
    Action.SEE_MATERIALS: EVERYONE,  # those of sessions that she attended, and what is open to all
    Action.KEEP_MATERIALS: frozenset({Role.WORKFORCE_DEVELOPMENT, Role.FACILITATOR}),
    Action.BOOK_FOR_OTHERS: frozenset({Role.WORKFORCE_DEVELOPMENT}),
    Action.CHANGE_TIMETABLE: frozenset({Role.WORKFORCE_DEVELOPMENT}),
    Action.IMPORT_FILES: frozenset({Role.WORKFORCE_DEVELOPMENT}),
    Action.IMPORT_PEOPLE: frozenset({Role.WORKFORCE_DEVELOPMENT, Role.HR, Role.ADMINISTRATOR}),
    Action.SEE_OUTBOX: frozenset({Role.WORKFORCE_DEVELOPMENT, Role.ADMINISTRATOR}),
    Action.APPLY_FOR_AWARD_PLACES: EVERYONE,
    Action.DECIDE_AWARD_PLACES: frozenset(
        {Role.WORKFORCE_DEVELOPMENT, Role.SERVICE_MANAGER, Role.ASSISTANT_DIRECTOR}
    ),  # which of them, the scheme says for each award
    Action.ASK_FOR_FUNDING: EVERYONE,
    Action.DECIDE_FUNDING: frozenset({Role.ASSISTANT_DIRECTOR}),
    Action.COMMENT_ON_APPLICATIONS: EVERYONE,  # the pages show only those whom she manages
    Action.KEEP_TIME_AWAY: EVERYONE,  # refused by people.rules where she neither manages the person nor is an officer
    Action.KEEP_PROTECTED_TIME: EVERYONE,  # the page asks only those who have protected time
    Action.ASK_FOR_STUDY_DAYS: EVERYONE,
    Action.DECIDE_ON_STUDY_DAYS: EVERYONE,  # refused by study.days.rules where she is not who decides
    Action.KEEP_CPD_RECORD: EVERYONE,  # her own; the pages show nobody else's but what was shared
    Action.KEEP_DEVELOPMENT_PLAN: EVERYONE,
    Action.AGREE_ON_PLANS: EVERYONE,  # the pages show only those whom she manages
    Action.ASK_TO_PROGRESS: EVERYONE,  # her own; who may ask for what, progression.requests.rules says
    Action.DECIDE_ON_PROGRESS: EVERYONE,  # the pages show what waits for her role, or where she stands in
    Action.NAME_COVER: frozenset(
        {
            Role.WORKFORCE_DEVELOPMENT,
            Role.PRINCIPAL_SOCIAL_WORKER,
            Role.SERVICE_MANAGER,
            Role.OPERATIONS_MANAGER,
            Role.ASSISTANT_DIRECTOR,
        }
    ),  # for herself, or as Workforce Development for a colleague
    Action.SEE_PROGRESS: frozenset(
        {
            Role.WORKFORCE_DEVELOPMENT,
            Role.PRINCIPAL_SOCIAL_WORKER,
            Role.SERVICE_MANAGER,
            Role.OPERATIONS_MANAGER,
            Role.ASSISTANT_DIRECTOR,
        }
    ),  # everybody's of her organisation; managers see their own people's by people.rules
    Action.KEEP_PATHWAYS: frozenset({Role.WORKFORCE_DEVELOPMENT}),
    Action.KEEP_PANELS: frozenset({Role.WORKFORCE_DEVELOPMENT}),
    Action.JUDGE_CASES: EVERYONE,  # refused by progression.panels.access to whom a case is not assigned, or in conflict
    Action.HAND_IN_EVIDENCE: EVERYONE,
    Action.READ_EVIDENCE: EVERYONE,  # refused by progression.portfolios.access where it is nothing to her
    Action.ACCEPT_EVIDENCE: frozenset(
        {
            Role.ASSESSOR,
            Role.PANEL_MEMBER,
            Role.PRINCIPAL_SOCIAL_WORKER,
            Role.SERVICE_MANAGER,
            Role.OPERATIONS_MANAGER,
            Role.ASSISTANT_DIRECTOR,
        }
    ),  # which of them, the scheme says for each kind of evidence; line managers find theirs with their team
    Action.SEE_EARLY_CAREER: EVERYONE,  # refused by progression.early.rules to whoever has no seat beside the worker
    Action.KEEP_EARLY_CAREER: frozenset({Role.WORKFORCE_DEVELOPMENT}),
    Action.SEE_PROGRESSION: frozenset(
        {
            Role.WORKFORCE_DEVELOPMENT,
            Role.ASSESSOR,
            Role.PANEL_MEMBER,
            Role.PRINCIPAL_SOCIAL_WORKER,
            Role.SERVICE_MANAGER,
            Role.OPERATIONS_MANAGER,
            Role.ASSISTANT_DIRECTOR,
            Role.HR,
            Role.AUDITOR,
        }
    ),  # the page that leads to what each of them may do
    Action.SEE_DECISIONS: EVERYONE,  # a document answers only to those whom progression.documents.rules names
    Action.SEE_OPENNESS: EVERYONE,  # nobody is named there but members of panels (C-4)
    Action.AUDIT_PROGRESSION: frozenset({Role.AUDITOR, Role.WORKFORCE_DEVELOPMENT}),  # nobody is named there
    Action.SEE_RETENTION: frozenset(
        {
            Role.WORKFORCE_DEVELOPMENT,
            Role.PRINCIPAL_SOCIAL_WORKER,
            Role.OPERATIONS_MANAGER,
            Role.ASSISTANT_DIRECTOR,
        }
    ),
    Action.SEE_VACANCIES: EVERYONE,
    Action.KEEP_VACANCIES: frozenset({Role.HR, Role.OPERATIONS_MANAGER}),
    Action.APPEAL: EVERYONE,  # the pages show only her own
    Action.SEE_APPEALS: frozenset(
        {Role.WORKFORCE_DEVELOPMENT, Role.ASSISTANT_DIRECTOR, Role.PRINCIPAL_SOCIAL_WORKER, Role.OPERATIONS_MANAGER}
    ),  # those who decide see the ones given to them
    Action.ASSIGN_APPEALS: frozenset({Role.WORKFORCE_DEVELOPMENT}),
    Action.DECIDE_APPEALS: frozenset(
        {Role.ASSISTANT_DIRECTOR, Role.PRINCIPAL_SOCIAL_WORKER, Role.OPERATIONS_MANAGER}
    ),  # refused by progression.appeals.rules where she had a part in it
    Action.EXPORT_CHANGES: frozenset({Role.HR}),
}


def allows(action: Action, roles: Collection[Role]) -> bool:
    """Say whether somebody signed in and holding these roles may do this."""
    needed = PERMISSIONS[action]
    return needed is EVERYONE or not needed.isdisjoint(roles)
