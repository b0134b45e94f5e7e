"""What the audit log can hold: each event with the details that its entries must carry; no rule, no table."""

from enum import Enum


class Event(Enum):
    """What the audit log can hold: `source:happened`, and the details that each entry must carry, no more and no less."""

    INSTALLATION_MADE = "installation:made", {"origin", "key"}
    KEY_CHANGED = "installation:key_changed", {"old", "new", "signature"}
    SOFTWARE_STARTED = "software:started", {"release", "process"}
    SOFTWARE_MIGRATED = "software:migrated", {"release", "revision"}
    PROFILE_LOADED = "profile:loaded", {"name", "version", "sha256"}
    QUESTIONNAIRE_PUBLISHED = "questionnaire:published", {"form", "version", "sha256", "change", "request"}
    QUESTIONNAIRE_SAVED = "questionnaire:draft_saved", {"form", "sha256", "revision"}
    QUESTIONNAIRE_DISCARDED = "questionnaire:draft_discarded", {"form", "sha256"}
    QUESTIONNAIRE_USED = "questionnaire:used", {"form", "kinds", "request", "two_persons"}
    DRAFTS_MOVED = "drafts:moved", {"form", "from", "to", "count", "aside"}
    POLICY_PUBLISHED = "policy:published", {"policy", "version", "sha256"}
    POLICY_PUT_IN = "policy:put_in", {"policy", "version", "sha256"}
    POLICY_APPROVED = "policy:approved", {"policy", "version", "sha256", "upload", "request", "two_persons"}
    COUNTED_ON_TIME = "obligation:counted_on_time", {"because", "last_day", "filed_on"}
    ROSTER_IMPORTED = "roster:imported", {"sha256", "full", "rows", "added", "changed", "left", "refused"}
    ROSTER_UNDONE = "roster:undone", {"import"}
    LIST_LOADED = "list:loaded", {"list", "sha256", "rows"}
    MATCHES_MADE = "list:matched", {"through", "made", "ended"}
    VERDICT_GIVEN = "verdict:given", {"verdict", "category", "everywhere", "party", "vendor", "until", "because"}
    VERDICT_ENDED = "verdict:ended", {"verdict", "because"}
    CONTRACT_FOUND = "disclosure:new_contract", {"alert", "party", "vendor", "contracts", "risk"}
    CONTRACT_SETTLED = "disclosure:new_contract_settled", {"alert", "how", "because"}
    PARTY_READ = "party:read", {"party", "contracts", "filings"}
    PERSON_CHANGED = "person:changed", {"fields"}
    LEAVE_SET = "leave:set", {"from", "to", "hold_letters"}
    ACCOUNT_CREATED = "account:created", {"person", "setup"}
    ACCOUNT_CHANGED = "account:changed", {"what"}
    ACCOUNT_CLOSED = "account:closed", {"because"}
    ROLE_GRANTED = "role:granted", {"role", "request", "asked_by", "until", "setup", "two_persons"}
    ROLE_ENDED = "role:ended", {"role", "request", "asked_by", "setup", "two_persons"}
    BREAK_GLASS = "role:break_glass", {"role", "until", "because"}
    SLIP_ISSUED = "slip:issued", {"expires", "identity_checked"}
    SLIP_USED = "slip:used", {"desk"}
    PASSWORD_SET = "password:set", {"by"}
    RESET_ASKED = "password:reset_asked", {"by"}
    SIGNED_IN = "sign_in:started", {"method"}
    SIGNED_OUT = "sign_in:ended", {"because"}
    REQUEST_MADE = "request:made", {"action", "of", "parameters", "because"}
    REQUEST_APPROVED = "request:approved", {"action", "of", "asked_by", "because"}
    REQUEST_REFUSED = "request:refused", {"action", "of", "asked_by", "because"}
    REQUEST_VOID = "request:void", {"action", "of", "because"}
    CAMPAIGN_OPENED = "campaign:opened", {"year", "reporting_year", "parts", "obligations", "two_persons", "request", "setup"}
    CAMPAIGN_CLOSED = "campaign:closed", {"request", "size", "head", "two_persons", "setup"}
    CAMPAIGN_PAUSED = "campaign:paused", {"part", "paused", "request"}
    OBLIGATION_MADE = "obligation:made", {"kind", "count", "because"}
    OBLIGATION_ENDED = "obligation:ended", {"because"}
    EVENT_DATED = "event:dated", {"form", "event", "person", "on", "count"}
    EXTENDED = "obligation:extended", {"until", "reason", "count", "request"}
    EXCUSED = "obligation:excused", {"reason", "request", "asked_by"}
    DRAFT_DISCARDED = "draft:discarded", {"form"}
    DISCLOSURE_SUBMITTED = "disclosure:submitted", {"version", "sha256", "form", "kind", "risk", "flags", "signature", "imported"}
    DISCLOSURE_CORRECTED = (
        "disclosure:corrected",
        {"version", "sha256", "previous", "form", "kind", "risk", "flags", "because", "signature"},
    )
    DISCLOSURE_CONFIRMED = "disclosure:confirmed", {"version", "sha256"}
    DISCLOSURE_MOVED = "disclosure:moved", {"action", "from", "to", "because"}
    DISCLOSURE_ASSIGNED = "disclosure:assigned", {"desk", "reviewer", "because", "passed_over"}
    DISCLOSURE_UNASSIGNED = "disclosure:unassigned", {"reviewer", "because"}
    PRIORITY_CHANGED = "disclosure:priority_changed", {"from", "to", "because"}
    MESSAGE_SENT = "message:sent", {"kind", "sha256", "number"}
    RECOMMENDED = "disclosure:recommended", {"version", "outcome", "because", "conditions"}
    DECIDED = (
        "disclosure:decided",
        {"version", "outcome", "interests", "because", "internal", "rule", "recommended_by", "two_persons"},
    )
    DECISION_UNDONE = "disclosure:decision_undone", {"decision"}
    RULE_WITHDRAWN = "rule:withdrawn", {"rule", "since", "because", "count", "request", "asked_by", "two_persons"}
    RULE_CARRIED_OUT = "rule:carried_out", {"rule", "count"}
    BATCH_BEGUN = "batch:begun", {"filings", "seed", "facts"}
    BATCH_DRAWN = "batch:drawn", {"filings"}
    BATCH_LOOKED_AT = "batch:looked_at", {"filing", "as_expected", "read"}
    BATCH_TAKEN_OUT = "batch:taken_out", {"filing"}
    BATCH_DECIDED = "batch:decided", {"outcome", "because", "decided", "left_out"}
    BATCH_STOPPED = "batch:stopped", {"because"}
    BATCH_UNDONE = "batch:undone", {"count"}
    REOPENED = "disclosure:reopened", {"decision", "why", "because", "request", "asked_by", "two_persons"}
    APPEALED = "disclosure:appealed", {"appeal", "decision", "until", "sha256", "to_body"}
    APPEAL_RESTS = "disclosure:appeal_rests", {"appeal", "decision", "because"}
    APPEAL_DECIDED = "disclosure:appeal_decided", {"appeal", "decision", "effect"}
    RECUSED = "disclosure:recused", {"reviewer", "because"}
    BODY_SENT = "body:sent", {"version", "outcome", "issue", "because", "conditions"}
    BODY_DECLARED = "body:declared", {"version", "conflict", "because"}
    MEETING_ENTERED = "meeting:entered", {"held_on", "minutes", "present", "because"}
    MOTION_ENTERED = (
        "motion:entered",
        {"motion", "disclosure", "version", "kind", "outcome", "text", "carried", "yes", "no", "abstained", "recused", "because"},
    )
    REFERRED = "disclosure:referred", {"decision", "to", "on", "told"}
    SEAL_SET = "seal:set", {"disclosure", "readers", "until", "because", "request", "asked_by"}
    SEAL_LIFTED = "seal:lifted", {"disclosure", "because"}
    TIE_CONFIRMED = "tie:confirmed", {"kind", "other"}
    ABSENCE_SET = "absence:set", {"absence", "from", "to", "cases", "delegate"}
    ABSENCE_ENDED = "absence:ended", {"absence", "on"}
    STANDS_IN = "disclosure:stands_in", {"delegate", "for", "until"}
    STOOD_IN_ENDED = "disclosure:stands_in_no_more", {"delegate", "for", "because"}
    STOOD_IN = "disclosure:acted_for", {"for", "what"}
    CASES_HANDED_OVER = "cases:handed_over", {"count", "stay"}
    TOO_FEW_BEGAN = "duties:too_few", {"what"}
    TOO_FEW_ENDED = "duties:enough_again", {"what"}
    READ_GRANTED = "read_grant:given", {"grant", "auditor", "from", "until", "asked_by", "request", "because"}
    POLICY_SIGNED = "policy:signed", {"policy", "version", "receipt", "sha256"}
    DISCLOSURE_READ = "disclosure:read", {"version", "as"}
    RECEIPT_READ = "receipt:read", {"version"}
    LIST_READ = "list:read", {"list", "filter", "count"}
    AUDIT_READ = "audit:read", {"filter", "count"}
    DESK_ACTED = "desk:acted", {"what", "count"}
    EXPORT_ASKED = "register:asked", {"kind", "filters", "as_of"}
    EXPORT_APPROVED = "register:approved", {"request", "asked_by", "two_persons"}
    REGISTER_EXPORTED = "register:exported", {"kind", "rows", "sha256", "seal", "as_of", "files"}
    EXPORT_READ = "register:downloaded", {"sha256"}
    EXPORT_ENDED = "register:ended", {"because"}
    EXPORT_GONE = "register:no_longer_kept", {"sha256", "days"}
    SAMPLE_DRAWN = "sample:drawn", {"as_of", "campaign", "filters", "way", "seed", "size", "from", "sha256"}
    CHECKPOINT_MADE = "checkpoint:made", {"size", "head"}
    LETTER_SENT = "letter:sent", {"kind", "sha256"}
    LETTER_STOPPED = "letter:stopped", {"kind", "because"}
    LETTERS_SKIPPED = "letters:skipped", {"step", "count", "because"}
    LETTERS_REHEARSED = "letters:rehearsed", {"letters", "waived", "because"}
    LETTER_BY_HAND = "letter:by_hand", {"kind"}
    ADDRESS_FAILED = "address:failed", {"sha256", "by"}
    ADDRESS_SEEN_TO = "address:seen_to", {"sha256"}
    DEPARTMENT_CHECKED = "department:checked", {"department", "people", "sha256"}
    FILE_TAKEN = "file:taken", {"filings", "sha256"}
    OFFICIAL_FORM_RECEIVED = "official_form:received", {"version", "on"}
    STEPPED_ASIDE = "recusal:filed", {"since", "matter", "party", "supervisor"}
    STAND_IN_NAMED = "recusal:stand_in_named", {"stand_in"}
    STEPPED_BACK = "recusal:over", {"on"}
    RECUSAL_READ = "recusal:read", {"as"}
    SUPERVISOR_ASKED = "supervisor:asked", {"question", "supervisor", "sha256"}
    SUPERVISOR_ANSWERED = "supervisor:answered", {"question", "sha256"}
    SUPERVISOR_NOT_ASKED = "supervisor:question_taken_back", {"question", "because"}
    ADVICE_READ = "advice:read", {"count"}
    ADVICE_RELEASED = "advice:released", {"number", "because"}
    PLAN_MADE = "plan:made", {"decision", "conditions", "accept_by", "sha256"}
    PLAN_ANSWERED = "plan:answered", {"answer", "words", "plan", "sha256", "language", "method"}
    PLAN_STEP = "plan:step", {"condition", "what", "words", "about"}
    PLAN_READ = "plan:read", {"condition", "as"}
    STEPPED_ASIDE_FOR = "recusal:entered", {"since", "matter", "party", "supervisor", "origin", "of"}
    ATTACHMENT_ADDED = "attachment:added", {"attachment", "kind", "size", "sha256", "scan"}
    ATTACHMENT_REMOVED = "attachment:removed", {"attachment", "sha256", "because"}
    ATTACHMENT_SCANNED = "attachment:scanned", {"attachment", "sha256", "scan"}
    ATTACHMENTS_SIGNED = "attachment:signed", {"version", "sha256"}
    ATTACHMENT_READ = "attachment:read", {"attachment", "sha256", "as"}
    PAPER_BEGUN = "paper:begun", {"form", "kind", "received"}
    PAPER_DISCARDED = "paper:discarded", {"form"}
    PAPER_TYPED = "paper:typed", {"paper", "version", "sha256", "received", "signed_on"}
    CASE_FILE_ASKED = "case_file:asked", {"disclosure", "version", "purpose", "because", "request", "asked_by"}
    CASE_FILE_MADE = "case_file:made", {"disclosure", "version", "size", "head", "sha256", "statement"}
    CASE_FILE_READ = "case_file:downloaded", {"disclosure", "sha256"}
    RECORDS_ASKED = "records:received", {"received_on", "due_on", "asked"}
    RECORDS_EXTENDED = "records:extended", {"until", "ground", "because"}
    RECORDS_CLOSED = "records:answered", {"answer", "because", "filings"}
    RECORDS_GATHERED = "records:gathered", {"disclosure", "versions"}
    RECORDS_TAKEN_OUT = "records:taken_out", {"disclosure"}
    RECORDS_PROPOSED = "records:proposed", {"disclosure", "removals", "marked", "sha256"}
    RECORDS_RULED = "records:ruled", {"disclosure", "approved", "refused", "sha256"}
    RECORDS_RELEASE_ASKED = "records:release_asked", {"disclosure", "release"}
    RECORDS_RELEASED = "records:released", {"disclosure", "release", "removed", "sha256"}
    RECORDS_READ = "records:downloaded", {"disclosure", "sha256"}
    FILINGS_IMPORTED = "filings:imported", {"sha256", "lines", "accepted", "refused"}

    def __init__(self, code: str, keys: set[str]) -> None:
        self.code = code
        self.keys = frozenset(keys)
