"""The words of letters about something due, and of those to the people who lead and run a campaign."""

from flask_babel import lazy_gettext as _l

from coi.notices.kinds import DESK, DUE, HEAD, Words

ABOUT_DUE: dict[str, Words] = {
    "soon": Words(
        _l("Coming soon: your yearly form"),
        (
            _l("On %(opens)s the City opens the yearly form about conflicts of interest. It is due on %(due)s."),
            _l("You have nothing to do now. A letter comes when it opens, or a printed slip. Most people need three minutes."),
            "%(signed_by)s",
        ),
        DUE,
        reminder=True,
        mass=True,
        spelled=True,
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
        mass=True,
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
        mass=True,
    ),
    "asked_leaving": Words(
        _l("You leave the City: please fill in a last form"),
        (
            _l("Please fill in and sign a short form by %(due)s. It tells what is still open when you leave."),
            _l("You may do it in work time, on any phone or computer, in English or Spanish. Paper is fine, too: ask us."),
        ),
        _l("You get this letter because you leave the City."),
        "disclosures.home",
        (),
        _l("Go to your form"),
        reminder=True,
        mass=True,
    ),
    "not_needed": Words(
        _l("You need not fill in the form that we asked for"),
        (_l("We asked you for a form by mistake. You have nothing to do."),),
        _l("You get this letter because we had asked you for a form."),
        "disclosures.home",
        (),
        _l("See what is asked of you"),
    ),
    "reminder": Words(
        _l("Reminder: your yearly form"),
        (_l("Your form is not signed yet. It is due on %(due)s. Most people need three minutes."),),
        DUE,
        "disclosures.home",
        (),
        _l("Go to your form"),
        reminder=True,
        mass=True,
    ),
    "reminder_started": Words(
        _l("You are nearly done with your form"),
        (_l("You started your form and did not sign it yet. It is due on %(due)s. What you typed is still there."),),
        DUE,
        "disclosures.home",
        (),
        _l("Go on with your form"),
        reminder=True,
        mass=True,
    ),
    "last_day": Words(
        _l("Today is the last day for your form"),
        (
            _l("Your form is due today, %(due)s, and is not signed yet. Most people need three minutes."),
            _l("If something does not work, call %(phone)s. We help you file it today."),
        ),
        DUE,
        "disclosures.home",
        (),
        _l("Go to your form"),
        reminder=True,
        mass=True,
    ),
    "overdue": Words(
        _l("Your yearly form was due"),
        (_l("Your form was due on %(due)s. You can still file it today. If something keeps you from it, call us: we help."),),
        DUE,
        "disclosures.home",
        (),
        _l("Go to your form"),
        reminder=True,
        mass=True,
    ),
    "extended": Words(
        _l("You have more time for your form"),
        (_l("Your form is now due on %(due)s."),),
        DUE,
        "disclosures.home",
        (),
        _l("Go to your form"),
        mass=True,
    ),
    "by_hand": Words(
        _l("A reminder from the campaign desk"),
        (
            _l("Your form is not signed yet. It is due on %(due)s, or was. You can file it today, also when it is late."),
            _l("%(who)s at the campaign desk sends you this reminder. If something keeps you from it, call us: we help."),
        ),
        DUE,
        "disclosures.home",
        (),
        _l("Go to your form"),
        reminder=True,
    ),
    "sample": Words(_l("Sample of a letter"), (), DESK),
    "heads": Words(
        _l("Please check the list of your department"),
        (
            _l("On %(opens)s the City asks everybody for the yearly form. Please look at your list before then: %(department)s."),
            _l(
                "It shows who works there, with which title and duties, and how long their form is. If something is wrong, "
                "write it on that page: the campaign desk corrects it."
            ),
        ),
        HEAD,
        "departments.mine",
        (),
        _l("See the list"),
        mass=True,
    ),
    "digest": Words(
        _l("Who has not filed yet: %(department)s"),
        (
            _l("The yearly form of these people is not filed yet. It was due on %(due)s."),
            "%(names)s",
            _l("Please remind them, and give them time for it at work. You see names only. Nobody on leave is on this list."),
        ),
        HEAD,
        mass=True,
    ),
    "late_list": Words(
        _l("Forms that are late by 15 days or more"),
        (
            _l("People whose form is late by 15 days or more: %(count)s. Letters to them have ended. Now a person takes over."),
            _l("The list says who they are. You can remind each of them by hand there."),
        ),
        DESK,
        "notices.late",
        (),
        _l("See the list"),
        mass=True,
    ),
}
