"""Makers for the tests of the evaluator: each reads like the line in a record that it makes."""

from datetime import date, datetime
from decimal import Decimal

from hypothesis import settings

from cpd.requirements.record import LONDON, Fact, FactKind, Record

STEADY = settings(derandomize=True, deadline=None, max_examples=200, database=None)
"""The same examples in every run, however slow the machine."""


def at(text):
    """A moment in London: `2019-01-15 12:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def day(text):
    return date.fromisoformat(text)


def record(*facts):
    return Record(1, facts)


def fact(kind, subject, when, **more):
    """A fact on a day (`2019-01-15`), or at a moment (`2019-01-15 12:30`)."""
    moment = at(when) if " " in when else None
    return Fact(kind, subject, day(when[:10]), moment, **more)


def done(module, when, **more):
    return fact(FactKind.COMPLETED, module, when, **more)


def recognised(module, when, **more):
    return fact(FactKind.RECOGNISED, module, when, **more)


def booked(module, when, **more):
    """A booking: `when` is the end of the session."""
    reference = more.pop("reference", f"booking:{module}")
    return fact(FactKind.COMPLETED, module, when, ahead=True, reference=reference, **more)


def pending(kind, subject, when, **more):
    return fact(FactKind.PENDING, subject, when, value=kind.value, **more)


def credit(source, credits_awarded, when="2018-07-01", academic_level=7, **more):
    amount = None if credits_awarded is None else Decimal(credits_awarded)
    return fact(FactKind.CREDIT, source, when, amount=amount, academic_level=academic_level, **more)


def outcome(panel, value, when, **more):
    return fact(FactKind.OUTCOME, panel, when, value=value, **more)


def evidence(kind, when, **more):
    return fact(FactKind.EVIDENCE, kind, when, **more)


def approval(role, when, **more):
    return fact(FactKind.APPROVAL, role, when, **more)


def in_level(career_level, start, end=None):
    return fact(FactKind.CAREER_LEVEL, career_level, start, ends_on=day(end) if end else None)


def away(start, end=None):
    return fact(FactKind.CAREER_BREAK, "", start, ends_on=day(end) if end else None)


def qualified(when, **more):
    return fact(FactKind.QUALIFIED, "", when, **more)


def registered(when, **more):
    return fact(FactKind.REGISTERED, "", when, **more)


def named(*rows):
    """Split rows of a table into the reason of each, for its name, and the rest."""
    return {"argvalues": [row[1:] for row in rows], "ids": [row[0] for row in rows]}
