"""What a frozen decision holds, that the same comes out of it again, and who may read how much of it."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.progression.documents.rules import (
    Reading,
    asked_facts,
    check_code,
    fact_from_json,
    fact_to_json,
    for_reading,
    frozen_standing,
    is_code_of,
    reading_of,
    way_of,
    what_differs,
)
from cpd.progression.pathways.rules import standing_to
from cpd.requirements.evaluator import RecordIndex
from cpd.requirements.record import Fact, FactKind, Record
from cpd.schemes.pathway_shape import Transition
from cpd.schemes.reading import read_pack
from cpd.shared.roles import Role

PACKS = Path(__file__).parents[2] / "cpd" / "schemes" / "packs"
TRANSITIONS = [
    (path.stem, transition)
    for path in sorted(PACKS.glob("*.yaml"))
    for pathway in read_pack(path.read_text()).career_pathways
    for transition in pathway.transitions
]
ON = date(2019, 1, 2)
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

ASKED = Transition.model_validate_json(
    json.dumps(
        {
            "code": "new-able",
            "title": "Up",
            "from_level": "new",
            "to_level": "able",
            "transition_mode": "approval",
            "criteria": [
                {"code": "court", "title": "Court", "requirement": {"completed": "C1"}},
                {
                    "code": "credits",
                    "title": "Credits",
                    "requirement": {"credits": {"credits": 20, "academic_level": 7}},
                },
                {
                    "code": "year",
                    "title": "Year",
                    "requirement": {"time_in_career_level": {"career_level": "new", "months": 12}},
                },
                {"code": "seen", "title": "Seen", "requirement": {"evidence": {"kind": "observation", "count": 2}}},
                {"code": "panel", "title": "Panel", "requirement": {"outcome": {"panel": "young", "outcome": "pass"}}},
                {
                    "code": "shops",
                    "title": "Shops",
                    "is_flag": True,
                    "requirement": {"attended": {"programme": "way", "count": 2}},
                },
            ],
            "steps": [
                {"step": "approval", "role": "assistant_director"},
                {"step": "enactment", "role": "operations_manager"},
            ],
        }
    )
)
SUBJECTS = {
    FactKind.COMPLETED: ("C1", "W1", "X9"),
    FactKind.RECOGNISED: ("C1", "X9"),
    FactKind.LEARNING: ("A course with somebody’s name",),
    FactKind.CREDIT: ("C1", "other"),
    FactKind.OUTCOME: ("young", "elsewhere"),
    FactKind.EVIDENCE: ("observation", "letter"),
    FactKind.CAREER_LEVEL: ("new", "able"),
    FactKind.CAREER_BREAK: ("",),
    FactKind.QUALIFIED: ("",),
    FactKind.APPROVAL: ("assistant_director",),
    FactKind.PENDING: ("young", "observation", "letter"),
}
days = st.dates(date(2017, 1, 1), ON)


@st.composite
def facts(draw):
    kind = draw(st.sampled_from(sorted(SUBJECTS)))
    on = draw(days)
    pending = kind is FactKind.PENDING
    return Fact(
        kind,
        draw(st.sampled_from(SUBJECTS[kind])),
        on,
        draw(st.sampled_from([None, datetime(on.year, on.month, on.day, 9, tzinfo=UTC)])),
        draw(st.one_of(st.none(), st.dates(on, date(2030, 1, 1)))) if kind is FactKind.CAREER_LEVEL else None,
        {FactKind.OUTCOME: "pass", FactKind.PENDING: "outcome"}.get(kind, ""),
        Decimal(20) if kind is FactKind.CREDIT else None,
        7 if kind is FactKind.CREDIT else None,
        draw(st.sampled_from(["", "way"])) if kind is FactKind.COMPLETED else "",
        ahead=pending,
        reference=f"fact:{draw(st.integers(1, 9999))}",
    )


@given(st.lists(facts(), max_size=12))
def test_the_same_comes_out_of_the_facts_that_are_frozen(found):
    """Only what the criteria ask about is kept, and it is enough: worked out anew, no line differs."""
    way = way_of(ASKED)
    standing = standing_to(way, "new", RecordIndex(Record(1, tuple(found))), ON)
    frozen = json.loads(json.dumps(frozen_standing(standing, "new", ON, found)))

    assert what_differs({"standing": frozen}) == []
    assert {each["subject"] for each in frozen["facts"] if "subject" in each} <= {
        "C1", "W1", "X9", "other", "young", "observation", "new", "able", "assistant_director", "letter",
    }  # fmt: skip
    assert not any(each["kind"] == "learning" for each in frozen["facts"])


@given(facts())
def test_a_fact_is_written_down_and_read_again_as_it_was(fact):
    assert fact_from_json(json.loads(json.dumps(fact_to_json(fact)))) == fact


@pytest.mark.parametrize(("pack", "transition"), TRANSITIONS, ids=lambda each: getattr(each, "code", each))
def test_every_step_of_every_pack_can_be_frozen_and_worked_out_anew(pack, transition):
    record = Record(1, (Fact(FactKind.CAREER_LEVEL, transition.from_level, date(2015, 1, 1), reference="post:1"),))
    standing = standing_to(way_of(transition), transition.from_level, RecordIndex(record), ON)
    frozen = json.loads(json.dumps(frozen_standing(standing, transition.from_level, ON, record.facts)))

    assert what_differs({"standing": frozen}) == []
    assert Transition.model_validate_json(json.dumps(frozen["transition"])) == transition


def frozen_example():
    found = [Fact(FactKind.COMPLETED, "C1", date(2018, 5, 1), reference="fact:1")]
    standing = standing_to(way_of(ASKED), "new", RecordIndex(Record(1, tuple(found))), ON)
    return {"standing": json.loads(json.dumps(frozen_standing(standing, "new", ON, found)))}


def test_a_line_that_was_altered_comes_out_differently():
    content = frozen_example()
    content["standing"]["lines"][1]["state"] = "met"

    assert what_differs(content) == ["credits"]


def test_a_fact_that_was_taken_out_comes_out_differently():
    content = frozen_example()
    content["standing"]["facts"] = []

    assert what_differs(content) == ["court"]


def test_a_verdict_that_was_altered_comes_out_differently():
    content = frozen_example()
    content["standing"]["verdict"] = "ready"

    assert what_differs(content) == ["verdict"]


@pytest.mark.parametrize("broken", [{}, {"transition": {}}, {"transition": 3, "facts": [], "on": "2019-01-02"}])
def test_what_cannot_be_read_says_so(broken):
    with pytest.raises(ValueError):
        what_differs({"standing": broken})


def test_a_document_without_a_standing_has_nothing_to_differ():
    assert what_differs({"standing": None}) == []


def test_the_check_code_is_the_beginning_of_the_fingerprint_in_groups():
    assert check_code(HASH) == "9F86 D081 884C 7D65"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("9F86 D081 884C 7D65", True),
        ("9f86d081884c7d65", True),
        ("9f86-d081-884c-7d65", True),
        (HASH, True),
        ("9F86 D081 884C 7D66", False),
        ("9F86", False),
        ("", False),
    ],
)
def test_a_code_is_known_however_it_is_spaced(typed, expected):
    assert is_code_of(HASH, typed) is expected


def test_facts_that_nothing_asks_about_are_left_out():
    found = [Fact(FactKind.COMPLETED, "X9", ON), Fact(FactKind.LEARNING, "Something private", ON)]

    assert asked_facts(way_of(ASKED), found) == []


CONTENT = {
    "standing": {
        "transition": {"steps": [{"step": "panel", "panel": "p"}, {"step": "approval", "role": "assistant_director"}]}
    },
    "panels": [
        {
            "judges": [{"person_id": 5, "name": "Jo", "role": "panel_member"}],
            "recommendations": [{"person_id": 5, "name": "Jo", "outcome": "pass", "reasons": "Good", "role": ""}],
            "interests": [{"person_id": 6, "name": "Ida", "words": "A friend"}],
        }
    ],
    "approvals": [{"person_id": 7}],
    "enactment": {"person_id": 8},
}


@pytest.mark.parametrize(
    ("viewer", "roles", "is_manager", "expected"),
    [
        (1, [], False, Reading.WHOLE),
        (2, [], True, Reading.DECISION),
        (3, [], False, None),
        (3, [Role.PANEL_MEMBER], False, None),
        (5, [Role.PANEL_MEMBER], False, Reading.WHOLE),
        (5, [Role.PANEL_MEMBER], True, Reading.WHOLE),
        (6, [Role.PANEL_MEMBER], False, None),
        (6, [Role.ASSISTANT_DIRECTOR], True, None),
        (6, [Role.WORKFORCE_DEVELOPMENT], False, None),
        (7, [], False, Reading.WHOLE),
        (8, [], False, Reading.WHOLE),
        (9, [Role.ASSISTANT_DIRECTOR], False, Reading.WHOLE),
        (9, [Role.ASSISTANT_DIRECTOR], True, Reading.DECISION),
        (9, [Role.OPERATIONS_MANAGER], False, None),
        (9, [Role.WORKFORCE_DEVELOPMENT], False, Reading.WHOLE),
        (9, [Role.WORKFORCE_DEVELOPMENT], True, Reading.DECISION),
        (9, [Role.AUDITOR], False, None),
        (9, [Role.ADMINISTRATOR], False, None),
        (9, [Role.HR], False, None),
    ],
    ids=[
        "the person herself",
        "her line manager",
        "a colleague",
        "a member of panels who did not judge",
        "who judged",
        "who judged and manages her",
        "who declared an interest",
        "who declared an interest, whatever her roles",
        "who declared an interest, also in Workforce Development",
        "who approved",
        "who made the change",
        "who has to approve by the steps",
        "her line manager who has to approve too",
        "a role that is no step of it",
        "Workforce Development",
        "her line manager in Workforce Development",
        "the auditor, who sees nobody's name",
        "the administrator",
        "HR",
    ],
)
def test_who_may_read_how_much(viewer, roles, is_manager, expected):
    assert reading_of(viewer, roles, CONTENT, 1, is_manager=is_manager) is expected


def test_the_line_manager_reads_no_single_recommendation():
    seen = for_reading(copy.deepcopy(CONTENT), Reading.DECISION)

    assert seen["panels"][0]["recommendations"] == seen["panels"][0]["interests"] == []
    assert for_reading(CONTENT, Reading.WHOLE) is CONTENT
