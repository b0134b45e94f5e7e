"""Commands of the departments room: none; heads work on their page."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds nothing."""
