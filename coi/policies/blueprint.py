"""The one blueprint of the policies room: routes.py holds what is read, office.py how the city puts in its own texts."""

from flask import Blueprint

bp = Blueprint("policies", __name__, url_prefix="/policies")
