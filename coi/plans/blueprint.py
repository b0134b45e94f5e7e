"""The blueprint of plans: pages of the filer and of who keeps a condition, and pages of the office, join it."""

from flask import Blueprint

bp = Blueprint("plans", __name__, url_prefix="/conditions")
