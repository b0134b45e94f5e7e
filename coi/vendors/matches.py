"""Writes which vendors the party of an interest may be: dated rows, made at signing and when lists change; ends what is gone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from coi.db import db
from coi.models import DisclosureVersion, Interest, InterestMatch
from coi.vendors.lists import CityLists, city_lists
from coi.vendors.queries import VENDOR_LIST

MOST = 5  # vendors shown for one party


@dataclass(frozen=True)
class Likeness:
    """One vendor that a party may be; `score` is of 1000."""

    record_id: int | None
    vendor: str
    level: str
    score: int


@dataclass(frozen=True)
class Changes:
    """What must be written so that the rows say what the lists say: rows that end, and new ones (interest, vendor, how like)."""

    ended: tuple[int, ...]
    made: tuple[tuple[int, str, Likeness], ...]

    def __bool__(self) -> bool:
        return bool(self.ended or self.made)


def match_version(version: DisclosureVersion) -> None:
    """Matches the parties of a freshly signed version under the entry of its signature; nothing when no list is loaded."""
    interests = db.session.scalars(select(Interest).where(Interest.version_id == version.id, Interest.party_normal != ""))
    write(changes(interests.all(), city_lists(), {}), version.seq)


def changes(interests: Sequence[Interest], lists: CityLists, seen: dict[str, dict[str, Likeness]]) -> Changes:
    """What differs between the standing rows of these interests and the lists as they are; `seen` keeps what was searched."""
    standing: dict[int, list[InterestMatch]] = {}
    ids = [one.id for one in interests]
    rows = select(InterestMatch).where(InterestMatch.interest_id.in_(ids), InterestMatch.ended_seq.is_(None))
    for row in db.session.scalars(rows.order_by(InterestMatch.id)):
        standing.setdefault(row.interest_id, []).append(row)
    ended: list[int] = []
    made: list[tuple[int, str, Likeness]] = []
    for interest in interests:
        if interest.party not in seen:
            seen[interest.party] = vendors_like(interest.party, lists)
        wanted = dict(seen[interest.party])
        for row in standing.get(interest.id, ()):
            if wanted.get(row.vendor_key) == Likeness(row.record_id, row.vendor, row.level, row.score):
                del wanted[row.vendor_key]
            else:
                ended.append(row.id)
        made += [(interest.id, key, likeness) for key, likeness in wanted.items()]
    return Changes(tuple(ended), tuple(made))


def vendors_like(party: str, lists: CityLists) -> dict[str, Likeness]:
    """The vendors that a party may be by their keys, the surest first, at most MOST."""
    found: dict[str, Likeness] = {}
    for level, score, item in lists.scored(VENDOR_LIST, party):
        likeness = Likeness(item.record_id, str(item.record["name"])[:500], level, round(score * 1000))
        found.setdefault(item.key, likeness)
        if len(found) == MOST:
            break
    return found


def write(told: Changes, seq: int) -> None:
    """Ends and makes rows under one entry."""
    if told.ended:
        db.session.execute(update(InterestMatch).where(InterestMatch.id.in_(told.ended)).values(ended_seq=seq))
    if told.made:
        db.session.execute(insert(InterestMatch), [_row(*one, seq) for one in told.made])
    db.session.flush()


def _row(interest_id: int, key: str, likeness: Likeness, seq: int) -> Mapping[str, object]:
    return {
        "interest_id": interest_id,
        "record_id": likeness.record_id,
        "vendor_key": key,
        "vendor": likeness.vendor,
        "level": likeness.level,
        "score": likeness.score,
        "seq": seq,
    }


def standing_of(interest_ids: Iterable[int]) -> list[InterestMatch]:
    """The matches that stand for these interests, the surest first."""
    rows = select(InterestMatch).where(InterestMatch.interest_id.in_(list(interest_ids)), InterestMatch.ended_seq.is_(None))
    order = {"exact": 0, "likely": 1, "possible": 2}
    return sorted(db.session.scalars(rows), key=lambda row: (row.interest_id, order[row.level], -row.score, row.id))
