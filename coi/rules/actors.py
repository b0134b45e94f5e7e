"""Who acts, and what a rule must know of the thing at hand, seen from who asks; decides nothing."""

from dataclasses import dataclass, field
from datetime import date

from coi.vocabulary import Role, State


@dataclass(frozen=True)
class Actor:
    """Who acts: `name` as the audit log writes it (`account:17`, `operator:root`, `system`), and the roles held `on` a day."""

    name: str
    person_id: int | None = None
    roles: frozenset[Role] = frozenset()
    label: str = ""
    language: str = "en"
    on: date | None = None

    @property
    def is_person(self) -> bool:
        """Whether somebody is signed in."""
        return self.person_id is not None


NOBODY = Actor("nobody")
SYSTEM = Actor("system", label="system")


@dataclass(frozen=True)
class Facts:
    """What a rule must know of the thing at hand, seen from the person who asks."""

    filer_id: int | None = None
    reviewer_id: int | None = None
    delegate_id: int | None = None
    state: State | None = None
    recommended_by_id: int | None = None
    decided_by_id: int | None = None
    appeal_open: bool = False
    appealed_from: frozenset[int] = frozenset()
    conflicts: frozenset[str] = frozenset()
    owner_id: int | None = None
    asked_by_id: int | None = None
    approvers: frozenset[Role] = frozenset()
    desk_member: bool = False
    stand_in: bool = False
    extra: frozenset[str] = field(default_factory=frozenset)
