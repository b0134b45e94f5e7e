"""Commands of the disclosures room."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
