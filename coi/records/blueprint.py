"""The one blueprint of records requests: routes.py holds the register, filing_pages.py what is done with one filing."""

from flask import Blueprint

bp = Blueprint("records", __name__, url_prefix="/records")
