"""Pages of the exports room; thin: form, action, redirect."""

from flask import Blueprint

bp = Blueprint("exports", __name__, url_prefix="/exports")
