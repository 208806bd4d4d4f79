"""Which messages a page shows."""

from __future__ import annotations

from cpd.shared.forms import QueryForm, TextField


class PageForm(QueryForm):
    """Which page of a list is shown."""

    page = TextField("Page", longest=9)

    def page_number(self) -> int:
        """Return the page that is asked for; anything that is no number is the first."""
        typed = self.page.data or ""
        return int(typed) if self.validate() and typed.isascii() and typed.isdecimal() else 1


class OutboxForm(PageForm):
    """Show the messages to somebody."""

    to = TextField("E-mail address, or a part of it")
