"""The words of letters about conditions: to the filer, to who keeps or confirms one, to the office; never what it says."""

from flask_babel import lazy_gettext as _l

from coi.notices.kinds import CONDITION, FILED, OFFICE, Words

_PLAN = ("plans.show", ("reference",))
_ONE = ("plans.condition", ("reference",))
_CASE = ("review.show", ("reference",))

ABOUT_PLANS: dict[str, Words] = {
    "outcome_managed": Words(
        _l("Your form: the outcome is here, and we ask for your answer"),
        (
            _l(
                "The review of your form %(filing)s has an outcome. Sign in to read the rule, the reason, each condition with "
                "its day and how it is shown, and what goes on meanwhile."
            ),
            _l("Please answer by %(accept_by)s: accept, accept with an objection, or decline. Nothing binds you by silence."),
            _l(
                "If you disagree, you can appeal until %(appeal_until)s. "
                "Nothing here changes your rights under your union contract."
            ),
        ),
        FILED,
        *_PLAN,
        _l("Read it and answer"),
    ),
    "outcome_not_permitted": Words(
        _l("Your form: the outcome is here"),
        (
            _l(
                "The review of your form %(filing)s has an outcome. Sign in to read the rule, the reason, from when it holds "
                "and what goes on meanwhile."
            ),
            _l(
                "If you disagree, you can appeal until %(appeal_until)s. "
                "Nothing here changes your rights under your union contract."
            ),
        ),
        FILED,
        *_PLAN,
        _l("Read the outcome"),
    ),
    "plan_waits": Words(
        _l("Please answer the conditions that you were given"),
        (
            _l("We asked for your answer by %(accept_by)s: accept, accept with an objection, or decline."),
            _l("Nothing binds you by silence. If no answer comes, a senior officer looks at it."),
        ),
        FILED,
        *_PLAN,
        _l("Read it and answer"),
    ),
    "condition_given": Words(
        _l("You have a part in a condition of the City"),
        (
            _l("Somebody was given conditions by the City, and you keep or confirm one of them."),
            _l("Sign in to see what it is and by when. It is no finding against anybody. Please do not ask why."),
        ),
        CONDITION,
        *_ONE,
        _l("See the condition"),
    ),
    "condition_due": Words(
        _l("A condition is due soon"),
        (_l("A condition that you keep is due on %(due)s. Sign in and say what was done and what shows it."),),
        CONDITION,
        *_ONE,
        _l("See the condition"),
    ),
    "condition_overdue": Words(
        _l("A condition is overdue"),
        (
            _l("A condition that you keep was due on %(due)s, and nothing shows yet that it is kept."),
            _l("Sign in and say what was done and what shows it. If you can't keep it, call us."),
        ),
        CONDITION,
        *_ONE,
        _l("See the condition"),
    ),
    "condition_said": Words(
        _l("A condition waits for you to confirm it"),
        (_l("Who keeps it says that it is done. Sign in, read what shows it, and confirm it or send it back with a reason."),),
        CONDITION,
        *_ONE,
        _l("Read and confirm"),
    ),
    "condition_back": Words(
        _l("A condition came back to you"),
        (_l("What you wrote does not show yet that the condition is kept. Sign in to read why."),),
        CONDITION,
        *_ONE,
        _l("Read why"),
    ),
    "condition_ended": Words(
        _l("A condition ended"),
        (_l("The ethics office ended a condition before its time. Sign in to read why."),),
        CONDITION,
        *_ONE,
        _l("See the condition"),
    ),
    "plan_answered": Words(
        _l("The conditions were answered: %(reference)s"),
        (_l("The filer of %(reference)s answered the conditions. Sign in to read the answer."),),
        OFFICE,
        *_CASE,
        _l("Open the case"),
    ),
    "plan_declined": Words(
        _l("Conditions were declined: %(reference)s"),
        (_l("The filer of %(reference)s declined the conditions and says why. A senior officer decides how it goes on."),),
        OFFICE,
        *_CASE,
        _l("Open the case"),
    ),
    "plan_unanswered": Words(
        _l("Conditions were not answered: %(reference)s"),
        (
            _l("The filer of %(reference)s did not answer the conditions by %(accept_by)s. Nothing binds by silence."),
            _l("A senior officer decides how it goes on."),
        ),
        OFFICE,
        *_CASE,
        _l("Open the case"),
    ),
    "plan_review": Words(
        _l("Is it still so? A year has passed"),
        (_l("A year ago you were given conditions. Please say whether everything is still as it was. It takes a minute."),),
        FILED,
        *_PLAN,
        _l("Answer the question"),
    ),
    "plan_review_office": Words(
        _l("Conditions to look at again: %(reference)s"),
        (_l("The conditions of %(reference)s are a year old. The filer is asked whether it is still so; please look at them."),),
        OFFICE,
        *_CASE,
        _l("Open the case"),
    ),
    "interim": Words(
        _l("Please keep out of a matter while we look at your form"),
        (
            _l("The ethics office asks you to keep out of a matter until your form is decided. Sign in to see which one."),
            _l("This is not a finding against you. It ends by itself with the decision."),
        ),
        FILED,
        "recusals.show",
        ("reference",),
        _l("See the matter"),
    ),
    "interim_over": Words(
        _l("You need not keep out of the matter any more"),
        (
            _l("The ethics office asked you to keep out of a matter while it looked at your form. That is over."),
            _l("Sign in to see which matter it is."),
        ),
        FILED,
        "recusals.show",
        ("reference",),
        _l("See the matter"),
    ),
    "recusal_over": Words(
        _l("A matter is open to a colleague again"),
        (_l("What kept %(name)s out of a matter is over (%(reference)s)."),),
        _l("You get this letter because you were told that somebody keeps out of a matter."),
        "recusals.show",
        ("reference",),
        _l("See the matter"),
    ),
}
