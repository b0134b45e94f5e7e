"""Takes the filers' open drafts to a corrected form: answers stay by id, what the new form can't ask is set aside, never lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from coi.audit.record import record
from coi.db import db
from coi.models import Disclosure, Draft, DraftMove, Questionnaire
from coi.questionnaires.corrections import corrections
from coi.questionnaires.queries import form_of
from coi.rules.form import Ask, Form
from coi.rules.permissions import Actor
from coi.vocabulary import Event

AT_ONCE = 500
# An answer of the first type can stand as one of the second.
STAYS = frozenset({("text", "longtext")})


@dataclass
class Moving:
    """The drafts that a new version takes over, by the version each is on; locked."""

    on: dict[int, list[int]] = field(default_factory=dict)
    # What is signed already and being corrected, by the year that it reports: the form of another year does not take it over.
    correcting: dict[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many."""
        return sum(map(len, self.on.values()))


def lock(form_id: str) -> Moving:
    """Locks the form's versions against new drafts, then every open draft in order: rows first, the chain last (DESIGN 2)."""
    # Not so hard that a signature, which only names its version, would wait for it: see newest_to_file for who does.
    versions = select(Questionnaire.id).where(Questionnaire.form_id == form_id).order_by(Questionnaire.id)
    db.session.execute(versions.with_for_update(key_share=True)).all()
    rows = (
        select(Draft.id, Draft.questionnaire_id, Disclosure.version, Disclosure.reporting_year)
        .join(Disclosure, Disclosure.id == Draft.disclosure_id)
        .where(Disclosure.form_id == form_id)
        .order_by(Draft.id)
        .with_for_update(of=Draft)
    )
    moving = Moving()
    for draft_id, questionnaire_id, signed, reporting_year in db.session.execute(rows):
        moving.on.setdefault(questionnaire_id, []).append(draft_id)
        if signed:
            moving.correcting[draft_id] = reporting_year
    return moving


def _leave_other_years(moving: Moving, target: Questionnaire) -> None:
    """Corrections of a year whose form `target` is not stay on the version that they correct."""
    for origin_id, drafts in list(moving.on.items()):
        years = {moving.correcting[one] for one in drafts if one in moving.correcting}
        origin = db.session.get_one(Questionnaire, origin_id) if years else None
        others = {year for year in years if origin is not None and target.number not in corrections(origin, year)}
        moving.on[origin_id] = [one for one in drafts if moving.correcting.get(one) not in others]
        if not moving.on[origin_id]:
            del moving.on[origin_id]


def move(moving: Moving, target: Questionnaire, actor: Actor, now: datetime) -> int:
    """Moves the locked drafts; says how many. One entry for all of them, and a row for each."""
    _leave_other_years(moving, target)
    if not moving.count:
        return 0
    new = form_of(target)
    fitted: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
    for origin_id, drafts in moving.on.items():
        fitted.update(_fitted(form_of(db.session.get_one(Questionnaire, origin_id)), new, drafts))
    seq = record(
        Event.DRAFTS_MOVED,
        actor,
        f"form:{target.form_id}",
        now,
        form=target.form_id,
        **{"from": sorted(_numbers(moving.on)), "to": target.number},
        count=moving.count,
        aside=len(fitted),
    )
    rows = [
        {
            "draft_id": one,
            "origin_id": origin,
            "target_id": target.id,
            "aside": fitted[one][1] if one in fitted else {},
            "seq": seq,
        }
        for origin, drafts in moving.on.items()
        for one in drafts
    ]
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        db.session.execute(insert(DraftMove), some)
        # Who reviewed the old words and signs now is asked to look once more: the page that was shown is older than this.
        db.session.execute(
            update(Draft)
            .where(Draft.id.in_([row["draft_id"] for row in some]))
            .values(questionnaire_id=target.id, revision=Draft.revision + 1)
            .execution_options(synchronize_session=False)
        )
    if fitted:
        db.session.execute(update(Draft), [{"id": one, "answers": kept} for one, (kept, _aside) in fitted.items()])
    for draft in [one for one in db.session.identity_map.values() if isinstance(one, Draft)]:
        db.session.expire(draft)
    return moving.count


def begin_on(draft: Draft, origin: Questionnaire, aside: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Notes that a draft which corrects what was signed on `origin` begins on a newer version, with what that can't ask."""
    target = draft.questionnaire
    told = {"from": [origin.number], "to": target.number, "count": 1, "aside": int(bool(aside))}
    seq = record(Event.DRAFTS_MOVED, actor, f"form:{target.form_id}", now, form=target.form_id, **told)
    db.session.add(DraftMove(draft_id=draft.id, origin_id=origin.id, target_id=target.id, aside=dict(aside), seq=seq))
    db.session.flush()


def _numbers(ids: Iterable[int]) -> list[int]:
    return [db.session.get_one(Questionnaire, one).number for one in ids]


def _fitted(old: Form, new: Form, drafts: Sequence[int]) -> dict[int, tuple[dict[str, Any], dict[str, Any]]]:
    """The answers of the drafts that hold something the new form can't ask: (what stays, what is set aside)."""
    if not any(_may_lose(ask, new.by_id.get(ask.id)) for ask in old.by_id.values()):
        return {}
    found = {}
    for start in range(0, len(drafts), AT_ONCE):
        rows = select(Draft.id, Draft.answers).where(Draft.id.in_(drafts[start : start + AT_ONCE]))
        for draft_id, answers in db.session.execute(rows):
            kept, aside = fit(old.by_id, new.by_id, answers)
            if aside:
                found[draft_id] = (kept, aside)
    return found


def _may_lose(was: Ask, now: Ask | None) -> bool:
    if not _same_kind(was, now) or now is None:
        return True
    if set(was.choices) - set(now.choices) or (was.none_statement and not now.none_statement):
        return True
    if was.entries is None or now.entries is None:
        return False
    fields = {one.id: one for one in now.entries.fields}
    return any(_may_lose(one, fields.get(one.id)) for one in was.entries.fields)


def _same_kind(was: Ask, now: Ask | None) -> bool:
    return now is not None and not now.of_reviewer and (was.type == now.type or (was.type, now.type) in STAYS)


def fit(old: Mapping[str, Ask], new: Mapping[str, Ask], answers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Answers, or an entry, as the new form takes them, and what it can't ask: gone, of another type, a choice gone."""
    kept: dict[str, Any] = {}
    aside: dict[str, Any] = {}
    for name, answer in answers.items():
        was, now = old.get(name), new.get(name)
        if name == "_key" or was is None:
            kept[name] = answer
        elif answer in (None, "", []):
            if now is not None:
                kept[name] = answer
        elif now is None or not _same_kind(was, now):
            aside[name] = answer
        else:
            stays, goes = _split(was, now, answer)
            if stays is not None:
                kept[name] = stays
            if goes is not None:
                aside[name] = goes
    return kept, aside


def _split(was: Ask, now: Ask, answer: Any) -> tuple[Any, Any]:
    if now.type == "choice" and answer in was.choices and answer not in now.choices:
        return None, answer
    if now.type == "multi" and isinstance(answer, list):
        gone = [code for code in answer if code in was.choices and code not in now.choices]
        return [code for code in answer if code not in gone], gone or None
    if was.entries is None or now.entries is None:
        return answer, None
    if answer == "none" and not now.none_statement:
        return None, answer
    return _split_entries(was, now, answer) if isinstance(answer, list) else (answer, None)


def _split_entries(was: Ask, now: Ask, rows: list[Any]) -> tuple[Any, Any]:
    old = {one.id: one for one in was.entries.fields} if was.entries else {}
    new = {one.id: one for one in now.entries.fields} if now.entries else {}
    stay: list[Any] = []
    gone: list[Any] = []
    for row in rows:
        kept, aside = fit(old, new, row) if isinstance(row, Mapping) else (row, {})
        stay.append(kept)
        if aside:
            gone.append(aside)
    return stay, gone or None
