"""The blueprint of stepping aside: the register, and the notices for who needs to know of it, join it."""

from flask import Blueprint

bp = Blueprint("recusals", __name__, url_prefix="/stepping-aside")
