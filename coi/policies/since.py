"""What changed for one person: against the version that they signed last, in the language that they read now; reads only."""

from dataclasses import dataclass

from sqlalchemy import select

from coi.db import db
from coi.models import PolicyReceipt, PolicyVersion
from coi.policies import queries
from coi.policies.differences import Paragraph, compare, is_changed, worth_reading
from coi.vocabulary import Receipt

SIGNED = (Receipt.RECEIVED, Receipt.OBJECTION)


@dataclass(frozen=True)
class Since:
    """One version beside the one that the person signed last; without `before` it is new to them.

    `language` is what both texts are in; blank when no language has both, or one of them may not be shown.
    """

    version: PolicyVersion
    before: PolicyVersion | None = None
    language: str = ""
    told: tuple[Paragraph, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether this person never signed an earlier version."""
        return self.before is None

    @property
    def shown(self) -> list[Paragraph]:
        """What differs, under its headings."""
        return worth_reading(self.told)

    @property
    def changed(self) -> bool:
        """Whether a reader sees a difference."""
        return is_changed(self.told)


def signed_before(person_id: int, version: PolicyVersion) -> PolicyVersion | None:
    """The version that this person signed last, of another number; who only declined has signed none."""
    return db.session.scalar(
        select(PolicyVersion)
        .join(PolicyReceipt, PolicyReceipt.policy_version_id == PolicyVersion.id)
        .where(
            PolicyReceipt.person_id == person_id,
            PolicyReceipt.receipt.in_(SIGNED),
            PolicyVersion.policy_id == version.policy_id,
            PolicyVersion.id != version.id,
            PolicyVersion.effective_on <= version.effective_on,
        )
        .order_by(PolicyReceipt.seq.desc())
        .limit(1)
    )


def since(person_id: int, version: PolicyVersion, language: str) -> Since:
    """What changed for this person, in the reader's language where both texts have it, else in one that both have."""
    before = signed_before(person_id, version)
    if before is None:
        return Since(version)
    both = [code for code in (language, "en", *version.text) if version.text.get(code) and before.text.get(code)]
    if not both or not (queries.may_be_shown(version) and queries.may_be_shown(before)):
        return Since(version, before)
    told = compare(before.text[both[0]], version.text[both[0]])
    return Since(version, before, both[0], tuple(told))
