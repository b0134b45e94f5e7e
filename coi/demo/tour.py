"""The guided tour: whom to sign in as, and the slips of two people whose codes are kept in a file beside the demo."""

from datetime import datetime
from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from coi.accounts import slips
from coi.config import Settings
from coi.db import db
from coi.demo.people import CAST, COMMISSION, COUNSEL, HEAD, NEW_HIRE, mail_of
from coi.models import Obligation, Person, SupervisorQuestion
from coi.rules.permissions import Actor

SHOWN: tuple[tuple[str, LazyString], ...] = (
    ("employee", _l("an employee")),
    ("empleada", _l("an employee who reads Spanish")),
    ("inspector", _l("an inspector with the full form")),
    ("carried", _l("somebody with last year's entries to answer")),
    ("half_done", _l("somebody with a form half done")),
    ("corrected", _l("somebody who corrected a form with papers")),
    ("sent_back", _l("somebody whose form was sent back")),
    ("on_paper", _l("somebody whose paper form waits for a yes")),
    ("confirmed", _l("somebody who said yes to a paper form")),
    ("leaves", _l("somebody who is leaving")),
    ("plan_waits", _l("somebody whose conditions wait for an answer")),
    ("overdue", _l("somebody with a condition overdue, and a new contract")),
    ("appeals", _l("somebody who appealed a decision")),
    ("to_body", _l("somebody whose case lies before the Ethics Commission")),
    ("reviewer1", _l("an ethics reviewer")),
    ("reviewer2", _l("another reviewer")),
    ("senior1", _l("a senior ethics officer")),
    ("senior2", _l("another senior officer")),
    ("auditor", _l("an auditor of the Controller")),
    ("admin1", _l("an administrator and campaign desk")),
    ("admin2", _l("another administrator")),
    ("clerk", _l("the clerk who types in paper forms")),
    ("recorder", _l("the recorder of the Ethics Commission")),
    ("records", _l("the records officer")),
    ("mayor", _l("the Mayor")),
)


def whom() -> list[tuple[str | LazyString, str, str]]:
    """Everybody to sign in as: the part, the login, the name."""
    cast = {one.key: one for one in CAST}
    told: list[tuple[str | LazyString, str, str]] = [(words, cast[key].number, cast[key].name) for key, words in SHOWN]
    head = db.session.scalar(select(Person.name).where(Person.number == HEAD))
    if head is not None:
        told.append((_l("the head of a department"), HEAD, head))
    told.append((_l("a member of the Ethics Commission"), mail_of(COMMISSION[0][0]), COMMISSION[0][0]))
    told.append((_l("outside counsel"), mail_of(COUNSEL), COUNSEL))
    return told


def where_to_look() -> list[tuple[LazyString, str, str]]:
    """What of a review is worth a look: the thing, whom to sign in as, the page."""
    number = {one.key: one.number for one in CAST}
    told = [
        (_l("conditions that wait for their filer's answer"), number["plan_waits"], "/"),
        (_l("a condition that is overdue"), number["senior1"], "/conditions/office"),
        (_l("a decided form and a contract that came later"), number["overdue"], "/"),
        (_l("a decision that was appealed"), number["appeals"], "/"),
        (_l("legal advice that is asked for"), mail_of(COUNSEL), "/legal-advice/"),
        (_l("a case before the Ethics Commission"), mail_of(COMMISSION[0][0]), "/meetings/"),
        (_l("a meeting to write down"), number["recorder"], "/meetings/"),
        (_l("forms that can be decided together"), number["reviewer1"], "/review/together"),
        (_l("a records request with removals to rule on"), mail_of(COUNSEL), "/records/"),
        (_l("a reviewer who is away next week"), number["senior1"], "/duties/"),
        (_l("the figures of the campaign"), number["senior1"], "/figures/"),
    ]
    asked = select(Person.number).join(SupervisorQuestion, SupervisorQuestion.supervisor_id == Person.id)
    boss = db.session.scalar(asked.order_by(SupervisorQuestion.id).limit(1))
    if boss in {HEAD, *number.values()}:
        told.append((_l("a question to a supervisor"), str(boss), "/my-team/"))
    return told


def slips_for_tour(actor: Actor, now: datetime) -> None:
    """A slip for somebody without e-mail who has not begun yet, and one for the new hire."""
    waiting = (
        select(Person)
        .join(Obligation, Obligation.person_id == Person.id)
        .where(
            Person.email.is_(None), Person.number != NEW_HIRE.number, Obligation.settled_on.is_(None), Obligation.level != "full"
        )
        .order_by(Person.title != "Laborer", Person.id.desc())
        .limit(1)
    )
    fresh = select(Person).where(Person.number == NEW_HIRE.number)
    people = [*db.session.scalars(waiting), *db.session.scalars(fresh)]
    lines = [f"{person.number} {slips.spaced(slips.issue(person, actor, now))}" for person in people]
    _file().write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def slip_codes(now: datetime) -> list[tuple[str, str, str]]:
    """Number, code and what to say of the tour's slips that still work."""
    if not _file().is_file():
        return []
    found = []
    for line in _file().read_text(encoding="utf-8").splitlines():
        number, _blank, code = line.strip().partition(" ")
        if slips.fitting(number, code, now) is not None:
            found.append((number, code, f"{NEW_HIRE.name}, new hire" if number == NEW_HIRE.number else ""))
    db.session.rollback()
    return found


def _file() -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.folder / "tour-slip.txt"
