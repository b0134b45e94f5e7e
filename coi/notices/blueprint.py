"""The blueprint of the notices room, shared by its two files of pages."""

from flask import Blueprint

bp = Blueprint("notices", __name__, url_prefix="/notices")
