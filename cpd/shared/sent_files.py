"""A field for a file that is to be kept: a document or a picture, judged by what is in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from wtforms.validators import StopValidation

from cpd.shared.forms import FileField
from cpd.shared.kept_files import ENDINGS, MEGABYTE, MOST_MEGABYTES, FileFault, SentFile, fault_of

SAID = {
    FileFault.EMPTY: "The file is empty: choose another one",
    FileFault.TOO_LARGE: f"The file must be {MOST_MEGABYTES} MB or smaller",
    FileFault.OF_NO_KIND: "The file must be a PDF, a picture (PNG, JPEG, GIF or WebP), plain text, or an Office "
    "document saved as .docx, .xlsx or .pptx. Its name does not count, only what is in it",
    FileFault.HAS_MACROS: "The file holds macros: save it without them, or as a PDF",
}
TAKEN = f"A PDF, a picture, an Office document or plain text, up to {MOST_MEGABYTES} MB"

ACCEPTED = ",".join((*(f".{ending}" for ending in ENDINGS.values()), ".jpeg"))
"""What a browser offers to choose; a phone then sends its pictures as JPEG."""


class DocumentField(FileField):
    """A document or a picture of at most 10 MB; `sent` is the file, None where none was chosen."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        self.sent: SentFile | None = None
        kwargs.setdefault("hint", TAKEN)
        kwargs.setdefault("shown_as", {"attributes": {"accept": ACCEPTED}})
        super().__init__(label, kinds=(), megabytes=MOST_MEGABYTES, **kwargs)

    def checks(self) -> Sequence[Callable[..., None]]:
        """Look into the file; its name does not count."""
        return (self._check_content,)

    def _check_content(self, _form: Any, _field: Any) -> None:
        """Read the file, and say what is wrong with it."""
        content = self.data.read(MOST_MEGABYTES * MEGABYTE + 1)
        if fault := fault_of(content):
            raise StopValidation(SAID[fault])
        self.sent = SentFile(self.data.filename or "", content)
