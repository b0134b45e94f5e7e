"""The blueprint of appeals: the filer's pages join it."""

from flask import Blueprint

bp = Blueprint("appeals", __name__, url_prefix="/filings")
