"""The one blueprint of the exports room: routes.py holds workbooks, sampling.py the samples that auditors draw."""

from flask import Blueprint

bp = Blueprint("exports", __name__, url_prefix="/exports")
