"""The blueprint of the questionnaires room, which its modules of pages share."""

from flask import Blueprint

bp = Blueprint("questionnaires", __name__, url_prefix="/questionnaires")
