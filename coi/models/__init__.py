"""The tables, one file per thing; holds columns and constraints, no rule and no query of a page."""

from coi.models.accounts import Account, Refusal, RoleGrant, SignIn, SignInAttempt, Slip
from coi.models.appeals import Appeal, AppealAnswer, AppealRest
from coi.models.asking import AdviceRelease, SupervisorAnswer, SupervisorQuestion
from coi.models.attachments import Attachment, SignedAttachment
from coi.models.audit import AuditEntry, Checkpoint, Installation
from coi.models.batches import BatchMember, BatchSample, BatchStep, ReviewBatch
from coi.models.campaigns import Campaign, CampaignPart, CampaignStep, Excuse, Extension, Obligation, OnTimeFact, Settlement
from coi.models.carried import CarriedEntry
from coi.models.casefiles import CaseFile
from coi.models.disclosures import Disclosure, DisclosureVersion, Draft, Flag, Interest, PriorityRow, Transition
from coi.models.duties import AbsencePlan, Delegation, ReadGrant, TooFew
from coi.models.events import DueDate, EventDate
from coi.models.exports import Export, ExportApproval
from coi.models.lists import Contract, ListLoad, ListRecord
from coi.models.marks import QueueMark
from coi.models.matches import ContractAlert, InterestMatch, MatchSweep, VendorVerdict
from coi.models.meetings import BodyCover, BodyDeclaration, Meeting, MeetingRecord, Motion, Vote
from coi.models.notices import AddressFault, DepartmentCheck, Letter, LetterStop, Rehearsal
from coi.models.official import OfficialFormReceived
from coi.models.paper import Confirmation, PaperForm
from coi.models.people import Absence, Leave, Person, PersonVersion, RosterImport, RosterNote, Tie
from coi.models.plans import Plan, PlanAnswer, PlanCondition, PlanStep, StepAsideLink
from coi.models.policies import PolicyFile, PolicyReceipt, PolicyUpload, PolicyVersion
from coi.models.profiles import ProfileVersion
from coi.models.questionnaires import DraftMove, FormUsed, Questionnaire, QuestionnaireDraft
from coi.models.records import RecordsFiling, RecordsRelease, RecordsRequest, RecordsStep, Removal, RemovalRuling
from coi.models.recusals import StepAside, StepAsideStep
from coi.models.reopened import Reopening, RuleWithdrawal
from coi.models.requests import Request
from coi.models.review import Assignment, Decision, InterestDecision, Message, Recommendation, Recusal
from coi.models.samples import AuditSample, AuditSampleRow
from coi.models.seals import Referral, Seal

__all__ = [
    "Absence",
    "AbsencePlan",
    "Account",
    "AddressFault",
    "AdviceRelease",
    "Appeal",
    "AppealAnswer",
    "AppealRest",
    "Assignment",
    "Attachment",
    "AuditEntry",
    "AuditSample",
    "AuditSampleRow",
    "BatchMember",
    "BatchSample",
    "BatchStep",
    "BodyCover",
    "BodyDeclaration",
    "Campaign",
    "CampaignPart",
    "CampaignStep",
    "CarriedEntry",
    "CaseFile",
    "Checkpoint",
    "Confirmation",
    "Contract",
    "ContractAlert",
    "Decision",
    "Delegation",
    "DepartmentCheck",
    "Disclosure",
    "DisclosureVersion",
    "Draft",
    "DraftMove",
    "DueDate",
    "EventDate",
    "Excuse",
    "Export",
    "ExportApproval",
    "Extension",
    "Flag",
    "FormUsed",
    "Installation",
    "Interest",
    "InterestDecision",
    "InterestMatch",
    "Leave",
    "Letter",
    "LetterStop",
    "ListLoad",
    "ListRecord",
    "MatchSweep",
    "Meeting",
    "MeetingRecord",
    "Message",
    "Motion",
    "Obligation",
    "OfficialFormReceived",
    "OnTimeFact",
    "PaperForm",
    "Person",
    "PersonVersion",
    "Plan",
    "PlanAnswer",
    "PlanCondition",
    "PlanStep",
    "PolicyFile",
    "PolicyReceipt",
    "PolicyUpload",
    "PolicyVersion",
    "PriorityRow",
    "ProfileVersion",
    "Questionnaire",
    "QuestionnaireDraft",
    "QueueMark",
    "ReadGrant",
    "Recommendation",
    "RecordsFiling",
    "RecordsRelease",
    "RecordsRequest",
    "RecordsStep",
    "Recusal",
    "Referral",
    "Refusal",
    "Rehearsal",
    "Removal",
    "RemovalRuling",
    "Reopening",
    "Request",
    "ReviewBatch",
    "RoleGrant",
    "RosterImport",
    "RosterNote",
    "RuleWithdrawal",
    "Seal",
    "Settlement",
    "SignIn",
    "SignInAttempt",
    "SignedAttachment",
    "Slip",
    "StepAside",
    "StepAsideLink",
    "StepAsideStep",
    "SupervisorAnswer",
    "SupervisorQuestion",
    "Tie",
    "TooFew",
    "Transition",
    "VendorVerdict",
    "Vote",
]
