"""Pages of the audit room; thin: form, action, redirect."""

from flask import Blueprint

bp = Blueprint("audit", __name__, url_prefix="/audit")
