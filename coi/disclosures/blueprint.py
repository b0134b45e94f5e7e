"""The one blueprint of the filer's pages: routes.py holds the way to the signature, taking.py what comes after it."""

from flask import Blueprint

bp = Blueprint("disclosures", __name__)
