"""A form that is due ten days before a vote whose day only the office knows, in a city whose profile leaves that to the form."""

from datetime import date
from typing import Any

from coi.audit.chain import canonical_json, sha256
from coi.models import DueDate, FormUsed, Obligation, ProfileVersion
from coi.profiles.current import current_profile, forget
from coi.questionnaires.actions import publish
from coi.vocabulary import Kind
from tests.city import CLOCK
from tests.factories import OPERATOR, an_entry
from tests.questionnaires.library import research

FORM, VOTE = "board-vote", "board_vote"
TOLD = "told_of_it"
# The vote is on a Monday; ten days before it is a Friday.
ON, DUE = date(2026, 4, 20), date(2026, 4, 10)
LATER, LATER_DUE = date(2026, 5, 11), date(2026, 5, 1)


def content() -> dict[str, Any]:
    """The form: who answers when they were told is due by that, everybody else by the vote."""
    made = research(
        id=FORM,
        title={"en": "Vote of the board", "es": "Votación de la junta"},
        deadlines=[
            {"for": {"q": TOLD, "answered": True}, "due": f"30_days_after_{TOLD}"},
            {"for": {"filer": "kind", "in": ["new_position", "change"]}, "due": f"10_days_before_{VOTE}"},
        ],
        events=[VOTE],
        filer_attributes={"kind": ["new_position", "change"]},
    )
    made["labels"] = {VOTE: {"en": "Vote of the board", "es": "Votación de la junta"}}
    questions = made["sections"][0]["questions"]
    told = {"id": TOLD, "title": {"en": "When were you told?", "es": "¿Cuándo lo supo?"}, "type": "date"}
    made["sections"][0]["questions"] = [questions[0] | {"triggers": []}, told]
    return made


def bring_form(db: Any, **more: Any) -> None:
    """Publishes it for new positions and changes; the profile's own rules for these kinds are taken out.

    `more` is what else the profile says.
    """
    publish(content(), "content", OPERATOR, CLOCK)
    db.session.add(FormUsed(form_id=FORM, kinds=["new_position", "change"], whom=None, at=CLOCK, seq=an_entry()))
    profile = current_profile()
    rules = {kind: rule for kind, rule in profile.deadlines.items() if kind not in (Kind.NEW_POSITION, Kind.CHANGE)}
    changed = profile.model_copy(update={"deadlines": rules, **more}).to_json()
    around = {"name": "city", "number": 1, "at": CLOCK, "seq": an_entry()}
    db.session.add(ProfileVersion(content=changed, sha256=sha256(canonical_json(changed)), **around))
    db.session.commit()
    forget()


def due_rows(db: Any, obligation: Obligation) -> list[tuple[date | None, date]]:
    """Every due date that came later: what stood before, and the day."""
    rows = db.session.query(DueDate).filter_by(obligation_id=obligation.id).order_by(DueDate.id)
    return [(row.before, row.due_on) for row in rows]
