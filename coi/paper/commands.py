"""Commands of the paper room: none, its work is done on pages."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
