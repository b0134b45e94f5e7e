"""The log as people read it: one sentence for each kind of entry, from the codes that it holds; looks nothing up."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coi.models import AuditEntry
from coi.rules.searching import search_text
from coi.vocabulary import (
    Action,
    CasePurpose,
    Event,
    JobEnd,
    Kind,
    MessageKind,
    Outcome,
    Receipt,
    Risk,
    Role,
    State,
    TooFewOf,
    VerdictCategory,
    Word,
)

# %(about)s is the entry's subject; every other name is one of the entry's details.
SENTENCES: dict[Event, Any] = {
    Event.INSTALLATION_MADE: _l("made this installation"),
    Event.KEY_CHANGED: _l("changed the signing key"),
    Event.SOFTWARE_STARTED: _l("started the software %(release)s (%(process)s)"),
    Event.SOFTWARE_MIGRATED: _l("brought the tables to version %(revision)s"),
    Event.PROFILE_LOADED: _l("loaded version %(version)s of the profile %(name)s"),
    Event.QUESTIONNAIRE_PUBLISHED: _l("published version %(version)s of the form %(form)s"),
    Event.QUESTIONNAIRE_SAVED: _l("saved a draft of the form %(form)s"),
    Event.QUESTIONNAIRE_DISCARDED: _l("threw away a draft of the form %(form)s"),
    Event.QUESTIONNAIRE_USED: _l("set for which kinds the form %(form)s is used: %(kinds)s"),
    Event.DRAFTS_MOVED: _l("moved %(count)s drafts to the corrected form %(form)s, %(aside)s with answers set aside"),
    Event.POLICY_PUBLISHED: _l("published version %(version)s of the policy %(policy)s"),
    Event.POLICY_PUT_IN: _l("put in version %(version)s of the policy %(policy)s, for a second person to approve"),
    Event.POLICY_APPROVED: _l("published the City's own text as version %(version)s of the policy %(policy)s"),
    Event.COUNTED_ON_TIME: _l("counted a filing as on time because of trouble with signing in: %(about)s"),
    Event.ROSTER_IMPORTED: _l("imported a roster: %(rows)s rows, %(added)s added, %(changed)s changed, %(left)s left"),
    Event.ROSTER_UNDONE: _l("took back the roster import %(about)s"),
    Event.LIST_LOADED: _l("loaded the list %(list)s: %(rows)s rows"),
    Event.PERSON_CHANGED: _l("changed what is known of %(about)s"),
    Event.LEAVE_SET: _l("set the leave of %(about)s"),
    Event.ACCOUNT_CREATED: _l("made the account %(about)s"),
    Event.ACCOUNT_CHANGED: _l("changed the account %(about)s"),
    Event.ACCOUNT_CLOSED: _l("closed the account %(about)s"),
    Event.ROLE_GRANTED: _l("gave %(about)s the role “%(role)s”"),
    Event.ROLE_ENDED: _l("ended the role “%(role)s” of %(about)s"),
    Event.BREAK_GLASS: _l("opened emergency access for %(about)s: “%(role)s” until %(until)s"),
    Event.SLIP_ISSUED: _l("issued a sign-in slip for %(about)s"),
    Event.SLIP_USED: _l("used a sign-in slip"),
    Event.PASSWORD_SET: _l("set a passphrase for %(about)s"),
    Event.RESET_ASKED: _l("asked for a new passphrase for %(about)s"),
    Event.SIGNED_IN: _l("signed in"),
    Event.SIGNED_OUT: _l("signed out"),
    Event.REQUEST_MADE: _l("asked for something that needs a second person: %(action)s"),
    Event.REQUEST_APPROVED: _l("approved as second person: %(action)s"),
    Event.REQUEST_REFUSED: _l("refused as second person: %(action)s"),
    Event.REQUEST_VOID: _l("closed a request that no longer holds: %(action)s"),
    Event.CAMPAIGN_OPENED: _l("opened the campaign %(year)s: %(obligations)s forms are due"),
    Event.CAMPAIGN_CLOSED: _l("closed the campaign %(about)s"),
    Event.CAMPAIGN_PAUSED: _l("paused a part of the campaign %(about)s, or let it go on"),
    Event.OBLIGATION_MADE: _l("made %(count)s forms due: %(kind)s"),
    Event.OBLIGATION_ENDED: _l("ended what was due: %(about)s"),
    Event.EVENT_DATED: _l("entered %(on)s as the day of %(event)s for the form %(form)s: %(count)s due dates"),
    Event.EXTENDED: _l("gave more time for %(count)s forms, until %(until)s"),
    Event.EXCUSED: _l("excused %(about)s"),
    Event.DRAFT_DISCARDED: _l("threw away a draft of their own"),
    Event.DISCLOSURE_SUBMITTED: _l("signed version %(version)s of %(about)s"),
    Event.DISCLOSURE_CORRECTED: _l("corrected %(about)s and signed version %(version)s"),
    Event.DISCLOSURE_CONFIRMED: _l("confirmed the imported filing %(about)s"),
    Event.DISCLOSURE_MOVED: _l("%(action)s: %(about)s went from “%(from)s” to “%(to)s”"),
    Event.DISCLOSURE_ASSIGNED: _l("gave %(about)s to a reviewer of the desk %(desk)s"),
    Event.DISCLOSURE_UNASSIGNED: _l("took %(about)s from its reviewer"),
    Event.PRIORITY_CHANGED: _l("changed the review priority of %(about)s from “%(from)s” to “%(to)s”"),
    Event.MESSAGE_SENT: _l("wrote on %(about)s: %(kind)s"),
    Event.RECOMMENDED: _l("recommended “%(outcome)s” for %(about)s"),
    Event.DECIDED: _l("decided %(about)s: “%(outcome)s”"),
    Event.DECISION_UNDONE: _l("took the decision on %(about)s back"),
    Event.BODY_SENT: _l("sent %(about)s to the final body"),
    Event.BODY_DECLARED: _l("said before the packet of %(about)s whether there is a conflict"),
    Event.MEETING_ENTERED: _l("wrote down the meeting %(about)s of %(held_on)s"),
    Event.MOTION_ENTERED: _l("wrote down the motion %(motion)s of the meeting %(about)s"),
    Event.REFERRED: _l("referred %(about)s on %(on)s"),
    Event.SEAL_SET: _l("sealed the reading of %(disclosure)s until %(until)s (%(about)s)"),
    Event.SEAL_LIFTED: _l("lifted the seal on the reading of %(disclosure)s (%(about)s)"),
    Event.RULE_WITHDRAWN: _l("withdrew the rule “%(rule)s” for what it cleared since %(since)s"),
    Event.RULE_CARRIED_OUT: _l("opened again what the withdrawn rule “%(rule)s” had cleared: %(count)s"),
    Event.BATCH_BEGUN: _l("put filings together to decide them at once (%(about)s)"),
    Event.BATCH_DRAWN: _l("drew a sample of %(about)s"),
    Event.BATCH_LOOKED_AT: _l("opened a filing of the sample of %(about)s"),
    Event.BATCH_TAKEN_OUT: _l("took a filing out of %(about)s"),
    Event.BATCH_DECIDED: _l("decided %(about)s together"),
    Event.BATCH_STOPPED: _l("stopped %(about)s"),
    Event.BATCH_UNDONE: _l("took the decisions of %(about)s back"),
    Event.REOPENED: _l("opened %(about)s again"),
    Event.APPEALED: _l("appealed a decision on %(about)s"),
    Event.APPEAL_RESTS: _l("let what was decided rest until the appeal on %(about)s is decided"),
    Event.APPEAL_DECIDED: _l("decided the appeal on %(about)s: %(effect)s"),
    Event.ABSENCE_ENDED: _l("ended an absence of %(about)s on %(on)s"),
    Event.STANDS_IN: _l("gave %(about)s to somebody who stands in for its reviewer until %(until)s"),
    Event.STOOD_IN_ENDED: _l("ended that somebody stands in on %(about)s"),
    Event.STOOD_IN: _l("acted on %(about)s in the stead of its reviewer: %(what)s"),
    Event.CASES_HANDED_OVER: _l("handed over the open cases of %(about)s: %(count)s moved, %(stay)s stay"),
    Event.TOO_FEW_BEGAN: _l("found that there are too few: %(what)s"),
    Event.TOO_FEW_ENDED: _l("found that there are enough again: %(what)s"),
    Event.READ_GRANTED: _l("opened %(about)s to an auditor until %(until)s"),
    Event.RECUSED: _l("stepped out of %(about)s"),
    Event.TIE_CONFIRMED: _l("confirmed a tie that keeps somebody from reviewing"),
    Event.MATCHES_MADE: _l("compared the names on filings with the City's lists: %(made)s found, %(ended)s gone"),
    Event.VERDICT_GIVEN: _l("said what a name on %(about)s and a name on the City's lists are: %(category)s"),
    Event.VERDICT_ENDED: _l("ended what was said of a name on %(about)s"),
    Event.CONTRACT_FOUND: _l("found a new contract with a company named on %(about)s"),
    Event.CONTRACT_SETTLED: _l("settled a new contract with a company named on %(about)s: %(how)s"),
    Event.PARTY_READ: _l("read what the office knows of an outside party named on %(about)s"),
    Event.ABSENCE_SET: _l("set an absence of %(about)s"),
    Event.POLICY_SIGNED: _l("signed the policy %(policy)s, version %(version)s: %(receipt)s"),
    Event.DISCLOSURE_READ: _l("read version %(version)s of %(about)s"),
    Event.RECEIPT_READ: _l("opened the receipt of %(about)s"),
    Event.LIST_READ: _l("read a list: %(list)s, %(count)s lines"),
    Event.AUDIT_READ: _l("read the audit log, %(count)s entries"),
    Event.DESK_ACTED: _l("acted at the campaign desk: %(what)s, %(count)s people"),
    Event.EXPORT_ASKED: _l("asked for the workbook %(about)s"),
    Event.REGISTER_EXPORTED: _l("made the workbook %(about)s: %(rows)s rows"),
    Event.EXPORT_READ: _l("downloaded the workbook %(about)s or its seal"),
    Event.EXPORT_APPROVED: _l("approved the full workbook %(about)s"),
    Event.EXPORT_ENDED: _l("ended the work on the workbook %(about)s without a file: %(because)s"),
    Event.EXPORT_GONE: _l("removed the file of the workbook %(about)s after %(days)s days"),
    Event.SAMPLE_DRAWN: _l("drew the sample %(about)s: %(size)s of %(from)s"),
    Event.CHECKPOINT_MADE: _l("signed a checkpoint over %(size)s entries"),
    Event.LETTER_SENT: _l("sent a letter to %(about)s: %(kind)s"),
    Event.LETTER_STOPPED: _l("stopped a letter to %(about)s: %(kind)s"),
    Event.LETTERS_SKIPPED: _l("left out %(count)s letters whose time had passed"),
    Event.LETTERS_REHEARSED: _l("looked at the letters of the campaign %(about)s first, or let them go without"),
    Event.LETTER_BY_HAND: _l("reminded %(about)s by hand: %(kind)s"),
    Event.ADDRESS_FAILED: _l("noted that letters to %(about)s come back"),
    Event.ADDRESS_SEEN_TO: _l("saw to an address from which letters came back: %(about)s"),
    Event.DEPARTMENT_CHECKED: _l("said that the list of the department %(department)s is right: %(people)s people"),
    Event.FILE_TAKEN: _l("took a copy of everything of their own: %(filings)s forms"),
    Event.OFFICIAL_FORM_RECEIVED: _l("recorded that the office received version %(version)s of %(about)s on %(on)s"),
    Event.STEPPED_ASIDE: _l("stepped aside from a matter: %(about)s, from %(since)s on"),
    Event.STAND_IN_NAMED: _l("named who stands in: %(about)s"),
    Event.STEPPED_BACK: _l("said that stepping aside is over: %(about)s, on %(on)s"),
    Event.RECUSAL_READ: _l("read %(about)s"),
    Event.SUPERVISOR_ASKED: _l("asked a supervisor a question of fact: %(about)s"),
    Event.SUPERVISOR_ANSWERED: _l("answered a question of fact as supervisor: %(about)s"),
    Event.SUPERVISOR_NOT_ASKED: _l("took back a question to a supervisor: %(about)s"),
    Event.ADVICE_READ: _l("read the legal advice on %(about)s"),
    Event.PLAN_MADE: _l("made a management plan of %(conditions)s conditions: %(about)s"),
    Event.PLAN_ANSWERED: _l("answered a management plan: %(about)s"),
    Event.PLAN_STEP: _l("noted a step on condition %(condition)s: %(about)s"),
    Event.PLAN_READ: _l("read a condition of %(about)s"),
    Event.STEPPED_ASIDE_FOR: _l("entered who stays out of what, from %(since)s on: %(about)s"),
    Event.ADVICE_RELEASED: _l("released legal advice into the case file of %(about)s"),
    Event.ATTACHMENT_ADDED: _l("added a paper to %(about)s"),
    Event.ATTACHMENT_REMOVED: _l("took a paper away from %(about)s"),
    Event.ATTACHMENT_SCANNED: _l("had a paper of %(about)s looked at for viruses: %(scan)s"),
    Event.ATTACHMENTS_SIGNED: _l("signed the papers of version %(version)s of %(about)s"),
    Event.ATTACHMENT_READ: _l("opened a paper of %(about)s"),
    Event.PAPER_BEGUN: _l("began to type in the paper form %(about)s"),
    Event.PAPER_DISCARDED: _l("threw away what was typed from the paper form %(about)s"),
    Event.PAPER_TYPED: _l("typed in %(about)s from paper"),
    Event.CASE_FILE_ASKED: _l("let a certified file of the case %(disclosure)s be made: %(purpose)s (%(about)s)"),
    Event.CASE_FILE_MADE: _l("made a certified file of the case %(disclosure)s (%(about)s)"),
    Event.CASE_FILE_READ: _l("downloaded a certified file of the case %(disclosure)s (%(about)s)"),
    Event.RECORDS_ASKED: _l("took in the records request %(about)s, due on %(due_on)s"),
    Event.RECORDS_EXTENDED: _l("took more time for the records request %(about)s, until %(until)s"),
    Event.RECORDS_CLOSED: _l("answered the records request %(about)s"),
    Event.RECORDS_GATHERED: _l("gathered %(disclosure)s for the records request %(about)s"),
    Event.RECORDS_TAKEN_OUT: _l("took %(disclosure)s out of the records request %(about)s"),
    Event.RECORDS_PROPOSED: _l("proposed what is removed from %(disclosure)s for %(about)s: %(removals)s answers"),
    Event.RECORDS_RULED: _l("ruled on what is removed from %(disclosure)s for %(about)s: %(approved)s yes, %(refused)s no"),
    Event.RECORDS_RELEASE_ASKED: _l("let %(disclosure)s be released for %(about)s"),
    Event.RECORDS_RELEASED: _l("released %(disclosure)s for %(about)s with %(removed)s answers removed"),
    Event.RECORDS_READ: _l("downloaded what was released of %(disclosure)s for %(about)s"),
    Event.FILINGS_IMPORTED: _l("imported filings: %(accepted)s of %(lines)s lines"),
}
EVENTS = {event.code: event for event in Event}
PLACE, DETAILS = re.compile(r"%\(\w+\)s"), re.compile(r":\s|\s\((?=%)")
MOVED: dict[str, type[Word]] = {"action": Action, "from": State, "to": State}
CHANGED: dict[str, type[Word]] = {"from": Risk, "to": Risk}
WORDS: dict[str, type[Word]] = {
    "role": Role,
    "outcome": Outcome,
    "receipt": Receipt,
    "risk": Risk,
    "category": VerdictCategory,
    "purpose": CasePurpose,
}
KINDS: dict[Event, type[Word]] = {Event.MESSAGE_SENT: MessageKind, Event.OBLIGATION_MADE: Kind}


MOVED_IN_SHORT = _l("moved a filing from one state to another")


def label(event: Event) -> str:
    """What happened, in short and in the reader's language: the sentence up to its details, with … for what it leaves open."""
    told = str(MOVED_IN_SHORT if event is Event.DISCLOSURE_MOVED else SENTENCES[event])
    told = PLACE.sub("…", DETAILS.split(told)[0]).strip(" ,")
    return told[:1].upper() + told[1:]


def labels(events: Iterable[Event]) -> list[tuple[str, str]]:
    """Code and words of each event, the code beside the words, in the order of the words."""
    told = [(one.code, f"{label(one)} ({one.code})") for one in events]
    return sorted(told, key=lambda one: search_text(one[1]))


def sentence(entry: AuditEntry, about: str) -> str:
    """What happened, in the reader's language; an entry of a later software shows its code."""
    event = EVENTS.get(entry.event)
    if event is None or event not in SENTENCES:
        return f"{entry.event} {about}"
    told = {name: _said(event, name, value) for name, value in json.loads(entry.details).items()}
    try:
        return str(SENTENCES[event]) % {**told, "about": about}
    except KeyError:
        return f"{entry.event} {about}"


# What somebody did in another's stead, where it was no move of the filing.
BESIDE_MOVES = {
    "note": _l("wrote a note"),
    "priority": _l("changed the priority"),
    "tie": _l("confirmed a tie"),
    "ask_supervisor": _l("asked the supervisor"),
    "ask_supervisor_no_more": _l("took a question back"),
    "legal_advice": _l("wrote legal advice"),
    "interim": _l("asked to keep out of something"),
    "interim_over": _l("ended keeping out of something"),
    "verdict": _l("said what a name is"),
    "verdict_taken_back": _l("took back what was said of a name"),
    "new_contract": _l("looked at a new contract"),
    "look": _l("looked at it for a decision on many"),
}


def _said(event: Event, name: str, value: Any) -> str:
    words: Mapping[str, type[Word]] = WORDS
    if event is Event.DISCLOSURE_MOVED:
        words = MOVED
    elif event is Event.PRIORITY_CHANGED:
        words = CHANGED
    elif event in (Event.TOO_FEW_BEGAN, Event.TOO_FEW_ENDED):
        words = {"what": TooFewOf}
    elif event is Event.EXPORT_ENDED:
        words = {"because": JobEnd}
    elif event is Event.STOOD_IN and value in BESIDE_MOVES:
        return str(BESIDE_MOVES[value])
    elif event is Event.STOOD_IN:
        words = {"what": Action}
    word = KINDS.get(event) if name == "kind" else words.get(name)
    try:
        return str(word(value).label) if word is not None else str(value)
    except ValueError:
        return str(value)


def actor_in_words(code: str, names: Mapping[str, str]) -> str:
    """Who acted: a person by name, the system and operators as such."""
    if code == "system":
        return str(_("The system"))
    if code.startswith("operator:"):
        return str(_("The operator %(name)s", name=code.partition(":")[2]))
    return names.get(code, code)


def by_whom(code: str, names: Mapping[str, str] | None = None) -> str:
    """Who acted, as it stands inside a sentence after "by": a person by name, the system and operators as such."""
    if code == "system":
        return str(_("the system"))
    if code.startswith("operator:"):
        return str(_("the operator of the server (%(name)s)", name=code.partition(":")[2]))
    return (names or {}).get(code, code)


def subject_in_words(code: str, names: Mapping[str, str]) -> str:
    """What it was about: people by name, things by their reference."""
    return names.get(code) or code.partition(":")[2] or code
