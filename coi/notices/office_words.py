"""The words of letters about questions that wait, to the filer, a supervisor, the solicitor, and of the office's own digests."""

from flask_babel import lazy_gettext as _l

from coi.notices.kinds import FILED, LEADS, OFFICE, Words

OFFICE_WORDS: dict[str, Words] = {
    "question_waits": Words(
        _l("Reminder: there is a question about your form"),
        (
            _l(
                "The ethics office asked you something about your form %(reference)s and has no answer yet. "
                "Please answer by %(until)s."
            ),
            "%(line)s",
            _l("You don't have to sign again. A question is not a finding against you."),
        ),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("Read the question"),
    ),
    "question_last": Words(
        _l("Last reminder: there is a question about your form"),
        (
            _l(
                "The ethics office asked you something about your form %(reference)s and has no answer yet. "
                "Please answer by %(until)s."
            ),
            _l("Without an answer by then, the ethics office decides on what it knows."),
            "%(line)s",
        ),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("Read the question"),
    ),
    "correction_waits": Words(
        _l("Reminder: please correct your form"),
        (
            _l(
                "The ethics office sent your form %(reference)s back for correction. "
                "Please correct it and sign it again by %(until)s."
            ),
            "%(line)s",
        ),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("Correct your form"),
    ),
    "supervisor_question": Words(
        _l("The ethics office has a question for you"),
        (
            _l(
                "The ethics office asks you one question of fact about somebody who reports to you. "
                "Sign in to read and answer it."
            ),
            _l("It says nothing against anybody. Please do not talk about it at work."),
        ),
        LEADS,
        "team.question",
        ("reference",),
        _l("Read and answer"),
    ),
    "supervisor_asked": Words(
        _l("We asked your supervisor a question of fact"),
        (
            _l(
                "The ethics office asked your supervisor one question of fact for your form %(reference)s. "
                "Your supervisor sees the question and your name, nothing of your form. Sign in to read what was asked."
            ),
        ),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("Read what was asked"),
    ),
    "supervisor_answered": Words(
        _l("The supervisor answered: %(reference)s"),
        (_l("The filer's supervisor answered your question for %(reference)s."),),
        OFFICE,
        "review.show",
        ("reference",),
        _l("Open the case"),
    ),
    "advice_asked": Words(
        _l("Legal advice is asked on %(reference)s"),
        (_l("Something was written for you under legal advice on %(reference)s. Sign in to read and answer it."),),
        OFFICE,
        "advice.show",
        ("reference",),
        _l("Read it"),
    ),
    "advice_given": Words(
        _l("Legal advice came on %(reference)s"),
        (_l("The solicitor wrote legal advice on %(reference)s."),),
        OFFICE,
        "advice.show",
        ("reference",),
        _l("Read it"),
    ),
    "morning": Words(
        _l("Your cases this morning"),
        ("%(news)s", _l("All your open cases: %(open)s.")),
        OFFICE,
        "review.queue",
        (),
        _l("Go to your cases"),
    ),
    "weekly": Words(
        _l("What is open at the ethics office"),
        ("%(ages)s", "%(priorities)s", "%(reviewers)s", "%(nobody)s"),
        OFFICE,
        "workload.figures",
        (),
        _l("See the figures"),
    ),
}
