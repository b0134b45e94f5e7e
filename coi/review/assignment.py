"""Who gets a case: the desk by the profile's rules, the reviewer by load and freedom from conflict; nobody free waits."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select, tuple_

from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import (
    conflicts_with,
    decided_what_is_appealed,
    facts_for,
    is_at_the_body,
    open_assignment,
    recommended_by,
)
from coi.disclosures.move import move
from coi.errors import NotPossible, SomebodyWasFaster
from coi.models import Absence, Account, Assignment, Delegation, Disclosure, DisclosureVersion, Person, RoleGrant
from coi.notices import actions as notices
from coi.profiles.current import current_profile, today
from coi.review.body_letters import tell_the_body
from coi.review.seats import members
from coi.rules.conditions import holds
from coi.rules.permissions import SYSTEM, Actor
from coi.rules.routing import BELOW, Candidate, Route, choose, desk_for
from coi.vocabulary import Action, Because, Conflict, Event, Role, State


def route(disclosure: Disclosure, now: datetime) -> None:
    """Gives a freshly signed filing to its desk and, where somebody is free of conflict, to a reviewer.

    From a correction or return the same reviewer keeps it while still free; else it goes the way of a new one.
    """
    kept = disclosure.reviewer_id
    if kept is not None and kept in free_members(disclosure, disclosure.desk, now):
        _give(disclosure, Route(disclosure.desk, Because.SAME_REVIEWER), kept, [], now, SYSTEM)
        return
    way = way_of(disclosure)
    reviewer_id, passed = choose(candidates(disclosure, way.desk, now))
    _give(disclosure, way, reviewer_id, passed, now, SYSTEM)


def way_of(disclosure: Disclosure) -> Route:
    """The desk of a filing, by post first and then by the profile's rules."""
    profile = current_profile()
    filer, post = filer_attributes(disclosure), post_of(disclosure)
    facts = {
        "filer": filer,
        "case": {
            "risk": disclosure.risk.value,
            "kind": disclosure.kind.value,
            "department": disclosure.filer.department,
            "post": post,
        },
    }
    rules = [(rule.reason, rule.when, rule.desk) for rule in profile.routing]
    return desk_for(rules, profile.reviews, post, lambda when: holds(when, facts))


def filer_attributes(disclosure: Disclosure) -> dict[str, Any]:
    """What the record knew of the filer when the newest version was signed."""
    signed = db.session.scalar(
        select(DisclosureVersion.filer).where(
            DisclosureVersion.disclosure_id == disclosure.id, DisclosureVersion.number == disclosure.version
        )
    )
    return dict(signed or {})


def post_of(disclosure: Disclosure) -> str:
    """The post at the top that a filer holds: by title, or by the right held (ethics, commission, solicitor)."""
    roles = roles_of(disclosure.filer_id, None)
    if roles & {Role.REVIEWER, Role.SENIOR_OFFICER}:
        return "ethics"
    if Role.COMMISSIONER in roles:
        return "commission"
    if Role.SOLICITOR in roles:
        return "solicitor"
    filer = disclosure.filer
    facts = {"title": filer.title, "department": filer.department, "group": filer.group}
    post = current_profile().attributes_of(facts).get("post", "")
    return str(post)


def roles_of(person_id: int, on: date | None) -> frozenset[Role]:
    """The roles a person holds, on a day if one is given."""
    held = (
        select(RoleGrant.role)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(Account.person_id == person_id, RoleGrant.ended_seq.is_(None))
    )
    if on is not None:
        held = held.where(RoleGrant.starts_on <= on, or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on))
    return frozenset(db.session.scalars(held))


def candidates(disclosure: Disclosure, desk: str, now: datetime) -> list[Candidate]:
    """Every member of the desk with load, absence and conflicts for this filing."""
    return _looked_at(disclosure, members(desk, on := today(now)), on)


def _looked_at(disclosure: Disclosure, people: list[int], on: date) -> list[Candidate]:
    if not people:
        return []
    conflicts = conflicts_with(disclosure.filer_id, people, disclosure)
    for one in decided_what_is_appealed(disclosure):
        conflicts[one] = conflicts.get(one, frozenset()) | {Conflict.DECIDED.value}
    theirs = Assignment.reviewer_id == Person.id
    has = select(func.count()).select_from(Assignment).where(theirs, Assignment.ended_seq.is_(None)).scalar_subquery()
    newest = select(func.max(Assignment.at)).where(theirs).scalar_subquery()
    busy = db.session.execute(select(Person.id, has, newest).where(Person.id.in_(people)))
    load = {one: (count, last) for one, count, last in busy}
    away = set(
        db.session.scalars(
            select(Absence.person_id).where(
                Absence.person_id.in_(people), Absence.ended_seq.is_(None), Absence.away_from <= on, Absence.away_to >= on
            )
        )
    )
    return [Candidate(one, *load[one], away=one in away, conflicts=conflicts.get(one, frozenset())) for one in people]


def free_members(disclosure: Disclosure, desk: str, now: datetime) -> set[int]:
    """Who at the desk could take this filing now."""
    return {one.person_id for one in candidates(disclosure, desk, now) if not one.conflicts and not one.away}


def reassign(disclosure: Disclosure, reviewer_id: int, held_by: str, actor: Actor, now: datetime) -> None:
    """A senior officer gives the case to somebody free; raises NotPossible for anybody else (SD1, SD2, SD5).

    `held_by` is who had it when the page was shown (`""` for nobody); raises SomebodyWasFaster when it was given away since.
    """
    if held_by != str(disclosure.reviewer_id or ""):
        raise SomebodyWasFaster(_l("The case was given to somebody else meanwhile. Look at who has it before you go on."))
    desk = offered(disclosure, now).get(reviewer_id)
    if desk is None:
        raise NotPossible(_l("This colleague can't take the case."), "reviewer")
    move(disclosure, Action.REASSIGN if disclosure.reviewer_id else Action.ASSIGN, actor, now, reviewer_id=reviewer_id)
    disclosure.desk = desk
    _row(disclosure, Route(desk, Because.GIVEN), reviewer_id, [], now, actor)
    if disclosure.state is State.ESCALATED:
        _tell_second_person(disclosure, reviewer_id, now)


def offered(disclosure: Disclosure, now: datetime) -> dict[int, str]:
    """Who could be given this case as it stands, with the desk at which they sit: free of conflict, here, another than has it."""
    seated_at = {desk: members(desk, today(now)) for desk in desks_of(disclosure)}
    everybody = sorted({one for people in seated_at.values() for one in people})
    free = {
        one.person_id
        for one in _not_the_recommender(disclosure, _looked_at(disclosure, everybody, today(now)))
        if not one.conflicts and not one.away and one.person_id != disclosure.reviewer_id
    }
    found: dict[int, str] = {}
    for desk, people in seated_at.items():
        found |= {one: desk for one in people if one in free and one not in found}
    return found


def desks_of(disclosure: Disclosure) -> list[str]:
    """The desks whose members may hold this case as it stands; the top never falls to who works for it (U14)."""
    if disclosure.state is State.ESCALATED:
        return [desk for desk in desks_above(disclosure) if not is_at_the_body(desk)]  # a body decides at its meeting
    desks = current_profile().desks
    own = desks.get(disclosure.desk)
    senior = [name for name, desk in desks.items() if desk.members == "senior_officers"] if _is_of_reviewers(own) else []
    return list(dict.fromkeys([disclosure.desk, *senior]))


def _is_of_reviewers(desk: Any) -> bool:
    return desk is None or desk.members == "reviewers"


def release(disclosure: Disclosure, because: str, now: datetime) -> None:
    """Takes the case from a reviewer who may no longer have it, and looks for the next who is free."""
    desk, reviewer_id, passed = next_free(disclosure, now)
    way = Route(desk, Because.NEXT_FREE)
    if reviewer_id is None:
        disclosure.desk = desk
        before = disclosure.reviewer_id
        move(disclosure, Action.UNASSIGN, SYSTEM, now, keep_reviewer=False)
        seq = record(Event.DISCLOSURE_UNASSIGNED, SYSTEM, _subject(disclosure), now, reviewer=before, because=because)
        _end(disclosure, seq, because)
        _add(disclosure, Route(disclosure.desk, way.because), None, passed, now, seq)
        return
    disclosure.reviewer_id, disclosure.desk = reviewer_id, desk
    _row(disclosure, way, reviewer_id, passed, now, SYSTEM, ended=because)
    if disclosure.state is State.ESCALATED:
        _tell_second_person(disclosure, reviewer_id, now)


def next_free(
    disclosure: Disclosure, now: datetime, but: int | None = None, more: Counter[int] | None = None
) -> tuple[str, int | None, list[list[Any]]]:
    """The first desk with somebody free for the case as it stands, who that is, and why others were passed over.

    `but` is who is on the way out; `more` counts cases that are about to come to somebody, for a list made beforehand.
    An escalated case that comes to a body waits for its meeting: the desk is named and nobody with it.
    """
    desks = (desks_above(disclosure) if disclosure.state is State.ESCALATED else []) or [disclosure.desk]
    passed: list[list[Any]] = []
    for desk in desks:
        seated = _not_the_recommender(disclosure, candidates(disclosure, desk, now))
        there = [replace(one, open_cases=one.open_cases + (more or Counter())[one.person_id]) for one in seated]
        found, why = choose(one for one in there if one.person_id != but)
        passed += why
        if found is not None:
            return desk, None if waits_for_a_meeting(disclosure, desk) else found, passed
    return desks[0], None, passed


def waits_for_a_meeting(disclosure: Disclosure, desk: str) -> bool:
    """Whether the case would lie there before a body: escalated, at a desk whose members decide together."""
    return disclosure.state is State.ESCALATED and is_at_the_body(desk)


def _not_the_recommender(disclosure: Disclosure, members_of: list[Candidate]) -> list[Candidate]:
    """Who recommended an outcome never gets the case to decide it (SD5)."""
    if disclosure.state is not State.ESCALATED:
        return members_of
    recommender = recommended_by(disclosure)
    return [one for one in members_of if one.person_id != recommender]


def waiting(after: tuple[int, int] | None = None, limit: int = 200) -> list[tuple[int, int, str]]:
    """Filings without a reviewer as (id, rank, desk), the most urgent first, from `after` (rank, id) on."""
    wanted = select(Disclosure.id, Disclosure.rank, Disclosure.desk).where(
        Disclosure.reviewer_id.is_(None), Disclosure.state.in_([State.SUBMITTED, State.ESCALATED])
    )
    if after is not None:
        wanted = wanted.where(tuple_(Disclosure.rank, Disclosure.id) > after)
    rows = db.session.execute(wanted.order_by(Disclosure.rank, Disclosure.id).limit(limit))
    return [(row.id, row.rank, row.desk) for row in rows]


def give_waiting(disclosure: Disclosure, now: datetime) -> bool:
    """Gives a filing that waits to who has become free; false while nobody is."""
    if disclosure.reviewer_id is not None or disclosure.state not in (State.SUBMITTED, State.ESCALATED):
        return False
    if waits_for_a_meeting(disclosure, disclosure.desk):
        return False
    desk, reviewer_id, passed = next_free(disclosure, now)
    if waits_for_a_meeting(disclosure, desk):
        put_before_the_body(disclosure, Route(desk, Because.BECAME_FREE), passed, SYSTEM, now)
        return True
    if reviewer_id is None:
        return False
    _give(disclosure, Route(desk, Because.BECAME_FREE), reviewer_id, passed, now, SYSTEM)
    if disclosure.state is State.ESCALATED:
        _tell_second_person(disclosure, reviewer_id, now)
    return True


def _give(
    disclosure: Disclosure, way: Route, reviewer_id: int | None, passed: list[list[Any]], now: datetime, actor: Actor
) -> None:
    disclosure.desk = way.desk
    if reviewer_id is not None:
        move(disclosure, Action.ASSIGN, actor, now, reviewer_id=reviewer_id)
    else:
        disclosure.reviewer_id = None
    _row(disclosure, way, reviewer_id, passed, now, actor)


def _row(
    disclosure: Disclosure,
    way: Route,
    reviewer_id: int | None,
    passed: list[list[Any]],
    now: datetime,
    actor: Actor,
    ended: str = "reassigned",
) -> None:
    seq = record(
        Event.DISCLOSURE_ASSIGNED,
        actor,
        _subject(disclosure),
        now,
        desk=way.desk,
        reviewer=reviewer_id,
        because=way.because,
        passed_over=len(passed),
    )
    _end(disclosure, seq, ended)
    _add(disclosure, way, reviewer_id, passed, now, seq)


def _end(disclosure: Disclosure, seq: int, because: str) -> None:
    standing: Assignment | None = open_assignment(disclosure)
    if standing is not None:
        standing.ended_seq, standing.ended_because = seq, because
        db.session.flush()
    stood_in = select(Delegation).where(Delegation.disclosure_id == disclosure.id, Delegation.ended_seq.is_(None))
    for delegation in db.session.scalars(stood_in):
        delegation.ended_seq, delegation.ended_because = seq, because


def _add(disclosure: Disclosure, way: Route, reviewer_id: int | None, passed: list[list[Any]], now: datetime, seq: int) -> None:
    db.session.add(
        Assignment(
            disclosure_id=disclosure.id,
            filer_id=disclosure.filer_id,
            desk=way.desk,
            reviewer_id=reviewer_id,
            because=str(way.because),
            passed_over=passed,
            at=now,
            seq=seq,
        )
    )
    db.session.flush()


def _subject(disclosure: Disclosure) -> str:
    return f"disclosure:{disclosure.reference}"


def restore(disclosure: Disclosure, reviewer_id: int | None, now: datetime, actor: Actor, because: Because) -> None:
    """Opens an assignment again: after an undone decision, a case handed back or corrected; None: nobody is free, it waits."""
    _row(disclosure, Route(disclosure.desk, because), reviewer_id, [], now, actor)


def desks_above(disclosure: Disclosure) -> list[str]:
    """Where an escalated case goes, in order: senior officers, then the final body; a case of the top stays at its desk (U14).

    The final body is a commission, the solicitor, or nobody beyond the officers (PROFILE "Final body"); the solicitor never
    has a case of a post that appoints the solicitor.
    """
    desks, kind = current_profile().desks, current_profile().final_body.kind
    own = desks.get(disclosure.desk)
    first = "senior_officers" if own is None or own.members in ("reviewers", "senior_officers") else own.members
    wanted = [first] if kind == "officer" or (kind == "solicitor" and _appoints(disclosure, kind)) else [first, kind]
    return [name for members_of in dict.fromkeys(wanted) for name, desk in desks.items() if desk.members == members_of]


def _appoints(disclosure: Disclosure, members_of: str) -> bool:
    """Whether the filer's post is above or appoints who sits at such a desk."""
    post = post_of(disclosure)
    desks = current_profile().desks.values()
    return members_of in BELOW.get(post, ()) or any(post in desk.appointed_by for desk in desks if desk.members == members_of)


def hand_up(disclosure: Disclosure, now: datetime, because: Because = Because.ESCALATED) -> None:
    """Gives an escalated case to a second person free of conflict, never to who recommended; nobody free waits (SD5)."""
    desk, reviewer_id, passed = next_free(disclosure, now)
    way = Route(desk, because)
    disclosure.desk, disclosure.reviewer_id = desk, None
    if waits_for_a_meeting(disclosure, desk):
        put_before_the_body(disclosure, way, passed, SYSTEM, now)
        return
    if reviewer_id is not None:
        move(disclosure, Action.ASSIGN, SYSTEM, now, reviewer_id=reviewer_id)
    _row(disclosure, way, reviewer_id, passed, now, SYSTEM, ended="escalated")
    if reviewer_id is not None:
        _tell_second_person(disclosure, reviewer_id, now)


def put_before_the_body(disclosure: Disclosure, way: Route, passed: list[list[Any]], actor: Actor, now: datetime) -> None:
    """Lays an escalated case before the final body: nobody holds it; members free of conflict and the recorders get a letter."""
    disclosure.desk, disclosure.reviewer_id = way.desk, None
    _row(disclosure, way, None, passed, now, actor, ended="escalated")
    tell_the_body(disclosure, free_members(disclosure, way.desk, now), now)


def reader_again(disclosure: Disclosure, reviewer_id: int | None, now: datetime) -> tuple[str, int | None]:
    """The desk and reader for a case that comes back from a second person: the one who had it while still free, else the next."""
    desk = way_of(disclosure).desk
    free = {one.person_id: one for one in candidates(disclosure, desk, now)}
    kept = free.get(reviewer_id) if reviewer_id is not None else None
    if kept is not None and not kept.conflicts and not kept.away:
        return desk, reviewer_id
    return desk, choose(free.values())[0]


def _tell_second_person(disclosure: Disclosure, reviewer_id: int, now: datetime) -> None:
    kind = "appealed" if facts_for(disclosure, SYSTEM).appeal_open else "escalated"
    once = f"escalated:{disclosure.reference}:{disclosure.version}:{reviewer_id}:{int(now.timestamp())}"
    notices.post(kind, db.session.get_one(Person, reviewer_id), now, once, reference=disclosure.reference)
