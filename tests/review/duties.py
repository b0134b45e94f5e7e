"""What the tests of SD1-SD12 ask of a case: every act straight at the action, every page, and the database itself."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import url_for
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from coi.accounts.queries import holders
from coi.advice import actions as advice
from coi.duties import opening
from coi.errors import Refused
from coi.models import (
    Disclosure,
    DisclosureVersion,
    Installation,
)
from coi.review import actions, decisions, reopening
from coi.review.assignment import reassign
from coi.team import actions as team
from coi.vocabulary import Outcome, Risk, Role
from tests.disclosures.steps import now
from tests.factories import an_entry
from tests.review.cases import at

OFFICE = ("review.", "advice.", "meetings.", "duties.", "vendors.", "plans.")


def acts(made: Disclosure, actor: Any) -> dict[str, Callable[[], Any]]:
    """Every act of review on a case, straight at the action."""
    seen = at(made)
    return {
        "ask": lambda: actions.ask(made, "why?", actor, now(), **seen),
        "send back": lambda: actions.send_back(made, "please", actor, now(), **seen),
        "note": lambda: actions.note(made, "for us", actor, now()),
        "priority": lambda: actions.prioritise(made, Risk.HIGH, "because", actor, now(), **seen),
        "tie": lambda: actions.confirm_tie(made, actor.person_id, "relation", actor, now()),
        "escalate": lambda: actions.escalate(made, Outcome.REFERRED, "look", actor, now(), **seen),
        "decide": lambda: decisions.decide(made, Outcome.NOTED, "fine", "", actor, now(), **seen),
        "hand back": lambda: actions.hand_back(made, "again", actor, now(), **seen),
        "ask the supervisor": lambda: team.ask_supervisor(made, made.filer.supervisor_id or 0, "Is it so?", actor, now(), **seen),
        "advise": lambda: advice.advise(made, "may it?", actor, now()),
        "reopen": lambda: reopening.ask(made, "look again", actor, now(), **seen),
        "undo": lambda: decisions.undo(made, actor, now()),
        "open to an auditor": lambda: opening.ask(made.reference, _auditor(), 14, "a sample", actor, now()),
        "assign": lambda: reassign(made, actor.person_id, str(made.reviewer_id or ""), actor, now()),
    }


def _auditor() -> int:
    return next(one.id for one in holders({Role.AUDITOR}, now().date()))


def allowed(db, made: Disclosure, actor: Any) -> list[str]:
    """The acts that were not refused."""
    done = []
    for name, act in acts(made, actor).items():
        try:
            act()
            done.append(name)
        except Refused:
            db.session.rollback()
    return done


def reached(app, client, made: Disclosure) -> list[str]:
    """Every page and act of the office on this case that is served; 409 gives who comes too late the own words and no more."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(OFFICE) and "reference" in rule.arguments:
            values = dict.fromkeys(rule.arguments - {"reference"}, "1")
            with app.test_request_context():
                path = url_for(rule.endpoint, reference=made.reference, **values)
            for method in {"GET", "POST"} & (rule.methods or set()):
                if client.open(path, method=method, data=at(made)).status_code not in (404, 409):
                    found.append(f"{method} {rule.endpoint}")
    return found


def refused(db, statement: Any, name: str) -> None:
    """The database itself says no, by the constraint of that name."""
    with pytest.raises(IntegrityError, match=name):
        db.session.execute(statement)
    db.session.rollback()


def row(made: Disclosure, **columns: Any) -> dict[str, Any]:
    return {"disclosure_id": made.id, "filer_id": made.filer_id, "at": now(), "seq": an_entry(), **columns}


def version_of(db, made: Disclosure) -> int:
    return db.session.scalars(select(DisclosureVersion.id).where(DisclosureVersion.disclosure_id == made.id)).one()


def setup_is_over(db) -> None:
    """The first senior officer signed in: from here on nobody acts alone, and what lacks is said."""
    db.session.execute(update(Installation).values(setup_ended_seq=an_entry()))
    db.session.commit()
