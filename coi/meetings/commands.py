"""Commands of the final body: there are none; it meets, and its recorder writes on pages."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
