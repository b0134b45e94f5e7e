"""Pages of the vendors room; thin: form, action, redirect."""

from flask import Blueprint

bp = Blueprint("vendors", __name__, url_prefix="/vendors")
