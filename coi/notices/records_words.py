"""The words of letters about what leaves the house: certified case files, records requests and what was released for them."""

from flask_babel import lazy_gettext as _l

from coi.notices.kinds import FILED, OFFICE, Words

KEEPS = _l("You get this letter because you keep the City's records requests.")
RELEASED = _l("You get this letter because something that you filed was released.")

RECORDS_WORDS: dict[str, Words] = {
    "case_file_done": Words(
        _l("Your certified case file is ready"),
        (_l("The certified case file %(reference)s is ready to download. Only you can have it."),),
        OFFICE,
        "casefiles.listed",
        (),
        _l("Go to the case files"),
    ),
    "case_file_made": Words(
        _l("A certified file of your form %(reference)s was made"),
        (
            _l(
                "%(who)s asked for one file of everything about your form %(reference)s, and %(other)s approved it. "
                "What it is for: %(purpose)s."
            ),
            _l("Your form does not change by that. When the file is downloaded, you see it under “Who has read it”."),
        ),
        FILED,
        "disclosures.show",
        ("reference",),
        _l("See your form and who has read it"),
    ),
    "records_propose": Words(
        _l("A records request asks for a filing that you review: %(filing)s"),
        (
            _l(
                "The filing %(filing)s was gathered for the records request %(reference)s, which must be answered by %(until)s. "
                "Please look what must be taken out before it is released, and on which ground."
            ),
            _l("Nothing is taken out before the solicitor has ruled."),
        ),
        OFFICE,
        "records.propose",
        ("reference", "filing"),
        _l("Look at the answers"),
    ),
    "records_rule": Words(
        _l("Removals wait for your ruling: %(reference)s"),
        (
            _l(
                "The ethics office proposed what is taken out of %(filing)s for the records request %(reference)s, which must be "
                "answered by %(until)s. Please rule on each."
            ),
        ),
        OFFICE,
        "records.rule",
        ("reference", "filing"),
        _l("Rule on the removals"),
    ),
    "records_ready": Words(
        _l("A filing is ready to be released: %(reference)s"),
        (_l("What is removed from %(filing)s is settled. You can release it for the records request %(reference)s."),),
        KEEPS,
        "records.show",
        ("reference",),
        _l("Open the request"),
    ),
    "records_due": Words(
        _l("A records request is due soon: %(reference)s"),
        (_l("The records request %(reference)s must be answered by %(until)s."),),
        KEEPS,
        "records.show",
        ("reference",),
        _l("Open the request"),
    ),
    "records_overdue": Words(
        _l("A records request is overdue: %(reference)s"),
        (_l("The records request %(reference)s had to be answered by %(until)s. It counts as denied until it is answered."),),
        KEEPS,
        "records.show",
        ("reference",),
        _l("Open the request"),
    ),
    "records_released": Words(
        _l("Your form %(reference)s was released for a records request"),
        (
            _l(
                "Somebody asked the City for public records. A copy of your form %(reference)s (version %(versions)s) went out. "
                "Answers that were taken out first: %(removed)s."
            ),
            _l("You can read exactly what went out. Your form does not change by that, and you have nothing to do."),
        ),
        RELEASED,
        "records.released",
        ("release",),
        _l("Read what went out"),
    ),
}
