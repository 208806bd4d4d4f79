"""One programme put together for its page: what is next, what is done, and what whoever looks may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.progression.early import reviews
from cpd.progression.early.course import (
    SELF_ASSESSMENT,
    Point,
    State,
    SupervisionKept,
    latest_end,
    next_point,
    supervision_kept,
)
from cpd.progression.early.enrolled import Enrolled, is_paused
from cpd.progression.early.learning_sets import SetFacts, sets_of_person
from cpd.progression.early.models import ReviewPoint, SupportAgreement
from cpd.progression.early.reading import Support, sessions_of, supports_of, workshops_of
from cpd.progression.early.rules import (
    MAY_READ_SELF_ASSESSMENTS,
    MAY_RECORD_REVIEWS,
    MAY_RECORD_SUPERVISION,
    MAY_WRITE_AGREEMENT,
    Party,
    Seat,
    changed_since,
    party_of,
    seat_of,
    signers,
)
from cpd.progression.early.timeline import timeline_picture
from cpd.progression.early.words import LABELS, OUTCOMES, PARTIES, left_words, point_words
from cpd.record.service import records_of
from cpd.requirements.record import FactKind
from cpd.schemes.early_career_shape import ReviewPointKind
from cpd.shared import clock
from cpd.shared.wording import and_words, counted, date_words
from cpd.study.managers import manager_of
from cpd.study.protected import service as protected
from cpd.study.protected.words import long

LINE_MANAGER = "the line manager"
"""How a scheme names her line manager among those with whom supervision is."""


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at an enrolment, as whom, and who else is there."""

    enrolled: Enrolled
    seat: Seat
    supports: tuple[Support, ...]
    manager_id: int | None

    @property
    def running(self) -> list[Support]:
        """Who supports her today."""
        return [each for each in self.supports if each.holds_on(clock.today())]

    @property
    def assessors(self) -> list[int]:
        """Who assesses her today."""
        return sorted({each.supporter_id for each in self.running if each.kind.assesses})


def look_at(enrolled: Enrolled, viewer_id: int, *, is_officer: bool) -> Look | None:
    """Say as whom somebody looks at an enrolment; None where it is not hers to see. Three queries."""
    manager_id = manager_of(enrolled.person_id)
    held = tuple(supports_of([enrolled.person_id]).get(enrolled.person_id, ()))
    today = clock.today()
    running = [(each.supporter_id, each.kind) for each in held if each.holds_on(today)]
    seat = seat_of(viewer_id, enrolled.person_id, manager_id, running, is_officer=is_officer)
    return Look(enrolled, seat, held, manager_id) if seat else None


@dataclass(frozen=True, slots=True)
class PointShown:
    """One line of the list: how it stands, when, and where to go on."""

    point: Point
    label: tuple[str, str]
    words: str
    href: str
    link: str
    review: ReviewPoint | None


@dataclass(frozen=True, slots=True)
class AgreementShown:
    """The agreement in force, who signed, and what the viewer can do with it."""

    row: SupportAgreement | None
    signatures: tuple[tuple[str, str], ...]
    missing: str
    changed: str
    """Whose place somebody else has taken since it was signed; empty: nobody's."""
    may_sign: bool
    may_write: bool


@dataclass(frozen=True, slots=True)
class EarlyPage:
    """Everything that the page of one programme shows."""

    look: Look
    address: str
    picture: Markup
    points: tuple[PointShown, ...]
    next: PointShown | None
    next_words: str
    facts: tuple[tuple[str, str], ...]
    is_paused: bool
    agreement: AgreementShown | None
    supervision: tuple[SupervisionKept, ...]
    sessions: Mapping[str, list[tuple[int, str]]]
    workshops: tuple[int, int] | None
    flags: tuple[tuple[str, str], ...]
    sets: tuple[SetFacts, ...]
    assumptions: tuple[str, ...]
    may_record_supervision: bool
    is_companion: bool


def page_of(look: Look, viewer_id: int) -> EarlyPage:
    """Put a programme together; a mentor or buddy gets name, programme and dates only (C-7)."""
    enrolled, today = look.enrolled, clock.today()
    points = enrolled.points(today)
    if look.seat is Seat.COMPANION:
        return _for_companions(look, today)
    written = reviews.reviews_of(enrolled.id)
    agreement = _agreement(look, viewer_id)
    shown = tuple(_shown(each, look, written.get(each.code), agreement) for each in points)
    coming = next_point(points)
    record = records_of([enrolled.person_id], today)[enrolled.person_id]
    scheme = catalogue.schemes_by_id([enrolled.scheme_version_id])[enrolled.scheme_version_id]
    workshops = workshops_of(enrolled, scheme.pack, record)
    held = sessions_of([enrolled.id]).get(enrolled.id, [])
    kept = tuple(_named(each, look.manager_id) for each in _kept(enrolled, held, today))
    induction = enrolled.programme.induction
    has_induction = any(each.kind is FactKind.EVIDENCE and each.subject == induction for each in record.facts)
    cited = {*enrolled.programme.cites, *(each for one in enrolled.programme.supervision for each in one.cites)}
    return EarlyPage(
        look,
        address_of(look),
        _picture(enrolled, points, today),
        shown,
        next((each for each in shown if coming and each.point.code == coming.code), None),
        _next_words(coming, today),
        tuple(_facts(look, today)),
        is_paused(enrolled, today),
        agreement,
        kept,
        {
            each.code: [(number, f"{date_words(on)}, {whom}") for number, code, on, whom in held if code == each.code]
            for each in kept
        },
        workshops,
        tuple(flags_of(enrolled, workshops, kept, protected_words(enrolled.person_id), has_induction=has_induction)),
        tuple(sets_of_person(enrolled.person_id)) if enrolled.programme.has_learning_sets else (),
        tuple(each.sentence for each in scheme.pack.assumptions if each.id in cited),
        look.seat in MAY_RECORD_SUPERVISION and enrolled.is_live,
        is_companion=False,
    )


def _for_companions(look: Look, today: date) -> EarlyPage:
    shown = ("Programme", "Began on", "Expected to end", "Ended")
    return EarlyPage(
        look=look,
        address=address_of(look),
        picture=Markup(),
        points=(),
        next=None,
        next_words="",
        facts=tuple(each for each in _facts(look, today) if each[0] in shown),
        is_paused=False,
        agreement=None,
        supervision=(),
        sessions={},
        workshops=None,
        flags=(),
        sets=(),
        assumptions=(),
        may_record_supervision=False,
        is_companion=True,
    )


def address_of(look: Look) -> str:
    """Return the page of a programme as its viewer has it."""
    return "/my/early-career" if look.seat is Seat.WORKER else f"/progression/early-career/{look.enrolled.id}"


def flags_of(
    enrolled: Enrolled,
    workshops: tuple[int, int] | None,
    kept: tuple[SupervisionKept, ...],
    protected_said: str,
    *,
    has_induction: bool,
) -> list[tuple[str, str]]:
    """List the figures that a review looks at; none of them is in anybody's way (AMB-36)."""
    flags = []
    if workshops:
        flags.append(("Workshops", f"{workshops[0]} of {workshops[1]} attended"))
    for each in kept:
        over = len(each.over)
        if over:
            words = f"Held in {each.kept} of {counted(over, 'period')}"
            flags.append((each.title, words if each.kept == over else f"{words}, missed in {over - each.kept}"))
        else:
            flags.append((each.title, "No period is over yet"))
    if protected_said:
        flags.append(("Protected time", protected_said))
    if enrolled.programme.induction:
        flags.append(("Induction checklist", "Accepted" if has_induction else "Not accepted yet"))
    written = [each for each in enrolled.programme.self_assessments if each.code in enrolled.held]
    if enrolled.programme.self_assessments:
        number = len(enrolled.programme.self_assessments)
        flags.append(("Self-assessments", f"{len(written)} of {number} written"))
    return flags


def review_flags(look: Look) -> list[tuple[str, str]]:
    """List the same figures for the form of a review."""
    enrolled, today = look.enrolled, clock.today()
    record = records_of([enrolled.person_id], today)[enrolled.person_id]
    scheme = catalogue.schemes_by_id([enrolled.scheme_version_id])[enrolled.scheme_version_id]
    kept = tuple(_kept(enrolled, sessions_of([enrolled.id]).get(enrolled.id, []), today))
    induction = enrolled.programme.induction
    has_induction = any(each.kind is FactKind.EVIDENCE and each.subject == induction for each in record.facts)
    workshops = workshops_of(enrolled, scheme.pack, record)
    said = protected_words(enrolled.person_id)
    return flags_of(enrolled, workshops, kept, said, has_induction=has_induction)


def protected_words(person_id: int) -> str:
    """Say how much protected time somebody has had; empty where she has none."""
    balance = protected.summary_of(person_id)
    if balance is None:
        return ""
    return f"{long(balance.had)} of {long(balance.due)} due until now"


def _kept(enrolled: Enrolled, held: list[tuple[int, str, date, str]], today: date) -> list[SupervisionKept]:
    over = enrolled.ended.on if enrolled.ended else None
    return [
        supervision_kept(
            pattern,
            enrolled.programme,
            enrolled.course,
            [on for _, code, on, _ in held if code == pattern.code],
            today,
            ended_on=over,
        )
        for pattern in enrolled.programme.supervision
    ]


def _named(kept: SupervisionKept, manager_id: int | None) -> SupervisionKept:
    """Say with whom it is by name, where that is the line manager. One query, which a page asks once."""
    words = f"{kept.with_whom[:1].lower()}{kept.with_whom[1:]}"
    manager = people.persons_by_id([manager_id]).get(manager_id) if manager_id and LINE_MANAGER in words else None
    return replace(kept, with_whom=words.replace(LINE_MANAGER, manager.name) if manager else words)


def _picture(enrolled: Enrolled, points: list[Point], today: date) -> Markup:
    title = f"{enrolled.programme.title}: {enrolled.person}"
    return timeline_picture(
        title, enrolled.course.starts_on, enrolled.ends_on(today), points, enrolled.course.pauses, today
    )


def _next_words(coming: Point | None, today: date) -> str:
    if coming is None:
        return "Nothing more is due."
    if coming.state is State.PAUSED:
        return "Nothing is due during the pause."
    return f"{point_words(coming)}, {left_words((coming.due_on - today).days)}."


def _shown(point: Point, look: Look, review: ReviewPoint | None, agreement: AgreementShown | None) -> PointShown:
    """Say of a point where its page is, if the viewer may open it."""
    base = f"/progression/early-career/{look.enrolled.id}"
    href, link = "", ""
    is_live, is_done = look.enrolled.is_live, point.state is State.DONE
    if point.kind == SELF_ASSESSMENT:
        if look.seat in MAY_READ_SELF_ASSESSMENTS and (is_done or look.seat is Seat.WORKER):
            href = f"{base}/self-assessments/{point.code}"
            link = "Read it" if is_done else "Write it" if is_live and _is_open(point) else ""
    elif point.kind == ReviewPointKind.AGREEMENT:
        href = "#agreement"
        if agreement and agreement.row:
            link = "Sign it" if agreement.may_sign else "Read it"
        elif agreement and agreement.may_write:
            href, link = f"{base}/agreement", "Write it"
    elif look.seat in MAY_RECORD_REVIEWS and (is_done or (_is_open(point) and is_live)):
        href, link = f"{base}/reviews/{point.code}", "Correct it" if is_done else "Write it down"
    return PointShown(point, LABELS[point.state], point_words(point), href if link else "", link, review)


def _is_open(point: Point) -> bool:
    """Say whether it can be held or written now; in a pause too, where its time had come before."""
    in_time = point.state is State.PAUSED and point.opens_on <= clock.today()
    return in_time or point.state in (State.DUE, State.LATE)


def _agreement(look: Look, viewer_id: int) -> AgreementShown | None:
    kinds = [each.review_point_kind for each in look.enrolled.programme.review_points]
    if ReviewPointKind.AGREEMENT not in kinds:
        return None
    row = reviews.agreement_of(look.enrolled.id)
    signed = reviews.signatures_of(row.id) if row else {}
    names = people.persons_by_id([person_id for person_id, _ in signed.values()]) if signed else {}
    who = signers(look.enrolled.person_id, look.assessors, look.manager_id)
    by = {Party(each): person_id for each, (person_id, _) in signed.items()}
    party = party_of(viewer_id, who, [Party(each) for each in signed])
    missing = [each for each in Party if each not in signed]
    return AgreementShown(
        row,
        tuple(
            (PARTIES[Party(each)], f"{names[person_id].name}, {date_words(on)}")
            for each, (person_id, on) in sorted(signed.items(), key=lambda pair: [*Party].index(Party(pair[0])))
        ),
        and_words(PARTIES[each].lower() for each in missing) if row and missing else "",
        and_words(PARTIES[each].lower() for each in changed_since(by, who)) if look.enrolled.is_live else "",
        may_sign=row is not None and party is not None and look.enrolled.is_live,
        may_write=look.seat in MAY_WRITE_AGREEMENT and look.enrolled.is_live,
    )


def _facts(look: Look, today: date) -> list[tuple[str, str]]:
    enrolled = look.enrolled
    ended = enrolled.ended
    facts = [("Programme", enrolled.programme.title), ("Began on", date_words(enrolled.course.starts_on))]
    if enrolled.cohort:
        facts.append(("Cohort", enrolled.cohort))
    if ended:
        facts.append(("Ended", f"{OUTCOMES[ended.outcome]}, {date_words(ended.on)}"))
    else:
        facts.append(("Expected to end", _end_words(enrolled, today)))
    latest = latest_end(enrolled.programme, enrolled.course)
    if latest and not ended:
        facts.append(("To be finished by", f"{date_words(latest)}, pauses included"))
    for each in enrolled.course.pauses:
        until = f"back on {date_words(each.back_on)}" if each.back_on else "not back yet"
        facts.append(("Pause", f"From {date_words(each.first_day)}, {until}"))
    for longer in enrolled.extensions:
        words = f"{counted(longer.days // 7, 'week')} longer, agreed on {date_words(longer.agreed_on)}"
        facts.append(("Extension", f"{words}: {longer.reason}" if look.seat is not Seat.COMPANION else words))
    return facts


def _end_words(enrolled: Enrolled, today: date) -> str:
    fewest, most = enrolled.programme.months
    words = date_words(enrolled.ends_on(today))
    if enrolled.course.open_pause:
        return f"{words}, and later by every further day of the pause"
    return f"{words}, after {fewest} to {most} months" if fewest < most else words
