"""All reads of policies: which versions bind whom, what somebody still has to receive, whether a text may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from coi.audit.chain import moment
from coi.db import db
from coi.models import AuditEntry, Disclosure, DisclosureVersion, Person, PolicyFile, PolicyReceipt, PolicyVersion
from coi.profiles.current import current_profile, zone
from coi.profiles.schema import PolicyText
from coi.rules.conditions import holds
from coi.rules.permissions import Facts
from coi.vocabulary import Receipt


def binding(filer: Mapping[str, Any], on: date) -> list[PolicyVersion]:
    """The newest version in effect of each policy of the profile that binds this filer, in the profile's order."""
    newest: dict[str, PolicyVersion] = {}
    in_effect = select(PolicyVersion).where(PolicyVersion.effective_on <= on)
    for version in db.session.scalars(in_effect.order_by(PolicyVersion.effective_on, PolicyVersion.id)):
        newest[version.policy_id] = version
    listed = [newest[policy.id] for policy in current_profile().policies if policy.id in newest]
    return [one for one in listed if one.binds is None or holds(one.binds, {"filer": filer})]


def to_sign(person_id: int, filer: Mapping[str, Any], on: date) -> list[PolicyVersion]:
    """What the next signature must say something about: with a yearly form all that bind, else those not received yet."""
    bound = binding(filer, on)
    if filer.get("kind") == "annual":
        return bound
    said = set(db.session.scalars(select(PolicyReceipt.policy_version_id).where(PolicyReceipt.person_id == person_id)))
    return [one for one in bound if one.id not in said]


def is_new_to(person_id: int, version: PolicyVersion) -> bool:
    """Whether this person said something about an earlier version of the policy and not yet about this one."""
    told = (
        select(PolicyReceipt.policy_version_id)
        .join(PolicyVersion, PolicyVersion.id == PolicyReceipt.policy_version_id)
        .where(PolicyReceipt.person_id == person_id, PolicyVersion.policy_id == version.policy_id)
    )
    said = set(db.session.scalars(told))
    return bool(said) and version.id not in said


def is_first_for(person_id: int, version: PolicyVersion) -> bool:
    """Whether this person never said anything about any version of the policy."""
    told = (
        select(PolicyReceipt.id)
        .join(PolicyVersion, PolicyVersion.id == PolicyReceipt.policy_version_id)
        .where(PolicyReceipt.person_id == person_id, PolicyVersion.policy_id == version.policy_id)
    )
    return db.session.scalar(told.limit(1)) is None


def version(policy_id: str, version: str) -> tuple[PolicyVersion, Facts] | None:
    """One published version by its policy and number, for the gate."""
    if not (policy_id + version).isprintable():
        return None
    found = db.session.scalar(select(PolicyVersion).where(PolicyVersion.policy_id == policy_id, PolicyVersion.version == version))
    return (found, Facts()) if found else None


def kept(policy_id: str, version: str) -> PolicyVersion | None:
    """The same without facts."""
    return db.session.scalar(select(PolicyVersion).where(PolicyVersion.policy_id == policy_id, PolicyVersion.version == version))


def newest_of(policy_id: str) -> PolicyVersion | None:
    """The version of a policy that takes effect last, also one whose day is still to come."""
    wanted = select(PolicyVersion).where(PolicyVersion.policy_id == policy_id)
    return db.session.scalar(wanted.order_by(PolicyVersion.effective_on.desc(), PolicyVersion.id.desc()).limit(1))


def file_of(version: PolicyVersion) -> PolicyFile | None:
    """The city's own PDF of a version."""
    return db.session.scalar(select(PolicyFile).where(PolicyFile.policy_version_id == version.id))


def has_file(version: PolicyVersion) -> str:
    """The name of that PDF, blank when there is none; its content is not read."""
    return db.session.scalar(select(PolicyFile.filename).where(PolicyFile.policy_version_id == version.id)) or ""


def version_with_file(policy_id: str, version: str) -> tuple[PolicyFile, Facts] | None:
    """The PDF of a version, for the gate."""
    found = kept(policy_id, version) if (policy_id + version).isprintable() else None
    file = file_of(found) if found is not None else None
    return (file, Facts()) if file is not None else None


@dataclass(frozen=True)
class Said:
    """What somebody said about one version, when, and with which of their forms."""

    version: PolicyVersion
    receipt: Receipt
    objection: str
    on: date
    reference: str


def said_by(person_id: int) -> list[Said]:
    """Everything that a person said about policies, the newest first: for that person alone."""
    rows = db.session.execute(
        select(PolicyReceipt, PolicyVersion, AuditEntry.at, Disclosure.reference)
        .join(PolicyVersion, PolicyVersion.id == PolicyReceipt.policy_version_id)
        .join(AuditEntry, AuditEntry.seq == PolicyReceipt.seq)
        .outerjoin(DisclosureVersion, DisclosureVersion.id == PolicyReceipt.disclosure_version_id)
        .outerjoin(Disclosure, Disclosure.id == DisclosureVersion.disclosure_id)
        .where(PolicyReceipt.person_id == person_id)
        .order_by(PolicyReceipt.id.desc())
    )
    return [
        Said(version, receipt.receipt, receipt.objection, moment(at).astimezone(zone()).date(), reference or "")
        for receipt, version, at, reference in rows
    ]


def in_profile(version: PolicyVersion) -> PolicyText | None:
    """What the profile says of this version today."""
    for policy in current_profile().policies:
        if policy.id == version.policy_id:
            return next((one for one in policy.versions if one.version == version.version), None)
    return None


def may_be_shown(version: PolicyVersion) -> bool:
    """The city's own text always; our own summary only when the city approved it (`summary_on`)."""
    told = in_profile(version)
    return not version.summary or (told is not None and told.summary_on)


def listed(on: date) -> list[PolicyVersion]:
    """The newest version in effect of every policy, whomever it binds."""
    newest: dict[str, PolicyVersion] = {}
    in_effect = select(PolicyVersion).where(PolicyVersion.effective_on <= on)
    for one in db.session.scalars(in_effect.order_by(PolicyVersion.effective_on, PolicyVersion.id)):
        newest[one.policy_id] = one
    return [newest[policy.id] for policy in current_profile().policies if policy.id in newest]


def title_of(version: PolicyVersion, language: str) -> str:
    """The title in one language, else in English."""
    return version.title.get(language) or version.title.get("en", version.policy_id)


def text_of(version: PolicyVersion, language: str) -> tuple[str, str]:
    """The text and the language it is in: the reader's, else English, else whatever there is."""
    for code in (language, "en", *version.text):
        if version.text.get(code):
            return version.text[code], code
    return "", language


def groups() -> list[str]:
    """The groups of the roster, for choosing."""
    wanted = select(Person.group).where(Person.active, Person.group != "").distinct()
    return sorted(db.session.scalars(wanted))
