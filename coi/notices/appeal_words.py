"""The words of letters about appeals: to the filer and to the officer who has one; never what was decided or why."""

from flask_babel import lazy_gettext as _l

from coi.notices.kinds import FILED, OFFICE, Words

_FILING = ("disclosures.show", ("reference",))
_RECEIPT = ("appeals.receipt", ("reference",))

APPEALS: dict[str, Words] = {
    "outcome_to_appeal": Words(
        _l("Your form: the outcome is here"),
        (
            _l("The review of your form %(reference)s has an outcome. Sign in to read it and the reason."),
            _l(
                "If you disagree, you can appeal until %(appeal_until)s. "
                "Nothing here changes your rights under your union contract."
            ),
        ),
        FILED,
        *_FILING,
        _l("Read the outcome"),
    ),
    "appeal_received": Words(
        _l("We have your appeal"),
        (
            _l("We received your appeal %(appeal)s about your form %(reference)s. You don't have to do anything now."),
            _l("Somebody who neither decided nor recommended it looks at everything again and decides."),
            _l("Until then the decision stands. What that means for you is on the page of your appeal."),
        ),
        FILED,
        *_RECEIPT,
        _l("See your appeal and who has it"),
    ),
    "appeal_rests": Words(
        _l("What was decided rests until your appeal is decided"),
        (
            _l("You appealed the decision about your form %(reference)s (%(appeal)s). What it asks of you rests from today on."),
            _l("It does not bind you until your appeal is decided. Sign in to read why."),
        ),
        FILED,
        *_RECEIPT,
        _l("See your appeal and who has it"),
    ),
    "appeal_received_body": Words(
        _l("We have your appeal"),
        (
            _l("We received your appeal %(appeal)s about your form %(reference)s. You don't have to do anything now."),
            _l("The body that decided looks at it again at one of its meetings, and decides."),
            _l("Until then the decision stands. What that means for you is on the page of your appeal."),
        ),
        FILED,
        *_RECEIPT,
        _l("See your appeal and who has it"),
    ),
    "appeal_decided": Words(
        _l("Your appeal was decided"),
        (_l("Your appeal about your form %(reference)s was decided. Sign in to read the outcome and the reason."), "%(after)s"),
        FILED,
        *_FILING,
        _l("Read the outcome"),
    ),
    "appeal_decided_managed": Words(
        _l("Your appeal was decided, and we ask for your answer"),
        (
            _l(
                "Your appeal about your form %(filing)s was decided. Sign in to read the rule, the reason, each condition with "
                "its day and how it is shown, and what goes on meanwhile."
            ),
            _l("Please answer by %(accept_by)s: accept, accept with an objection, or decline. Nothing binds you by silence."),
            "%(after)s",
        ),
        FILED,
        "plans.show",
        ("reference",),
        _l("Read it and answer"),
    ),
    "appealed": Words(
        _l("An appeal came to you: %(reference)s"),
        (
            _l("The filer of %(reference)s appealed the decision. You neither decided nor recommended it: please decide anew."),
            _l("Until you do, the decision stands."),
        ),
        OFFICE,
        "review.show",
        ("reference",),
        _l("Open the case"),
    ),
}
