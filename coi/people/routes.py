"""Pages of the people room; thin: form, action, redirect."""

from flask import Blueprint

bp = Blueprint("people", __name__, url_prefix="/people")
