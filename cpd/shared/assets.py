"""Addresses of static files."""


def asset_url(path: str) -> str:
    """Return the address of a static file."""
    return f"/static/{path}"
