"""All reads of policies: which versions bind whom, what somebody still has to receive, whether a text may be shown."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from coi.db import db
from coi.models import PolicyReceipt, PolicyVersion
from coi.profiles.current import current_profile
from coi.profiles.schema import PolicyText
from coi.rules.conditions import holds
from coi.rules.permissions import Facts


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


def version(policy_id: str, version: str) -> tuple[PolicyVersion, Facts] | None:
    """One published version by its policy and number, for the gate."""
    if not (policy_id + version).isprintable():
        return None
    found = db.session.scalar(select(PolicyVersion).where(PolicyVersion.policy_id == policy_id, PolicyVersion.version == version))
    return (found, Facts()) if found else None


def kept(policy_id: str, version: str) -> PolicyVersion | None:
    """The same without facts."""
    return db.session.scalar(select(PolicyVersion).where(PolicyVersion.policy_id == policy_id, PolicyVersion.version == version))


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
