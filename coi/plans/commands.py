"""Commands of management plans: there are none; the worker reminds, people do the rest on pages."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
