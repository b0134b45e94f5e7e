"""Writes of removals: ethics proposes, answer by answer with a ground, and the solicitor approves or refuses each (U64).

What the form marks is always proposed; nothing is taken out without a ruling, and nobody rules on what they proposed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from coi.accounts.queries import holders
from coi.audit.chain import canonical_json, sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import conflicts_with, facts_for
from coi.disclosures.official import is_official
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.languages import day
from coi.models import RecordsFiling, Removal, RemovalRuling
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.records import queries
from coi.records.items import Item
from coi.rules.permissions import Actor, Permission, allows
from coi.rules.removals import echoes
from coi.vocabulary import Event, RemovalGround, Role


@dataclass(frozen=True)
class Proposed:
    """What ethics says of one piece: the ground to take it out, or `keep` for one that is marked and should be given."""

    ground: RemovalGround
    words: str = ""
    keep: bool = False


@dataclass(frozen=True)
class Ruled:
    """What the solicitor says of one removal."""

    approved: bool
    reason: str = ""


def propose(filing: RecordsFiling, said: Mapping[str, Proposed], actor: Actor, now: datetime) -> list[Removal]:
    """Proposes what is taken out, by the key of each piece; what is marked and not spoken of is proposed as it is marked.

    Raises SomebodyWasFaster where another officer proposed it, Refused for a piece that is not there or a ground without words.
    """
    db.session.refresh(filing, with_for_update=True)
    disclosure = filing.disclosure
    if not allows(actor, Permission.RECORDS_PROPOSE, facts_for(disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))
    if filing.taken_out_seq is not None or is_official(disclosure.form_id):
        raise NotPossible(_l("Nothing is removed from this filing."))
    if filing.proposed_seq is not None:
        if filing.proposed_by_id == actor.person_id:
            return list(filing.removals)
        who = filing.proposed_by.name if filing.proposed_by is not None else ""
        raise SomebodyWasFaster(_l("%(who)s proposed the removals of this filing already.", who=who))
    items = {one.key: one for one in queries.items_in(filing)}
    if set(said) - set(items):
        raise Refused(_l("The form holds no such answer. Load the page again."))
    wanted = {key: said.get(key) or _as_marked(one) for key, one in items.items()}
    chosen = [(items[key], one) for key, one in wanted.items() if one is not None]
    chosen += _echoed(items, chosen)
    for item, one in chosen:
        _check(item, one)
    told = [[item.version, item.place, one.ground.value, one.keep] for item, one in chosen]
    marked = sum(1 for item, _one in chosen if item.mark is not None)
    seq = record(
        Event.RECORDS_PROPOSED,
        actor,
        f"records:{filing.request.reference}",
        now,
        disclosure=disclosure.reference,
        removals=len(chosen),
        marked=marked,
        sha256=sha256(canonical_json(told)),
    )
    for item, one in chosen:
        filing.removals.append(
            Removal(
                version=item.version,
                place=item.place,
                ground=one.ground,
                words=one.words,
                marked=item.mark is not None,
                keep=one.keep,
                by_id=actor.person_id,
                at=now,
                seq=seq,
            )
        )
    filing.proposed_by_id, filing.proposed_seq = actor.person_id, seq
    db.session.flush()
    _tell(filing, now)
    return list(filing.removals)


def _as_marked(item: Item) -> Proposed | None:
    """What the form marks is proposed even where nobody spoke of it."""
    if item.mark is None:
        return None
    words = str(_l("A paper can't be blacked out in part.")) if item.mark is RemovalGround.OTHER else ""
    return Proposed(item.mark, words)


def _echoed(items: Mapping[str, Item], chosen: list[tuple[Item, Proposed]]) -> list[tuple[Item, Proposed]]:
    """Other answers in which words stand that are to be taken out: proposed, too, for the solicitor to see."""
    taken = {item.key for item, _one in chosen}
    others = [(key, item.text) for key, item in items.items() if key not in taken]
    found: dict[str, Proposed] = {}
    for item, one in chosen:
        if item.typed and not one.keep:
            found.update({key: Proposed(one.ground, one.words) for key in echoes(item.text, others) if key not in found})
    return [(items[key], one) for key, one in found.items()]


def _check(item: Item, one: Proposed) -> None:
    if one.keep and item.mark is None:
        raise Refused(_l("Only what is marked needs a word to be given."), item.key)
    if one.keep and not one.words.strip():
        raise Refused(_l("Write why this can be given although it is marked."), item.key)
    if one.ground is RemovalGround.OTHER and not one.words.strip():
        raise Refused(_l("Write which ground it is."), item.key)


def _tell(filing: RecordsFiling, now: datetime) -> None:
    """The solicitors free of conflict hear that they are asked; without any removal the records officers that it may go out."""
    reference = filing.request.reference
    once = f"{reference}:{filing.disclosure.reference}:{filing.proposed_seq}"
    if queries.far(filing) is queries.Far.READY:
        _tell_officers(filing, once, now)
        return
    solicitors = holders({Role.SOLICITOR}, today(now))
    near = conflicts_with(filing.filer_id, [one.id for one in solicitors], filing.disclosure)
    for one in solicitors:
        if one.id not in near:
            told = {"filing": filing.disclosure.reference, "until": LazyString(day, filing.request.until)}
            notices.post("records_rule", one, now, f"records_rule:{once}:{one.id}", reference=reference, **told)


def _tell_officers(filing: RecordsFiling, once: str, now: datetime) -> None:
    for one in holders({Role.RECORDS_OFFICER}, today(now)):
        told = {"filing": filing.disclosure.reference}
        notices.post("records_ready", one, now, f"records_ready:{once}:{one.id}", reference=filing.request.reference, **told)


def rule(filing: RecordsFiling, said: Mapping[int, Ruled], actor: Actor, now: datetime) -> list[RemovalRuling]:
    """The solicitor rules on removals by their id; each is ruled once. Raises Refused beside the field named `ID`."""
    db.session.refresh(filing, with_for_update=True)
    if not allows(actor, Permission.RECORDS_RULE, facts_for(filing.disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))
    open_ = {one.id: one for one in filing.removals if one.ruling is None}
    if not set(said) <= set(open_):
        newest = queries.ruled_by(filing)
        if newest is not None and newest.by_id == actor.person_id:
            return []
        raise SomebodyWasFaster(_l("%(who)s ruled on this already.", who=newest.by.name if newest is not None else ""))
    if not said:
        raise Refused(_l("Say of at least one answer whether it is removed."))
    for number, one in said.items():
        if open_[number].by_id == actor.person_id:
            raise NotPossible(_l("Nobody rules on what they proposed."))
        if not one.approved and not one.reason.strip():
            raise Refused(_l("Write why it stays in."), f"reason_{number}")
    told = [[open_[number].version, open_[number].place, one.approved] for number, one in sorted(said.items())]
    approved = sum(1 for one in said.values() if one.approved)
    counts = {"approved": approved, "refused": len(said) - approved, "sha256": sha256(canonical_json(told))}
    subject = f"records:{filing.request.reference}"
    seq = record(Event.RECORDS_RULED, actor, subject, now, disclosure=filing.disclosure.reference, **counts)
    made = []
    for number, one in sorted(said.items()):
        who = {"filer_id": filing.filer_id, "proposed_by_id": open_[number].by_id, "by_id": actor.person_id}
        row = RemovalRuling(removal_id=number, approved=one.approved, reason=one.reason, at=now, seq=seq, **who)
        open_[number].ruling = row
        made.append(row)
    db.session.flush()
    if queries.far(filing) is queries.Far.READY:
        _tell_officers(filing, f"{filing.request.reference}:{filing.disclosure.reference}:{seq}", now)
    return made
