"""The rooms of the house in the order of a year: their pages, their commands, and what the navigation offers to whom."""

from importlib import import_module

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from coi.rules.permissions import Permission

ROOMS = (
    "accounts",
    "people",
    "campaigns",
    "departments",
    "policies",
    "questionnaires",
    "disclosures",
    "review",
    "duties",
    "plans",
    "meetings",
    "recusals",
    "team",
    "advice",
    "workload",
    "vendors",
    "attachments",
    "paper",
    "exports",
    "audit",
    "notices",
)

BLUEPRINTS: list[Blueprint] = [import_module(f"coi.{room}.routes").bp for room in ROOMS]

NAVIGATION = (
    ("disclosures.home", _l("My forms"), Permission.SIGNED_IN),
    ("recusals.mine", _l("Step aside"), Permission.SIGNED_IN),
    ("review.queue", _l("Review"), Permission.QUEUE),
    ("workload.figures", _l("What is open"), Permission.WORKLOAD),
    ("advice.listed", _l("Legal advice"), Permission.ADVICE),
    ("duties.office", _l("Who has what"), Permission.DUTIES),
    ("duties.away", _l("Days away"), Permission.AWAY),
    ("plans.office", _l("Conditions"), Permission.PLANS),
    ("meetings.index", _l("Meetings"), Permission.MEETINGS),
    ("recusals.register", _l("Stepped aside"), Permission.RECUSALS),
    ("recusals.notices", _l("Who stays out of what"), Permission.RECUSAL_NOTICES),
    ("campaigns.desk", _l("Campaign desk"), Permission.CAMPAIGN_READ),
    ("paper.desk", _l("Paper forms"), Permission.PAPER),
    ("policies.acknowledgements", _l("Policies received"), Permission.ACKNOWLEDGEMENTS),
    ("questionnaires.library", _l("Forms"), Permission.FORMS),
    ("people.everybody", _l("People"), Permission.PEOPLE_READ),
    ("accounts.roles", _l("Roles"), Permission.ROLES_READ),
    ("accounts.requests", _l("Second person"), Permission.REQUESTS),
    ("exports.exports", _l("Workbooks"), Permission.EXPORT),
    ("duties.opened", _l("Opened filings"), Permission.OPENED),
    ("audit.log", _l("Audit log"), Permission.AUDIT),
    ("notices.letters", _l("Letters"), Permission.LETTERS),
)
