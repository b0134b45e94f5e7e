"""Pages of the disclosures room; thin: form, action, redirect."""

from flask import Blueprint

bp = Blueprint("disclosures", __name__, url_prefix="/disclosures")
