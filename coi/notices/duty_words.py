"""The words of letters about the office's own duties: who stands in, who is away, cases that came, too few people."""

from flask_babel import lazy_gettext as _l

from coi.notices.kinds import OFFICE, ROLE, Words

DUTY: dict[str, Words] = {
    "stands_in": Words(
        _l("You stand in for %(name)s"),
        (
            _l(
                "%(name)s is away from %(first)s to %(last)s and named you to stand in. From the first day on the open cases "
                "stand among yours. It ends by itself."
            ),
            _l("A case in which you have a conflict does not come to you. If you can't do it, tell a senior ethics officer."),
        ),
        OFFICE,
        "review.queue",
        (),
        _l("See your cases"),
    ),
    "away_entered": Words(
        _l("Days away were entered for you"),
        (_l("%(who)s entered that you are away from %(first)s to %(last)s. If that is wrong, you can end it yourself."),),
        OFFICE,
        "duties.away",
        (),
        _l("See your days away"),
    ),
    "cases_given": Words(
        _l("Cases of a colleague came to you: %(count)s"),
        (_l("The open cases of %(name)s were handed over. %(count)s of them came to you."),),
        OFFICE,
        "review.queue",
        (),
        _l("See your cases"),
    ),
    "opened": Words(
        _l("A filing was opened to you: %(reference)s"),
        (_l("Two people opened the filing %(reference)s to you for a time. Each look at it is in the log."),),
        _l("You get this letter because you are an auditor."),
        "duties.opened",
        (),
        _l("See what is open to you"),
    ),
    "too_few": Words(
        _l("The office has too few people: %(what)s"),
        (
            _l("There is now: %(what)s. Until that is mended, what needs another person waits."),
            _l("This is the only letter about it. A note stays on your pages until it is mended."),
        ),
        ROLE,
        "accounts.roles",
        (),
        _l("See who has which role"),
    ),
}
