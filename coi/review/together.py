"""What can be decided together: groups of filings with nothing to declare, or low ones on alike facts; reads only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, exists, false, func, select
from sqlalchemy.orm import joinedload, selectinload

from coi.audit.chain import canonical_json, sha256
from coi.db import db
from coi.disclosures.facts import facts_for, in_conflict, is_at_the_body, is_with_a_stand_in
from coi.models import (
    BatchMember,
    Decision,
    Disclosure,
    DisclosureVersion,
    Flag,
    Interest,
    PolicyReceipt,
    Questionnaire,
    ReviewBatch,
)
from coi.profiles.current import current_profile
from coi.questionnaires.queries import form_of
from coi.review.held_back import held_back
from coi.review.queue import lists_of, visible
from coi.review.standing_in import in_whose_stead
from coi.rules.form import in_language
from coi.rules.permissions import Actor, Facts
from coi.vocabulary import Kind, Receipt, Risk, Role, State

MOST = 100  # filings of one batch
LOOKED_AT = 2_000  # filings that are sorted into groups at once; more wait until these are done
LOW_RANK = len(Risk) - 1 - Risk.LOW.rank


@dataclass(frozen=True)
class Group:
    """Filings on alike facts; `members` are (filing, version) ids, what is due first coming first."""

    key: str
    facts: dict[str, Any]
    members: tuple[tuple[int, int], ...]
    due_at: datetime | None

    @property
    def nil(self) -> bool:
        """Whether nothing was declared."""
        return bool(self.facts["nil"])


def whose_lists(actor: Actor) -> tuple[str, ...]:
    """Own cases; for senior officers also all that they may decide."""
    return tuple(one for one in ("mine", "all") if one in lists_of(actor) and Role.AUDITOR not in actor.roles)


def candidates(actor: Actor, whose: str) -> Select[Any]:
    """Each of these this person may clear: in review, routine or look, nothing asked, nothing decided before, confirmed."""
    wanted = visible(actor, whose).where(
        Disclosure.state == State.IN_REVIEW,
        Disclosure.rank >= LOW_RANK,
        Disclosure.waiting_on_filer_since.is_(None),
        ~exists().where(Decision.disclosure_id == Disclosure.id, Decision.undone_seq.is_(None)),
    )
    if whose not in whose_lists(actor):
        wanted = wanted.where(false())
    apart = is_with_a_stand_in if whose == "all" else is_at_the_body  # no member of a body decides alone
    wanted = wanted.where(Disclosure.desk.not_in([name for name in current_profile().desks if apart(name)]))
    version = (DisclosureVersion.disclosure_id == Disclosure.id) & (DisclosureVersion.number == Disclosure.version)
    return wanted.join(DisclosureVersion, version).where(
        ~(DisclosureVersion.imported & DisclosureVersion.confirmed_seq.is_(None))
    )


def how_many(actor: Actor, most: int) -> int:
    """How many filings of one's own may stand in some group; counted up to `most`."""
    wanted = candidates(actor, "mine").with_only_columns(Disclosure.id).limit(most)
    return db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def groups(actor: Actor, whose: str, least: int = 2) -> list[Group]:
    """Every group of two or more (`least`), nothing to declare first, then the largest."""
    found = [one for one in _sorted(actor, whose).values() if len(one.members) >= least]
    return sorted(found, key=lambda one: (not one.nil, -len(one.members), one.key))


def _sorted(actor: Actor, whose: str) -> dict[str, Group]:
    wanted = candidates(actor, whose).with_only_columns(
        *(Disclosure.id, Disclosure.form_id, Disclosure.kind, Disclosure.due_at),
        *(DisclosureVersion.id.label("version_id"), DisclosureVersion.nil),
    )
    rows = db.session.execute(wanted.order_by(Disclosure.due_at, Disclosure.id).limit(LOOKED_AT)).all()
    flags = _by_version(Flag, (Flag.question_id, Flag.reason, Flag.risk), [row.version_id for row in rows])
    interests = _by_version(Interest, (Interest.question_id,), [row.version_id for row in rows])
    alone = held_back([row.id for row in rows])
    made: dict[str, Group] = {}
    for row in rows:
        raised = flags.get(row.version_id, set())
        if row.id in alone or any(risk.rank > Risk.LOW.rank for _question, _reason, risk in raised):
            continue
        facts = {
            "form": row.form_id,
            "kind": row.kind.value,
            "nil": row.nil,
            "tasks": sorted([question, reason] for question, reason, _risk in raised),
            "lists": sorted(question for (question,) in interests.get(row.version_id, set())),
        }
        key = key_of(facts)
        before = made.get(key)
        members = (*(before.members if before else ()), (row.id, row.version_id))
        made[key] = Group(key, facts, members, before.due_at if before else row.due_at)
    return made


def _by_version(kind: Any, columns: tuple[Any, ...], versions: list[int]) -> dict[int, set[tuple[Any, ...]]]:
    found: dict[int, set[tuple[Any, ...]]] = {}
    for version_id, *told in db.session.execute(select(kind.version_id, *columns).where(kind.version_id.in_(versions))):
        found.setdefault(version_id, set()).add(tuple(told))
    return found


def key_of(facts: dict[str, Any]) -> str:
    """The address of a group: a piece of the SHA-256 of what its filings have in common."""
    return sha256(canonical_json(facts))[:16]


def group(key: str, actor: Actor) -> Group | None:
    """A group as it is now for this person: own cases first, else all that a senior officer may decide."""
    for whose in whose_lists(actor):
        found = _sorted(actor, whose).get(key)
        if found is not None:
            return found
    return None


def batch(reference: str) -> tuple[ReviewBatch, Facts] | None:
    """A batch by its reference; it is its maker's alone."""
    inside = selectinload(ReviewBatch.members)
    found = db.session.scalar(
        select(ReviewBatch)
        .where(ReviewBatch.reference == reference)
        .options(
            inside.selectinload(BatchMember.version),
            inside.selectinload(BatchMember.disclosure).selectinload(Disclosure.filer),
            selectinload(ReviewBatch.steps),
            selectinload(ReviewBatch.samples),
        )
    )
    return (found, Facts(owner_id=found.by_id)) if found is not None else None


def open_batches(actor: Actor) -> list[ReviewBatch]:
    """What this person began and neither decided nor stopped."""
    mine = select(ReviewBatch).where(ReviewBatch.by_id == actor.person_id).options(selectinload(ReviewBatch.steps))
    rows = db.session.scalars(mine.order_by(ReviewBatch.id.desc()).limit(20))
    return [one for one in rows if not any(step.step.value in ("decided", "stopped") for step in one.steps)]


def member(batch: str, filing: str) -> tuple[BatchMember, Facts] | None:
    """One filing of a batch; it is its maker's alone."""
    found = db.session.scalar(
        select(BatchMember)
        .join(ReviewBatch, ReviewBatch.id == BatchMember.batch_id)
        .join(Disclosure, Disclosure.id == BatchMember.disclosure_id)
        .where(ReviewBatch.reference == batch, Disclosure.reference == filing)
    )
    return (found, Facts(owner_id=found.by_id)) if found is not None else None


def opened(batch: str, filing: str, actor: Actor) -> tuple[tuple[ReviewBatch, Disclosure], Facts] | None:
    """A filing of a batch, to be read: with the facts of the case page."""
    found = member(batch, filing)
    if found is None:
        return None
    kept = db.session.get_one(ReviewBatch, found[0].batch_id)
    disclosure = db.session.get_one(Disclosure, found[0].disclosure_id)
    return (kept, disclosure), facts_for(disclosure, actor)


@dataclass(frozen=True)
class Line:
    """One filing of a preview: what is its own; whom it names stands on the case page, where reading leaves an entry."""

    disclosure: Disclosure
    version: DisclosureVersion
    entries: int
    notes: list[str]


def lines(ids: list[tuple[int, int]], actor: Actor) -> list[Line]:
    """Filings with name, department, day and what differs, in the order given; of whom this officer has them, too."""
    rows = db.session.scalars(
        select(DisclosureVersion)
        .where(DisclosureVersion.id.in_([version for _filing, version in ids]))
        .options(joinedload(DisclosureVersion.disclosure).joinedload(Disclosure.filer), selectinload(DisclosureVersion.interests))
    )
    known = {row.id: row for row in rows}
    objected = set(
        db.session.scalars(
            select(PolicyReceipt.disclosure_version_id).where(
                PolicyReceipt.disclosure_version_id.in_(list(known)), PolicyReceipt.receipt != Receipt.RECEIVED
            )
        )
    )
    told = []
    stead = in_whose_stead([filing for filing, _version in ids], actor.person_id, actor.on) if actor.on else {}
    for filing, version_id in ids:
        version = known[version_id]
        notes = [_("version %(number)s", number=version.number)] if version.number > 1 else []
        notes += [_("objected to a policy, or declined it")] if version_id in objected else []
        notes += [_("for %(name)s", name=stead[filing])] if filing in stead else []
        told.append(Line(version.disclosure, version, len(version.interests), notes))
    return told


def in_words(facts: dict[str, Any], spoken: str) -> list[str]:
    """What the filings of a group have in common, line by line; titles are those of the newest form."""
    newest = select(Questionnaire).where(Questionnaire.form_id == facts["form"]).order_by(Questionnaire.number.desc()).limit(1)
    kept = db.session.scalar(newest)
    form = form_of(kept) if kept is not None else None
    named = form.by_id if form is not None else {}
    said = [
        f"{in_language(form.title, spoken) if form is not None else facts['form']} · {Kind(facts['kind']).label}",
    ]
    if facts["nil"]:
        return [*said, _("Nothing to declare: no list has an entry, nothing was raised.")]
    for question in facts["lists"]:
        title = in_language(named[question].title, spoken) if question in named else question
        said.append(_("Answered: %(question)s", question=title))
    said += [_("To look at: %(task)s", task=reason) for _question, reason in facts["tasks"]]
    return said if facts["tasks"] else [*said, _("Nothing was raised.")]


def in_conflict_with(person_id: int, ids: list[int]) -> set[int]:
    """Which of these filings this person may no longer decide (SD1-SD3)."""
    return set(db.session.scalars(select(Disclosure.id).where(Disclosure.id.in_(ids), in_conflict(person_id))))
