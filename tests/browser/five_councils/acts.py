"""What people do on the way to a progression, each through the pages as they stand."""

from __future__ import annotations

import re
from datetime import date

from tests.browser.five_councils.hands import Councils, Hand

STORE = "https://store.example/portfolios/7"
TIME, ROOM = "10am to 12pm", "Committee Room 2"


def day(text: str) -> date:
    """`2019-03-14`."""
    return date.fromisoformat(text)


def hand_in_portfolio(hand: Hand, kind: str, on: str) -> None:
    """Give a completed portfolio as a link to the council's own store, look once more, and hand it in."""
    hand.open(f"/my/evidence/{kind}").follow("Give one completed file or a link")
    hand.fill(happened_on=day(on), link=STORE).press("Save").sees("It is saved.")
    hand.follow("Look once more and hand it in").press("Hand it in").sees("It is handed in.")


def hand_in(hand: Hand, kind: str, on: str, words: str) -> None:
    """Write one piece of evidence and hand it in."""
    hand.open(f"/my/evidence/{kind}").follow("Write it")
    hand.fill(happened_on=day(on), words=words).press("Save").sees("It is saved.")
    hand.follow("Look once more and hand it in").press("Hand it in").sees("It is handed in.")


def accept(hand: Hand, queue: str, name: str, title: str) -> None:
    """Open what somebody has handed in, read it, and accept it."""
    hand.open(queue).follow(re.compile(f"{name}.*{title}")).press("Open it")
    hand.fill(decision="accept", comments="Clear, and close to practice.").press("Decide").sees("It is accepted")


def give_seat(officer: Hand, panel: str, who: str) -> None:
    """Appoint somebody to a panel, unless she sits on it already; `who` is her name and her role in words."""
    officer.open(f"/progression/panels/{panel}")
    if who.partition(",")[0] in officer.page.get_by_role("main").inner_text():
        return
    officer.open(f"/progression/panels/{panel}/members/add")
    officer.fill(who=who, reason="Knows this work well").press("Appoint")
    officer.sees("The seat is given")


def plan_meeting(officer: Hand, panel: str, on: str, *names: str) -> None:
    """Plan a meeting of a panel to which these of its members come."""
    officer.open(f"/progression/panels/{panel}/meetings/plan").fill(on=day(on), time=TIME, place=ROOM)
    for box in officer.page.get_by_role("checkbox").all():
        label = box.evaluate("box => box.labels[0].innerText")
        box.set_checked(any(name in label for name in names))
    officer.press("Plan the meeting").sees("The meeting is planned.")


def put_before(officer: Hand, panel: str, name: str) -> str:
    """Open the case of somebody who is ready for a panel, with its last meeting; returns the case's address."""
    officer.open(f"/progression/panels/{panel}").press(re.compile(f"{name}"))
    officer.sees("The case is open.")
    return choose_meeting(officer)


def give_meeting(officer: Hand, panel: str, name: str) -> str:
    """Give the case that a request has opened its meeting; returns the case's address."""
    officer.open("/progression/panels").follow(re.compile(name)).follow("Give it a meeting")
    return choose_meeting(officer)


def choose_meeting(officer: Hand) -> str:
    """Choose the last meeting that is offered."""
    officer.page.get_by_role("radio").last.check()
    officer.press("Choose this meeting").sees("The case has its meeting")
    return officer.path


def decide_case(hand: Hand, case: str, outcome: str, reasons: str, **more: object) -> None:
    """Write down what a panel came to."""
    hand.open(f"{case}/decide").fill(outcome=outcome, reasons=reasons, **more)
    hand.press("Write it down").sees("The decision is written down.")


def recommend(hand: Hand, case: str, outcome: str, reasons: str) -> None:
    """Recommend as a member, without seeing what others do."""
    hand.open(f"{case}/recommend").fill(outcome=outcome, reasons=reasons)
    hand.press("Recommend").sees("Your recommendation is written down.")


def person_of(manager: Hand, name: str) -> str:
    """Find the number of somebody in a team: `57`."""
    manager.open("/team").follow(name)
    return manager.path.rpartition("/")[2]


def record_seen(manager: Hand, person: str, kind: str, on: str, words: str) -> None:
    """Write down as line manager what she has seen herself; it counts at once."""
    manager.open(f"/people/{person}/evidence/record/{kind}").fill(happened_on=day(on), words=words)
    manager.press("Record it").sees("It is recorded and counts.")


def ask(hand: Hand, transition: str, words: str = "") -> str:
    """Ask to progress; returns the address of the request as she sees it."""
    hand.open(f"/my/progress/ask/{transition}")
    if words:
        hand.fill(words=words)
    hand.press("Ask to progress").sees("You have asked to progress.")
    return hand.path


def approve(hand: Hand, name: str, reasons: str) -> None:
    """Approve the request that waits for the reader's role."""
    hand.open("/progression/requests").follow(re.compile("."), near=name)
    hand.fill(decision="approve", reasons=reasons).press("Decide").sees("Approved.")


def enact(hand: Hand, name: str, on: str) -> str:
    """Make the change as the operations manager; returns the address of the request as she sees it."""
    hand.open("/progression/requests").follow(re.compile("."), near=name).follow("Make the change")
    hand.fill(effective_on=day(on)).press("Make the change").sees("The change is made.")
    return hand.path


def see_the_end(councils: Councils, who: str, *, level: str, words: tuple[str, ...] = ()) -> None:
    """See her new level, her letter with its reasons, and the frozen document; the doctor finds nothing wrong."""
    hand = councils.hand(who)
    hand.open("/my/progress").sees(f"You are here: {level}")
    hand.open("/my/progress/requests").follow(re.compile("."), near="To become")
    hand.follow(re.compile("^Letter of ")).sees(level, *words)
    hand.open("/my/documents").follow(re.compile(", document ")).sees("made and signed it", "Signature is right")
    assert councils.run("doctor").rstrip().endswith("nothing wrong"), councils.run("doctor")
