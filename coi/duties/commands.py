"""Commands of keeping duties apart: there are none; it is done by people on pages, and by the clock."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
