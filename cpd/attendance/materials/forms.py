"""What is typed and sent to attach materials to a session."""

from __future__ import annotations

from typing import Any

from cpd.shared.forms import Form, TextField, TickField
from cpd.shared.sent_files import DocumentField

NO_LINK = "Enter the whole address, such as https://www.example.com/slides"


class MaterialForm(Form):
    """Attach a file or a link."""

    title = TextField(
        "What is it?", required="Enter what it is, such as Slides", hint="For example Slides", longest=120
    )
    file = DocumentField("File")
    link = TextField(
        "Or a link", longest=500, hint="Beginning with https://", shown_as={"type": "url", "spellcheck": False}
    )
    for_everybody = TickField("Open to everybody who can see the session, not only to those who attended")

    def validate(self, **kwargs: Any) -> bool:
        """Ask for a file or a link, and not for both."""
        if not super().validate(**kwargs):
            return False
        if bool(self.file.sent) == bool(self.link.data):
            words = "Choose a file or enter a link, not both" if self.file.sent else "Choose a file or enter a link"
            self.file.errors = [words]
            return False
        return True

    def refuse_link(self) -> None:
        """Say beside its box that a link is not taken."""
        self.link.errors = [NO_LINK]
