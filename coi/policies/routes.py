"""Pages of the policies room; thin: form, action, redirect."""

from flask import Blueprint

bp = Blueprint("policies", __name__, url_prefix="/policies")
