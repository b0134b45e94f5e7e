"""The words of letters about what left the house: a certified case file, to who asked and to its filer."""

from flask_babel import lazy_gettext as _l

from coi.notices.kinds import FILED, OFFICE, Words

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
}
