"""Puts the pages of the final body together: a case before it, a meeting, the form of a motion; reads only."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from coi.appeals.queries import open_appeal
from coi.attachments.queries import listed, of_version
from coi.ballots import Ballot
from coi.disclosures.facts import facts_for, is_at_the_body
from coi.languages import language
from coi.meetings import planned, queries
from coi.meetings.queries import Member
from coi.models import Disclosure, DisclosureVersion, Meeting, Motion
from coi.plans.drafting import organisations_of
from coi.plans.words import conditions_of
from coi.review import queries as review
from coi.review.decisions import newest_decision
from coi.review.page import about_choices
from coi.review.queries import UNDO_WITHIN
from coi.review.words import body_name, motion_in_words
from coi.rules.permissions import Actor, Permission, allows
from coi.rules.questions import is_of_the_body, is_recorder, is_senior_officer
from coi.vocabulary import Role, State
from forms.meetings import SendForm, with_votes


def is_before_the_body(disclosure: Disclosure) -> bool:
    """Whether a case waits for a meeting: nobody holds it, and nobody is missing."""
    return disclosure.state is State.ESCALATED and is_at_the_body(disclosure.desk)


def body() -> str:
    """What the city calls its final body, in the reader's language."""
    return body_name(language())


@dataclass(frozen=True)
class Waiting:
    """One case before the body in a list: what this person said of it, how many members declared."""

    case: Disclosure
    said: bool | None
    declared: int


def waiting(actor: Actor) -> list[Waiting]:
    """The cases before the body, as far as this person may see them there."""
    told = []
    for one in queries.cases(actor):
        said = queries.declarations(one)
        mine = said.get(actor.person_id or 0)
        told.append(Waiting(one, mine.conflict if mine else None, len(said)))
    return told


def of_case(disclosure: Disclosure, actor: Actor, on: date) -> dict[str, Any]:
    """What the page of a case before the body shows to one person."""
    facts = facts_for(disclosure, actor)
    signed = queries.signed(disclosure)
    sees_all = is_recorder(actor, facts) or is_senior_officer(actor, facts)
    reads = allows(actor, Permission.PACKET, facts)
    named, kept_back = _parties(signed, reads)
    sent, appealed = (queries.cover(disclosure), open_appeal(disclosure)) if reads else (None, None)
    return {
        "disclosure": disclosure,
        "facts": facts,
        "owed": review.obligation(disclosure),
        "parties": named,
        "kept_back": kept_back,
        "said": queries.declarations(disclosure).get(actor.person_id or 0),
        "asked": is_of_the_body(actor, facts),
        "members": queries.seated(disclosure, on) if sees_all else [],
        "quorum": queries.quorum(),
        "papers": listed(of_version(signed)) if reads else [],
        "cover": sent,
        "appealed": appealed,
        "appealed_conditions": conditions_of(appealed.decision) if appealed else [],
        "conditions": planned.in_words(sent, disclosure) if sent else [],
        "terms": planned.terms_in_words(planned.terms_of(sent.terms)) if sent else [],
    }


def _parties(signed: DisclosureVersion, reads: bool) -> tuple[list[str], int]:
    """The outside parties that this person may read, and how many more there are.

    Before the declaration organisations only: enough to see whether one has a conflict, and no relative's name, no address.
    """
    every = list(dict.fromkeys(one.party for one in signed.interests if one.party))
    if reads:
        return every, 0
    named = organisations_of(signed, kinds=("text",))
    return named, len(every) - len(named)


def of_meeting(held: Meeting, actor: Actor, now: datetime) -> dict[str, Any]:
    """What the page of a meeting shows to one person: never a case with which that person has a conflict."""
    record = queries.record_of(held)
    told = []
    for one in queries.motions(held, actor):
        standing = newest_decision(one.disclosure)
        mine = standing is not None and standing.id == one.decision_id and standing.by_id == actor.person_id
        told.append(
            {
                "motion": one,
                "words": motion_in_words(one),
                "undone": one.decision is not None and one.decision.undone_seq is not None,
                "may_undo": mine
                and one.disclosure.state is State.DECIDED
                and standing is not None
                and now - standing.at <= UNDO_WITHIN,
                "may_correct": allows(actor, Permission.CORRECT_MOTION, facts_for(one.disclosure, actor)),
                "before": queries.history(held, one.name)[:-1],
            }
        )
    waits = []
    if Role.RECORDER in actor.roles:
        waits = [one for one in queries.cases(actor) if allows(actor, Permission.RECORD_MOTION, facts_for(one, actor))]
    return {
        "held": held,
        "record": record,
        "records": held.records,
        "present": queries.names(record.present),
        "motions": told,
        "left_out": queries.left_out(held, actor),
        "waits": waits,
        "quorum": queries.quorum(),
    }


def motion_form(kind: Any, held: Meeting, disclosure: Disclosure, before: Motion | None = None) -> tuple[Any, list[Member]]:
    """The form of a motion with a vote for each member present, and those members; with `before` filled from what was written."""
    record = queries.record_of(held)
    there = [one for one in queries.seated(disclosure, record.held_on, record.present) if one.person.id in record.present]
    had = {one.member_id: one for one in before.votes} if before is not None else {}
    voted = {number for number, one in had.items() if one.ballot is not Ballot.RECUSED}
    rows = [(one.person.id, one.person.name, one.counts or one.person.id in voted) for one in there]
    interests: list[tuple[int, str]] = []
    if before is None:
        titles = dict(about_choices(disclosure))
        found = queries.signed(disclosure).interests
        interests = [(one.id, one.party or titles.get(one.question_id, one.question_id)) for one in found]
    form = with_votes(kind, rows, interests if len(interests) > 1 else ())
    if "plan" in form:
        planned.ready(form, disclosure, fresh=not form.is_submitted())
    if before is not None and not form.is_submitted():
        form.text.data = before.text
        form.mover.data, form.seconder.data = str(before.mover_id), str(before.seconder_id)
        for number in voted:
            form[f"vote_{number}"].data, form[f"why_{number}"].data = had[number].ballot.value, had[number].reason
    return form, there


def send_form(disclosure: Disclosure) -> SendForm:
    """The form of a cover; a fresh one begins with the outcome and the plan that the reviewer recommended."""
    form = SendForm()
    planned.ready(form, disclosure, fresh=not form.is_submitted())
    standing = review.standing_recommendation(disclosure)
    if not form.is_submitted():
        form.shows(disclosure.version, disclosure.state.value)
        form.outcome.data = standing.outcome.value if standing is not None else None
    return form
