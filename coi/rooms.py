"""The rooms of the house in the order of a year: their pages, their commands, and what the navigation offers to whom."""

from importlib import import_module

from flask import Blueprint
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

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
    "appeals",
    "meetings",
    "recusals",
    "team",
    "advice",
    "workload",
    "dashboards",
    "vendors",
    "attachments",
    "paper",
    "exports",
    "casefiles",
    "records",
    "audit",
    "notices",
)

BLUEPRINTS: list[Blueprint] = [import_module(f"coi.{room}.routes").bp for room in ROOMS]

Place = tuple[str, LazyString, Permission]

# Few headings, each with its pages; who may open few pages sees them in one line without headings (coi/menu.py).
NAVIGATION: tuple[tuple[LazyString, tuple[Place, ...]], ...] = (
    (
        _l("My forms"),
        (
            ("disclosures.home", _l("My forms"), Permission.SIGNED_IN),
            ("recusals.mine", _l("Step aside"), Permission.SIGNED_IN),
        ),
    ),
    (
        _l("Review"),
        (
            ("review.queue", _l("Cases to review"), Permission.QUEUE),
            ("workload.figures", _l("Open cases in numbers"), Permission.WORKLOAD),
            ("duties.office", _l("Who has what"), Permission.DUTIES),
            ("duties.away", _l("Days away"), Permission.AWAY),
            ("meetings.index", _l("Meetings"), Permission.MEETINGS),
            ("advice.listed", _l("Legal advice"), Permission.ADVICE),
        ),
    ),
    (
        _l("Follow-up"),
        (
            ("plans.office", _l("Conditions"), Permission.PLANS),
            ("recusals.register", _l("Stepped aside"), Permission.RECUSALS),
            ("recusals.notices", _l("Who stays out of what"), Permission.RECUSAL_NOTICES),
        ),
    ),
    (
        _l("Campaign"),
        (
            ("campaigns.desk", _l("Campaign desk"), Permission.CAMPAIGN_READ),
            ("dashboards.index", _l("Figures"), Permission.STATISTICS),
            ("paper.desk", _l("Paper forms"), Permission.PAPER),
            ("policies.acknowledgements", _l("Policies received"), Permission.ACKNOWLEDGEMENTS),
            ("questionnaires.library", _l("Forms"), Permission.FORMS),
        ),
    ),
    (
        _l("People"),
        (
            ("people.everybody", _l("People"), Permission.PEOPLE_READ),
            ("vendors.lists", _l("Vendors and contracts"), Permission.LISTS),
            ("accounts.roles", _l("Roles"), Permission.ROLES_READ),
            ("accounts.requests", _l("Second person"), Permission.REQUESTS),
        ),
    ),
    (
        _l("Records"),
        (
            ("exports.exports", _l("Workbooks"), Permission.EXPORT),
            ("records.register", _l("Records requests"), Permission.RECORDS),
            ("casefiles.listed", _l("Case files"), Permission.CASE_FILES),
            ("duties.opened", _l("Opened filings"), Permission.OPENED),
            ("audit.log", _l("Audit log"), Permission.AUDIT),
            ("notices.letters", _l("Letters"), Permission.LETTERS),
        ),
    ),
)

# Pages that stand in no menu, of rooms that stand under two headings: to which place of their room they belong.
UNDER: dict[str, str] = {
    "duties.hand_over": "duties.office",
    "duties.end_absence": "duties.away",
    "duties.ask_to_open": "duties.opened",
    "duties.read_opened": "duties.opened",
}
