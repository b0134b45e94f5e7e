"""Pages of the campaigns room; thin: form, action, redirect."""

from flask import Blueprint

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns")
