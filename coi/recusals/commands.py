"""Commands of stepping aside: there are none; it is done by people on pages."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
