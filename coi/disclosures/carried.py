"""Entries that come back from earlier versions: found for a draft, kept with a signature, told to its readers in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from coi.db import db
from coi.disclosures import carrying
from coi.disclosures.carrying import Item, Standing
from coi.disclosures.interests import party_of
from coi.disclosures.queries import setting_of
from coi.languages import day, language, speaking
from coi.models import CarriedEntry, Disclosure, DisclosureVersion, Draft
from coi.profiles.current import today
from coi.questionnaires.queries import form_of
from coi.rules.completeness import Evaluation, Setting, say
from coi.rules.form import INTERNAL, Ask, Form, in_language
from coi.vocabulary import Carried, Kind, State

# A gift is told once, for itself: nothing comes back into it.
ALONE = frozenset({Kind.GIFT})
MOST_EARLIER = 40


def versions_before(disclosure: Disclosure) -> list[DisclosureVersion]:
    """What comes back into a filing: of its form, signed in its person's other filings."""
    return versions_of(disclosure.filer_id, disclosure.form_id, disclosure.id)


def versions_of(person_id: int, form_id: str, but: int = 0) -> list[DisclosureVersion]:
    """The newest signed version of a form that asked everything, and before it in the list the gifts told since.

    `but` is the id of a filing that is left out.
    """
    rows = db.session.execute(
        select(DisclosureVersion, Disclosure.kind)
        .join(Disclosure, Disclosure.id == DisclosureVersion.disclosure_id)
        .where(
            Disclosure.filer_id == person_id,
            Disclosure.form_id == form_id,
            Disclosure.id != but,
            Disclosure.state != State.WITHDRAWN,
            DisclosureVersion.number == Disclosure.version,
        )
        .options(joinedload(DisclosureVersion.disclosure))
        .order_by(DisclosureVersion.seq.desc())
        .limit(MOST_EARLIER)
    )
    found = []
    for version, kind in rows:
        found.append(version)
        if kind not in ALONE:
            break
    return found


def begin(draft: Draft, on: date) -> dict[str, Any]:
    """What a new draft brings back; nothing for a gift, and nothing for who never filed this form."""
    if draft.disclosure.kind in ALONE:
        return {}
    versions = versions_before(draft.disclosure)
    days = {one.id: today(one.signed_at) for one in versions}
    return carrying.begun(form_of(draft.questionnaire), setting_of(draft, on), draft.answers, versions, days)


def begin_correction(signed: DisclosureVersion) -> dict[str, Any]:
    """What the draft of a correction brings along: what was said of earlier entries, and the entries of the version itself."""
    rows = rows_of(signed)
    sources: dict[int, list[Item]] = {}
    for row in rows:
        if row.source_id not in sources:
            sources[row.source_id] = carrying.items_of_version(row.source, today(row.source.signed_at))
    told = {f"{row.question_id}/{row.entry_key}": row.source_id for row in rows}
    items = [item for source_id, found in sources.items() for item in found if told.get(item.id) == source_id]
    own = carrying.items_of_version(signed, today(signed.signed_at), asked=False)
    items += [item for item in own if item.id not in told]
    return carrying.begun_again(items, rows, form_of(signed.questionnaire), signed.answers, today(signed.signed_at))


def standings_of(draft: Draft, setting: Setting, found: Evaluation) -> list[Standing]:
    """What is said of each entry that a draft brings back."""
    return carrying.standings(form_of(draft.questionnaire), draft.answers, draft.carried or {}, setting, found)


def keep_with(version: DisclosureVersion, standings: Sequence[Standing]) -> None:
    """Writes what was said of each entry, under the entry of the signature."""
    for one in said_in(standings):
        db.session.add(
            CarriedEntry(
                version_id=version.id,
                source_id=one.item.version_id,
                question_id=one.item.question,
                entry_key=one.item.key,
                said=Carried(one.said),
                ended_on=one.day,
                seq=version.seq,
            )
        )
    db.session.flush()


def said_in(standings: Sequence[Standing]) -> list[Standing]:
    """The entries of which something was said."""
    return [one for one in standings if one.said and not one.fault]


def as_recorded(standings: Sequence[Standing], form: Form, told_in: str, setting: Setting) -> list[dict[str, Any]]:
    """What the record of a signature says of each: the sentence in the signer's language, and the codes behind it."""
    with speaking(told_in):
        return [
            {
                "question": one.item.question,
                "entry": one.item.key,
                "from": {
                    "reference": one.item.reference,
                    "version": one.item.version_id,
                    "signed_on": one.item.signed_on.isoformat(),
                },
                "said": one.said,
                "ended_on": one.on if one.said == carrying.ENDED else "",
                "here": one.present,
                "what": name_of_entry(form.by_id[one.item.question], one.item.entry, told_in, form, setting),
                "told": sentence(Carried(one.said), one.day, one.item.signed_on),
            }
            for one in said_in(standings)
        ]


def rows_of(version: DisclosureVersion) -> list[CarriedEntry]:
    """What a signed version says of earlier entries, in the order of its form."""
    rows = select(CarriedEntry).where(CarriedEntry.version_id == version.id)
    return list(
        db.session.scalars(
            rows.options(joinedload(CarriedEntry.source).joinedload(DisclosureVersion.disclosure)).order_by(CarriedEntry.id)
        )
    )


def sentence(said: Carried, ended_on: date | None, told_on: date) -> str:
    """What is said of an entry, in the reader's language."""
    then = day(told_on)
    if said is Carried.SAME:
        return _("Same as on the form of %(day)s.", day=then)
    if said is Carried.CHANGED:
        return _("Changed since the form of %(day)s.", day=then)
    if said is Carried.MISTAKE:
        return _("Was told by mistake on the form of %(day)s.", day=then)
    return _("Ended on %(ended)s. Told on the form of %(day)s.", ended=day(ended_on) if ended_on else "?", day=then)


@dataclass(frozen=True)
class Gone:
    """An entry of an earlier form that does not stand on this one any more, and why."""

    title: str
    what: str
    told: str
    internal: bool = False


@dataclass(frozen=True)
class Carry:
    """For the readers of a version: the sentence for each entry by its key, and what stands on it no more."""

    marks: Mapping[str, str]
    gone: Sequence[Gone]


def carry_of(version: DisclosureVersion | None, known: Sequence[CarriedEntry] | None = None) -> Carry:
    """What a signed version says of earlier entries, in the reader's language; `known`: its rows, if read already."""
    if version is None:
        return Carry({}, ())
    rows, form = rows_of(version) if known is None else known, form_of(version.questionnaire)
    marks = {row.entry_key: sentence(row.said, row.ended_on, today(row.source.signed_at)) for row in rows}
    gone = []
    for row in rows:
        stays = version.answers.get(row.question_id)
        stays = stays if isinstance(stays, list) else []
        if any(entry.get("_key") == row.entry_key for entry in stays):
            continue
        ask = form.by_id.get(row.question_id)
        before = row.source.answers.get(row.question_id) or []
        entry = next((one for one in before if isinstance(one, Mapping) and one.get("_key") == row.entry_key), {})
        if ask is not None:
            gone.append(_gone(ask, entry, marks[row.entry_key]))
    return Carry(marks, gone)


def carry_in(draft: Draft, on: date, found: Evaluation) -> Carry:
    """The same of a draft, as it would be signed."""
    setting, form = setting_of(draft, on), form_of(draft.questionnaire)
    told = said_in(standings_of(draft, setting, found))
    marks = {one.item.key: sentence(Carried(one.said), one.day, one.item.signed_on) for one in told}
    gone = [
        _gone(ask, one.item.entry, marks[one.item.key])
        for one in told
        if not one.present and (ask := form.by_id.get(one.item.question)) is not None
    ]
    return Carry(marks, gone)


def _gone(ask: Ask, entry: Mapping[str, Any], told: str) -> Gone:
    return Gone(item_of(ask), _named(ask, entry) or item_of(ask), told, ask.visibility == INTERNAL)


def item_of(ask: Ask) -> str:
    """The word for one entry of a list."""
    words = in_language(ask.entries.item, language()) if ask.entries else ""
    return words[:1].upper() + words[1:]


def name_of_entry(ask: Ask, entry: Mapping[str, Any], told_in: str, form: Form, setting: Setting) -> str:
    """What an entry is about: who it names, else the word for one of its kind."""
    return _named(ask, entry) or say(ask.entries.item if ask.entries else "", told_in, form, setting)


def _named(ask: Ask, entry: Mapping[str, Any]) -> str:
    return party_of(ask, {ask.id: [entry]}, 0)
