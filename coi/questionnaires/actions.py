"""Publishes a form as a version that never changes afterwards; refuses one that the check refuses."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from coi.accounts import requests
from coi.audit.record import record
from coi.db import db
from coi.errors import NotPossible, Refused
from coi.models import Questionnaire, Request
from coi.questionnaires import moving
from coi.questionnaires.changes import beyond_words
from coi.questionnaires.queries import newest, next_number
from coi.questionnaires.written import digest, errors_of
from coi.rules.permissions import Actor, Permission
from coi.vocabulary import Event

PUBLISH = "publish"
CHANGES = ("wording", "content")
MOST_PLACES = 5


def ask_to_publish(content: Mapping[str, Any], change: str, reason: str, actor: Actor, now: datetime) -> Request | None:
    """Asks a second person to publish (SD6); None when it was published at once, while the city is set up or by its profile."""
    form_id = str(content["form"]["id"])
    return requests.ask(PUBLISH, f"form:{form_id}", {"content": dict(content), "change": change}, reason, actor, now)


def publish(content: Mapping[str, Any], change: str, actor: Actor, now: datetime, request: str = "") -> Questionnaire:
    """The next version of a form (U24); `change` is content, or wording where only words differ from the version before.

    Drafts move over with their answers, which are kept by id; what is signed stays on the version it was signed on.
    """
    refuse_unless_sound(content)
    form_id = str(content["form"]["id"])
    moved = moving.lock(form_id)
    before = newest(form_id)
    refuse_unless_new(content, change, before)
    number, version = next_number(form_id), str(content["form"]["version"])
    told = {"form": form_id, "version": version, "sha256": digest(content), "change": change, "request": request}
    seq = record(Event.QUESTIONNAIRE_PUBLISHED, actor, f"form:{form_id}", now, **told)
    made = Questionnaire(
        form_id=form_id,
        number=number,
        version=version,
        change=change,
        sha256=told["sha256"],
        content=dict(content),
        published_at=now,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    moving.move(moved, made, actor, now)
    return made


def refuse_unless_sound(content: Mapping[str, Any]) -> None:
    """Raises Refused with every error of a form, also where the city's profile lacks what it names."""
    errors = errors_of(content)
    if errors:
        raise Refused("\n".join(str(problem) for problem in errors))


def refuse_unless_new(content: Mapping[str, Any], change: str, before: Questionnaire | None) -> None:
    """Raises Refused for the same again, and for more than words under the name of wording."""
    if change not in CHANGES:
        raise Refused(_("Say whether only words change, or more."), "change")
    if before is not None and before.sha256 == digest(content):
        raise NotPossible(_("This version of the form is published already."))
    if change != "wording":
        return
    if before is None:
        raise Refused(_("More than the words changed: this form is new. Publish it as a change of content."), "change")
    places = beyond_words(before.content, content)
    if places:
        told = ", ".join(places[:MOST_PLACES]) + (", …" if len(places) > MOST_PLACES else "")
        raise Refused(_("More than the words changed (%(places)s). Publish it as a change of content.", places=told), "change")


def _run(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    publish(told["content"], told["change"], actor, now, request.reference if request else "")


def _say(told: Mapping[str, Any]) -> str:
    form = told["content"]["form"]
    return _("Publish the form %(form)s, version %(version)s", form=form["id"], version=form["version"])


def _version(subject: str) -> str:
    kept = newest(subject.removeprefix("form:"))
    return str(kept.number) if kept else ""


def _lock(told: Mapping[str, Any]) -> None:
    moving.lock(str(told["content"]["form"]["id"]))


requests.register(PUBLISH, _run, _say, _version, lock=_lock, right=Permission.FORMS_PUBLISH)
