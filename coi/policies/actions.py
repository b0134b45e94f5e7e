"""All writes of policies: versions come from the profile and never change; what each filer said is kept beside them."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256 as of_bytes
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from coi.audit.chain import canonical_json, sha256
from coi.audit.record import record
from coi.db import db
from coi.errors import Refused
from coi.models import DisclosureVersion, PolicyFile, PolicyReceipt, PolicyVersion
from coi.policies import queries
from coi.profiles.schema import Policy, PolicyText, Profile
from coi.rules.permissions import Actor
from coi.vocabulary import Event, Receipt

LONGEST_OBJECTION = 10_000
LARGEST_FILE = 10 * 1024 * 1024


def bytes_digest(content: bytes) -> str:
    """The SHA-256 of a file as it is."""
    return of_bytes(content).hexdigest()


def checked_pdf(name: str, content: bytes) -> tuple[str, bytes]:
    """A PDF with a name that people may see; raises Refused for what is none by its content, and for what is too large."""
    if not content.startswith(b"%PDF-"):
        raise Refused(_("This file is no PDF."), "pdf")
    if len(content) > LARGEST_FILE:
        raise Refused(_("This file is larger than 10 MB."), "pdf")
    plain = "".join(mark for mark in name.replace("\\", "/").rsplit("/", 1)[-1] if mark.isprintable())
    return plain[:200] or "policy.pdf", content


def load_from_profile(profile: Profile, actor: Actor, now: datetime, folder: Path | None = None) -> int:
    """Publishes the versions that are new; raises Refused when a published one would get other words.

    `folder` is where the profile's files lie: a PDF is taken from there, and must be the one that the profile was read with.
    """
    new = 0
    for policy in profile.policies:
        for told in policy.versions:
            digest = _digest(policy, told)
            kept = queries.kept(policy.id, told.version)
            if kept is None:
                _publish(policy, told, digest, actor, now, folder)
                new += 1
            elif kept.sha256 != digest:
                raise Refused(
                    _(
                        "%(policy)s, version %(version)s, was published with other words. Give the new words a new version.",
                        policy=policy.id,
                        version=told.version,
                    )
                )
    db.session.flush()
    return new


def _digest(policy: Policy, told: PolicyText) -> str:
    """Of everything that a receipt is about; whether our summary is switched on is no part of it."""
    content = {
        "title": dict(policy.title),
        "effective_on": told.effective_on.isoformat(),
        "text": dict(told.text),
        "pdf": told.pdf_sha256 or told.pdf,
        "binds": told.binds,
    }
    return sha256(canonical_json(content))


def _publish(policy: Policy, told: PolicyText, digest: str, actor: Actor, now: datetime, folder: Path | None) -> None:
    file = _file_of(told, folder)
    details = {"policy": policy.id, "version": told.version, "sha256": digest}
    seq = record(Event.POLICY_PUBLISHED, actor, f"policy:{policy.id}", now, **details)
    version = PolicyVersion(
        policy_id=policy.id,
        version=told.version,
        title=dict(policy.title),
        effective_on=told.effective_on,
        text=dict(told.text),
        # A text beside a city's own file is the city's; one without is the summary that ships.
        summary=told.pdf is None,
        binds=told.binds,
        sha256=digest,
        seq=seq,
    )
    db.session.add(version)
    if file is not None:
        db.session.flush()
        name, content = file
        kept = {"filename": name, "sha256": bytes_digest(content), "content": content, "seq": seq}
        db.session.add(PolicyFile(policy_version_id=version.id, **kept))


def _file_of(told: PolicyText, folder: Path | None) -> tuple[str, bytes] | None:
    """The PDF that a version names, as it lies in the profile's folder."""
    if told.pdf is None or folder is None:
        return None
    name, content = checked_pdf(told.pdf, (folder / told.pdf).read_bytes())
    if bytes_digest(content) != told.pdf_sha256:
        raise Refused(_("The file %(name)s changed while the profile was read. Load it again.", name=name))
    return name, content


def sign(
    version: DisclosureVersion, receipts: Mapping[str, Mapping[str, Any]], actor: Actor, now: datetime
) -> list[PolicyReceipt]:
    """Keeps what the filer said about each policy with this signature; declining is a row like every other and flags nothing.

    `receipts`: policy version id -> {"receipt": code, "objection": text}.
    """
    made = []
    for key, told in sorted(receipts.items(), key=lambda pair: int(pair[0])):
        policy = db.session.get(PolicyVersion, int(key))
        if policy is None:
            raise Refused(_("There is no such policy."), "policies")
        receipt, objection = read_receipt(told, f"policy-{key}")
        details = {"policy": policy.policy_id, "version": policy.version, "receipt": receipt.value, "sha256": policy.sha256}
        seq = record(Event.POLICY_SIGNED, actor, f"person:{version.disclosure.filer_id}", now, **details)
        row = PolicyReceipt(
            person_id=version.disclosure.filer_id,
            policy_version_id=policy.id,
            disclosure_version_id=version.id,
            receipt=receipt,
            objection=objection,
            language=version.language,
            seq=seq,
        )
        db.session.add(row)
        made.append(row)
    db.session.flush()
    return made


def read_receipt(told: Mapping[str, Any], field: str) -> tuple[Receipt, str]:
    """What was said about one policy; raises Refused for an unknown code or an objection without words."""
    code, objection = str(told.get("receipt") or ""), str(told.get("objection") or "").strip()
    if code not in set(Receipt):
        raise Refused(_("Say that you received it, that you object, or that you decline."), field)
    if code == Receipt.OBJECTION and not objection:
        raise Refused(_("Write in a few words what you object to."), field)
    if len(objection) > LONGEST_OBJECTION:
        raise Refused(_("This is too long: at most %(most)s characters.", most=LONGEST_OBJECTION), field)
    return Receipt(code), objection if code == Receipt.OBJECTION else ""
