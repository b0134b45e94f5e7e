"""The one blueprint of the accounts room: routes.py holds what everybody sees, office.py what the office sees."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, url_prefix="/accounts")
