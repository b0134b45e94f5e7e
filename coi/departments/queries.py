"""Who leads which department, and what the roster and the profile say of its people; no answer of anybody."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from coi.audit.chain import canonical_json, sha256
from coi.campaigns.queries import latest
from coi.db import db
from coi.languages import language
from coi.models import Campaign, DepartmentCheck, Person
from coi.profiles.current import current_profile
from coi.profiles.schema import Profile
from coi.questionnaires.queries import form_of, newest
from coi.rules.permissions import Actor, Facts
from coi.vocabulary import Level


@dataclass(frozen=True)
class Member:
    """One person of a department as the City asks them: title, length of the form, duties."""

    name: str
    number: str
    title: str
    group: str
    asked: bool
    level: str
    duties: tuple[str, ...]


@dataclass(frozen=True)
class Department:
    """One department: its head, its people, and when the head last said that the list is right."""

    name: str
    head: Person
    members: list[Member]
    checked: DepartmentCheck | None

    @property
    def fingerprint(self) -> str:
        """What the list says, in short: who confirms it confirms this."""
        return sha256(canonical_json([[one.number, one.title, one.level, list(one.duties)] for one in self.members]))

    @property
    def still_right(self) -> bool:
        """Whether the list is the one that was confirmed."""
        return self.checked is not None and self.checked.sha256 == self.fingerprint


def heads(profile: Profile) -> dict[str, Person]:
    """The head of each department: whom the profile names, else who in it leads most people and is led from outside it."""
    people = db.session.scalars(
        select(Person).where(Person.active, Person.employee, Person.department != "").order_by(Person.id)
    ).all()
    by_id = {one.id: one for one in people}
    leads = Counter(one.supervisor_id for one in people if _supervisor(one, by_id) == one.department)
    found: dict[str, Person] = {}
    for one in people:
        outside = _supervisor(one, by_id) != one.department
        best = found.get(one.department)
        if outside and leads[one.id] and (best is None or leads[one.id] > leads[best.id]):
            found[one.department] = one
    departments = {one.department for one in people}
    for department, who in profile.letters.heads.items():
        named = [one for one in people if who in (one.number, one.title)]
        inside = [one for one in named if one.department == department] or named
        if department in departments and inside:
            found[department] = inside[0]
    return found


def _supervisor(person: Person, by_id: dict[int, Person]) -> str | None:
    """The department of a person's supervisor; None for nobody."""
    supervisor = by_id.get(person.supervisor_id or 0)
    return supervisor.department if supervisor is not None else None


def without_head(profile: Profile) -> list[str]:
    """Departments of which nobody knows the head: nobody is asked there, and nobody gets their list."""
    named = set(heads(profile))
    there = db.session.scalars(select(Person.department).where(Person.active, Person.employee).distinct())
    return sorted(department for department in there if department and department not in named)


def of(departments: Iterable[str], head: Person, profile: Profile, campaign: Campaign | None) -> list[Department]:
    """These departments with everybody in them."""
    return [Department(name, head, _members(name, profile), _checked(name, campaign)) for name in departments]


def _members(department: str, profile: Profile) -> list[Member]:
    people = select(Person).where(Person.active, Person.employee, Person.department == department)
    found = []
    for person in db.session.scalars(people.order_by(Person.search_name, Person.id)):
        known = {"title": person.title, "department": person.department, "group": person.group}
        told = profile.attributes_of(known)
        asked = profile.asks(known)
        level = str(told.get("level") or Level.FULL) if asked else ""
        duties = told.get("duties") or []
        listed = tuple(duties) if isinstance(duties, list) else (str(duties),)
        found.append(Member(person.name, person.number or "", person.title, person.group, asked, level, listed))
    return found


def _checked(department: str, campaign: Campaign | None) -> DepartmentCheck | None:
    if campaign is None:
        return None
    wanted = select(func.max(DepartmentCheck.id)).where(
        DepartmentCheck.department == department, DepartmentCheck.campaign_id == campaign.id
    )
    newest = db.session.scalar(wanted)
    return db.session.get(DepartmentCheck, newest) if newest else None


def mine(actor: Actor) -> tuple[list[Department], Facts]:
    """The departments that who asks leads, owned by their head; none, and nobody's, for everybody else."""
    profile = current_profile()
    led = {department: head for department, head in heads(profile).items() if head.id == actor.person_id}
    head = next(iter(led.values()), None)
    if head is None:
        return [], Facts()
    return of(sorted(led), head, profile, latest()), Facts(owner_id=head.id)


def words_for(codes: Iterable[str]) -> dict[str, str]:
    """The words for duties as the city's first form says them, in the reader's language."""
    questionnaire = newest(current_profile().forms[0].form)
    if questionnaire is None:
        return {}
    form, spoken = form_of(questionnaire), language()
    return {code: form.label(code, spoken) for code in set(codes)}


def checks(campaign: Campaign) -> dict[str, DepartmentCheck]:
    """The newest confirmation of each department in a campaign, for the desk."""
    rows = select(DepartmentCheck).where(DepartmentCheck.campaign_id == campaign.id).order_by(DepartmentCheck.id)
    return {one.department: one for one in db.session.scalars(rows)}
