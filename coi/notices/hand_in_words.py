"""The words of letters about a form of the State that was signed here and is not yet with the office on paper (U29)."""

from flask_babel import lazy_gettext as _l

from coi.notices.kinds import DUE, Words

_SIGNED_HERE = _l("You filled in the State's form and signed it here.")
_WHAT_TO_DO = _l("Print it, sign it by hand and give it to the office. It is filed when the office records that it has it.")
_TO_PRINT = _l("See it and print it")
_GIVEN = _l("If you gave it to the office already, call us: then we look where it is.")

HAND_IN: dict[str, Words] = {
    "hand_in": Words(
        _l("One step is left: hand in your form on paper"),
        (_SIGNED_HERE, _l("The office does not have it on paper yet. It is due on %(due)s."), _WHAT_TO_DO),
        DUE,
        "disclosures.home",
        (),
        _TO_PRINT,
        reminder=True,
        mass=True,
    ),
    "hand_in_today": Words(
        _l("Today is the last day to hand in your form on paper"),
        (
            _SIGNED_HERE,
            _l("The office needs it on paper today, %(due)s."),
            _WHAT_TO_DO,
            _l("If something does not work, call %(phone)s. We help you today."),
        ),
        DUE,
        "disclosures.home",
        (),
        _TO_PRINT,
        reminder=True,
        mass=True,
    ),
    "hand_in_late": Words(
        _l("We do not have your form on paper yet"),
        (_SIGNED_HERE, _l("It was due on paper on %(due)s. You can still hand it in today."), _WHAT_TO_DO, _GIVEN),
        DUE,
        "disclosures.home",
        (),
        _TO_PRINT,
        reminder=True,
        mass=True,
    ),
    "hand_in_by_hand": Words(
        _l("Your form on paper: a reminder from the campaign desk"),
        (
            _SIGNED_HERE,
            _l("The office does not have it on paper yet. It is due on %(due)s, or was."),
            _WHAT_TO_DO,
            _GIVEN,
            _l("%(who)s at the campaign desk sends you this reminder."),
        ),
        DUE,
        "disclosures.home",
        (),
        _TO_PRINT,
        reminder=True,
    ),
    "two_things": Words(
        _l("Two things are left: a form to sign, and one to hand in on paper"),
        (
            _l("One form is not signed yet. The State's form you signed here, and the office does not have it on paper yet."),
            _l("The due date of both is %(due)s. Sign the first one here. Print the other, sign it by hand and hand it in."),
        ),
        DUE,
        "disclosures.home",
        (),
        _l("See what is asked of you"),
        reminder=True,
        mass=True,
    ),
}
