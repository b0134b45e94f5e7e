"""The words of every letter: subject, paragraphs, the reason it came, and where its one link goes; no content of a filing."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Words:
    """One kind of letter; `arguments` name the values that the link needs."""

    subject: Any
    paragraphs: tuple[Any, ...]
    why: Any
    endpoint: str = ""
    arguments: tuple[str, ...] = ()
    link_text: Any = ""
    reminder: bool = False


FILED = _l("You get this letter because you filed a form.")
OFFICE = _l("You get this letter because you work for the ethics office.")
DUE = _l("You get this letter because the City asks you for a form each year.")
ROLE = _l("You get this letter because you watch over roles in this system.")
ACCOUNT = _l("You get this letter because it is about your own account.")

KINDS: dict[str, Words] = {
    "receipt": Words(
        _l("We have your form"),
        (_l("We received your form %(reference)s. You don't have to do anything now."),),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("See your form and where it is"),
    ),
    "question": Words(
        _l("There is a question about your form"),
        (
            _l("The ethics office has a question about your form %(reference)s. Sign in to read and answer it."),
            _l("You don't have to sign again. A question is not a finding against you. You may ask somebody to help you answer."),
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
        (_l("The review of your form %(reference)s has an outcome. Sign in to read it and the reason."),),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("Read the outcome"),
    ),
    "answered": Words(
        _l("An answer came for %(reference)s"),
        (_l("The filer answered your question about %(reference)s. The clock runs again."),),
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
    "handed_back": Words(
        _l("A case came back to you: %(reference)s"),
        (_l("The senior officer handed %(reference)s back to you with a reason."),),
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
        (_l("%(who)s made the workbook %(reference)s. It is in the audit log."),),
        ROLE,
    ),
    "export_done": Words(
        _l("Your workbook is ready"),
        (_l("The workbook %(reference)s is ready to download."),),
        _l("You get this letter because you asked for a workbook."),
        "exports.exports",
        (),
        _l("Go to the workbooks"),
    ),
    "invitation": Words(
        _l("Your yearly form is open"),
        (
            _l(
                "Please sign the City's policies and fill in the conflict of interest form by %(due)s. "
                "Most people need three minutes."
            ),
            _l("You may do it in work time, on any phone or computer, in English or Spanish. Paper is fine, too: ask us."),
        ),
        DUE,
        "disclosures.home",
        (),
        _l("Go to your form"),
        reminder=True,
    ),
    "asked": Words(
        _l("The City asks you for a form"),
        (
            _l("Please fill in and sign a short form by %(due)s. Everybody who is new here or has a new position is asked."),
            _l("You may do it in work time, on any phone or computer, in English or Spanish. Paper is fine, too: ask us."),
        ),
        _l("You get this letter because you are new here or have a new position."),
        "disclosures.home",
        (),
        _l("Go to your form"),
        reminder=True,
    ),
    "reminder": Words(
        _l("Reminder: your yearly form"),
        (_l("Your form is not signed yet. It is due on %(due)s. Most people need three minutes."),),
        DUE,
        "disclosures.home",
        (),
        _l("Go to your form"),
        reminder=True,
    ),
    "reminder_started": Words(
        _l("You are nearly done with your form"),
        (_l("You started your form and did not sign it yet. It is due on %(due)s. What you typed is still there."),),
        DUE,
        "disclosures.home",
        (),
        _l("Go on with your form"),
        reminder=True,
    ),
    "overdue": Words(
        _l("Your yearly form was due"),
        (_l("Your form was due on %(due)s. You can still file it today. If something keeps you from it, call us: we help."),),
        DUE,
        "disclosures.home",
        (),
        _l("Go to your form"),
        reminder=True,
    ),
    "extended": Words(
        _l("You have more time for your form"),
        (_l("Your form is now due on %(due)s."),),
        DUE,
        "disclosures.home",
        (),
        _l("Go to your form"),
    ),
}
