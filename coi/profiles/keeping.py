"""Loads a profile as a version, with its policies and its forms where none is published; the same again changes nothing."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from coi.audit.chain import canonical_json, sha256
from coi.audit.record import record
from coi.db import db
from coi.errors import Refused
from coi.models import ProfileVersion
from coi.policies.actions import load_from_profile
from coi.profiles.current import forget
from coi.profiles.forms import faults as form_faults
from coi.profiles.schema import Profile
from coi.questionnaires.actions import publish
from coi.questionnaires.loading import read_form, shipped_path
from coi.questionnaires.queries import newest
from coi.rules.permissions import Actor
from coi.vocabulary import Event


def load(folder: Path, profile: Profile, actor: Actor, now: datetime) -> ProfileVersion | None:
    """The new version, or None when the newest one says the same already; raises Refused when a form of it does not exist."""
    content = profile.to_json()
    digest = sha256(canonical_json(content))
    newest_kept = db.session.scalar(select(ProfileVersion).order_by(ProfileVersion.id.desc()).limit(1))
    version = None
    if newest_kept is None or newest_kept.sha256 != digest or newest_kept.name != folder.name:
        version = _add(folder.name, digest, content, actor, now)
    forget()
    load_from_profile(profile, actor, now, folder)
    for use in profile.forms:
        kept = newest(use.form)
        content = kept.content if kept is not None else read_form(form_file(folder, use.form))
        wrong = form_faults(profile, content)
        if wrong:
            raise Refused("\n".join(wrong))
        if kept is None:
            publish(content, "content", actor, now)
    return version


def _add(name: str, digest: str, content: dict[str, object], actor: Actor, now: datetime) -> ProfileVersion:
    number = 1 + (db.session.scalar(select(func.max(ProfileVersion.number)).where(ProfileVersion.name == name)) or 0)
    seq = record(Event.PROFILE_LOADED, actor, f"profile:{name}", now, name=name, version=number, sha256=digest)
    version = ProfileVersion(name=name, number=number, sha256=digest, content=content, at=now, seq=seq)
    db.session.add(version)
    db.session.flush()
    return version


def form_file(folder: Path, form_id: str) -> Path:
    """Where a profile's form lies: in the city's own folder, else among those that ship; raises Refused when nowhere."""
    own = folder / "forms" / f"{form_id}.yaml"
    for path in (own, shipped_path(form_id)):
        if path.is_file():
            return path
    raise Refused(f"The profile asks for the form {form_id}, and there is no file {form_id}.yaml in its folder.")
