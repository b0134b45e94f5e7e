"""Publishes a form as a version that never changes afterwards; refuses one that the check refuses."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from coi.accounts import requests
from coi.audit.chain import canonical_json, sha256
from coi.audit.record import record
from coi.db import db
from coi.errors import NotPossible, Refused
from coi.models import Disclosure, Draft, Questionnaire, Request
from coi.questionnaires.check import check
from coi.questionnaires.queries import newest, next_number
from coi.rules.permissions import Actor
from coi.vocabulary import Event

PUBLISH = "publish"
TEXTS = frozenset({"title", "help", "item", "reason", "labels", "version"})


def ask_to_publish(content: Mapping[str, Any], change: str, reason: str, actor: Actor, now: datetime) -> Request | None:
    """Asks a second person to publish (SD6); None when it was published at once, while the city is set up or by its profile."""
    form_id = str(content["form"]["id"])
    return requests.ask(PUBLISH, f"form:{form_id}", {"content": dict(content), "change": change}, reason, actor, now)


def publish(content: Mapping[str, Any], change: str, actor: Actor, now: datetime, request: str = "") -> Questionnaire:
    """The next version of a form (U24); `change` is content, or wording where only words differ from the version before.

    Drafts move over with their answers, which are kept by id; what is signed stays on the version it was signed on.
    """
    errors = [problem for problem in check(content) if problem.is_error]
    if errors:
        raise Refused("\n".join(str(problem) for problem in errors))
    form_id = content["form"]["id"]
    before = newest(form_id)
    digest = sha256(canonical_json(content))
    if before is not None and before.sha256 == digest:
        raise NotPossible(_("This version of the form is published already."))
    if change == "wording" and (before is None or _questions(before.content) != _questions(content)):
        raise Refused(_("More than the words changed. Publish it as a change of content."), "change")
    number, version = next_number(form_id), str(content["form"]["version"])
    seq = record(
        Event.QUESTIONNAIRE_PUBLISHED,
        actor,
        f"form:{form_id}",
        now,
        form=form_id,
        version=version,
        sha256=digest,
        request=request,
    )
    made = Questionnaire(
        form_id=form_id,
        number=number,
        version=version,
        change=change,
        sha256=digest,
        content=dict(content),
        published_at=now,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    _move_drafts(form_id, made.id)
    return made


def _move_drafts(form_id: str, questionnaire_id: int) -> None:
    of_form = select(Disclosure.id).where(Disclosure.form_id == form_id)
    db.session.execute(
        update(Draft)
        .where(Draft.disclosure_id.in_(of_form))
        # Who reviewed the old words and signs now is asked to look once more.
        .values(questionnaire_id=questionnaire_id, revision=Draft.revision + 1)
        .execution_options(synchronize_session="fetch")
    )


def _questions(node: Any) -> Any:
    """A form without its words: what must be the same when only the wording changes."""
    if isinstance(node, Mapping):
        return {key: _questions(value) for key, value in node.items() if key not in TEXTS}
    if isinstance(node, list):
        return [_questions(value) for value in node]
    return node


def _run(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    publish(told["content"], told["change"], actor, now, request.reference if request else "")


def _say(told: Mapping[str, Any]) -> str:
    form = told["content"]["form"]
    return _("Publish the form %(form)s, version %(version)s", form=form["id"], version=form["version"])


def _version(subject: str) -> str:
    kept = newest(subject.removeprefix("form:"))
    return str(kept.number) if kept else ""


requests.register(PUBLISH, _run, _say, _version)
