"""What people choose and type about pathways."""

from __future__ import annotations

from collections.abc import Iterable

from cpd.progression.pathways.matrix import STATUSES, Chosen
from cpd.shared.forms import CheckboxesField, Form, LongTextField, QueryForm, SelectChoice, SelectField

LONGEST_REASON = 1000
ANY = SelectChoice("", "Any")


class FilterForm(QueryForm):
    """Whom to show among people and what is next for them."""

    status = SelectField("Status")
    way = SelectField("Next step")
    lacks = SelectField("Still to do")

    def offer(self, ways: Iterable[tuple[str, str]], lacking: Iterable[tuple[str, str]]) -> None:
        """Fill the lists."""
        self.status.choices = [ANY, *(SelectChoice(str(code), _raised(words)) for code, words in STATUSES.items())]
        self.way.choices = [ANY, *(SelectChoice(*each) for each in ways)]
        self.lacks.choices = [ANY, *(SelectChoice(*each) for each in lacking)]

    @property
    def chosen(self) -> Chosen:
        """What was chosen; what is not on the lists is left out."""
        self.validate()
        return Chosen(*("" if field.errors else field.data or "" for field in (self.status, self.way, self.lacks)))

    @property
    def chosen_words(self) -> list[tuple[str, str]]:
        """What was chosen, each with the name of its list."""
        picked = zip(("status", "way", "lacks"), self.chosen, strict=True)
        return [(name, dict(_pairs(self[name]))[value]) for name, value in picked if value]


class MoveForm(Form):
    """Move people to the rules in force, for a reason."""

    people = CheckboxesField("Whom do you move?", required="Choose at least one person", coerce=int)
    why = LongTextField(
        "Why?",
        required="Enter why they are moved",
        longest=LONGEST_REASON,
        hint="Each of them is told, with where they stand then",
        shown_as={"rows": 3},
    )

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the list."""
        self.people.choices = [SelectChoice(*each) for each in people]


def _pairs(field: SelectField) -> list[tuple[str, str]]:
    """Return the choices of a list by what is sent."""
    return [(str(choice.value), str(choice.label)) for choice in field.choices]


def _raised(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
