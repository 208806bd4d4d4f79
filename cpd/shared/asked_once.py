"""What a page has asked the database already is not asked again while it reads the same moment."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from typing import Any, ParamSpec, TypeVar

from flask import has_request_context, request
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from cpd.shared.database import db

P = ParamSpec("P")
R = TypeVar("R")

READING = ("GET", "HEAD")
ANSWERS = "cpd.answers"
"""Where a request keeps them."""


def once_per_page(question: Callable[P, R]) -> Callable[P, R]:
    """Let a page that asks the same of the same twice have the first answer again.

    A page reads one moment (see `database.harden`), so the answer would be the same. An act, a command and the worker
    always ask. What is asked with must be hashable, and nobody may change an answer.
    """

    @functools.wraps(question)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        if not has_request_context() or request.method not in READING:
            return question(*args, **kwargs)
        if db.session().info.get("in_unit_of_work"):
            return question(*args, **kwargs)
        key = (question, args, tuple(sorted(kwargs.items())))
        answers: dict[Hashable, Any] = request.environ.setdefault(ANSWERS, {})
        if key not in answers:
            answers[key] = question(*args, **kwargs)
        answer: R = answers[key]
        return answer

    return ask


@event.listens_for(db.session, "after_transaction_end")
def _forget(_session: Session, transaction: SessionTransaction) -> None:
    """Let answers end with the moment that they are of."""
    if transaction.parent is None and has_request_context():
        request.environ.pop(ANSWERS, None)
