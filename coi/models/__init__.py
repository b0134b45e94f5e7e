"""The tables, one file per thing; holds columns and constraints, no rule and no query of a page."""

from coi.models.accounts import Account, Refusal, RoleGrant, SignIn, SignInAttempt, Slip
from coi.models.audit import AuditEntry, Checkpoint, Installation
from coi.models.campaigns import Campaign, CampaignPart, CampaignStep, Excuse, Extension, Obligation, Settlement
from coi.models.disclosures import Disclosure, DisclosureVersion, Draft, Flag, Interest, PriorityRow, Transition
from coi.models.exports import Export
from coi.models.lists import Contract, ListLoad, ListRecord
from coi.models.notices import Letter
from coi.models.people import Absence, Leave, Person, PersonVersion, RosterImport, RosterNote, Tie
from coi.models.policies import PolicyReceipt, PolicyVersion
from coi.models.profiles import ProfileVersion
from coi.models.questionnaires import Questionnaire
from coi.models.requests import Request
from coi.models.review import Assignment, Decision, InterestDecision, Message, Recommendation, Recusal

__all__ = [
    "Absence",
    "Account",
    "Assignment",
    "AuditEntry",
    "Campaign",
    "CampaignPart",
    "CampaignStep",
    "Checkpoint",
    "Contract",
    "Decision",
    "Disclosure",
    "DisclosureVersion",
    "Draft",
    "Excuse",
    "Export",
    "Extension",
    "Flag",
    "Installation",
    "Interest",
    "InterestDecision",
    "Leave",
    "Letter",
    "ListLoad",
    "ListRecord",
    "Message",
    "Obligation",
    "Person",
    "PersonVersion",
    "PolicyReceipt",
    "PolicyVersion",
    "PriorityRow",
    "ProfileVersion",
    "Questionnaire",
    "Recommendation",
    "Recusal",
    "Refusal",
    "Request",
    "RoleGrant",
    "RosterImport",
    "RosterNote",
    "Settlement",
    "SignIn",
    "SignInAttempt",
    "Slip",
    "Tie",
    "Transition",
]
