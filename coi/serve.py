"""Starts the city: web and worker side by side, each in a session of its own; ends both on Ctrl-C or when one dies."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds `flask serve`."""
