"""What an officer says of a match: for one filing or for the party everywhere; remembered, taken back, never overwritten."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import facts_for
from coi.disclosures.move import say_for_whom
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.languages import clock
from coi.models import ContractAlert, Disclosure, DisclosureVersion, Interest, InterestMatch, VendorVerdict
from coi.models.types import new_reference
from coi.profiles.current import today
from coi.rules.permissions import SYSTEM, Actor, Facts, Permission, allows
from coi.vendors import matches
from coi.vendors.alerts import end_for_pair, find_news, lock, raise_alerts
from coi.vendors.lists import city_lists
from coi.vendors.on_case import stands
from coi.vendors.queries import pair_of
from coi.vocabulary import Event, VerdictCategory

ONE_PRESS = timedelta(minutes=1)
FARTHEST = timedelta(days=3660)
REPLACED, TAKEN_BACK, OVER = "replaced", "taken_back", "last_day_passed"
MOST_ANEW = 2_000  # interests of one party matched anew at once; the sweep after the next load takes the rest


def match_on(disclosure: Disclosure, match_id: int) -> InterestMatch | None:
    """A match that stands on the version of the filing that counts."""
    return db.session.scalar(
        select(InterestMatch)
        .join(Interest, Interest.id == InterestMatch.interest_id)
        .join(DisclosureVersion, DisclosureVersion.id == Interest.version_id)
        .where(
            InterestMatch.id == match_id,
            InterestMatch.ended_seq.is_(None),
            DisclosureVersion.disclosure_id == disclosure.id,
            DisclosureVersion.number == disclosure.version,
        )
    )


def by_reference(reference: str) -> VendorVerdict | None:
    """One verdict by its reference."""
    return db.session.scalar(select(VendorVerdict).where(VendorVerdict.reference == reference))


def interest_on(disclosure: Disclosure, verdict: VendorVerdict) -> int | None:
    """The interest of a case that a verdict is about: where its card stands on the page."""
    here = _named(verdict.party_normal).where(Disclosure.id == disclosure.id).limit(1)
    return db.session.scalar(here.with_only_columns(Interest.id))


def standing_on(disclosure: Disclosure, match: InterestMatch, on: date) -> VendorVerdict | None:
    """The verdict that holds for this filing and match: its own, else the one for the party."""
    told = _of_pair(_pair(match)).where(VendorVerdict.everywhere | (VendorVerdict.disclosure_id == disclosure.id))
    rows = db.session.scalars(told.order_by(VendorVerdict.everywhere, VendorVerdict.id.desc()))
    return next((one for one in rows if stands(one, on)), None)


def give(
    disclosure: Disclosure,
    match_id: int,
    category: VerdictCategory,
    because: str,
    actor: Actor,
    now: datetime,
    *,
    everywhere: bool = False,
    until: date | None = None,
    seen: str = "",
) -> VendorVerdict:
    """Writes the verdict; `seen` is the reference of the one that the page showed. An earlier one of the same reach is ended.

    Raises Refused for a day that has passed and for "another reason" without one; SomebodyWasFaster when a colleague said
    something meanwhile or the lists changed. The same press twice gives the same row.
    """
    match = match_on(disclosure, match_id)
    if match is not None:
        _lock(_pair(match), match.interest.party_normal, disclosure.id, everywhere)
    db.session.refresh(disclosure, with_for_update=True)
    facts = _may(disclosure, actor)
    if match is None:
        raise SomebodyWasFaster(_l("The City's lists or the filing changed meanwhile. Look again; your text is kept."))
    if until is not None and not today(now) <= until <= today(now) + FARTHEST:
        raise Refused(_l("Choose a day from today on, at most ten years from now."), "until")
    if category is VerdictCategory.OTHER and not because.strip():
        raise Refused(_l("Write the reason."), "because")
    standing = standing_on(disclosure, match, today(now))
    if standing is not None and standing.reference != seen:
        told = (standing.category, standing.everywhere, standing.because, standing.until, standing.by_id)
        if told == (category, everywhere, because, until, actor.person_id) and now - standing.at < ONE_PRESS:
            return standing
        who, when = standing.by.name, clock(standing.at)
        raise SomebodyWasFaster(
            _l(
                "%(who)s was faster, on %(when)s, and said: “%(what)s”. Your text is kept.",
                who=who,
                when=when,
                what=standing.category.label,
            )
        )
    if standing is None and seen:
        raise SomebodyWasFaster(_l("What was said before was taken back meanwhile. Look again; your text is kept."))
    made = _write(disclosure, match, category, because, everywhere, until, actor, now)
    _follow(made, actor, now)
    say_for_whom(disclosure, facts, "verdict", actor, now)
    return made


def take_back(verdict: VendorVerdict, disclosure: Disclosure, actor: Actor, now: datetime) -> None:
    """Ends a verdict from a case on which it holds; raises SomebodyWasFaster when it has ended, unless by the same press."""
    _lock(verdict.pair, verdict.party_normal, disclosure.id, verdict.everywhere)
    db.session.refresh(disclosure)
    db.session.refresh(verdict, with_for_update=True)
    facts = _may(disclosure, actor)
    if not verdict.everywhere and verdict.disclosure_id != disclosure.id:
        raise NotPossible(_l("You may not do this with this filing."))
    if verdict.ended_seq is not None:
        if verdict.ended_by == actor.name and verdict.ended_because == TAKEN_BACK:
            return
        raise SomebodyWasFaster(_l("This was changed meanwhile. Look again."))
    _end(verdict, TAKEN_BACK, actor, now)
    _follow(verdict, actor, now)
    say_for_whom(disclosure, facts, "verdict_taken_back", actor, now)


def those_over(on: date) -> Sequence[int]:
    """The verdicts whose last day has passed and that nobody ended."""
    over = select(VendorVerdict.id).where(VendorVerdict.ended_seq.is_(None), VendorVerdict.until < on)
    return db.session.scalars(over.order_by(VendorVerdict.id).limit(200)).all()


def end_over(verdict_id: int, now: datetime) -> bool:
    """Ends one whose last day has passed, so that the log says when it stopped to hold; False when somebody ended it."""
    verdict = db.session.get_one(VendorVerdict, verdict_id)
    _lock(verdict.pair, verdict.party_normal, verdict.disclosure_id, verdict.everywhere)
    db.session.refresh(verdict, with_for_update=True)
    if verdict.ended_seq is not None:
        return False
    _end(verdict, OVER, SYSTEM, now)
    _follow(verdict, SYSTEM, now)
    return True


def _lock(pair: str, party_normal: str, disclosure_id: int, everywhere: bool) -> None:
    """Every filing and every new contract that the act may touch, in id order and before the chain's own lock (DESIGN 2)."""
    numbers = {disclosure_id}
    if everywhere:
        numbers |= set(db.session.scalars(_named(party_normal).with_only_columns(Disclosure.id)))
    lock(numbers)
    waiting = select(ContractAlert.id).where(ContractAlert.pair == pair, ContractAlert.ended_seq.is_(None))
    db.session.execute(waiting.order_by(ContractAlert.id).with_for_update()).all()


def _may(disclosure: Disclosure, actor: Actor) -> Facts:
    facts = facts_for(disclosure, actor)
    if actor.person_id is None or not allows(actor, Permission.VERDICT, facts):
        raise NotPossible(_l("You may not do this with this filing."))
    return facts


def _pair(match: InterestMatch) -> str:
    return pair_of(match.interest.party_normal, match.vendor_key)


def _of_pair(pair: str) -> Select[VendorVerdict]:
    return select(VendorVerdict).where(VendorVerdict.pair == pair, VendorVerdict.ended_seq.is_(None))


def _write(
    disclosure: Disclosure,
    match: InterestMatch,
    category: VerdictCategory,
    because: str,
    everywhere: bool,
    until: date | None,
    actor: Actor,
    now: datetime,
) -> VendorVerdict:
    pair = _pair(match)
    before = _of_pair(pair).where(VendorVerdict.everywhere == everywhere).with_for_update()
    if not everywhere:
        before = before.where(VendorVerdict.disclosure_id == disclosure.id)
    for standing in db.session.scalars(before).all():
        _end(standing, REPLACED, actor, now)
    reference = new_reference(f"VER-{today(now).year}")
    seq = record(
        Event.VERDICT_GIVEN,
        actor,
        f"disclosure:{disclosure.reference}",
        now,
        verdict=reference,
        category=category.value,
        everywhere=everywhere,
        party=sha256(match.interest.party_normal),
        vendor=sha256(match.vendor_key),
        until=until.isoformat() if until else "",
        because=sha256(because) if because else "",
    )
    made = VendorVerdict(
        reference=reference,
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        everywhere=everywhere,
        pair=pair,
        party=match.interest.party,
        party_normal=match.interest.party_normal,
        vendor_key=match.vendor_key,
        vendor=match.vendor,
        category=category,
        because=because,
        until=until,
        by_id=actor.person_id,
        at=now,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _end(verdict: VendorVerdict, because: str, actor: Actor, now: datetime) -> None:
    subject = f"disclosure:{verdict.disclosure.reference}"
    seq = record(Event.VERDICT_ENDED, actor, subject, now, verdict=verdict.reference, because=because)
    verdict.ended_by, verdict.ended_because, verdict.ended_seq = actor.name, because, seq
    db.session.flush()


def _follow(verdict: VendorVerdict, actor: Actor, now: datetime) -> None:
    """What a verdict changes at once: another company lifts no case any more; a confirmed name is found, and its contracts.

    Who gave it had the contracts in sight: in that case they are no news.
    """
    reach = None if verdict.everywhere else verdict.disclosure_id
    if verdict.ended_seq is None and not verdict.category.confirms:
        end_for_pair(verdict.pair, reach, actor, now)
        return
    if verdict.everywhere:
        _match_anew(verdict)
    news = find_news([one.id for one in _interests_of(verdict)], today(now))
    given = verdict.ended_seq is None
    raise_alerts([one for one in news if not (given and one.disclosure_id == verdict.disclosure_id)], now)


def _interests_of(verdict: VendorVerdict) -> Sequence[Interest]:
    named = _named(verdict.party_normal)
    if not verdict.everywhere:
        named = named.where(Disclosure.id == verdict.disclosure_id)
    return db.session.scalars(named).all()


def _named(party_normal: str) -> Select[Interest]:
    """The interests of this party on the versions that count."""
    return (
        select(Interest)
        .join(DisclosureVersion, DisclosureVersion.id == Interest.version_id)
        .join(Disclosure, Disclosure.id == DisclosureVersion.disclosure_id)
        .where(Interest.party_normal == party_normal, DisclosureVersion.number == Disclosure.version)
        .order_by(Interest.id)
        .limit(MOST_ANEW)
    )


def _match_anew(verdict: VendorVerdict) -> None:
    """A name that was confirmed, or is confirmed no more, is matched anew wherever it stands."""
    told = matches.changes(_interests_of(verdict), city_lists(), {})
    if told:
        matches.write(told, verdict.ended_seq or verdict.seq)
