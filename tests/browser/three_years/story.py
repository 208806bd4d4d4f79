"""Three years of one worker at Warwickshire: who does what on which day, in the pages of the product.

The people are invented. What every page must say after each of these days stands in `sums.md`, counted by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TESS, MARY, OLIVE, FAY, NED, NORA = "Tess", "Mary", "Olive", "Fay", "Ned", "Nora"
NAMES = {
    MARY: "Mary Manager",
    NED: "Ned Neighbour",
    OLIVE: "Olive Officer",
    FAY: "Fay Facilitator",
    TESS: "Tess Threeyears",
    NORA: "Nora Nextdoor",
}
MANAGED_BY = {TESS: MARY, NORA: NED}
ROLES = {OLIVE: "workforce_development", FAY: "facilitator"}
UNIVERSITY = "Example University"
WORKSHOP = "ASYE-1"
LAST_DAY = "30 November 2025"

PORTFOLIO = "Portfolio of the assessed and supported year"


@dataclass(frozen=True)
class Act:
    """On a day, somebody does something."""

    on: str
    who: str
    does: str
    what: dict[str, Any] = field(default_factory=dict)


def _day(on: str, asked_on: str, part: str = "whole", kind: str = "study") -> tuple[Act, Act]:
    """A day that she asks for, and that Mary approves at once."""
    what = {"on": on, "part": part, "kind": kind}
    return Act(asked_on, TESS, "asks for a day", what), Act(asked_on, MARY, "approves")


ACTS = (
    Act("1 December 2022", OLIVE, "takes the file of posts", {"career_level": "nqsw", "since": "2022-12-01"}),
    Act("1 December 2022", OLIVE, "publishes the workshop"),
    Act(
        "12 December 2022",
        TESS,
        "writes a plan",
        {"aim": "Write assessments that a family understands", "by": "1 12 2023", "module": "Workshop 1"},
    ),
    Act("12 December 2022", TESS, "agrees to the plan"),
    Act("14 December 2022", MARY, "agrees to the plan"),
    # The assessed and supported year: no number of study days is set.
    Act(
        "6 February 2023",
        TESS,
        "asks for a day by telephone",
        {"on": "20 2 2023", "purpose": "To finish the first part of the portfolio"},
    ),
    Act("8 February 2023", MARY, "approves"),
    Act("1 March 2023", TESS, "books the workshop"),
    Act("2 March 2023", TESS, "cannot ask for a day", {"on": "13 3 2023", "because": "It clashes with Workshop 1"}),
    Act("13 March 2023", FAY, "closes the register"),
    *_day("24 3 2023", "20 March 2023", kind="wellbeing"),
    Act("4 September 2023", TESS, "begins a piece with the workshop"),
    Act(
        "6 September 2023",
        TESS,
        "finishes the piece",
        {"learnt": "How to say what I see without judging", "impact": "Families correct me sooner"},
    ),
    Act(
        "9 October 2023",
        TESS,
        "writes a piece by telephone",
        {
            "type": "Reading or research",
            "description": "Research on writing for families, to write plans they can use",
            "on": "5 10 2023",
            "learnt": "Short sentences are not less exact",
            "impact": "Two families have used their plan themselves",
        },
    ),
    Act(
        "16 October 2023",
        TESS,
        "reflects with a peer",
        {
            "piece": "Research on writing for families, to write plans they can use",
            "peer": "My line manager or supervisor",
            "on": "12 10 2023",
            "learnt": "To read a plan aloud before it goes out",
        },
    ),
    Act(
        "17 October 2023",
        TESS,
        "shares a piece",
        {"piece": "Research on writing for families, to write plans they can use"},
    ),
    Act("16 November 2023", OLIVE, "records what the panel said", {"on": "2023-11-16"}),
    Act("22 November 2023", TESS, "claims the portfolio", {"ended": "16 11 2023"}),
    Act("27 November 2023", OLIVE, "sends the claim on", {"answer": "31 1 2024"}),
    # Early professional development: 3.5 days.
    Act("1 December 2023", OLIVE, "takes the file of posts", {"career_level": "3a", "since": "2023-12-01"}),
    Act("4 December 2023", OLIVE, "enrols her", {"on": "4 12 2023"}),
    Act(
        "18 December 2023",
        MARY,
        "reviews the plan",
        {"on": "18 12 2023", "notes": "Assessments are clear; next the portfolio"},
    ),
    Act(
        "2 February 2024",
        OLIVE,
        "enters the answer",
        {"decision": "refused", "on": "31 1 2024", "reason": "The reflections name no theory"},
    ),
    *_day("19 2 2024", "5 February 2024"),
    Act("12 February 2024", TESS, "claims the portfolio", {"ended": "16 11 2023"}),
    Act("14 February 2024", OLIVE, "sends the claim on", {"answer": "24 4 2024"}),
    Act("26 April 2024", OLIVE, "enters the answer", {"decision": "awarded", "on": "24 4 2024"}),
    *_day("13 5 2024", "7 May 2024"),
    Act("10 May 2024", TESS, "cancels a day", {"day": "Monday 13 May 2024"}),
    *_day("10 6 2024", "3 June 2024"),
    *_day("8 7 2024", "3 June 2024"),
    Act("2 September 2024", TESS, "writes both pieces", {"on": "20 6 2024", "about": "court work"}),
    *_day("16 9 2024", "9 September 2024", part="morning"),
    Act(
        "7 October 2024",
        TESS,
        "cannot ask for a day",
        {"on": "21 10 2024", "part": "afternoon", "because": "That is more than is left (no days)."},
    ),
    Act(
        "7 October 2024",
        TESS,
        "asks for a day",
        {"on": "21 10 2024", "part": "afternoon", "kind": "study", "all_the_same": True},
    ),
    Act("9 October 2024", MARY, "declines", {"reason": "All 3.5 days are used; take it from the next stage"}),
    # Level 3b, and the university.
    Act("1 December 2024", OLIVE, "takes the file of posts", {"career_level": "3b", "since": "2024-12-01"}),
    Act(
        "9 December 2024",
        OLIVE,
        "enters what is expected",
        {"module": "Practice Educator stage one", "board": "26 2 2025"},
    ),
    Act(
        "9 December 2024",
        TESS,
        "reviews the plan",
        {"on": "9 12 2024", "notes": "Practice Educator stage one comes first"},
    ),
    Act("28 February 2025", OLIVE, "enters a board", {"module": "WA-PE-1", "on": "26 2 2025"}),
    Act("10 March 2025", OLIVE, "enters what is expected", {"module": "Research Module", "board": "16 7 2025"}),
    Act("15 July 2025", TESS, "sees what is left"),
    Act("17 July 2025", TESS, "sees that the result is overdue"),
    Act("18 July 2025", OLIVE, "enters a board", {"module": "WA-RESEARCH", "on": "17 7 2025"}),
    Act(
        "21 July 2025",
        OLIVE,
        "corrects the board",
        {"module": "Research Module", "on": "16 7 2025", "reason": "The letter says 16 July"},
    ),
    Act("21 July 2025", TESS, "sees the award by telephone"),
    Act("1 September 2025", TESS, "writes both pieces", {"on": "3 3 2025", "about": "teaching a student"}),
)
