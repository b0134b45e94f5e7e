"""What happens to people of this year's round who have a name: each act by the actions of the pages, on its day.

An act is a function of a moment, run in a transaction of its own. In a city whose profile does not ask somebody, their act
finds no form and does nothing.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import IO, Any

from sqlalchemy import select

from coi.attachments.actions import add
from coi.attachments.queries import Spot
from coi.audit.chain import canonical_json, sha256
from coi.cli import operator
from coi.db import db
from coi.demo.answers import Answers, nothing, side_job
from coi.demo.city import number_of
from coi.demo.pages_of_paper import letter_of, receipt_of
from coi.demo.people import hired, leaving
from coi.demo.years import acting_for, signature_of
from coi.disclosures import actions as filing
from coi.disclosures import queries
from coi.disclosures.signing import sign
from coi.languages import day as day_in_words
from coi.models import Disclosure, Draft, Obligation, Person
from coi.people.actions import import_roster
from coi.people.reading import Line
from coi.profiles.current import current_profile, today
from coi.recusals.actions import name_stand_in, step_aside
from coi.review.actions import send_back
from coi.rules.permissions import Actor
from coi.vocabulary import Kind, Receipt, State

Act = Callable[[datetime], None]
OBJECTION = "The part on gift cards should have been bargained with us first."
WHY_BACK = "Please say for each job on which days you work there. Nothing else is missing."
CORRECTED = "I left out the workshop in October, and the lunch was for two."


def early() -> list[Act]:
    """In the first days: one begins and stops half way, one opens the form and sees what was told a year ago."""
    return [_begin_half, _open_what_is_carried]


def in_between() -> list[Act]:
    """A week before today: somebody is hired, somebody says that they will leave."""
    return [_roster_comes]


def lately() -> list[Act]:
    """In the last afternoon: the filings with something to look at, the register of who stepped aside."""
    return [
        _file_with_papers,
        _add_letter,
        _add_receipt,
        _sign_with_papers,
        _correct,
        _decline,
        _send_back,
        _step_aside_at_home,
        _step_aside_on_council,
    ]


def person_of(key: str) -> Person:
    """Somebody with a part, by key."""
    return db.session.scalars(select(Person).where(Person.number == number_of(key))).one()


def actor_for(key: str, now: datetime) -> Actor:
    """Somebody with a part, as they act when signed in."""
    return acting_for(person_of(key).id, now)


def owed_by(key: str) -> Obligation | None:
    """The yearly form that somebody with a part still owes."""
    owed = select(Obligation).where(
        Obligation.number == number_of(key), Obligation.kind == Kind.ANNUAL, Obligation.settled_on.is_(None)
    )
    return db.session.scalars(owed.order_by(Obligation.id.desc()).limit(1)).first()


def _draft_of(key: str, now: datetime) -> tuple[Disclosure, Draft, Actor] | None:
    owed, actor = owed_by(key), actor_for(key, now)
    disclosure = filing.start(owed, actor, now) if owed is not None else None
    draft = queries.draft_of(disclosure) if disclosure is not None else None
    return (disclosure, draft, actor) if disclosure is not None and draft is not None else None


def receipts(
    disclosure: Disclosure, draft: Draft, now: datetime, first: Receipt = Receipt.RECEIVED, words: str = ""
) -> dict[str, Any]:
    """What somebody says of the policies: `first` of the first one, received of the others."""
    due = queries.policies_due(disclosure, draft.filer, today(now))
    said = {str(one.id): {"receipt": Receipt.RECEIVED.value, "objection": ""} for one in due}
    if due:
        said[str(due[0].id)] = {"receipt": first.value, "objection": words}
    return said


def save(key: str, now: datetime, answers: Answers | None = None, **more: Any) -> Disclosure | None:
    """Keeps these answers in the open form of somebody with a part; `more` as in `receipts`. None where none is open."""
    found = _draft_of(key, now)
    if found is None:
        return None
    disclosure, draft, actor = found
    said = receipts(disclosure, draft, now, **more) if more else {}
    told = _still_true(draft)
    filing.save_draft(disclosure, answers or {}, said, actor, now, draft.revision, said=told)
    return disclosure


def _still_true(draft: Draft) -> dict[str, Any]:
    items = (draft.carried or {}).get("items", ())
    return {f"{one['question']}/{one['entry']['_key']}": {"said": "same", "on": ""} for one in items}


def sign_for(key: str, disclosure: Disclosure | None, now: datetime) -> None:
    """Signs the open form of somebody with a part; nothing where there is none."""
    if disclosure is not None:
        signature = signature_of(disclosure, f"story-{key}-{disclosure.version}", now)
        sign(disclosure, signature, actor_for(key, now), now + timedelta(minutes=1))


def _begin_half(now: datetime) -> None:
    found = _draft_of("half_done", now)
    if found is not None:
        disclosure, draft, actor = found
        half = {"has_outside_work": "yes", "outside_work": [{"org": "Academia Fulton", "work": "", "dealing": ["none"]}]}
        filing.save_draft(disclosure, half | {"has_contract": "no"}, {}, actor, now, draft.revision)


def _open_what_is_carried(now: datetime) -> None:
    _draft_of("carried", now)


def _roster_comes(now: datetime) -> None:
    on = today(now)
    rows = [
        hired(on).values(list(current_profile().city.languages)),
        leaving(max(on + timedelta(days=1), min(on + timedelta(days=30), date(on.year, 12, 31)))),
    ]
    lines = [Line(place, row) for place, row in enumerate(rows, start=2)]
    import_roster(lines, False, "changes.csv", sha256(canonical_json(rows)), operator(), now)


def draft_filer(key: str, now: datetime) -> Mapping[str, Any]:
    """What the form knows of somebody with a part who still owes it; nothing of who is not asked."""
    found = _draft_of(key, now)
    return found[1].filer if found is not None else {}


def _file_with_papers(now: datetime) -> None:
    filer = draft_filer("corrected", now)
    lunch = {"giver": "Blue Heron Catering", "owner": "me", "kind": "meal", "value": "36.00", "kept": "kept", "my_part": "no"}
    lunch["date"] = f"{today(now).year - 1}-10-14"
    told = nothing(filer) | side_job(filer, "Garden Spot Deliveries", "keeping the books")
    told |= {"has_gifts": "yes", "gifts": [lunch | {"value": "60.00"}]}
    save("corrected", now, told, first=Receipt.OBJECTION, words=OBJECTION)


def _add_letter(now: datetime) -> None:
    parts = [
        "You asked whether you may keep the books of Garden Spot Deliveries in the evening.",
        "You may. Tell us if it changes.",
    ]
    _attach("outside_work", letter_of("Approval of a second job", parts, _day(now, 40), "Finance Director"), "approval.pdf", now)


def _add_receipt(now: datetime) -> None:
    made = receipt_of("Blue Heron Catering", [("Lunch", "$24.00"), ("Workshop lunch", "$36.00")], "$60.00", _day(now, 45))
    _attach("gifts", made, "receipt of the lunch.png", now)


def _day(now: datetime, before: int) -> str:
    return day_in_words(today(now) - timedelta(days=before))


def _attach(question: str, file: IO[bytes], named: str, now: datetime) -> None:
    found = _draft_of("corrected", now)
    if found is not None:
        disclosure, draft, actor = found
        entry = draft.answers[question][0]
        add(Spot(disclosure, entry["_key"], question, ""), file, named, actor, now)


def _sign_with_papers(now: datetime) -> None:
    found = _draft_of("corrected", now)
    sign_for("corrected", found[0] if found is not None else None, now)


def filed(key: str) -> Disclosure | None:
    """What somebody with a part filed last, while it is not decided."""
    wanted = select(Disclosure).where(Disclosure.filer_id == person_of(key).id, Disclosure.version > 0)
    found = db.session.scalars(wanted.order_by(Disclosure.id.desc()).limit(1)).first()
    return found if found is not None and found.state is not State.DECIDED else None


def _correct(now: datetime) -> None:
    disclosure, actor = filed("corrected"), actor_for("corrected", now)
    if disclosure is None:
        return
    draft = filing.begin_correction(disclosure, CORRECTED, actor, now)
    lunch = dict(draft.answers["gifts"][0]) | {"value": "85.00"}
    workshop = {key: told for key, told in lunch.items() if key != "_key"}
    workshop |= {"giver": "Brickyard Consulting Group", "value": "55.00", "kept": "shared_at_work"}
    filing.save_draft(disclosure, {"gifts": [lunch, workshop]}, {}, actor, now, draft.revision)
    sign_for("corrected", disclosure, now)


def _decline(now: datetime) -> None:
    filer = draft_filer("sent_back", now)
    told = nothing(filer) | side_job(filer, "County Youth Soccer", "refereeing", "grant_from_city")
    sign_for("sent_back", save("sent_back", now, told, first=Receipt.DECLINED), now)


def _send_back(now: datetime) -> None:
    disclosure = filed("sent_back")
    if disclosure is not None and disclosure.state is State.IN_REVIEW and disclosure.reviewer_id is not None:
        reader = acting_for(disclosure.reviewer_id, now)
        send_back(disclosure, WHY_BACK, reader, now, version=disclosure.version, state=disclosure.state.value)


def _step_aside_at_home(now: datetime) -> None:
    inspector = person_of("inspector")
    made = step_aside("Permit for a porch at 88 Lemon Street", "My sister's house", today(now), actor_for("inspector", now), now)
    if inspector.supervisor is not None:
        stand_in = select(Person).where(
            Person.supervisor_id == inspector.supervisor_id, Person.id != inspector.id, Person.title == inspector.title
        )
        other = db.session.scalars(stand_in.order_by(Person.id).limit(1)).first()
        if other is not None:
            name_stand_in(made, str(other.number), acting_for(inspector.supervisor.id, now), now)


def _step_aside_on_council(now: datetime) -> None:
    """Somebody who votes: the memorandum for the minutes is theirs to print."""
    city = current_profile().city.short
    matter = f"Lease of the old {city} depot, agenda item 7"
    step_aside(matter, "Hearthstone Housing Partners LP", today(now), actor_for("mayor", now), now)
