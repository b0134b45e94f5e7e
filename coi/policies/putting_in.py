"""A city's own text of a policy: put in by one person, read and approved by another, and only then a version that binds."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from coi.accounts import requests
from coi.audit.chain import canonical_json, sha256
from coi.audit.record import record
from coi.db import db
from coi.errors import NotPossible, Refused
from coi.languages import language
from coi.models import PolicyFile, PolicyUpload, PolicyVersion, Request
from coi.models.types import new_reference
from coi.policies import queries
from coi.policies.actions import bytes_digest, checked_pdf
from coi.profiles.current import current_profile
from coi.rules.permissions import Actor, Permission
from coi.vocabulary import Event

PUBLISH = "publish_policy"
LONGEST_VERSION = 40
LONGEST_TEXT = 400_000


def put_in(
    policy_id: str,
    version: str,
    effective_on: date,
    text: Mapping[str, str],
    pdf: tuple[str, bytes] | None,
    binds: Mapping[str, Any] | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Request | None:
    """Keeps the text and asks a second person to publish it; None when the profile leaves it to one."""
    policy = next((one for one in current_profile().policies if one.id == policy_id), None)
    if policy is None:
        raise Refused(_("Choose a policy."), "policy")
    words = {code: told for code, told in text.items() if told.strip()}
    if not words:
        raise Refused(_("Choose a text in at least one language."), "text_en")
    _check(policy_id, version, effective_on, words)
    name, content = checked_pdf(*pdf) if pdf is not None else ("", None)
    digest = sha256(
        canonical_json(
            {
                "title": dict(policy.title),
                "effective_on": effective_on.isoformat(),
                "text": words,
                "pdf": bytes_digest(content) if content is not None else None,
                "binds": dict(binds) if binds is not None else None,
            }
        )
    )
    seq = record(Event.POLICY_PUT_IN, actor, f"policy:{policy_id}", now, policy=policy_id, version=version, sha256=digest)
    kept = PolicyUpload(
        reference=new_reference(f"POL-{now.year}"),
        policy_id=policy_id,
        version=version,
        title=dict(policy.title),
        effective_on=effective_on,
        text=words,
        binds=dict(binds) if binds is not None else None,
        filename=name,
        pdf=content,
        sha256=digest,
        by=actor.name,
        at=now,
        seq=seq,
    )
    db.session.add(kept)
    db.session.flush()
    told = {"upload": kept.reference, "policy": policy_id, "version": version, "sha256": digest}
    return requests.ask(PUBLISH, f"policy:{policy_id}", told, reason, actor, now)


def _check(policy_id: str, version: str, effective_on: date, words: Mapping[str, str]) -> None:
    allowed = version.isascii() and len(version) <= LONGEST_VERSION and all(mark.isalnum() or mark in ".-" for mark in version)
    if not version or not allowed:
        raise Refused(_("Use letters, digits, points and dashes for the version, such as 2026-1."), "version")
    if queries.kept(policy_id, version) is not None:
        raise Refused(_("This version is there already. Give the new words a new version."), "version")
    newest = queries.newest_of(policy_id)
    if newest is not None and effective_on < newest.effective_on:
        raise Refused(_("A newer version is in effect already. Choose the day on which this one replaces it."), "effective_on")
    for code, told in words.items():
        if len(told) > LONGEST_TEXT:
            raise Refused(_("This is too long: at most %(most)s characters.", most=LONGEST_TEXT), f"text_{code}")


def upload_of(reference: str) -> PolicyUpload | None:
    """What was put in, by its reference."""
    if not reference.isprintable():
        return None
    return db.session.scalar(select(PolicyUpload).where(PolicyUpload.reference == reference))


def _run(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    """Publishes what was put in, exactly as the second person read it."""
    upload = upload_of(str(told["upload"]))
    if upload is None or upload.sha256 != told["sha256"]:
        raise NotPossible(_("This text is not here any more."))
    _check(upload.policy_id, upload.version, upload.effective_on, upload.text)
    seq = record(
        Event.POLICY_APPROVED,
        actor,
        f"policy:{upload.policy_id}",
        now,
        policy=upload.policy_id,
        version=upload.version,
        sha256=upload.sha256,
        upload=upload.reference,
        request=request.reference if request is not None else "",
        two_persons=request is not None,
    )
    version = PolicyVersion(
        policy_id=upload.policy_id,
        version=upload.version,
        title=dict(upload.title),
        effective_on=upload.effective_on,
        text=dict(upload.text),
        summary=False,
        binds=upload.binds,
        sha256=upload.sha256,
        seq=seq,
    )
    db.session.add(version)
    db.session.flush()
    if upload.pdf is not None:
        digest = bytes_digest(upload.pdf)
        db.session.add(
            PolicyFile(policy_version_id=version.id, filename=upload.filename, sha256=digest, content=upload.pdf, seq=seq)
        )
        db.session.flush()


def _say(told: Mapping[str, Any]) -> str:
    policy = next((one for one in current_profile().policies if one.id == told["policy"]), None)
    title = (policy.title.get(language()) or policy.title["en"]) if policy is not None else told["policy"]
    return _(
        "Publish version %(version)s of the City's own text: %(title)s",
        version=told["version"],
        title=title,
    )


def _state(subject: str) -> str:
    """The newest version of the policy: another one meanwhile makes a request void."""
    newest = queries.newest_of(subject.partition(":")[2])
    return newest.version if newest is not None else "none"


def _look(told: Mapping[str, Any]) -> str:
    return url_for("policies.upload", reference=told["upload"])


requests.register(PUBLISH, _run, _say, _state, look=_look, right=Permission.POLICY_TEXTS)
