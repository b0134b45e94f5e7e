"""Other filings beside a case: precedents, the same party, the same person; of a case that may not be read only its outcome."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, select, union_all

from coi.db import db
from coi.disclosures.facts import in_conflict, is_with_a_stand_in
from coi.models import Decision, Disclosure, DisclosureVersion, Flag, Interest, InterestDecision, Person, Recommendation
from coi.profiles.current import current_profile
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import Kind, Outcome, State

SHOWN = 10  # precedents of one trigger, filings of one party
LOOKED_AT = 100  # alike ones that are read to find them and to count the rest
YEARS = 40  # filings of one person
NOT_SIGNED = (State.DRAFT, State.WITHDRAWN)


@dataclass(frozen=True)
class Other:
    """Another filing as one line; `readable` says whether this reader may open it: without it nothing of it is shown (U43)."""

    disclosure_id: int
    reference: str
    filer_id: int
    name: str
    kind: Kind
    reporting_year: int
    state: State
    outcome: Outcome | None
    reason: str
    conditions: Sequence[str]
    decided_at: datetime | None
    readable: bool
    form_id: str = ""


@dataclass(frozen=True)
class Alike:
    """The newest ones that may be read, and of the others how many came out how, with the conditions of the library."""

    shown: Sequence[Other] = ()
    counted: Sequence[tuple[Outcome | None, int]] = ()
    conditions: Sequence[str] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.shown or self.counted)


@dataclass(frozen=True)
class Related:
    """Everything beside one case: by (question, trigger), by party as it is compared, and of the same person."""

    precedents: dict[tuple[str, str], Alike] = field(default_factory=dict)
    parties: dict[str, Alike] = field(default_factory=dict)
    before: dict[str, list[Other]] = field(default_factory=dict)
    person: list[Other] = field(default_factory=list)
    readable: frozenset[int] = frozenset()


def related(disclosure: Disclosure, version: DisclosureVersion | None, actor: Actor) -> Related:
    """What stands beside a case, in three statements and what the freedom from conflict takes; the newest first."""
    raised = sorted({(flag.question_id, flag.reason) for flag in version.flags}) if version is not None else []
    named = sorted({one.party_normal for one in version.interests if one.party_normal}) if version is not None else []
    alike = _rows(_alike(raised, disclosure)) if raised else []
    of_party = _rows(_of_parties(named, disclosure)) if named else []
    own = _rows(_of_person(disclosure))
    may = _readable([*alike, *of_party, *own], actor)
    told = _Told(may, frozenset(one.code for one in current_profile().conditions))
    others = [row for row in of_party if row.filer_id != disclosure.filer_id]
    mine = [row for row in of_party if row.filer_id == disclosure.filer_id]
    return Related(
        {key: told.alike(row for row in alike if (row.question_id, row.trigger) == key) for key in raised},
        {name: told.alike(row for row in others if row.party == name) for name in named},
        {name: told.lines(row for row in mine if row.party == name) for name in named},
        told.lines(own),
        may,
    )


@dataclass(frozen=True)
class _Told:
    """Rows of the tables as this reader may see them."""

    may: frozenset[int]
    library: frozenset[str]

    def lines(self, rows: Iterable[Any]) -> list[Other]:
        """One line for each filing, the newest first; where several interests of it fit, the most severe outcome."""
        best: dict[int, Other] = {}
        newest: dict[int, int | None] = {}
        for row in rows:
            outcome = row.each or row.outcome or row.standing
            known = best.get(row.id)
            if known is None:
                newest[row.id] = row.decision_id
            elif row.decision_id != newest[row.id] or (outcome.rank if outcome else -1) <= (
                known.outcome.rank if known.outcome else -1
            ):
                continue
            best[row.id] = self._line(row, outcome)
        return list(best.values())

    def _line(self, row: Any, outcome: Outcome | None) -> Other:
        return Other(
            row.id,
            row.reference,
            row.filer_id,
            row.name,
            row.kind,
            row.reporting_year,
            row.state,
            outcome,
            row.reason_for_filer or "",
            tuple(row.conditions or ()),
            row.at,
            row.id in self.may,
            row.form_id,
        )

    def alike(self, rows: Iterable[Any]) -> Alike:
        """The newest that may be read, one by one; the others as counts without a name (U43)."""
        lines = self.lines(rows)
        hidden = [one for one in lines if not one.readable]
        counts = Counter(one.outcome for one in hidden)
        order = sorted(counts.items(), key=lambda one: (-one[1], one[0].rank if one[0] is not None else -1))
        used = dict.fromkeys(code for one in hidden for code in one.conditions if code in self.library)
        return Alike(tuple(one for one in lines if one.readable)[:SHOWN], tuple(order), tuple(used))


def _rows(query: Select[Any]) -> Sequence[Any]:
    return db.session.execute(query).all()


def _columns() -> list[Any]:
    """What every line needs; the newest recommendation that stands tells who else may read the case."""
    recommended = (
        select(Recommendation.by_id)
        .where(Recommendation.disclosure_id == Disclosure.id, Recommendation.ended_seq.is_(None))
        .order_by(Recommendation.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return [
        *(Disclosure.id, Disclosure.reference, Disclosure.filer_id, Person.name.label("name"), Disclosure.kind),
        *(Disclosure.form_id, Disclosure.reporting_year, Disclosure.state, Disclosure.reviewer_id, Disclosure.desk),
        *(Disclosure.outcome.label("standing"), recommended.label("recommended_by_id")),
        *(Decision.id.label("decision_id"), Decision.outcome, Decision.reason_for_filer, Decision.conditions, Decision.at),
    ]


def _one_by_one(parts: Sequence[Any]) -> Subquery:
    """Each with its own order and limit, together: SQLite wants a query of its own around each."""
    return union_all(*(select(part.subquery()) for part in parts)).subquery()


def _alike(raised: Sequence[tuple[str, str]], disclosure: Disclosure) -> Select[Any]:
    """Other people's decided filings in which the same question raised the same trigger, the newest of each."""
    newest = _one_by_one(
        [
            select(Flag.id.label("flag_id"), Decision.id.label("decision_id"))
            .join(DisclosureVersion, DisclosureVersion.id == Flag.version_id)
            .join(
                Decision,
                (Decision.disclosure_id == DisclosureVersion.disclosure_id)
                & (Decision.version_id == Flag.version_id)
                & Decision.undone_seq.is_(None),
            )
            .where(Flag.question_id == question, Flag.reason == reason, Decision.filer_id != disclosure.filer_id)
            .order_by(Flag.id.desc())
            .limit(LOOKED_AT)
            for question, reason in raised
        ]
    )
    return (
        select(Flag.question_id, Flag.reason.label("trigger"), InterestDecision.outcome.label("each"), *_columns())
        .select_from(newest)
        .join(Flag, Flag.id == newest.c.flag_id)
        .join(Decision, Decision.id == newest.c.decision_id)
        .join(Disclosure, Disclosure.id == Decision.disclosure_id)
        .join(Person, Person.id == Disclosure.filer_id)
        .outerjoin(
            Interest,
            (Interest.version_id == Flag.version_id)
            & (Interest.question_id == Flag.question_id)
            & (Interest.entry_key == Flag.entry_key),
        )
        .outerjoin(
            InterestDecision, (InterestDecision.decision_id == Decision.id) & (InterestDecision.interest_id == Interest.id)
        )
        .order_by(Decision.id.desc())
    )


def _of_parties(named: Sequence[str], disclosure: Disclosure) -> Select[Any]:
    """Filings whose signed version names the same party, the newest of each; also those that nobody decided yet."""
    newest = _one_by_one(
        [
            select(Interest.id.label("interest_id"), DisclosureVersion.disclosure_id)
            .join(DisclosureVersion, DisclosureVersion.id == Interest.version_id)
            .join(Disclosure, Disclosure.id == DisclosureVersion.disclosure_id)
            .where(
                Interest.party_normal == name,
                DisclosureVersion.number == Disclosure.version,
                Disclosure.id != disclosure.id,
                Disclosure.state.not_in(NOT_SIGNED),
            )
            .order_by(Interest.id.desc())
            .limit(LOOKED_AT)
            for name in named
        ]
    )
    return (
        select(Interest.party_normal.label("party"), InterestDecision.outcome.label("each"), *_columns())
        .select_from(newest)
        .join(Interest, Interest.id == newest.c.interest_id)
        .join(Disclosure, Disclosure.id == newest.c.disclosure_id)
        .join(Person, Person.id == Disclosure.filer_id)
        .outerjoin(Decision, _standing() & (Decision.version_id == Interest.version_id))
        .outerjoin(
            InterestDecision, (InterestDecision.decision_id == Decision.id) & (InterestDecision.interest_id == Interest.id)
        )
        .order_by(Interest.id.desc(), Decision.id.desc())
    )


def _of_person(disclosure: Disclosure) -> Select[Any]:
    """This person's other signed filings that were begun before, of all years."""
    return (
        select(Disclosure.outcome.label("each"), *_columns())
        .select_from(Disclosure)
        .join(Person, Person.id == Disclosure.filer_id)
        .outerjoin(Decision, _standing())
        .where(
            Disclosure.filer_id == disclosure.filer_id,
            Disclosure.id != disclosure.id,
            Disclosure.state.not_in(NOT_SIGNED),
            Disclosure.created_at <= disclosure.created_at,
        )
        .order_by(Disclosure.created_at.desc(), Disclosure.id.desc(), Decision.id.desc())
        .limit(YEARS)
    )


def _standing() -> ColumnElement[bool]:
    return (Decision.disclosure_id == Disclosure.id) & Decision.undone_seq.is_(None)


def _readable(rows: Sequence[Any], actor: Actor) -> frozenset[int]:
    """Which of these cases the reader may open: the rule itself, row by row; freedom from conflict is asked for once."""
    known = {row.id: row for row in rows}
    near = [number for number, row in known.items() if allows(actor, Permission.READ_CASE, _facts(row))]
    if not near or actor.person_id is None:
        return frozenset()
    bound = db.session.scalars(select(Disclosure.id).where(Disclosure.id.in_(near), in_conflict(actor.person_id)))
    return frozenset(near) - frozenset(bound)


def _facts(row: Any) -> Facts:
    return Facts(
        filer_id=row.filer_id,
        reviewer_id=row.reviewer_id,
        state=row.state,
        recommended_by_id=row.recommended_by_id,
        owner_id=row.filer_id,
        stand_in=is_with_a_stand_in(row.desk),
    )
