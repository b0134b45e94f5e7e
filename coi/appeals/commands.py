"""Commands of appeals: there are none; a filer appeals on a page, an officer decides on the case page."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
