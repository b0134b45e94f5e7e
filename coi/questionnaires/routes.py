"""Pages of the questionnaires room; thin: form, action, redirect."""

from flask import Blueprint

bp = Blueprint("questionnaires", __name__, url_prefix="/questionnaires")
