"""What is typed to check a document."""

from __future__ import annotations

from cpd.shared.forms import IntegerField, QueryForm, TextField


class CheckForm(QueryForm):
    """The number and the check code of a paper that somebody holds in her hand."""

    number = IntegerField("Number of the document", required="Enter the number of the document", hint="For example, 17")
    code = TextField(
        "Check code or fingerprint",
        required="Enter the check code as it is printed on the document",
        hint="16 letters and figures, such as 9F86 D081 884C 7D65",
        shown_as={"classes": "govuk-input--width-20", "spellcheck": False},
    )
