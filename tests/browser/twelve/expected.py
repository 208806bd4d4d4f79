"""What a person who has read the registers in `story.py` would say of each of the twelve: written by hand.

For each: what happened, how far she is, what her record says of each module and how that is known, which other
lines her record has, what she missed and has not made up for, her certificates, and what stands in her calendar.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What must be true of one of the twelve on 20 March 2019."""

    happened: str
    progress: str
    record: tuple[tuple[str, str], ...]
    """For Modules 1 to 7 in their order: how it stands, and how that is known."""
    certificates: str
    """`M1 10 Jan`: of which module, completed when."""
    calendar: str
    besides: tuple[tuple[str, str, str, str], ...] = ()
    """Further lines in order of time: the day, what it is about, what it says, and how that is known."""
    withdrawn: str = ""
    """Certificates that were withdrawn."""
    missed: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    """Some of the messages that she must have had."""


NOT_DONE = ("Still to do", "")
NOT_NEEDED = ("Not done yet", "")
"""Module 7 complements the programme and is not a part of it (G-4, AMB-26)."""

OUTCOMES = {
    "Ada": Outcome(
        "Planned the whole programme at once, attended all of it, signed in by code on the first day, and came to "
        "Module 7 in between (G-4).",
        "6 of 6 done",
        (
            ("Done on 10 January 2019", "Register of 10 January 2019."),
            ("Done on 15 January 2019", "Register of 15 January 2019."),
            ("Done on 15 January 2019", "Register of 15 January 2019."),
            ("Done on 18 January 2019", "Register of 18 January 2019."),
            ("Done on 18 January 2019", "Register of 18 January 2019."),
            ("Done on 1 February 2019", "Registers of 31 January 2019 and 1 February 2019."),
            ("Done on 25 January 2019", "Register of 25 January 2019."),
        ),
        certificates="M1 10 Jan, M2 15 Jan, M3 15 Jan, M4 18 Jan, M5 18 Jan, M6 1 Feb, M7 25 Jan",
        calendar="M1 10 Jan, M2 15 Jan, M3 15 Jan, M4 18 Jan, M5 18 Jan, M7 25 Jan, M6 31 Jan, M6 1 Feb",
    ),
    "Bea": Outcome(
        "Just came to Module 1 and was added by the facilitator: it counts in full (AMB-21).",
        "6 of 6 done",
        (
            ("Done on 10 January 2019", "Register of 10 January 2019."),
            ("Done on 21 January 2019", "Register of 21 January 2019."),
            ("Done on 21 January 2019", "Register of 21 January 2019."),
            ("Done on 24 January 2019", "Register of 24 January 2019."),
            ("Done on 24 January 2019", "Register of 24 January 2019."),
            ("Done on 7 February 2019", "Registers of 6 February 2019 and 7 February 2019."),
            NOT_NEEDED,
        ),
        certificates="M1 10 Jan, M2 21 Jan, M3 21 Jan, M4 24 Jan, M5 24 Jan, M6 7 Feb",
        calendar="M2 21 Jan, M3 21 Jan, M4 24 Jan, M5 24 Jan, M6 6 Feb, M6 7 Feb",
    ),
    "Cal": Outcome(
        "Was marked absent from Module 4 by mistake; the closed register was opened again and put right.",
        "6 of 6 done",
        (
            ("Done on 10 January 2019", "Register of 10 January 2019."),
            ("Done on 15 January 2019", "Register of 15 January 2019."),
            ("Done on 15 January 2019", "Register of 15 January 2019."),
            ("Done on 18 January 2019", "Register of 18 January 2019."),
            ("Done on 18 January 2019", "Register of 18 January 2019."),
            ("Done on 1 February 2019", "Registers of 31 January 2019 and 1 February 2019."),
            NOT_NEEDED,
        ),
        certificates="M1 10 Jan, M2 15 Jan, M3 15 Jan, M4 18 Jan, M5 18 Jan, M6 1 Feb",
        calendar="M1 10 Jan, M2 15 Jan, M3 15 Jan, M4 18 Jan, M5 18 Jan, M6 31 Jan, M6 1 Feb",
        told=("Module 4 is complete, and 1 more",),
    ),
    "Dot": Outcome(
        "Stayed away on 15 January without a word. What rested on that was lost, and the places went on (AMB-23).",
        "1 of 6 done; next: Module 2",
        (
            ("Done on 10 January 2019", "Register of 10 January 2019."),
            NOT_DONE,
            NOT_DONE,
            NOT_DONE,
            NOT_DONE,
            NOT_DONE,
            NOT_NEEDED,
        ),
        certificates="M1 10 Jan",
        calendar="M1 10 Jan, M2 15 Jan, M3 15 Jan",
        missed=(
            "You were marked absent on Tuesday 15 January 2019: Module 3.",
            "You were marked absent on Tuesday 15 January 2019: Module 2.",
        ),
        told=(
            "Your place needs something: Module 3, Tuesday 15 January, and 4 more",
            "You no longer have a place: Module 4, Friday 18 January",
            "You no longer have a place: Module 5, Friday 18 January",
            "You no longer have a place: Module 6: Practical Simulation, Thursday 31 January",
        ),
    ),
    "Eve": Outcome(
        "Was excused from Module 5, moved Module 6 and did Module 5 on a later date.",
        "6 of 6 done",
        (
            ("Done on 16 January 2019", "Register of 16 January 2019."),
            ("Done on 21 January 2019", "Register of 21 January 2019."),
            ("Done on 21 January 2019", "Register of 21 January 2019."),
            ("Done on 24 January 2019", "Register of 24 January 2019."),
            ("Done on 12 February 2019", "Register of 12 February 2019."),
            ("Done on 21 February 2019", "Registers of 20 February 2019 and 21 February 2019."),
            NOT_NEEDED,
        ),
        certificates="M1 16 Jan, M2 21 Jan, M3 21 Jan, M4 24 Jan, M5 12 Feb, M6 21 Feb",
        calendar="M1 16 Jan, M2 21 Jan, M3 21 Jan, M4 24 Jan, M5 24 Jan, M5 12 Feb, M6 20 Feb, M6 21 Feb",
        told=("Your place needs something: Module 6: Practical Simulation, Thursday 31 January, and 1 more",),
    ),
    "Gwen": Outcome(
        "Did the Genograms Practice Short in November 2018 and need not repeat Module 1 (G-5).",
        "6 of 6 done",
        (
            (
                "Recognised on 27 November 2018",
                "Recognised by rule, because Genograms Practice Short was completed on 27 November 2018.",
            ),
            ("Done on 21 January 2019", "Register of 21 January 2019."),
            ("Done on 21 January 2019", "Register of 21 January 2019."),
            ("Done on 24 January 2019", "Register of 24 January 2019."),
            ("Done on 24 January 2019", "Register of 24 January 2019."),
            ("Done on 1 February 2019", "Registers of 31 January 2019 and 1 February 2019."),
            NOT_NEEDED,
        ),
        certificates="M2 21 Jan, M3 21 Jan, M4 24 Jan, M5 24 Jan, M6 1 Feb",
        calendar="M2 21 Jan, M3 21 Jan, M4 24 Jan, M5 24 Jan, M6 31 Jan, M6 1 Feb",
        besides=(
            (
                "27 November 2018",
                "PS-GENOGRAMS",
                "Completed",
                "Brought in from a file on 2 January 2019: Attendance list of the Practice Short.",
            ),
        ),
    ),
    "Hal": Outcome(
        "Did it in October 2018, which the rule does not cover, until Workforce Development granted it (AMB-25).",
        "6 of 6 done",
        (
            (
                "Recognised on 16 October 2018",
                "Recognised by Olive Officer, because: It was the same workshop, given two weeks earlier; "
                "“Genograms Practice Short”; The attendance list of 16 October 2018.",
            ),
            ("Done on 21 January 2019", "Register of 21 January 2019."),
            ("Done on 4 February 2019", "Register of 4 February 2019."),
            ("Done on 12 February 2019", "Register of 12 February 2019."),
            ("Done on 12 February 2019", "Register of 12 February 2019."),
            ("Done on 21 February 2019", "Registers of 20 February 2019 and 21 February 2019."),
            NOT_NEEDED,
        ),
        certificates="M2 21 Jan, M3 4 Feb, M4 12 Feb, M5 12 Feb, M6 21 Feb",
        calendar="M2 21 Jan, M3 4 Feb, M4 12 Feb, M5 12 Feb, M6 20 Feb, M6 21 Feb",
        besides=(
            (
                "16 October 2018",
                "PS-GENOGRAMS",
                "Completed",
                "Brought in from a file on 2 January 2019: Attendance list of the Practice Short.",
            ),
        ),
        told=("Module 1: Genograms is recognised as done",),
    ),
    "Ivy": Outcome(
        "Was there on the first of the two days of Module 6 and not on the second: it is not complete (AMB-27).",
        "5 of 6 done; next: Module 6",
        (
            ("Done on 16 January 2019", "Register of 16 January 2019."),
            ("Done on 21 January 2019", "Register of 21 January 2019."),
            ("Done on 21 January 2019", "Register of 21 January 2019."),
            ("Done on 24 January 2019", "Register of 24 January 2019."),
            ("Done on 24 January 2019", "Register of 24 January 2019."),
            NOT_DONE,
            NOT_NEEDED,
        ),
        certificates="M1 16 Jan, M2 21 Jan, M3 21 Jan, M4 24 Jan, M5 24 Jan",
        calendar="M1 16 Jan, M2 21 Jan, M3 21 Jan, M4 24 Jan, M5 24 Jan, M6 6 Feb, M6 7 Feb",
        missed=("You were marked absent on Thursday 7 February 2019: Module 6: Practical Simulation.",),
        told=("Module 6: Practical Simulation is not complete yet",),
    ),
    "Jem": Outcome(
        "Waited for Module 2 and got the place that Kim gave back.",
        "6 of 6 done",
        (
            ("Done on 10 January 2019", "Register of 10 January 2019."),
            ("Done on 15 January 2019", "Register of 15 January 2019."),
            ("Done on 15 January 2019", "Register of 15 January 2019."),
            ("Done on 18 January 2019", "Register of 18 January 2019."),
            ("Done on 18 January 2019", "Register of 18 January 2019."),
            ("Done on 1 February 2019", "Registers of 31 January 2019 and 1 February 2019."),
            NOT_NEEDED,
        ),
        certificates="M1 10 Jan, M2 15 Jan, M3 15 Jan, M4 18 Jan, M5 18 Jan, M6 1 Feb",
        calendar="M1 10 Jan, M2 15 Jan, M3 15 Jan, M4 18 Jan, M5 18 Jan, M6 31 Jan, M6 1 Feb",
        told=("You now have a place: Module 2, Tuesday 15 January",),
    ),
    "Kim": Outcome(
        "Moved Module 2 from 15 to 21 January.",
        "6 of 6 done",
        (
            ("Done on 10 January 2019", "Register of 10 January 2019."),
            ("Done on 21 January 2019", "Register of 21 January 2019."),
            ("Done on 21 January 2019", "Register of 21 January 2019."),
            ("Done on 12 February 2019", "Register of 12 February 2019."),
            ("Done on 12 February 2019", "Register of 12 February 2019."),
            ("Done on 21 February 2019", "Registers of 20 February 2019 and 21 February 2019."),
            NOT_NEEDED,
        ),
        certificates="M1 10 Jan, M2 21 Jan, M3 21 Jan, M4 12 Feb, M5 12 Feb, M6 21 Feb",
        calendar="M1 10 Jan, M2 21 Jan, M3 21 Jan, M4 12 Feb, M5 12 Feb, M6 20 Feb, M6 21 Feb",
        told=("Your place has moved: Module 2, now Monday 21 January",),
    ),
    "Liz": Outcome(
        "Was marked as there for Module 3, and was not: four weeks later that was withdrawn. She did it again on "
        "4 March, and Module 6 after it.",
        "6 of 6 done",
        (
            ("Done on 10 January 2019", "Register of 10 January 2019."),
            ("Done on 15 January 2019", "Register of 15 January 2019."),
            ("Done on 21 February 2019", "Register of 21 February 2019."),
            ("Done on 18 January 2019", "Register of 18 January 2019."),
            ("Done on 18 January 2019", "Register of 18 January 2019."),
            ("Done on 19 March 2019", "Registers of 18 March 2019 and 19 March 2019."),
            NOT_NEEDED,
        ),
        certificates="M1 10 Jan, M2 15 Jan, M3 21 Feb, M4 18 Jan, M5 18 Jan, M6 19 Mar",
        calendar="M1 10 Jan, M2 15 Jan, M3 15 Jan, M4 18 Jan, M5 18 Jan, M3 21 Feb, M6 18 Mar, M6 19 Mar",
        besides=(
            (
                "15 January 2019",
                "M3",
                "Completed",
                "Register of 15 January 2019. Withdrawn on 11 February 2019 by Olive Officer, because: Liz was called "
                "away at noon.",
            ),
        ),
        withdrawn="M3 15 Jan",
        told=("Your place needs something: Module 6: Practical Simulation, Wednesday 20 February, and 1 more",),
    ),
    "Max": Outcome(
        "Came to Module 7 before anything else (G-4). Was there for 100 of 180 minutes of Module 5; Workforce "
        "Development let it count, for a reason (AMB-27).",
        "6 of 6 done",
        (
            ("Done on 20 February 2019", "Register of 20 February 2019."),
            ("Done on 21 February 2019", "Register of 21 February 2019."),
            ("Done on 21 February 2019", "Register of 21 February 2019."),
            ("Done on 28 February 2019", "Register of 28 February 2019."),
            (
                "Done on 28 February 2019",
                "Accepted by Olive Officer, because: Called to court, and caught up with the facilitator.",
            ),
            ("Done on 19 March 2019", "Registers of 18 March 2019 and 19 March 2019."),
            ("Done on 25 January 2019", "Register of 25 January 2019."),
        ),
        certificates="M1 20 Feb, M2 21 Feb, M3 21 Feb, M4 28 Feb, M5 28 Feb, M6 19 Mar, M7 25 Jan",
        calendar="M1 20 Feb, M2 21 Feb, M3 21 Feb, M4 28 Feb, M5 28 Feb, M6 18 Mar, M6 19 Mar",
        told=("Module 5 counts as complete, and 1 more",),
    ),
}

TEAM_MIDWAY = {
    "Ada": "All booked; 5 of 6 done",
    "Bea": "All booked; 5 of 6 done",
    "Cal": "All booked; 5 of 6 done",
    "Dot": "Still to do: Module 2, Module 3, Module 4 and Module 5",
    "Eve": "All booked; 4 of 6 done",
    "Gwen": "All booked; 5 of 6 done",
    "Hal": "Still to do: Module 1, Module 3, Module 4 and Module 5",
    "Ivy": "Ready for Module 6",
    "Jem": "All booked; 5 of 6 done",
    "Kim": "Ready for Module 6 once what is booked is attended",
    "Liz": "All booked; 5 of 6 done",
}
"""What the manager reads of her eleven people on 28 January."""

OTHER_TEAM_MIDWAY = {"Max": "Still to do: Module 1, Module 2, Module 3, Module 4 and Module 5"}
"""What another manager reads of the one who is his."""

LACKING_MIDWAY = {"Dot": "Module 6: Practical Simulation, Thu 31 Jan: Lacks what it rests on"}
"""Whose places she sees in danger: only Dot's, for Cal's was put right and Eve has moved hers."""

CERTIFICATES_ON_PAPER = {
    ("Ada", "M6 1 Feb"): "Ada Allthrough attended and completed Module 6: Practical Simulation on 31 January 2019 and "
    "1 February 2019. Hours attended 14 hours Source registers of 31 January 2019 and 1 February 2019 "
    "Issued on 1 February 2019",
    ("Bea", "M1 10 Jan"): "Bea Bychance attended and completed Module 1: Genograms on 10 January 2019. "
    "Hours attended 2 hours Source register of 10 January 2019 Issued on 10 January 2019",
    ("Max", "M5 28 Feb"): "Max Minutes attended and completed Module 5 on 28 February 2019. Hours attended 1 hour "
    "40 minutes Source Accepted as complete by Workforce Development Issued on 1 March 2019",
}
"""What some of the certificates say. Who accepted a part and why is nobody else's business."""

RECORDS_ON_PAPER = ("Hal", "Ivy", "Liz")
