"""Letters about many people to those who lead and run the campaign: the list to check, who has not filed, who is long late."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import func, select

from coi.accounts.queries import holders
from coi.audit.chain import sha256
from coi.campaigns.waiting import Waiting, cleared_campaigns
from coi.db import db
from coi.departments.queries import heads
from coi.languages import day, speaking
from coi.models import Campaign, CampaignPart, Leave, Letter, Person
from coi.notices.actions import again, language_of, post, rewrite, stop
from coi.notices.wording import in_words
from coi.profiles.schema import Profile
from coi.rules.cadence import DIGESTS, digest, heads_on
from coi.rules.deadlines import on_leave
from coi.vocabulary import Role

LONG_LATE = DIGESTS[-1][0]
RUN_IT = frozenset({Role.CAMPAIGN_DESK, Role.ADMINISTRATOR, Role.SENIOR_OFFICER})


def write(everyone: list[Waiting], profile: Profile, on: date, now: datetime) -> int:
    """Writes what department heads, the campaign desk and the officers are to have by today; says how many letters are new."""
    wanted = _open_campaigns()
    if not wanted:
        return 0
    leaders = heads(profile)
    # Who runs a department and is away or gets no letters is left in peace, too.
    quiet = _quiet(on)
    leaders = {department: head for department, head in leaders.items() if head.id not in quiet}
    made = sum(_to_check(campaign, leaders, profile, on, now) for campaign in wanted)
    return made + _lists(everyone, leaders, profile, on, now)


def _open_campaigns() -> list[Campaign]:
    cleared = cleared_campaigns()
    # Locked: of two workers at once the second waits here, and then finds what the first has written.
    running = db.session.scalars(select(Campaign).where(Campaign.closed_seq.is_(None)).order_by(Campaign.id).with_for_update())
    return [one for one in running if one.id in cleared]


def _quiet(on: date) -> frozenset[int]:
    newest = select(func.max(Leave.id)).group_by(Leave.person_id)
    rows = db.session.scalars(select(Leave).where(Leave.id.in_(newest)))
    return frozenset(one.person_id for one in rows if one.hold_letters or on_leave(one.leave_from, one.leave_to, on))


def _to_check(campaign: Campaign, leaders: Mapping[str, Person], profile: Profile, on: date, now: datetime) -> int:
    """Three weeks before the opening each head is asked to look at the list; once it is open, nobody is asked any more."""
    opens = min((part.opens_on for part in campaign.parts if not part.paused), default=None)
    if opens is None or not profile.letters.cadence.get("heads", True):
        return 0
    if on >= opens:
        unsent = select(Letter).where(Letter.kind == "heads", Letter.sent_at.is_(None), Letter.dropped == "")
        for letter in db.session.scalars(unsent.where(Letter.once.startswith(f"heads:{campaign.year}:")).with_for_update()):
            stop(letter, "overtaken", now)
        return 0
    if on < heads_on(opens, profile.is_business_day):
        return 0
    led: dict[int, list[str]] = defaultdict(list)
    for department, head in leaders.items():
        led[head.id].append(department)
    made = 0
    for person_id, departments in sorted(led.items()):
        head = db.session.get_one(Person, person_id)
        once = f"heads:{campaign.year}:{person_id}"
        if not _there(once):
            post("heads", head, now, once, opens=_say(head, opens), department=", ".join(sorted(departments)))
            made += 1
    return made


def _lists(everyone: list[Waiting], leaders: Mapping[str, Person], profile: Profile, on: date, now: datetime) -> int:
    """For each due date that is long enough ago: who of a department is late, to its head; at the end a number to the desk."""
    running = select(Campaign.id, Campaign.year, CampaignPart.due_on).join(Campaign, Campaign.id == CampaignPart.campaign_id)
    made = 0
    rows = db.session.execute(running.where(Campaign.closed_seq.is_(None))).all()
    for campaign_id, year, due in sorted({(row.id, row.year, row.due_on) for row in rows}):
        step = digest(due, on, profile.is_business_day, profile.letters.cadence)
        late = [one for one in everyone if one.campaign_id == campaign_id and one.part_due == due and one.due_on < on]
        if step is None:
            continue
        by_department: dict[str, set[tuple[str, int]]] = defaultdict(set)
        for one in late:
            by_department[one.department].add((one.name, one.person_id))
        for department, head in sorted(leaders.items()):
            key = f"{year}:{due.isoformat()}:{sha256(department)[:16]}"
            names = sorted(name for name, person_id in by_department[department] if person_id != head.id)
            made += _digest(f"digest:{key}:{step}", head, department, names, due, now)
            if step == LONG_LATE:
                _stop_unsent(f"digest:{key}:{DIGESTS[0][0]}", now)
        if step == LONG_LATE and late:
            made += _to_the_desk(f"late_list:{year}:{due.isoformat()}", len({one.person_id for one in late}), on, now)
    return made


def _digest(once: str, head: Person, department: str, names: list[str], due: date, now: datetime) -> int:
    """One list for one head; while it has not left it is kept up to date, and stopped when nobody is late any more."""
    there = db.session.scalar(select(Letter).where(Letter.once == once).with_for_update())
    if there is not None and (there.sent_at is not None or there.claimed_at is not None):
        return 0
    if not names:
        _stop_unsent(once, now)
        return 0
    values = {"department": department, "due": _say(head, due), "names": "\n".join(names)}
    if there is None:
        post("digest", head, now, once, **values)
        return 1
    rewrite(there, in_words("digest", head.name, language_of(head), values), now)
    return int(again(once, now))


def _to_the_desk(once: str, count: int, on: date, now: datetime) -> int:
    made = 0
    for person in holders(RUN_IT, on):
        key = f"{once}:{person.id}"
        if not _there(key):
            post("late_list", person, now, key, count=count)
            made += 1
    return made


def _stop_unsent(once: str, now: datetime) -> None:
    wanted = select(Letter).where(Letter.once == once, Letter.sent_at.is_(None), Letter.claimed_at.is_(None))
    letter = db.session.scalar(wanted.with_for_update())
    if letter is not None and letter.dropped != "overtaken":
        stop(letter, "overtaken", now)


def _there(once: str) -> bool:
    return db.session.scalar(select(Letter.id).where(Letter.once == once)) is not None


def _say(person: Person, on: date) -> str:
    with speaking(language_of(person)):
        return day(on)
