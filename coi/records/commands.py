"""Commands of records requests: there are none; they are kept by people on pages and by the clock."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
