"""The application that a server runs: `gunicorn app:app`, `flask --app app …`."""

from cpd.application import create_app

app = create_app()
