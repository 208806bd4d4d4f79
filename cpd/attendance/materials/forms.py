"""What is typed and sent to attach materials to a session."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileSize

from cpd.attendance.materials.rules import LARGEST, MEGABYTES, Refusal
from cpd.shared.forms import FileField as AnyFileField
from cpd.shared.forms import Form, TextField, TickField

WORDS = {
    Refusal.EMPTY: "The file is empty. Choose another",
    Refusal.TOO_LARGE: f"The file must be {MEGABYTES} MB or smaller",
    Refusal.OTHER_KIND: "The file must be a PDF, a picture, plain text, or an Office document saved as .docx, .pptx or "
    ".xlsx. Its name does not count, only what is in it",
    Refusal.WITH_MACROS: "The document holds macros. Save it without them, or as a PDF",
    Refusal.NO_LINK: "Enter the whole address, such as https://www.example.com/slides",
}
"""A sentence for each reason, as it stands beside the box."""


class FileField(AnyFileField):
    """A file of any name: what it is, is looked at afterwards."""

    def checks(self) -> Any:
        """Refuse only files that are too large."""
        return (FileSize(LARGEST, message=WORDS[Refusal.TOO_LARGE]),)


class MaterialForm(Form):
    """Attach a file or a link."""

    title = TextField(
        "What is it?", required="Enter what it is, such as Slides", hint="For example Slides", longest=120
    )
    file = FileField(
        "File", kinds=(), megabytes=MEGABYTES, hint="A PDF, Office document, picture or plain text, up to 10 MB"
    )
    link = TextField(
        "Or a link", longest=500, hint="Beginning with https://", shown_as={"type": "url", "spellcheck": False}
    )
    for_everybody = TickField("Open to everybody who can see the session, not only to those who attended")

    def validate(self, **kwargs: Any) -> bool:
        """Ask for a file or a link, and not for both."""
        if not super().validate(**kwargs):
            return False
        if bool(self.file.data) == bool(self.link.data):
            words = "Choose a file or enter a link, not both" if self.file.data else "Choose a file or enter a link"
            self.file.errors = [words]
            return False
        return True

    def refuse(self, reason: Refusal) -> None:
        """Say beside its box why something is not taken."""
        box = self.link if reason is Refusal.NO_LINK else self.file
        box.errors = [WORDS[reason]]
