"""A seeded city in the middle of its campaign: departments of one person and of many, every standing, every outcome, letters."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from lxml import html

from coi.models import Campaign, CampaignPart, Leave, Letter, Obligation
from coi.vocabulary import Kind, Outcome, Risk, State
from tests.city import CLOCK
from tests.factories import CampaignFactory, PersonFactory, an_entry, filing

TODAY = date(2026, 3, 2)
SIZES = {"Streets": 14, "Water": 9, "Police": 12, "Fire": 6, "Clerk": 3, "Mayor": 1, "": 5}
GROUPS = {"Police": ["Police Union"], "Fire": ["Fire Union", "Management"], "Mayor": ["Elected"], "": [""]}


@pytest.fixture
def campaign(db, cast) -> Campaign:
    """The campaign of 2026, opened in January, due at the end of February for some and of April for the others."""
    made = CampaignFactory(opened_at=CLOCK - timedelta(days=50), part__due_on=date(2026, 4, 30), part__opens_on=date(2026, 1, 12))
    early = CampaignPart(
        campaign_id=made.id, position=1, groups=["Police Union"], opens_on=date(2026, 1, 12), due_on=date(2026, 2, 27)
    )
    db.session.add(early)
    db.session.commit()
    return made


@pytest.fixture
def town(db, cast, campaign) -> Campaign:
    """Fifty people, half of them filed; cases of all sorts; letters that left, wait, came back."""
    draw, seq, number = random.Random(5), an_entry(CLOCK), 0
    late_part, main_part = sorted(campaign.parts, key=lambda part: part.due_on)
    for department, size in SIZES.items():
        for _each in range(size):
            number += 1
            group = draw.choice(GROUPS.get(department, ["Civilian Union", "Management"]))
            person = PersonFactory(name=f"Somebody {number:03}", department=department, group=group, version=seq)
            part = late_part if group == "Police Union" else main_part
            owes = owed(campaign, part, person, number, seq)
            filed_on = date(2026, 1, 14) + timedelta(days=draw.randrange(46)) if draw.random() < 0.55 else None
            owes.settled_on = filed_on
            owes.excused = filed_on is None and draw.random() < 0.15
            db.session.add(owes)
            db.session.flush()
            if filed_on is not None:
                a_case(draw, campaign, person, owes, cast)
            elif number % 3 == 0:
                filing(person, State.DRAFT, obligation_id=owes.id, campaign_id=campaign.id)
            elif number % 5 == 0:
                away = {"leave_from": TODAY - timedelta(days=3), "leave_to": TODAY + timedelta(days=9), "hold_letters": True}
                db.session.add(Leave(person_id=person.id, seq=seq, **away))
            letters(db, person, number, seq)
    moved = PersonFactory(name="Somebody Twice", department="Streets", group="Management", version=seq)
    first, second = owed(campaign, main_part, moved, 900, seq), owed(campaign, main_part, moved, 901, seq)
    first.settled_on, second.kind, second.department, second.occasion = TODAY, Kind.NEW_POSITION, "Water", "moved"
    db.session.add_all([first, second])
    ended = owed(campaign, main_part, PersonFactory(version=seq), 902, seq)
    ended.ended_seq = seq
    db.session.add(ended)
    db.session.commit()
    return campaign


def owed(campaign: Campaign, part: CampaignPart, person: Any, number: int, seq: int) -> Obligation:
    """What one person owes, as opening the campaign leaves it."""
    return Obligation(
        reference=f"OB-{number:04}",
        person_id=person.id,
        campaign_id=campaign.id,
        part_id=part.id,
        form_id="tests_small",
        kind=Kind.ANNUAL,
        occasion=f"campaign:2026:{number}",
        reporting_year=2025,
        told_on=date(2026, 1, 12),
        due_on=part.due_on,
        number=person.number,
        name=person.name,
        department=person.department,
        title=person.title,
        group=person.group,
        seq=seq,
    )


def a_case(draw: random.Random, campaign: Campaign, person: Any, owes: Obligation, cast: Any) -> None:
    """The filing of somebody who filed, somewhere on its way."""
    state = draw.choice([State.SUBMITTED, State.IN_REVIEW, State.ESCALATED, *[State.DECIDED] * 5, State.WITHDRAWN])
    reader = None if state is State.SUBMITTED else cast[draw.choice(("olu", "ren"))].person
    made = filing(person, state, reader, campaign_id=campaign.id, obligation_id=owes.id)
    made.first_submitted_at = CLOCK - timedelta(days=draw.choice((1, 9, 20, 47)), hours=2)
    made.risk = draw.choice([*[Risk.NONE] * 5, Risk.LOW, Risk.MEDIUM, Risk.CRITICAL])
    if state is State.DECIDED:
        made.outcome = draw.choice([*[Outcome.NO_CONFLICT] * 4, Outcome.NOTED, Outcome.MANAGED])
        made.decided_at = made.first_submitted_at + timedelta(days=draw.choice((0, 3, 7, 15, 40)), hours=1)


def letters(db: Any, person: Any, number: int, seq: int) -> None:
    """One letter in the time of the campaign, and one from before it."""
    fates = [{"sent_at": CLOCK}, {"sent_at": CLOCK}, {}, {"dropped": "bounced"}, {"dropped": "no_address"}, {"dropped": "filed"}]
    for place, made_at in enumerate((CLOCK - timedelta(days=10), CLOCK - timedelta(days=400))):
        told = {"kind": "invitation", "person_id": person.id, "language": "en", "subject": "s", "text": "t", "html": "h"}
        around = {
            "message_id": f"<{number:030}{place:02}@tests>",
            "once": f"{number}:{place}",
            "due_at": made_at,
            "made_at": made_at,
        }
        db.session.add(Letter(**told, **around, seq=seq, **fates[number % len(fates)]))


@pytest.fixture
def tables():
    """`tables(reply)`: the rows of each figure of a page: {figure: [(label, [(text, address or None)])]}."""

    def read(reply: Any) -> dict[str, list[tuple[str, list[tuple[str, str | None]]]]]:
        found = {}
        for section in html.fromstring(reply.text).xpath("//section[contains(@class, 'coi-figure')]"):
            rows = []
            for row in section.xpath(".//tbody/tr"):
                cells = [
                    (
                        "".join((cell.xpath("./a/text()") or cell.xpath(".//text()"))[:1]).strip(),
                        next(iter(cell.xpath("./a/@href")), None),
                    )
                    for cell in row.xpath("./td")
                ]
                rows.append((row.xpath("string(./th)").strip(), cells))
            found[section.xpath("./h2/@id")[0]] = rows
        return found

    return read
