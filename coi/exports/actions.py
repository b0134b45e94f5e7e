"""All writes about workbooks: asked for, begun under the chain's lock, finished with its proof in the log, failed, given up."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.audit.actions import make_checkpoint
from coi.audit.chain import canonical_json, moment, stamp
from coi.audit.queries import hash_at
from coi.audit.record import record
from coi.config import release
from coi.db import chain_lock, db
from coi.errors import NotPossible, Refused
from coi.exports import queries, second
from coi.exports.filters import ALLOWED, NO_FILTERS, PRIORITIES, STATES, Filters
from coi.exports.flat import FORMATS
from coi.exports.making import Asked, Made, wanted_sheets
from coi.exports.registers.asof import Moment, last_entry
from coi.exports.registers.columns import TITLES, title_of
from coi.exports.registers.masking import sheets_of
from coi.exports.seal import seal_sha256
from coi.languages import LANGUAGES
from coi.languages import language as readers_language
from coi.models import AuditSample, Campaign, Export, Installation, Person
from coi.models.types import new_reference
from coi.notices import actions as notices
from coi.profiles.current import profile_as_of, today, zone
from coi.rules.permissions import Actor
from coi.vocabulary import Event, ExportKind, JobEnd, JobState, Outcome, Role

LONGEST_FILTERS = 6_000  # the log keeps them whole, and an entry holds 8,000 characters
LAST_INSTANT = time(23, 59, 59, 999999)


def moment_of(text: str, now: datetime) -> str | None:
    """T as the log writes it: a day means its end in city time; empty means now and gives None; never later than now."""
    text = text.strip()
    if not text:
        return None
    try:
        told = datetime.combine(date.fromisoformat(text), LAST_INSTANT) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise Refused(_l("Give the day as year-month-day, for example 2026-03-02."), "as_of") from None
    told = told.replace(tzinfo=zone()) if told.tzinfo is None else told
    if len(text) == 10 and told.date() == today(now):
        return None
    if told > now:
        raise Refused(_l("This moment has not come yet. Choose today or an earlier day."), "as_of")
    return stamp(told.astimezone(UTC))


def ask(
    campaign: Campaign | None,
    language: str,
    as_of: str | None,
    actor: Actor,
    now: datetime,
    *,
    kind: ExportKind = ExportKind.STANDARD,
    sheets: tuple[str, ...] = (),
    narrow: Filters = NO_FILTERS,
    purpose: str = "",
    formats: tuple[str, ...] = (),
    sample: str = "",
) -> Export:
    """Asks for a workbook; the same request again gives the job that there is. A full one waits for a second person first.

    Raises Refused beside the field: a purpose that is missing, a sheet or filter that there is not or that the kind hides.
    """
    if kind is ExportKind.FULL:
        second.check(purpose, actor)
    check(narrow, kind)
    if language not in LANGUAGES:
        raise Refused(_l("Choose one of the languages offered."), "language")
    unknown = set(sheets) - set(sheets_of(kind))
    if unknown:
        named = ", ".join(title_of(one, readers_language()) if one in TITLES else one for one in sorted(unknown))
        raise Refused(_l("In this kind of workbook there is no sheet called %(name)s.", name=named), "sheets")
    if not set(formats) <= set(FORMATS):
        raise Refused(_l("Choose among what is offered."), "formats")
    if actor.person_id is not None:
        # Two clicks at once wait here for each other, so that the second one finds the job of the first.
        db.session.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update())
    chosen = list(wanted_sheets(sheets, kind))
    campaign_id = campaign.id if campaign else None
    filters: dict[str, Any] = {"campaign": campaign.year if campaign else None, "sheets": chosen, "now": as_of is None}
    filters |= narrow.to_json() | ({"sample": sample} if sample else {})
    if formats:
        filters["formats"] = [one for one in FORMATS if one in formats]
    there = queries.same_request(actor, kind, campaign_id, language, filters, as_of, now)
    if there is not None:
        return there
    reference, told = new_reference(f"EXP-{today(now).year}"), as_of or stamp(now)
    seq = record(Event.EXPORT_ASKED, actor, f"export:{reference}", now, kind=kind.value, filters=filters, as_of=told)
    export = Export(
        reference=reference,
        kind=kind,
        campaign_id=campaign_id,
        language=language,
        filters=filters,
        as_of=told,
        asked_by=actor.name,
        asked_by_id=actor.person_id,
        asked_at=now,
        state=JobState.ASKED if kind is ExportKind.FULL else JobState.WAITING,
        seq=seq,
    )
    db.session.add(export)
    db.session.flush()
    if kind is ExportKind.FULL:
        second.ask(export, purpose, actor, now)
    return export


def check(narrow: Filters, kind: ExportKind) -> None:
    """Raises Refused beside the filter that names what is not there, or that this kind may not be narrowed by."""
    known: dict[str, set[str]] = {
        "departments": set(queries.departments()) if narrow.departments else set(),
        "groups": set(queries.groups()) if narrow.groups else set(),
        "states": {word.value for word in STATES},
        "outcomes": {outcome.value for outcome in Outcome},
        "priorities": set(PRIORITIES),
    }
    allowed = ALLOWED.get(kind)
    for name in narrow.named():
        if allowed is not None and name not in allowed:
            raise Refused(
                _l("A public workbook is narrowed down by campaign, department and day alone: this would tell what it hides."),
                name,
            )
        if name in known and not set(getattr(narrow, name)) <= known[name]:
            raise Refused(_l("Choose among what is offered."), name)
    if narrow.since and narrow.until and narrow.since > narrow.until:
        raise Refused(_l("The first day lies after the last one."), "until")
    if len(canonical_json(narrow.to_json())) > LONGEST_FILTERS:
        raise Refused(_l("Choose fewer at once."), "departments")


def begin(export: Export, actor: Actor, now: datetime) -> Asked:
    """Claims the job and takes N under the chain's lock; the checkpoint made with it lies after T, so T gives this N for ever."""
    export.state, export.claimed_at, export.progress, export.attempt = JobState.RUNNING, now, 0, export.attempt + 1
    db.session.flush()
    chain_lock()
    n = last_entry(export.as_of)
    after = max(now, moment(export.as_of) + timedelta(microseconds=1))
    checkpoint = make_checkpoint("export", actor, after)
    with profile_as_of(n):
        clock = zone()
    return Asked(
        reference=export.reference,
        kind=export.kind.value,
        campaign=db.session.get(Campaign, export.campaign_id) if export.campaign_id is not None else None,
        sheets=tuple(export.filters["sheets"]),
        at=Moment(export.as_of, n, clock, export.language),
        head=hash_at(n) or "0" * 64,
        asked_by=queries.asked_by(export),
        asked_at=export.asked_at,
        release=release(),
        origin=db.session.scalars(select(Installation.origin)).one(),
        checkpoint=checkpoint,
        narrow=Filters.from_json(export.filters),
        **queries.let_by(export),
        formats=queries.formats_of(export),
        sample=export.filters.get("sample", ""),
    )


def finish(
    export: Export,
    made: Made,
    sha256: str,
    size: int,
    actor: Actor,
    now: datetime,
    files: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """The file is whole and on disk: from here on it is on offer, and its proof stands in the log."""
    export.state, export.progress, export.finished_at, export.error = JobState.DONE, 100, now, ""
    export.seal, export.rows, export.sha256, export.size_bytes = made.seal, made.rows, sha256, size
    export.filename, export.files = f"{export.reference}.xlsx", {name: dict(told) for name, told in (files or {}).items()}
    told = {"kind": export.kind.value, "rows": made.rows, "sha256": sha256, "seal": seal_sha256(made.seal), "as_of": export.as_of}
    export.done_seq = record(Event.REGISTER_EXPORTED, actor, f"export:{export.reference}", now, files=export.files, **told)
    asker = queries.person(export.asked_by_id)
    kept = {"size": made.checkpoint.get("size", 0), "head": made.checkpoint.get("head", "")}
    if asker is not None:
        notices.post("export_done", asker, now, f"export_done:{export.reference}", reference=export.reference, **kept)
        return
    for holder in queries.holders((Role.AUDITOR, Role.SENIOR_OFFICER), today(now)):
        once = f"exported:{export.reference}:{holder.id}"
        notices.post("exported", holder, now, once, who=actor.label or actor.name, reference=export.reference, **kept)


def end(export: Export, because: JobEnd, actor: Actor, now: datetime, fault: str = "") -> None:
    """The job ends without a file, and the log says why; it can be asked for again."""
    export.because, export.error = because.value, fault[:500]
    if because in (JobEnd.CANCELLED, JobEnd.RIGHT_ENDED, JobEnd.REFUSED):
        export.state = JobState.CANCELLED
    else:
        export.state = JobState.FAILED
    record(Event.EXPORT_ENDED, actor, f"export:{export.reference}", now, because=because.value)


def cancel(export: Export, actor: Actor, now: datetime) -> bool:
    """Who asked wants it no more: the worker notices within seconds. Again changes nothing; False where it came too late."""
    export = db.session.get_one(Export, export.id, with_for_update=True, populate_existing=True)
    if export.state in queries.STOPPABLE:
        second.withdraw(export, actor, now)
        end(export, JobEnd.CANCELLED, actor, now)
    return export.state is JobState.CANCELLED


def again(export: Export, actor: Actor, now: datetime) -> Export:
    """Asks for the same workbook as of the same moment: it has the same roots."""
    if export.kind is ExportKind.FULL:
        raise NotPossible(_l("A full workbook is asked for anew, with its purpose."))
    campaign = db.session.get(Campaign, export.campaign_id) if export.campaign_id is not None else None
    sheets, narrow = tuple(export.filters["sheets"]), Filters.from_json(export.filters)
    more: dict[str, Any] = {"kind": export.kind, "sheets": sheets, "narrow": narrow, "formats": queries.formats_of(export)}
    more["sample"] = export.filters.get("sample", "")
    return ask(campaign, export.language, export.as_of, actor, now, **more)


def ask_with(sample: AuditSample, language: str, actor: Actor, now: datetime) -> Export:
    """Asks for the workbook of the moment that a sample was drawn as of, with a sheet for the auditor's notes."""
    campaign = db.session.get(Campaign, sample.campaign_id) if sample.campaign_id is not None else None
    sheets = (*wanted_sheets(()), "sample")
    return ask(campaign, language, sample.as_of, actor, now, sheets=sheets, sample=sample.reference)


def let_go(export: Export, days: int, actor: Actor, now: datetime) -> None:
    """The file of a workbook is no longer kept; that it was made, and its proof, stay."""
    export.gone_at = now
    record(Event.EXPORT_GONE, actor, f"export:{export.reference}", now, sha256=export.sha256, days=days)
