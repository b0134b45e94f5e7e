"""`flask profiles check|load`."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds the profile commands."""
