"""The blueprint that the pages of this room share."""

from flask import Blueprint

bp = Blueprint("campaigns", __name__, url_prefix="/campaign-desk")
