"""Pages of the accounts room; thin: form, action, redirect."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, url_prefix="/accounts")
