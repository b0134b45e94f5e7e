"""What the table of access points to before the final body: a case, one that a member declared, a meeting with a motion."""

from typing import Any

from coi.ballots import MotionKind
from coi.db import db
from coi.models import BodyDeclaration, Meeting, MeetingRecord, Motion
from coi.vocabulary import Outcome, Role, State
from tests.city import CLOCK
from tests.factories import AccountFactory, Cast, PersonFactory, RoleGrantFactory, an_entry, filing


def before_a_body(cast: Cast) -> dict[str, str]:
    """Rae records, Cle reads who stays out of what, Cam is a member; Rae and Cam have no conflict with one of two cases."""
    seq = an_entry(CLOCK)
    rae = PersonFactory(number="001098", name="Rae Recorder", email="rae@city.example", department="City Clerk", version=seq)
    RoleGrantFactory(account=AccountFactory(person=rae, seq=seq), role=Role.RECORDER, seq=seq)
    cle = PersonFactory(number="001097", name="Cle Clerk", email="cle@city.example", department="City Clerk", version=seq)
    RoleGrantFactory(account=AccountFactory(person=cle, seq=seq), role=Role.RECUSAL_READER, seq=seq)
    cam = PersonFactory(number=None, name="Cam Member", email="cam@city.example", employee=False, version=seq)
    RoleGrantFactory(account=AccountFactory(person=cam, seq=seq), role=Role.COMMISSIONER, seq=seq)
    made = {"before_body": "COI-2026-BODY01", "declared": "COI-2026-BODY02", "meeting": "MTG-2026-WORLD1", "motion": "2026-03-1"}
    told: dict[str, Any] = {"desk": "commission", "form_id": "tests_small"}
    filing(cast.finn.person, State.ESCALATED, None, reference=made["before_body"], reporting_year=2021, **told)
    case = filing(cast.finn.person, State.ESCALATED, None, reference=made["declared"], reporting_year=2022, **told)
    row: dict[str, Any] = {"disclosure_id": case.id, "filer_id": case.filer_id, "version_id": case.versions[0].id, "at": CLOCK}
    for one in (rae, cam):
        db.session.add(BodyDeclaration(person_id=one.id, conflict=False, seq=seq, **row))
    held = Meeting(reference=made["meeting"], at=CLOCK, seq=seq)
    present = {"present": [cam.id], "by_id": rae.id, "at": CLOCK, "seq": seq}
    held.records.append(MeetingRecord(held_on=CLOCK.date(), minutes="Book 1", **present))
    counts = {"yes": 0, "no": 0, "abstained": 0, "recused": 0, "counted": 4, "quorum": 4, "carried": False}
    who = {"mover_id": cam.id, "seconder_id": cast.sam.person.id, "recorded_by_id": rae.id}
    words = {"name": made["motion"], "kind": MotionKind.DECIDE, "text": "That it stop.", "outcome": Outcome.NOT_PERMITTED}
    held.motions.append(Motion(seq=seq, **row, **counts, **who, **words))
    db.session.add(held)
    db.session.flush()
    return made
