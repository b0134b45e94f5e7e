"""Commands of the figures: there are none; they are looked at on their page."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
