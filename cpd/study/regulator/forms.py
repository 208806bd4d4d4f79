"""What is typed about a piece of CPD, and about discussing it with a peer; the regulator's form gives the questions."""

from __future__ import annotations

from cpd.schemes.cpd_shape import CpdField, CpdRules
from cpd.shared.forms import DateField, Form, LongTextField, RadiosField, SelectChoice, TextField
from cpd.study.regulator.rules import Fault, PeerTalk, PieceSaid
from cpd.study.regulator.words import FAULTS

LONGEST_ANSWER = 4000
LONGEST_NAME = 200


class PieceForm(Form):
    """A piece of CPD. What was learnt and what it changed can wait; it counts once they are written."""

    cpd_type = RadiosField("Type of CPD", choices=[], required="Choose what type it is")
    description = LongTextField("What it was", longest=1000, required="Say what it was", shown_as={"rows": 3})
    happened_on = DateField("Date", required="Enter the date")
    learnt = LongTextField("What I learnt", longest=LONGEST_ANSWER, shown_as={"rows": 6})
    impact = LongTextField("What it changed", longest=LONGEST_ANSWER, shown_as={"rows": 6})

    def ask_as(self, rules: CpdRules, chosen: str = "") -> None:
        """Take the questions and the choices from the rule set; a type that it has no longer can stay chosen."""
        types = [*rules.types, *([chosen] if chosen and chosen not in rules.types else [])]
        self.cpd_type.choices = [SelectChoice(each, each) for each in types]
        for question in rules.form:
            if question.field is not CpdField.PEER:
                field = self[question.field.value]
                field.label.text, field.description = question.label, question.hint or ""

    def said(self) -> PieceSaid:
        """Return what is said, once the form is valid."""
        if self.happened_on.data is None:
            raise ValueError("Only a valid form says what a piece is")
        return PieceSaid(
            cpd_type=str(self.cpd_type.data),
            description=self.description.data or "",
            happened_on=self.happened_on.data,
            learnt=self.learnt.data or "",
            impact=self.impact.data or "",
        )

    def say(self, faults: list[Fault]) -> None:
        """Put what is wrong beside the date, which is all that can be."""
        self.happened_on.errors = [FAULTS[each] for each in faults]


class PeerForm(Form):
    """What was learnt from discussing a piece with a peer."""

    peer = RadiosField("Who was your peer?", choices=[], required="Choose who your peer was")
    with_whom = TextField(
        "With whom? (optional)",
        longest=LONGEST_NAME,
        hint="To remember by. Only you see this: it is in no export, and your manager does not see it.",
    )
    discussed_on = DateField("When did you discuss it?", required="Enter the date on which you discussed it")
    peer_learnt = LongTextField(
        "What I learnt from discussing it",
        longest=LONGEST_ANSWER,
        required="Write what you learnt from discussing it",
        shown_as={"rows": 6},
    )

    def ask_as(self, rules: CpdRules, chosen: str = "") -> None:
        """Take the kinds of peers and the question from the rule set."""
        peers = [*rules.peers, *([chosen] if chosen and chosen not in rules.peers else [])]
        self.peer.choices = [SelectChoice(each, each) for each in peers]
        question = next(each for each in rules.form if each.field is CpdField.PEER)
        self.peer_learnt.label.text = question.label

    def talk(self) -> PeerTalk:
        """Return what is said, once the form is valid."""
        if self.discussed_on.data is None:
            raise ValueError("Only a valid form says what was discussed")
        return PeerTalk(
            peer=str(self.peer.data),
            discussed_on=self.discussed_on.data,
            learnt=self.peer_learnt.data or "",
            with_whom=self.with_whom.data or "",
        )

    def say(self, faults: list[Fault]) -> None:
        """Put what is wrong beside the date, which is all that can be."""
        self.discussed_on.errors = [FAULTS[each] for each in faults]
