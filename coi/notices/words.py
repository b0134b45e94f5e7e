"""The words of every letter: subject, paragraphs, the reason it came, and where its one link goes; no content of a filing."""

import re

from flask_babel import lazy_gettext as _l

from coi.notices.appeal_words import APPEALS
from coi.notices.audit_words import AUDIT_WORDS, WITH_CHECKPOINT
from coi.notices.due_words import ABOUT_DUE
from coi.notices.duty_words import DUTY
from coi.notices.hand_in_words import HAND_IN
from coi.notices.kinds import ACCOUNT, ASIDE, FILED, OFFICE, ROLE, Words
from coi.notices.office_words import OFFICE_WORDS
from coi.notices.plan_words import ABOUT_PLANS
from coi.notices.records_words import RECORDS_WORDS

__all__ = ["ACCOUNT", "ASIDE", "COMMON", "FILED", "KINDS", "OFFICE", "PLACE", "ROLE", "Words", "placeholders"]

KINDS: dict[str, Words] = {
    "receipt": Words(
        _l("We have your form"),
        (_l("We received your form %(reference)s. You don't have to do anything now."),),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("See your form and where it is"),
    ),
    "paper_typed": Words(
        _l("Your paper form was typed in: please look at it"),
        (
            _l("The office typed in the form that you gave on paper. It counts as %(reference)s from the day we received it."),
            _l(
                "Please sign in, look whether it says what you wrote, and confirm it. "
                "If something is wrong, you can correct it there."
            ),
            _l("If you gave us no paper form, call us at once."),
        ),
        _l("You get this letter because a form was filed in your name."),
        "disclosures.confirm",
        ("reference",),
        _l("Look and confirm"),
    ),
    "question": Words(
        _l("There is a question about your form"),
        (
            _l("The ethics office has a question about your form %(reference)s. Sign in to read and answer it."),
            _l("You don't have to sign again. A question is not a finding against you."),
            "%(line)s",
        ),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("Read the question"),
    ),
    "returned": Words(
        _l("Please correct your form"),
        (_l("The ethics office sent your form %(reference)s back. Sign in to read why, correct it and sign it again."),),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("Correct your form"),
    ),
    "outcome": Words(
        _l("Your form: the outcome is here"),
        (_l("The review of your form %(reference)s has an outcome. Sign in to read it."),),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("Read the outcome"),
    ),
    "receipt_by_rule": Words(
        _l("We have your form, and it is done"),
        (
            _l("We received your form %(reference)s. You declared nothing."),
            _l(
                "By the City's rule for forms with nothing to declare it is closed without a reader: no conflict found. "
                "You don't have to do anything more."
            ),
        ),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("See your form"),
    ),
    "reopened": Words(
        _l("We look at your form once more"),
        (
            _l("The ethics office looks at your form %(reference)s once more. The outcome that you have stands until then."),
            _l("This is not a finding against you. You don't have to do anything now; we write to you when we are done."),
        ),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("See where your form is"),
    ),
    "receipt_on_paper": Words(
        _l("We have what you filled in"),
        (
            _l(
                "You filled in the form %(reference)s. It is not filed with the City yet: "
                "print it, sign it by hand and give it to the office."
            ),
        ),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("See your form and print it"),
    ),
    "on_paper": Words(
        _l("The office has your form on paper"),
        (
            _l(
                "The office recorded that it received your form %(reference)s on paper, signed by hand. "
                "It is filed with the City."
            ),
        ),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("See your form and where it is"),
    ),
    "new_contract": Words(
        _l("The City has a new contract with a company on your form %(reference)s"),
        (
            _l("Somebody in the ethics office looks at it. You have nothing to do now. Sign in to see which company it is."),
            _l("Nothing else about your form %(reference)s changes. If we need to know something, we ask you."),
        ),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("See your form and where it is"),
    ),
    "stepped_aside": Words(
        _l("Somebody in your team stepped aside from a matter"),
        (
            _l("%(name)s stepped aside from a matter. Please give this person no work on it, and name who handles it."),
            _l("Stepping aside is no finding against anybody. Please do not ask why."),
        ),
        ASIDE,
        "recusals.show",
        ("reference",),
        _l("See the matter"),
    ),
    "stand_in": Words(
        _l("You handle a matter for a colleague"),
        (_l("%(name)s stepped aside from a matter, and you were named to handle it. Sign in to see which one it is."),),
        ASIDE,
        "recusals.show",
        ("reference",),
        _l("See the matter"),
    ),
    "stand_in_named": Words(
        _l("Somebody handles the matter from which you stepped aside"),
        (_l("%(name)s handles the matter from which you stepped aside (%(reference)s)."),),
        _l("You get this letter because you stepped aside from a matter."),
        "recusals.show",
        ("reference",),
        _l("See what you wrote"),
    ),
    "stepped_back": Words(
        _l("A matter is open to a colleague again"),
        (_l("%(name)s says that there is nothing to keep out of any more (%(reference)s)."),),
        ASIDE,
        "recusals.show",
        ("reference",),
        _l("See the matter"),
    ),
    "answered": Words(
        _l("An answer came for %(reference)s"),
        (_l("The filer answered your question about %(reference)s. The clock runs again."),),
        OFFICE,
        "review.show",
        ("reference",),
        _l("Open the case"),
    ),
    "new_version": Words(
        _l("A newer version came: %(reference)s"),
        (_l("The filer signed a newer version of %(reference)s. Read it before you decide: what you saw was changed."),),
        OFFICE,
        "review.show",
        ("reference",),
        _l("Open the case"),
    ),
    "escalated": Words(
        _l("A case waits for your decision: %(reference)s"),
        (_l("A reviewer escalated %(reference)s with a recommendation. You are the second person."),),
        OFFICE,
        "review.show",
        ("reference",),
        _l("Open the case"),
    ),
    "before_body": Words(
        _l("A case lies before your body: %(reference)s"),
        (
            _l("The case %(reference)s waits for your next meeting. Say whether you have a conflict, and read the packet."),
            _l("Please do not talk about it outside the meeting."),
        ),
        OFFICE,
        "meetings.case",
        ("reference",),
        _l("Open the case"),
    ),
    "handed_back": Words(
        _l("A case came back to you: %(reference)s"),
        (_l("The senior officer handed %(reference)s back to you with a reason."),),
        OFFICE,
        "review.show",
        ("reference",),
        _l("Open the case"),
    ),
    "not_reopened": Words(
        _l("A case stays closed: %(reference)s"),
        (_l("You asked for %(reference)s to be opened again. A senior officer refused it; the reason stands on the case."),),
        OFFICE,
        "review.show",
        ("reference",),
        _l("Open the case"),
    ),
    "reset": Words(
        _l("Set a new passphrase"),
        (
            _l("Somebody, probably you, asked to set a new passphrase. The link works once, for one hour."),
            _l("If it was not you, do nothing: your passphrase stays as it is."),
        ),
        ACCOUNT,
        "accounts.reset",
        ("token",),
        _l("Set a new passphrase"),
    ),
    "slip_reissued": Words(
        _l("You were given a new sign-in slip"),
        (
            _l(
                "%(who)s checked your identity and printed a new sign-in slip for you. Your old slip and sign-ins no longer work."
            ),
            _l("If you did not ask for it, call us at once."),
        ),
        ACCOUNT,
    ),
    "passphrase_changed": Words(
        _l("Your passphrase was changed"),
        (_l("Your passphrase was changed. Your other sign-ins ended. If it was not you, call us at once."),),
        ACCOUNT,
    ),
    "reset_email_changed": Words(
        _l("Your address for resets was changed"),
        (
            _l("The personal e-mail address that can set a new passphrase for your account was changed or taken away."),
            _l("If it was not you, call us at once."),
        ),
        ACCOUNT,
    ),
    "address_changed": Words(
        _l("Your e-mail address at the City was changed"),
        (
            _l("The roster now has another address for you. This letter goes to the one it had before."),
            _l("Links that set a new passphrase do not go to the new address. If this was not right, call us at once."),
        ),
        ACCOUNT,
    ),
    "request_waiting": Words(
        _l("Something waits for a second person"),
        (_l("%(who)s asks for: %(what)s. It needs a second person, and that may be you."),),
        ROLE,
        "accounts.requests",
        (),
        _l("See what waits"),
    ),
    "role_granted": Words(
        _l("A role was granted"),
        (_l("%(name)s now holds the role: %(role)s. Asked by %(asked_by)s, approved by %(approved_by)s."),),
        ROLE,
        "accounts.roles",
        (),
        _l("See who holds which role"),
    ),
    "role_ended": Words(
        _l("A role ended"),
        (_l("%(name)s no longer holds the role: %(role)s. Asked by %(asked_by)s, approved by %(approved_by)s."),),
        ROLE,
        "accounts.roles",
        (),
        _l("See who holds which role"),
    ),
    "break_glass": Words(
        _l("Emergency access was opened"),
        (_l("%(who)s opened the role %(role)s for %(name)s on the host, until %(until)s. The reason given: %(reason)s"),),
        ROLE,
        "accounts.roles",
        (),
        _l("See who holds which role"),
    ),
    "exported": Words(
        _l("A workbook was made"),
        (
            _l("%(who)s made the workbook %(reference)s. It is in the audit log."),
            WITH_CHECKPOINT,
        ),
        ROLE,
    ),
    "full_refused": Words(
        _l("Your full workbook was refused"),
        (_l("You asked for the full workbook %(reference)s. A senior officer refused it; the reason stands beside it."),),
        _l("You get this letter because you asked for a workbook."),
        "exports.exports",
        (),
        _l("Go to the workbooks"),
    ),
    "export_done": Words(
        _l("Your workbook is ready"),
        (
            _l("The workbook %(reference)s is ready to download."),
            WITH_CHECKPOINT,
        ),
        _l("You get this letter because you asked for a workbook."),
        "exports.exports",
        (),
        _l("Go to the workbooks"),
    ),
    **ABOUT_DUE,
    **ABOUT_PLANS,
    **APPEALS,
    **AUDIT_WORDS,
    **HAND_IN,
    **OFFICE_WORDS,
    **DUTY,
    **RECORDS_WORDS,
}

# All that a letter of each kind may say beside its own words: never an answer, a flag, an outcome or a reason.
COMMON = ("reader", "city", "phone", "email", "hours")
# `{due}` is a placeholder when the kind has one of that name; `{{7*7}}`, `%(x)s`, `{0.__class__}` are just letters (F09).
PLACE = re.compile(r"\{([a-z_]+)\}")
_VALUE = re.compile(r"%\((\w+)\)s")


def placeholders(kind: str) -> tuple[str, ...]:
    """What a city's own words for a kind of letter may name in braces: `{due}`, `{city}`; a fixed list for each kind."""
    words = KINDS[kind]
    own = {name for part in (words.subject, *words.paragraphs) for name in _VALUE.findall(str(part))}
    return (*COMMON, *sorted(own))
