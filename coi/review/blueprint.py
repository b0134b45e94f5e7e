"""The one blueprint of review: routes.py holds queue and case, versions.py what is looked up beside a case."""

from flask import Blueprint

bp = Blueprint("review", __name__, url_prefix="/review")
