"""The words of the office: roles, where a filing came from, workbooks and jobs, requests; no rule, no table."""

from flask_babel import lazy_gettext as _l

from coi.vocabulary.word import Word


class Origin(Word):
    """Why somebody stands in the register of who steps aside."""

    OWN = "own", _l("Own wish")
    INTERIM = "interim", _l("For the time of a review")
    PLAN = "plan", _l("Condition of the City")


class ExportKind(Word):
    """How much a workbook shows."""

    STANDARD = "standard", _l("Standard")
    FULL = "full", _l("Full")
    PUBLIC = "public", _l("Public")


class JobState(Word):
    """How far a piece of long work is."""

    ASKED = "asked", _l("Waits for a second person")
    WAITING = "waiting", _l("Waiting")
    RUNNING = "running", _l("Running")
    DONE = "done", _l("Done")
    FAILED = "failed", _l("Failed")
    CANCELLED = "cancelled", _l("Cancelled")


class JobEnd(Word):
    """Why a workbook ended without a file."""

    CANCELLED = "cancelled", _l("cancelled by who asked")
    RIGHT_ENDED = "right_ended", _l("the right to it had ended")
    REFUSED = "refused", _l("a second person refused it")
    DISK_FULL = "disk_full", _l("no room was left on the disk")
    CUT_OFF = "cut_off", _l("the work on it was cut off again and again")
    FAULT = "fault", _l("a fault")


class RequestState(Word):
    """What became of an act that needs a second person."""

    WAITING = "waiting", _l("Waiting for a second person")
    APPROVED = "approved", _l("Approved")
    REFUSED = "refused", _l("Refused")
    VOID = "void", _l("No longer valid")


class Role(Word):
    """What a person may be granted on record; everybody may file without any."""

    REVIEWER = "reviewer", _l("Ethics reviewer")
    SENIOR_OFFICER = "senior_officer", _l("Senior ethics officer")
    AUDITOR = "auditor", _l("Auditor")
    ADMINISTRATOR = "administrator", _l("Administrator")
    CAMPAIGN_DESK = "campaign_desk", _l("Campaign desk")
    PAPER_ENTRY = "paper_entry", _l("Paper entry")
    COMMISSIONER = "commissioner", _l("Member of the final body")
    SOLICITOR = "solicitor", _l("Solicitor")
    RECORDER = "recorder", _l("Recorder of the final body")
    RECORDS_OFFICER = "records_officer", _l("Records officer")
    RECUSAL_READER = "recusal_reader", _l("Clerk and procurement")
