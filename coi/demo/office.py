"""What the offices of the made-up city do this year: rules changed by two people, paper typed in, lists and letters seen to."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from coi.accounts import requests
from coi.campaigns.by_hand import remind
from coi.db import db
from coi.demo.answers import Answers, nothing, side_job
from coi.demo.city import number_of
from coi.demo.pages_of_paper import scan_of
from coi.demo.reviewing import days_away
from coi.demo.stories import Act, actor_for, filed, owed_by, person_of
from coi.demo.words import ADDED, HALF_WRITTEN, PROPOSED, asks_about_gifts, put_right, said_newly
from coi.demo.years import acting_for, signature_of
from coi.departments import actions as departments
from coi.departments import queries as led
from coi.disclosures import queries as filings
from coi.disclosures.signing import confirm_imported
from coi.exports import actions as workbooks
from coi.exports import queries as workbooks_there
from coi.models import Leave, Obligation, PaperForm, Person, Request
from coi.notices.bounces import mark_failed
from coi.paper import actions as paper
from coi.paper import queries as papers
from coi.policies import queries as policies
from coi.policies.putting_in import put_in
from coi.profiles.current import current_profile, today
from coi.questionnaires import drafts
from coi.questionnaires.queries import newest
from coi.questionnaires.written import as_text
from coi.vocabulary import ExportKind, Receipt

SAID_ON_PAPER: Mapping[str, tuple[str, str]] = {
    "on_paper": ("Corner Barber Shop", "cutting hair on Saturdays"),
    "confirmed": ("", ""),
}


def before_opening() -> list[Act]:
    """Before this year's round: a policy says something new, put in by one and approved by another."""
    return [_new_policy]


def half_way() -> list[Act]:
    """In the middle: a form is put right while people are filling it in."""
    return [_form_put_right]


def lately() -> list[Act]:
    """In the last afternoon: what waits for a second person, what is half written, papers, lists, a letter that came back."""
    typed: list[Act] = []
    for key in SAID_ON_PAPER:
        typed += [_typing(key), _scanning(key), _filing(key)]
    return [
        *typed,
        _confirm,
        _type_half,
        _next_policy,
        _half_written_form,
        _heads_answer,
        _letter_comes_back,
        _full_workbook,
        days_away,
    ]


def _full_workbook(now: datetime) -> None:
    """The auditor asks for every answer in words; it waits for a senior officer."""
    purpose = "Sample of gifts: whether each was above the limit, and what the office decided."
    campaign = next(iter(workbooks_there.campaigns()), None)
    workbooks.ask(campaign, "en", None, actor_for("auditor", now), now, kind=ExportKind.FULL, purpose=purpose)


def _approve(asked: Request | None, by: str, now: datetime) -> None:
    if asked is not None:
        requests.approve(asked, "Read it, word for word.", actor_for(by, now), now + timedelta(minutes=30))


def _put_in(added: Mapping[str, str], version: str, holds: date, now: datetime) -> Request | None:
    policy_id = current_profile().policies[0].id
    before = policies.newest_of(policy_id)
    if before is None:
        return None
    words = said_newly(before.text, added)
    return put_in(policy_id, version, holds, words, None, before.binds, "Council asked for it.", actor_for("admin1", now), now)


def _new_policy(now: datetime) -> None:
    on = today(now)
    _approve(_put_in(ADDED, f"{on.year}-1", on, now), "senior1", now)


def _next_policy(now: datetime) -> None:
    """This one waits: who signs in as a senior officer can read and approve it."""
    on = today(now)
    _put_in(PROPOSED, f"{on.year + 1}-1", date(on.year + 1, 1, 1), now)


def _form_put_right(now: datetime) -> None:
    there = newest(current_profile().forms[0].form)
    if there is None or not asks_about_gifts(there.content):
        return
    officer = actor_for("senior1", now)
    draft = drafts.begin(as_text(put_right(there.content)), "form put right.yaml", officer, now)
    kinds = [kind.value for use in current_profile().forms if use.form == there.form_id for kind in use.kinds]
    asked = drafts.ask_to_publish(draft, "wording", kinds, "", False, "People asked about gift cards by e-mail.", officer, now)
    _approve(asked, "senior2", now)


def _half_written_form(now: datetime) -> None:
    drafts.begin(HALF_WRITTEN, "volunteer-leave.yaml", actor_for("senior1", now), now)


def _typing(key: str) -> Act:
    def act(now: datetime) -> None:
        owed, clerk = owed_by(key), actor_for("clerk", now)
        if owed is None:
            return
        came = today(now) - timedelta(days=2)
        form = paper.begin(owed.person, paper.Begun(owed.reference, owed.person.language, came, ""), clerk, now)
        answers: Answers = nothing(form.filer)
        org, work = SAID_ON_PAPER[key]
        if org:
            answers |= side_job(form.filer, org, work)
        received = {"receipt": Receipt.RECEIVED.value, "objection": ""}
        said: dict[str, Any] = {str(one.id): received for one in papers.policies_on(form, today(now))}
        paper.save(form, paper.Typed(answers, said, owed.person.name, came, form.revision), clerk, now)

    return act


def _being_typed(key: str) -> PaperForm | None:
    number = number_of(key)
    wanted = select(PaperForm).join(Person, Person.id == PaperForm.person_id)
    return db.session.scalars(wanted.where(Person.number == number, PaperForm.filed_seq.is_(None))).first()


def _scanning(key: str) -> Act:
    def act(now: datetime) -> None:
        form = _being_typed(key)
        if form is not None and form.signed_on is not None:
            answer = ", ".join(filter(None, SAID_ON_PAPER[key])) or "No"
            day = f"{form.signed_on:%m/%d/%Y}"
            page = scan_of(form.person.name, number_of(key), answer, day, current_profile().city.name)
            paper.add_scan(form, page, f"scan {form.person.name}.png", actor_for("clerk", now), now)

    return act


def _filing(key: str) -> Act:
    def act(now: datetime) -> None:
        form, clerk = _being_typed(key), actor_for("clerk", now)
        if form is not None:
            around = {"signed_in_at": now - timedelta(minutes=50), "address": "192.0.2.40", "button": "File this paper form"}
            paper.file(form, paper.signature_of(form, clerk, now, request_id=f"story-{key}", **around), clerk, now)

    return act


def _confirm(now: datetime) -> None:
    """The person signs in, looks at what was typed, and says that it is what they wrote."""
    person = person_of("confirmed")
    typed = filed("confirmed")
    if typed is not None and filings.is_unconfirmed(typed):
        confirm_imported(typed, {}, signature_of(typed, "story-confirm", now), acting_for(person.id, now), now)


def _type_half(now: datetime) -> None:
    """A third paper lies on the clerk's desk, begun only."""
    owed = select(Obligation).join(Person, Person.id == Obligation.person_id)
    waiting = owed.where(Person.email.is_(None), Person.active, Obligation.settled_on.is_(None), Obligation.ended_seq.is_(None))
    clerk = actor_for("clerk", now)
    for one in db.session.scalars(waiting.order_by(Obligation.id)):
        if filings.filing_for(one) is None:
            told = paper.Begun(one.reference, one.person.language, today(now) - timedelta(days=1), "Union steward")
            paper.begin(one.person, told, clerk, now)
            return


def _heads_answer(now: datetime) -> None:
    """Some heads of departments say that their list is right; one says what is wrong."""
    heads = sorted({one.id: one for one in led.heads(current_profile()).values()}.values(), key=lambda one: one.id)
    for place, head in enumerate(heads[:7]):
        actor = acting_for(head.id, now)
        for department in led.mine(actor)[0]:
            if place == 6:
                departments.say_wrong(department, "Two people here moved to another station in the spring.", actor, now)
            else:
                departments.confirm(department, department.fingerprint, actor, now)


def _letter_comes_back(now: datetime) -> None:
    """An address at which nothing arrives: the next letter to it is one to print."""
    wanted = (
        select(Obligation)
        .join(Person, Person.id == Obligation.person_id)
        .where(Person.email.is_not(None), Person.active, Person.number >= "001000")
        .where(Obligation.settled_on.is_(None), Obligation.ended_seq.is_(None), Obligation.excused.is_(False))
        .where(Person.id.not_in(select(Leave.person_id)))
    )
    owed = db.session.scalars(wanted.order_by(Obligation.id.desc()).limit(1)).first()
    if owed is not None and owed.person.email:
        desk = actor_for("admin1", now)
        mark_failed(owed.person.email, "550 5.1.1 No such user here", desk, now)
        remind(owed, desk, now)
