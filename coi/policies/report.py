"""The acknowledgement report: who received which version, who objected, who declined, who is still open; reads only.

What somebody said is told to officers and auditors, never to who supervises them, and to the campaign desk not at all (U4, U20).
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select

from coi.audit.chain import moment
from coi.campaigns import queries as campaigns
from coi.db import db
from coi.disclosures.lines import reports_of
from coi.models import AuditEntry, CampaignPart, Obligation, Person, PolicyReceipt, PolicyVersion
from coi.policies import queries
from coi.profiles.current import zone
from coi.rules.conditions import holds
from coi.rules.permissions import Actor, Permission, allows
from coi.rules.searching import search_text
from coi.vocabulary import Kind, Receipt

WITH_POLICIES = (Kind.ANNUAL, Kind.NEW_HIRE, Kind.NEW_POSITION)
OPEN, ANSWERED = "open", "answered"
PAGE = 50
AT_ONCE = 1000


@dataclass(frozen=True)
class Row:
    """One person and one version: `status` is open, answered (what was said is not told), or the receipt's code."""

    person_id: int
    name: str
    number: str
    department: str
    status: str = OPEN
    answered_on: date | None = None
    objection: str = ""


@dataclass(frozen=True)
class Tally:
    """One department, or all: how many stand where."""

    name: str
    counts: Counter[str]

    @property
    def people(self) -> int:
        """Everybody whom the version binds."""
        return sum(self.counts.values())

    @property
    def answered(self) -> int:
        """Who said something about it."""
        return self.people - self.counts[OPEN]


def versions(on: date) -> list[PolicyVersion]:
    """Every version in effect on a day, the policies in the profile's order, the newest version first."""
    place = {version.policy_id: number for number, version in enumerate(queries.listed(on))}
    rows = db.session.scalars(select(PolicyVersion).where(PolicyVersion.effective_on <= on)).all()
    listed = [one for one in rows if one.policy_id in place]
    return sorted(listed, key=lambda one: (place[one.policy_id], -one.effective_on.toordinal(), -one.id))


def rows_of(version: PolicyVersion, viewer: Actor, on: date) -> list[Row]:
    """Everybody whom a version binds, by name; of an older version only who answered it."""
    said = _said(version)
    asked = _asked(version) if version.id in {one.id for one in queries.listed(on)} else {}
    for person_id, row in _people([one for one in said if one not in asked]).items():
        asked[person_id] = row
    told = _telling(viewer)
    rows = [_row(row, said.get(row.person_id), told) for row in asked.values()]
    return sorted(rows, key=lambda row: (search_text(row.name), row.person_id))


def tallies(rows: Sequence[Row]) -> tuple[list[Tally], Tally]:
    """The departments by name, and all together."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(row.department, Counter())[row.status] += 1
    listed = [Tally(name, counts[name]) for name in sorted(counts, key=search_text)]
    return listed, Tally("", sum((one.counts for one in listed), Counter()))


def narrowed(rows: Sequence[Row], department: str, status: str) -> list[Row]:
    """The rows of one department or status; `answered` is everybody who said something; blank is all."""
    kept = [row for row in rows if not department or row.department == department]
    if status == ANSWERED:
        return [row for row in kept if row.status != OPEN]
    return [row for row in kept if not status or row.status == status]


def with_words(rows: Sequence[Row], version: PolicyVersion, viewer: Actor) -> list[Row]:
    """The rows of one page with what was objected to, for who may read it."""
    if not allows(viewer, Permission.POLICY_OBJECTIONS):
        return list(rows)
    ids = [row.person_id for row in rows if row.status == Receipt.OBJECTION]
    wanted = select(PolicyReceipt.person_id, PolicyReceipt.objection).where(
        PolicyReceipt.policy_version_id == version.id, PolicyReceipt.person_id.in_(ids), PolicyReceipt.objection != ""
    )
    words = {told.person_id: told.objection for told in db.session.execute(wanted.order_by(PolicyReceipt.seq))}
    return [replace(row, objection=words.get(row.person_id, "")) for row in rows]


def _telling(viewer: Actor) -> Collection[int] | None:
    """The people of whom the viewer is told only that they answered; None when that is everybody."""
    if not allows(viewer, Permission.POLICY_ANSWERS):
        return None
    return reports_of(viewer.person_id) if viewer.person_id is not None else frozenset()


def _row(row: Row, said: Any, hidden: Collection[int] | None) -> Row:
    if said is None:
        return row
    status = ANSWERED if hidden is None or row.person_id in hidden else said.receipt.value
    return replace(row, status=status, answered_on=moment(said.at).astimezone(zone()).date())


def _said(version: PolicyVersion) -> dict[int, Any]:
    """What each person said last about a version, and when."""
    newest = (
        select(func.max(PolicyReceipt.id))
        .where(PolicyReceipt.policy_version_id == version.id)
        .group_by(PolicyReceipt.person_id)
        .scalar_subquery()
    )
    wanted = select(PolicyReceipt.person_id, PolicyReceipt.receipt, AuditEntry.at).join(
        AuditEntry, AuditEntry.seq == PolicyReceipt.seq
    )
    return {row.person_id: row for row in db.session.execute(wanted.where(PolicyReceipt.id.in_(newest)))}


def _asked(version: PolicyVersion) -> dict[int, Row]:
    """Who must say something about a version in the latest campaign: asked for a form that asks policies, and bound by it."""
    campaign = campaigns.latest()
    if campaign is None:
        return {}
    columns = [Obligation.person_id, Obligation.name, Obligation.number, Obligation.department, Obligation.part_id]
    wanted = select(*columns, *([Obligation.filer] if version.binds is not None else [])).where(
        Obligation.campaign_id == campaign.id,
        Obligation.kind.in_(WITH_POLICIES),
        Obligation.ended_seq.is_(None),
        Obligation.excused.is_(False),
    )
    parts = db.session.execute(select(CampaignPart.id, CampaignPart.policies).where(CampaignPart.campaign_id == campaign.id))
    without = {part_id for part_id, named in parts if named is not None and version.policy_id not in named}
    found: dict[int, Row] = {}
    for one in db.session.execute(wanted.order_by(Obligation.id)):
        bound = version.binds is None or holds(version.binds, {"filer": one.filer})
        if bound and one.part_id not in without and one.person_id not in found:
            found[one.person_id] = Row(one.person_id, one.name, one.number, one.department)
    return found


def _people(ids: Sequence[int]) -> dict[int, Row]:
    """Who answered without being asked in this campaign, as the roster knows them."""
    found: dict[int, Row] = {}
    for start in range(0, len(ids), AT_ONCE):
        wanted = select(Person.id, Person.name, Person.number, Person.department).where(
            Person.id.in_(ids[start : start + AT_ONCE])
        )
        found.update({one.id: Row(one.id, one.name, one.number or "", one.department) for one in db.session.execute(wanted)})
    return found
