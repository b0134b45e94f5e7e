"""The blueprint that every page of the vendors room joins."""

from flask import Blueprint

bp = Blueprint("vendors", __name__, url_prefix="/vendors")
