"""Pages of the notices room; thin: form, action, redirect."""

from flask import Blueprint

bp = Blueprint("notices", __name__, url_prefix="/notices")
