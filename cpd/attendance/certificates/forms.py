"""What whoever checks a certificate types."""

from __future__ import annotations

from cpd.shared.forms import Form, TextField


class NameForm(Form):
    """Compare the name on a certificate."""

    name = TextField("Name on the certificate", required="Enter the name as it stands on the certificate")
