"""All writes of forms that are being written: save, discard, ask to publish, and for which kinds a form is used."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from coi.accounts import requests
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.campaigns.more import ask_everybody
from coi.db import db
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import FormUsed, Questionnaire, QuestionnaireDraft, Request
from coi.models.types import new_reference
from coi.questionnaires import moving
from coi.questionnaires.actions import publish, refuse_unless_new
from coi.questionnaires.queries import newest, written
from coi.questionnaires.uses import condition_of, groups_of_people, kinds_of
from coi.questionnaires.written import LONGEST, Written, digest, read
from coi.rules.permissions import Actor, Permission
from coi.vocabulary import Event, Kind
from forms.base import unwritable

PUBLISH_DRAFT = "publish_draft"
USE = "use_form"
LONGEST_NAME = 200


def begin(text: str, name: str, actor: Actor, now: datetime) -> QuestionnaireDraft:
    """Keeps a text as a draft, with or without errors; raises Refused for what can't be kept at all."""
    told = _readable(text)
    reference = new_reference(f"FRM-{now.year}")
    while written(reference) is not None:
        reference = new_reference(f"FRM-{now.year}")
    draft = QuestionnaireDraft(reference=reference, name=name[:LONGEST_NAME], revision=0, saved_by_id=actor.person_id)
    _keep(draft, text, told, actor, now)
    db.session.add(draft)
    db.session.flush()
    return draft


def save(draft: QuestionnaireDraft, text: str, revision: int, actor: Actor, now: datetime) -> None:
    """Keeps the text over the one before; raises SomebodyWasFaster when the page showed an older one."""
    told = _readable(text)
    _lock(draft)
    if draft.revision != revision and draft.text != text:
        raise SomebodyWasFaster(_("Somebody saved this draft while you wrote. Your text is still below; theirs is in the file."))
    if draft.text != text:
        _keep(draft, text, told, actor, now)
        db.session.flush()


def _readable(text: str) -> Written:
    if not text.strip():
        raise Refused(_("There is no text in this form."), "text")
    if len(text) > LONGEST:
        raise Refused(_("This is too long: at most %(most)s characters.", most=LONGEST), "text")
    if unwritable(text):
        raise Refused(_("This holds a character that can't be kept. Type the text instead of pasting it."), "text")
    return read(text)


def _keep(draft: QuestionnaireDraft, text: str, told: Written, actor: Actor, now: datetime) -> None:
    draft.text, draft.sha256, draft.form_id = text, sha256(text), told.form_id
    draft.errors, draft.warnings = len(told.errors), len(told.warnings)
    draft.revision, draft.saved_at, draft.saved_by_id = draft.revision + 1, now, actor.person_id or draft.saved_by_id
    draft.seq = record(
        Event.QUESTIONNAIRE_SAVED,
        actor,
        f"form_draft:{draft.reference}",
        now,
        form=draft.form_id,
        sha256=draft.sha256,
        revision=draft.revision,
    )


def _lock(draft: QuestionnaireDraft) -> None:
    db.session.refresh(draft, with_for_update=True)


def discard(draft: QuestionnaireDraft, actor: Actor, now: datetime) -> None:
    """Throws a draft away; what was published of it stays, and a request about it finds nothing any more."""
    _lock(draft)
    told = {"form": draft.form_id, "sha256": draft.sha256}
    record(Event.QUESTIONNAIRE_DISCARDED, actor, f"form_draft:{draft.reference}", now, **told)
    db.session.delete(draft)
    db.session.flush()


def ask_to_publish(
    draft: QuestionnaireDraft,
    change: str,
    kinds: Sequence[str],
    whom: str,
    at_once: bool,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Request | None:
    """Asks a second person to publish exactly this text; None when the profile lets one person do it."""
    content = sound(draft)
    refuse_unless_new(content, change, newest(draft.form_id))
    _check_use(kinds, whom)
    told = {
        "draft": draft.reference,
        "form": draft.form_id,
        "version": str(content["form"]["version"])[:200],
        "sha256": digest(content),
        "text": draft.sha256,
        "change": change,
        "kinds": sorted(kinds),
        "whom": whom,
        "at_once": at_once,
    }
    return requests.ask(PUBLISH_DRAFT, f"form_draft:{draft.reference}", told, reason, actor, now)


def sound(draft: QuestionnaireDraft) -> dict[str, Any]:
    """The data of a draft; raises Refused while it has errors."""
    told = read(draft.text)
    if told.errors or told.content is None:
        raise Refused(_("This form has errors. Correct them first."))
    return told.content


def _check_use(kinds: Sequence[str], whom: str) -> None:
    if not set(kinds) <= set(Kind):
        raise Refused(_("Choose among what is offered."), "kinds")
    if whom and whom not in {value for value, _name, _code in groups_of_people()}:
        raise Refused(_("Choose among what is offered."), "whom")


def _publish(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    draft = written(str(told["draft"]))
    if draft is None:
        raise NotPossible(_("This draft is gone."))
    _lock(draft)
    content = sound(draft)
    if draft.sha256 != told["text"] or digest(content) != told["sha256"]:
        raise NotPossible(_("This draft was changed meanwhile. Ask again."))
    made = publish(content, str(told["change"]), actor, now, request.reference if request else "")
    db.session.delete(draft)
    db.session.flush()
    _use(made.form_id, told, request, actor, now)


def ask_to_use(
    questionnaire: Questionnaire, kinds: Sequence[str], whom: str, at_once: bool, reason: str, actor: Actor, now: datetime
) -> Request | None:
    """Asks a second person to use a published form for these kinds of filing besides those of the profile."""
    _check_use(kinds, whom)
    told = {"form": questionnaire.form_id, "kinds": sorted(kinds), "whom": whom, "at_once": at_once}
    return requests.ask(USE, f"form:{questionnaire.form_id}", told, reason, actor, now)


def _use(form_id: str, told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    """Keeps the choice as a row where it says something new; a form that goes on as before gets none."""
    by_profile, chosen_before = kinds_of(form_id)
    kinds = [kind.value for kind in Kind if kind.value in told["kinds"]]
    asked = [kind for kind in kinds if kind not in by_profile]
    if asked or chosen_before:
        details = {"form": form_id, "kinds": asked, "request": request.reference if request else "", "two_persons": bool(request)}
        seq = record(Event.QUESTIONNAIRE_USED, actor, f"form:{form_id}", now, **details)
        db.session.add(FormUsed(form_id=form_id, kinds=asked, whom=condition_of(str(told["whom"])), at=now, seq=seq))
        db.session.flush()
    if told["at_once"] and Kind.ANNUAL.value in kinds:
        ask_everybody(form_id, actor, now)


def _say(told: Mapping[str, Any]) -> str:
    what = _("Publish the form %(form)s, version %(version)s", form=told["form"], version=told["version"])
    change = _("Only words change") if told["change"] == "wording" else _("More than words may change")
    return f"{what}\n{change}. {_use_in_words(told)}\nSHA-256: {told['sha256']}"


def _say_use(told: Mapping[str, Any]) -> str:
    return f"{_brief_use(told)}\n{_use_in_words(told)}"


def _brief_use(told: Mapping[str, Any]) -> str:
    return _("Use the form %(form)s", form=told["form"])


def _use_in_words(told: Mapping[str, Any]) -> str:
    kinds = ", ".join(str(kind.label) for kind in Kind if kind.value in told["kinds"])
    parts = [_("Used for: %(kinds)s.", kinds=kinds) if kinds else _("Used for no kind of filing.")]
    if told["whom"]:
        parts.append(_("Asked only of: %(whom)s.", whom=told["whom"]))
    if told["at_once"]:
        parts.append(_("Asked at once in the campaign under way."))
    return " ".join(parts)


def _brief(told: Mapping[str, Any]) -> str:
    return _("Publish a version of the form %(form)s", form=told["form"])


def _state(subject: str) -> str:
    """What an approval is bound to: the text as it was asked, and the version that it follows."""
    draft = written(subject.removeprefix("form_draft:"))
    if draft is None:
        return "gone"
    before = newest(draft.form_id)
    return f"{draft.sha256}:{before.number if before else 0}"


def _lock_drafts(told: Mapping[str, Any]) -> None:
    draft = written(str(told["draft"]))
    if draft is not None:
        _lock(draft)
    moving.lock(str(told["form"]))


def _look(told: Mapping[str, Any]) -> str:
    return url_for("questionnaires.draft", reference=told["draft"])


def _look_at_form(told: Mapping[str, Any]) -> str:
    return url_for("questionnaires.form", form_id=told["form"])


def _run_use(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    _use(str(told["form"]), told, request, actor, now)


requests.register(
    PUBLISH_DRAFT, _publish, _say, _state, brief=_brief, lock=_lock_drafts, look=_look, right=Permission.FORMS_PUBLISH
)
requests.register(USE, _run_use, _say_use, brief=_brief_use, look=_look_at_form, right=Permission.FORMS_PUBLISH)
