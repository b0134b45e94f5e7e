"""A case as its page opens it: filing, version, answers, facts of who reads, loaded once and handed to every panel."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from flask import g, request

from coi.disclosures.facts import facts_for
from coi.disclosures.kept import once
from coi.disclosures.shown import Answer, Section, shown_version
from coi.languages import language
from coi.models import Decision, Disclosure, DisclosureVersion, Message, Obligation, SupervisorQuestion
from coi.review import queries, standing_in
from coi.review.there import TABLES, there
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.team.queries import asked_of


@dataclass(frozen=True)
class Case:
    """What every panel starts from; `version` is the signed one that counts, `owed` the filer as the roster had them then.

    `tables` names what holds anything of the case; a panel asks `has` first, and nothing of an empty one.
    """

    disclosure: Disclosure
    actor: Actor
    facts: Facts
    now: datetime
    today: date
    version: DisclosureVersion | None
    owed: Obligation | None
    tables: frozenset[str]

    def may(self, permission: Permission) -> bool:
        """Whether the reader may do this with the case as it stands."""
        return allows(self.actor, permission, self.facts)

    def has(self, table: str) -> bool:
        """Whether one of there.TABLES holds anything of the case; raises KeyError for a name that is none of them."""
        if table not in TABLES:
            raise KeyError(table)
        return table in self.tables

    @cached_property
    def sections(self) -> list[Section]:
        """The form as it was signed, in the reader's language."""
        return shown_version(self.version, language()) if self.version is not None else []

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """Every answer by the id of its question."""
        return {answer.question_id: answer for section in self.sections for answer in section.answers}

    @cached_property
    def thread(self) -> list[Message]:
        """Questions, answers and notes of the case, in order."""
        return queries.thread(self.disclosure, with_notes=True) if self.has("messages") else []

    @cached_property
    def put_to_supervisor(self) -> list[SupervisorQuestion]:
        """Every question to a supervisor about the case, in order."""
        return asked_of(self.disclosure) if self.has("put_to") else []

    @cached_property
    def decisions(self) -> list[Decision]:
        """Every decision of the case, the newest first."""
        found = queries.decisions(self.disclosure) if self.has("decisions") else []
        once(("standing decision", self.disclosure.id), lambda: next((one for one in found if one.undone_seq is None), None))
        return found

    @property
    def standing(self) -> Decision | None:
        """The newest decision that was not undone."""
        return next((one for one in self.decisions if one.undone_seq is None), None)

    @cached_property
    def stood(self) -> list[standing_in.Stead]:
        """Who acted in whose stead on this case, from when to when."""
        return standing_in.steads(self.disclosure) if self.has("stood_in") else []

    def said_for(self, name: str, person_id: int | None, seq: int) -> str:
        """A name as every line of the page says it: with the person in whose stead this was done, if any."""
        return standing_in.said_for(name, person_id, seq, self.stood) if person_id is not None else name

    @property
    def department(self) -> str:
        """Where the filer worked when it was signed."""
        return self.owed.department if self.owed is not None else self.disclosure.filer.department


def admitted(reference: str, actor: Actor) -> tuple[Disclosure, Facts] | None:
    """The gate's loader for the case page: what it found is kept for the page, so that nothing is looked up twice."""
    found = queries.case_to_read(reference, actor)
    if found is not None:
        g.admitted = found
    return found


def opened(disclosure: Disclosure, actor: Actor) -> Case:
    """The case for who reads it now; on a GET once for the whole page, on a POST as it stands after what was tried."""
    if "opened" in g and g.opened.disclosure is disclosure:
        kept: Case = g.opened
        return kept
    known = g.get("admitted")
    facts = known[1] if known is not None and known[0] is disclosure else facts_for(disclosure, actor)
    found = there(disclosure)
    once(("signed version", disclosure.id), lambda: found.version)
    case = Case(disclosure, actor, facts, g.now, g.today, found.version, found.owed, found.tables)
    if request.method == "GET":
        g.opened = case
    return case
