"""The Population sheet: everybody active in the period, obliged or not and why; it foots to the roster imports (U60)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from coi.audit.chain import moment
from coi.audit.words import actor_in_words
from coi.db import db
from coi.exports.registers.asof import BATCH, Due, Moment, filled, owed, paused_parts, within
from coi.exports.registers.named import names_behind
from coi.exports.registers.rows import Row, excused, yes
from coi.exports.registers.sieve import EVERYTHING, Sieve
from coi.models import (
    AuditEntry,
    Campaign,
    DisclosureVersion,
    Leave,
    Obligation,
    Person,
    PersonVersion,
    Questionnaire,
    RosterImport,
)
from coi.vocabulary import FormChange, Word


def population(at: Moment, campaign: Campaign | None, sieve: Sieve = EVERYTHING) -> Iterator[Row]:
    """One row per person of the roster who was active between the campaign's opening and its close, or T if it is open.

    Without a campaign: who was active at T. Who somebody was is told as of the close, what they owe as of T. Who came after the
    close and was asked all the same stands here as of T, so that everybody on Outcomes is somebody of the Population.
    """
    imports = dict(db.session.execute(select(RosterImport.id, RosterImport.reference)).all())
    opened, end = campaign.seq if campaign is not None else at.n, end_of(at, campaign)
    opened_on = _day_of(opened, at)
    paused = paused_parts(at.n)
    last = 0
    while True:
        people = db.session.execute(
            select(Person.id, Person.number).where(Person.id > last, Person.employee).order_by(Person.id).limit(BATCH)
        ).all()
        if not people:
            return
        last = people[-1].id
        ids = [one.id for one in people]
        versions = _versions(ids, end)
        owed_now = _owed(ids, at.n, campaign)
        versions |= _versions([one for one in owed_now if not _active_between(versions.get(one, []), opened)], at.n)
        signed = signed_on({each.disclosure_id for told in owed_now.values() for each in told if each.disclosure_id}, at)
        leave = {one.person_id: one for one in _newest_leave(ids, at.n)}
        names = names_behind({each.excused_by for told in owed_now.values() for each in told if each.excused}, at.n)
        for one in people:
            told = versions.get(one.id, [])
            if not told or not (one.id in owed_now or _active_between(told, opened)):
                continue
            newest = told[-1]
            if not sieve.filters.fits(newest.department, newest.group):
                continue
            due = owed_now.get(one.id, [])
            why, by = _why_not(newest, due, leave.get(one.id), at, opened_on, paused)
            yield (
                *(one.number or "", newest.name, newest.department, newest.title, newest.group),
                *(yes(newest.active), yes(bool(due))),
                tuple(sorted({one.obligation.kind for one in due}, key=lambda kind: kind.rank)),
                *(
                    why,
                    actor_in_words(by, names) if by else "",
                    imports.get(newest.import_id, "") if newest.import_id else "",
                    _forms(due, signed),
                ),
            )


def end_of(at: Moment, campaign: Campaign | None) -> int:
    """The last entry that counts for who was active: the close of the campaign where that came before N, else N."""
    closed = campaign.closed_seq if campaign is not None else None
    return closed if closed is not None and closed <= at.n else at.n


def _forms(due: list[Due], signed: dict[int, str]) -> str:
    """On which version of which form each of these was signed, once each."""
    return "; ".join(dict.fromkeys(signed[one.disclosure_id] for one in due if one.disclosure_id in signed))


def signed_on(ids: set[int], at: Moment) -> dict[int, str]:
    """The form behind the newest signature of each filing as of N: form, version, its name, words or content."""
    changed = {change: str(change.label) for change in FormChange}
    wanted = (
        select(
            DisclosureVersion.disclosure_id,
            *(Questionnaire.form_id, Questionnaire.number, Questionnaire.version, Questionnaire.change),
        )
        .join(Questionnaire, Questionnaire.id == DisclosureVersion.questionnaire_id)
        .where(DisclosureVersion.disclosure_id.in_(ids), DisclosureVersion.seq <= at.n)
        .order_by(DisclosureVersion.number)
    )
    return {
        row.disclosure_id: f"{row.form_id} {row.number} ({row.version}), {changed[row.change]}"
        for row in db.session.execute(wanted)
    }


def _day_of(seq: int, at: Moment) -> date | None:
    told = db.session.scalar(select(AuditEntry.at).where(AuditEntry.seq == seq))
    return at.day(moment(told)) if told else None


VERSION = (
    *(PersonVersion.person_id, PersonVersion.name, PersonVersion.department, PersonVersion.title, PersonVersion.group),
    *(PersonVersion.active, PersonVersion.hired_on, PersonVersion.import_id, PersonVersion.seq),
)


def _versions(ids: list[int], n: int) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    wanted = select(*VERSION).where(PersonVersion.person_id.in_(ids), PersonVersion.seq <= n)
    for version in db.session.execute(wanted.order_by(PersonVersion.seq, PersonVersion.id)):
        found[version.person_id].append(version)
    return found


def _active_between(told: list[Any], opened: int) -> bool:
    """Active at the opening, or at any time since."""
    before = [version for version in told if version.seq <= opened]
    since = [version for version in told if version.seq > opened]
    return any(version.active for version in (*before[-1:], *since))


def _owed(ids: list[int], n: int, campaign: Campaign | None) -> dict[int, list[Due]]:
    wanted = owed(n, campaign).where(Obligation.person_id.in_(ids))
    found: dict[int, list[Due]] = defaultdict(list)
    for due in filled(db.session.execute(wanted.order_by(Obligation.id)).all(), n):
        found[due.obligation.person_id].append(due)
    return found


def _newest_leave(ids: list[int], n: int) -> list[Leave]:
    wanted = select(Leave).where(Leave.person_id.in_(ids), Leave.seq <= n)
    return list(db.session.scalars(wanted.order_by(Leave.seq)))


def _why_not(
    newest: Any, owed: list[Due], leave: Leave | None, at: Moment, opened_on: date | None, paused: set[int]
) -> tuple[str, str]:
    """In words why nothing is due, and who excused; empty for who is obliged and neither excused, on leave nor paused."""
    let_off = next((due for due in owed if due.excused), None)
    if let_off is not None:
        reason = excused(let_off)
        return str(_("excused: %(reason)s", reason=reason.label if isinstance(reason, Word) else reason)), let_off.excused_by
    missing = [due for due in owed if due.disclosure_id is None]  # who has filed is neither kept from it by a pause nor by leave
    reasons = (
        (any(due.obligation.part_id in paused for due in missing), _("paused group")),
        ((bool(missing) or not owed) and within(leave, at.today), _("on leave")),
        (bool(owed), ""),
        (not newest.active, _("left")),
        (newest.hired_on is not None and opened_on is not None and newest.hired_on > opened_on, _("hired later")),
        (True, _("not asked by rule")),
    )
    return str(next(told for holds, told in reasons if holds)), ""
