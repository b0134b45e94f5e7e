"""New contracts with whom a standing filing names: a flag, a row for its desk, a letter; settled by an officer, kept for good."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import aliased

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import facts_for
from coi.disclosures.move import say_for_whom
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.languages import clock
from coi.models import Contract, ContractAlert, Disclosure, DisclosureVersion, Flag, Interest, InterestMatch, VendorVerdict
from coi.models.types import new_reference
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.rules.permissions import SYSTEM, Actor, Permission, allows
from coi.vendors.on_case import stands
from coi.vendors.queries import pair_of
from coi.vendors.weighing import Raised, what_it_raises
from coi.vocabulary import Event, Kind, Reopened, State, VerdictCategory

STANDING = (State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.ESCALATED, State.DECIDED)
SURE = ("exact", "likely")
DISMISSED, REOPENING, REOPENED = "dismissed", "reopening_asked", "reopened"
ANOTHER, WITHDRAWN = "another_company", "withdrawn"


@dataclass(frozen=True)
class News:
    """New contracts of one vendor for one interest of a filing."""

    disclosure_id: int
    interest: Interest
    match: InterestMatch
    pair: str
    contracts: tuple[Contract, ...]
    large: bool


def find_news(interest_ids: Iterable[int], on: date) -> list[News]:
    """Contracts that began to stand after a standing filing was signed, and that nobody was told of; reads only.

    Only where the names are alike enough or an officer confirmed them, never where one dismissed them; a filing that a later
    yearly form took the place of is not standing any more, nor does a contract count that had ended already.
    """
    found = _sure_matches(list(interest_ids))
    verdicts = verdicts_on({(one.id, pair) for one, _version, _interest, _match, pair in found}, on)
    wanted = []
    for disclosure, version, interest, match, pair in found:
        category = verdicts.get((disclosure.id, pair))
        if category is None and match.level not in SURE:
            continue
        if category is None or category.confirms:
            wanted.append((disclosure, version, interest, match, pair, category is VerdictCategory.LARGE))
    contracts = _contracts({match.vendor_key for _d, _v, _i, match, _p, _l in wanted})
    told = _already_told({(disclosure.id, pair) for disclosure, _v, _i, _m, pair, _l in wanted})
    news, seen = [], set()
    for disclosure, version, interest, match, pair, large in wanted:
        of_vendor = contracts.get(match.vendor_key, [])
        known = {_same(one) for one in of_vendor if one.seq <= version.seq or one.id in told.get((disclosure.id, pair), ())}
        fresh = tuple(one for one in of_vendor if _counts(one, on) and _same(one) not in known)
        if fresh and (disclosure.id, pair) not in seen:
            seen.add((disclosure.id, pair))
            news.append(News(disclosure.id, interest, match, pair, fresh, large))
    return news


def _sure_matches(interest_ids: Sequence[int]) -> list[tuple[Disclosure, DisclosureVersion, Interest, InterestMatch, str]]:
    later = aliased(Disclosure)
    replaced = select(later.id).where(
        later.filer_id == Disclosure.filer_id,
        later.form_id == Disclosure.form_id,
        later.kind == Kind.ANNUAL,
        later.reporting_year > Disclosure.reporting_year,
        later.state.in_(STANDING),
    )
    rows = (
        select(Disclosure, DisclosureVersion, Interest, InterestMatch)
        .join(DisclosureVersion, DisclosureVersion.disclosure_id == Disclosure.id)
        .join(Interest, Interest.version_id == DisclosureVersion.id)
        .join(InterestMatch, InterestMatch.interest_id == Interest.id)
        .where(
            Interest.id.in_(interest_ids),
            InterestMatch.ended_seq.is_(None),
            DisclosureVersion.number == Disclosure.version,
            Disclosure.state.in_(STANDING),
            ~replaced.exists(),
        )
        .order_by(Disclosure.id, Interest.id, InterestMatch.id)
    )
    return [(*row, pair_of(row[2].party_normal, row[3].vendor_key)) for row in db.session.execute(rows).all()]


def verdicts_on(pairs: set[tuple[int, str]], on: date) -> dict[tuple[int, str], VerdictCategory]:
    """What holds for each filing and pair: the filing's own verdict before the one for the party."""
    wanted = select(VendorVerdict).where(
        VendorVerdict.pair.in_(sorted({pair for _id, pair in pairs})), VendorVerdict.ended_seq.is_(None)
    )
    own: dict[tuple[int, str], VerdictCategory] = {}
    everywhere: dict[str, VerdictCategory] = {}
    for row in db.session.scalars(wanted):
        if stands(row, on) and row.everywhere:
            everywhere[row.pair] = row.category
        elif stands(row, on):
            own[(row.disclosure_id, row.pair)] = row.category
    found = {(number, pair): everywhere[pair] for number, pair in pairs if pair in everywhere}
    return {**found, **own}


def _contracts(keys: set[str]) -> dict[str, list[Contract]]:
    """Every contract of these vendors, also those that ended: one that was only written anew is not new."""
    found: dict[str, list[Contract]] = {}
    for row in db.session.scalars(select(Contract).where(Contract.vendor_key.in_(sorted(keys))).order_by(Contract.id)):
        found.setdefault(row.vendor_key, []).append(row)
    return found


def _already_told(pairs: set[tuple[int, str]]) -> dict[tuple[int, str], set[int]]:
    rows = select(ContractAlert).where(
        ContractAlert.disclosure_id.in_(sorted({number for number, _pair in pairs})), ContractAlert.ended_because != ANOTHER
    )
    found: dict[tuple[int, str], set[int]] = {}
    for row in db.session.scalars(rows):
        found.setdefault((row.disclosure_id, row.pair), set()).update(row.contracts)
    return found


def _same(contract: Contract) -> tuple[str, ...]:
    """What makes two rows one contract: its number, else everything that is said of it but the amount and the end."""
    if contract.number:
        return (contract.number,)
    return ("", contract.department, contract.description, str(contract.starts_on))


def _counts(contract: Contract, on: date) -> bool:
    return contract.ended_seq is None and (contract.ends_on is None or contract.ends_on >= on)


def raise_alerts(news: Iterable[News], now: datetime) -> int:
    """Writes flag, alert and letter for each; one that somebody wrote meanwhile is not written again. Gives how many."""
    news = list(news)
    lock({one.disclosure_id for one in news})
    return sum(_raise(one, now) for one in sorted(news, key=lambda one: one.disclosure_id))


def lock(disclosure_ids: Iterable[int]) -> None:
    """Locks filings in id order; to be called before the first entry of a transaction that touches several (DESIGN 2)."""
    rows = select(Disclosure.id).where(Disclosure.id.in_(sorted(disclosure_ids))).order_by(Disclosure.id)
    db.session.execute(rows.with_for_update()).all()


def _raise(news: News, now: datetime) -> bool:
    disclosure = db.session.get_one(Disclosure, news.disclosure_id, populate_existing=True)
    told = _already_told({(disclosure.id, news.pair)}).get((disclosure.id, news.pair), set())
    contracts = [one for one in news.contracts if one.id not in told]
    if not contracts or disclosure.state not in STANDING:
        return False
    raised = what_it_raises(disclosure, news.interest)
    if news.large and not raised.by_the_form:
        return False
    made = ContractAlert(
        reference=new_reference(f"NEW-{today(now).year}"),
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        interest_id=news.interest.id,
        pair=news.pair,
        party=news.interest.party,
        vendor_key=news.match.vendor_key,
        vendor=news.match.vendor,
        contracts=[one.id for one in contracts],
        newest_contract_id=contracts[-1].id,
        risk=raised.risk,
        state_then=disclosure.state,
        at=now,
    )
    made.seq = record(
        Event.CONTRACT_FOUND,
        SYSTEM,
        _subject(disclosure),
        now,
        alert=made.reference,
        party=sha256(news.interest.party_normal),
        vendor=sha256(news.match.vendor_key),
        contracts=len(contracts),
        risk=raised.risk.value,
    )
    db.session.add(made)
    _flag(disclosure, news.interest, raised, made)
    db.session.flush()
    once = f"new_contract:{disclosure.reference}:{max(one.seq for one in contracts)}"
    notices.post("new_contract", disclosure.filer, now, once, reference=disclosure.reference)
    return True


def _flag(disclosure: Disclosure, interest: Interest, raised: Raised, alert: ContractAlert) -> None:
    """The new flags, under the alert's entry; an open filing that they lift is looked at earlier, a decided one stays."""
    for risk, reason in raised.flags:
        db.session.add(
            Flag(
                version_id=interest.version_id,
                risk=risk,
                reason=reason,
                question_id=interest.question_id,
                entry_number=interest.entry_number,
                entry_key=interest.entry_key,
                matched=[{"name": alert.vendor}],
                route="",
                seq=alert.seq,
            )
        )
    if disclosure.state is not State.DECIDED and raised.risk.rank > disclosure.risk.rank:
        from coi.review.actions import set_risk  # review acts on filings, whose signing matches their parties

        set_risk(disclosure, raised.risk, "", SYSTEM, alert.seq)


def by_reference(disclosure: Disclosure, reference: str) -> ContractAlert | None:
    """One new contract of this filing by its reference."""
    found = select(ContractAlert).where(ContractAlert.reference == reference, ContractAlert.disclosure_id == disclosure.id)
    return db.session.scalar(found)


def contracts_of(alert: ContractAlert) -> dict[str, Sequence[Contract]]:
    """The contracts that it is about, for its page."""
    return {"contracts": db.session.scalars(select(Contract).where(Contract.id.in_(alert.contracts))).all()}


def dismiss(alert: ContractAlert, reason: str, actor: Actor, now: datetime) -> None:
    """The new contract changes nothing; raises Refused without a reason, SomebodyWasFaster when it is settled already."""
    disclosure = _take(alert, reason, actor, now)
    if disclosure is not None:
        _end([alert], disclosure, DISMISSED, reason, actor, now)
        say_for_whom(disclosure, facts_for(disclosure, actor), "new_contract", actor, now)


def ask_to_reopen(alert: ContractAlert, reason: str, actor: Actor, now: datetime) -> None:
    """Asks a senior officer who is somebody else to open the decided case again; the alert ends when that is done.

    Until then, or once it was refused, anybody on the case may still dismiss it; what was refused may be asked anew.
    """
    from coi.review import reopening  # review acts on filings, whose signing matches their parties

    disclosure = _take(alert, reason, actor, now)
    if disclosure is None:
        return
    if disclosure.state is not State.DECIDED:
        raise NotPossible(_l("This case is open: look at the new contract in it."))
    waits = reopening.waiting(disclosure, now)
    if waits is not None and alert.asked_seq is not None:
        if waits.asked_by_id == actor.person_id and waits.reason == reason:
            return
        asked_by = waits.asker.name if waits.asker else ""
        raise SomebodyWasFaster(_l("%(who)s asked for it already, on %(when)s.", who=asked_by, when=clock(waits.asked_at)))
    if waits is None and reopening.ask_as_it_stands(disclosure, reason, actor, now, Reopened.NEW_CONTRACT) is None:
        return  # one senior officer opens it alone in this city: the alert has ended with it
    seq = _settled(disclosure, alert, REOPENING, reason, actor, now)
    if alert.asked_seq is None:
        alert.asked_by_id, alert.asked_reason, alert.asked_at, alert.asked_seq = actor.person_id, reason, now, seq
    db.session.flush()
    say_for_whom(disclosure, facts_for(disclosure, actor), "new_contract", actor, now)


def lock_open(disclosure: Disclosure) -> list[ContractAlert]:
    """The new contracts of a locked filing that wait for a look, locked; before the first entry of what settles them."""
    open_ones = select(ContractAlert).where(ContractAlert.disclosure_id == disclosure.id, ContractAlert.ended_seq.is_(None))
    return list(db.session.scalars(open_ones.order_by(ContractAlert.id).with_for_update()))


def end_with_reopening(disclosure: Disclosure, reason: str, actor: Actor, now: datetime) -> None:
    """A decided case was opened again: what waited for that is settled with it. Called in the transaction of the reopening."""
    _end(lock_open(disclosure), disclosure, REOPENED, reason, actor, now)


def end_with_withdrawal(disclosure: Disclosure, now: datetime) -> None:
    """The filer withdrew the form: nothing waits any more. Called in the transaction of the withdrawal."""
    _end(lock_open(disclosure), disclosure, WITHDRAWN, "", SYSTEM, now)


def end_for_pair(pair: str, disclosure_id: int | None, actor: Actor, now: datetime) -> int:
    """Another company: no row of this pair lifts a case any more, of one filing or of all; gives how many ended."""
    waiting = select(ContractAlert).where(ContractAlert.pair == pair, ContractAlert.ended_seq.is_(None))
    if disclosure_id is not None:
        waiting = waiting.where(ContractAlert.disclosure_id == disclosure_id)
    ended = 0
    for alert in db.session.scalars(waiting.order_by(ContractAlert.id).with_for_update()).all():
        if alert.filer_id != actor.person_id:
            _end([alert], db.session.get_one(Disclosure, alert.disclosure_id), ANOTHER, "", actor, now)
            ended += 1
    return ended


def _take(alert: ContractAlert, reason: str, actor: Actor, now: datetime) -> Disclosure | None:
    """Locks filing and alert and checks who acts; None when the same person settled it a moment ago: a button pressed twice."""
    disclosure = db.session.get_one(Disclosure, alert.disclosure_id)
    db.session.refresh(disclosure, with_for_update=True)
    db.session.refresh(alert, with_for_update=True)
    if not allows(actor, Permission.SETTLE_CONTRACT, facts_for(disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))
    if alert.ended_seq is not None:
        if alert.ended_by_id == actor.person_id and alert.ended_reason == reason:
            return None
        ended_by = alert.ended_by.name if alert.ended_by else _l("Somebody")
        told = {"who": ended_by, "when": clock(alert.ended_at or now)}
        raise SomebodyWasFaster(_l("%(who)s settled it already, on %(when)s. Your text is kept.", **told))
    if not reason.strip():
        raise Refused(_l("Write why."), "reason")
    return disclosure


def _end(alerts: Iterable[ContractAlert], disclosure: Disclosure, because: str, reason: str, actor: Actor, now: datetime) -> None:
    for alert in alerts:
        seq = _settled(disclosure, alert, because, reason, actor, now)
        alert.ended_by_id, alert.ended_because, alert.ended_reason = actor.person_id, because, reason
        alert.ended_at, alert.ended_seq = now, seq
    db.session.flush()


def _settled(disclosure: Disclosure, alert: ContractAlert, how: str, reason: str, actor: Actor, now: datetime) -> int:
    because = sha256(reason) if reason else ""
    return record(Event.CONTRACT_SETTLED, actor, _subject(disclosure), now, alert=alert.reference, how=how, because=because)


def _subject(disclosure: Disclosure) -> str:
    return f"disclosure:{disclosure.reference}"
