"""What the addresses of access.yaml point to: filings in every state, forms, papers, letters, requests of the cast."""

import shutil
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from coi.accounts.roles import ask_grant
from coi.audit.actions import make_checkpoint
from coi.audit.chain import sha256
from coi.db import db as database
from coi.duties.actions import go_away
from coi.exports import samples
from coi.models import (
    AddressFault,
    Disclosure,
    Obligation,
    Person,
    PolicyFile,
    PolicyUpload,
    PolicyVersion,
    ReadGrant,
    Recusal,
    RosterImport,
    StepAside,
    SupervisorQuestion,
)
from coi.notices.actions import post
from coi.notices.bounces import key, mark_failed
from coi.people.keeping import keep
from coi.questionnaires import drafts
from coi.questionnaires.loading import read_form, shipped_path
from coi.questionnaires.written import as_text
from coi.review import batches, together
from coi.vocabulary import Kind, Risk, Role, State, WhileAway
from tests.casefiles.made import on_offer as a_case_file
from tests.city import CLOCK
from tests.exports.workbooks import on_offer
from tests.factories import OPERATOR, SMALL_FORM, CampaignFactory, QuestionnaireFactory, an_entry, filing, find_cast, make_sign_in
from tests.house.before_a_body import before_a_body
from tests.house.papers import on_paper
from tests.house.parties import a_known_vendor
from tests.plans.made import by_hand
from tests.records.went_out import for_the_public

# What addresses point to: Finn's filings, each with Olu as its reviewer.
WORLD = {
    "draft": State.DRAFT,
    "submitted": State.SUBMITTED,
    "in_review": State.IN_REVIEW,
    "returned": State.RETURNED,
    "escalated": State.ESCALATED,
    "decided": State.DECIDED,
}


class BuiltWorld:
    """What a kept world is besides its rows: the names of its addresses, and its files, which a test may take away."""

    def __init__(self, names: dict[str, str], sign_ins: dict[str, str], folder: Path, copy: Path) -> None:
        """`sign_ins`: the tokens of everybody's cookies; `folder` is where the app keeps files, `copy` an empty one of ours."""
        self.names, self.sign_ins, self.folder, self.copy = names, sign_ins, folder, copy
        shutil.copytree(folder, copy, dirs_exist_ok=True)

    def lay_files(self) -> None:
        """Puts every file back where it was."""
        shutil.copytree(self.copy, self.folder, dirs_exist_ok=True)


def build_world() -> dict[str, str]:
    """One filing of Finn's in every state, and what else addresses point to: the reference behind each name of an address."""
    cast = find_cast()
    made = {name: f"COI-2026-{name.upper().replace('_', '')[:6]}" for name in WORLD}
    for name, state in WORLD.items():
        reviewer = None if state in (State.DRAFT, State.SUBMITTED) else cast.olu.person
        filing(cast.finn.person, state, reviewer, reference=made[name])
    made |= {f"letter_{kind}": letter_to(cast.finn.person, kind) for kind in ("receipt", "question", "reset")}
    decided = database.session.scalars(select(Disclosure).where(Disclosure.reference == made["decided"])).one()
    made["sias_case_file"] = a_case_file(decided, cast.sia.person, cast.sol.person, an_entry(CLOCK)).reference
    made["adas_workbook"] = on_offer(cast.ada.person, cast.ada.actor, CLOCK).reference
    made["checkpoint"] = make_checkpoint("tests", OPERATOR, CLOCK)["head"]
    made |= {"upload": keep(b"number,name\n000999,New Person\n", "roster.csv", False, CLOCK), "roster": a_roster()}
    made["vendor_file"] = keep(b"name\nAcme Paving\n", "vendors.csv", True, CLOCK, "vendors")
    made |= owed_forms(cast)
    made["adas_sample"] = a_sample(cast)
    QuestionnaireFactory(form_id="city-coi", content=city_form(), sha256=sha256("city-coi"))
    made |= asked_and_held(cast)
    mark_failed("finn@city.example", "no such user", OPERATOR, CLOCK)
    made["finns_fault"] = key(database.session.scalars(select(AddressFault)).one())
    made["form_draft"] = a_form_draft(cast)
    made |= years_and_papers(cast)
    made |= on_paper(cast)
    made |= duties_apart(cast)
    made["finns_plan"], made["finns_condition"] = by_hand(cast, decided)
    made["new_contract"] = a_known_vendor(made["in_review"])
    made |= together_with(cast)
    made |= before_a_body(cast)
    made |= for_the_public(cast, made)
    database.session.commit()
    return {**made, "unknown": "COI-2026-XXXXXX"}


def everybody_signs_in() -> dict[str, str]:
    """A sign-in of this very moment for each of the cast: the token that the cookie carries, by name."""
    cast = find_cast()
    tokens = {name: make_sign_in(cast[name].account, CLOCK) for name in cast}
    database.session.commit()
    return tokens


@lru_cache
def city_form() -> dict[str, Any]:
    """The form that the profile asks for, published without another check: read once."""
    return read_form(shipped_path("city-coi"))


def together_with(cast) -> dict[str, str]:
    """A group of Olu's cases, and the batch that Olu began of it: what an address calls them. Finn's have conditions: not one."""
    made = filing(cast.kit.person, State.IN_REVIEW, cast.olu.person, reference="COI-2026-KITLOW")
    made.rank = len(Risk) - 1
    database.session.flush()
    group = next(one for one in together.groups(cast.olu.actor, "mine", least=1) if made.id in dict(one.members))
    batch = batches.begin(group, [made.reference], "once", cast.olu.actor, CLOCK)
    return {"olus_group": group.key, "olus_batch": batch.reference, "kits_low": made.reference}


def a_sample(cast) -> str:
    """A sample of one, which Ada drew: what an address calls it."""
    wanted = samples.Wanted(None, "", "random", 1, "world", "world", only_filed=False)
    return samples.keep(samples.plan(wanted, CLOCK), cast.ada.actor, CLOCK).reference


def asked_and_held(cast) -> dict[str, str]:
    """A role that Dee asked for Kit and that waits, Olu's role, two accounts: what an address calls them."""
    made = ask_grant(cast.kit.account, Role.RECORDER, None, "a new recorder", cast.dee.actor, CLOCK)
    made.reference = "REQ-2026-WORLD1"
    pieces = {name: cast[name].account.fs_uniquifier[:16] for name in ("olu", "finn", "dee")}
    accounts = {"finns_account": pieces["finn"], "dees_account": pieces["dee"]}
    return {**accounts, "dees_request": made.reference, "olus_role": f"{pieces['olu']}.reviewer"}


def years_and_papers(cast) -> dict[str, str]:
    """Two years of the same form, a form of the State, and what Finn stepped aside from: what an address calls them."""
    around: dict[str, Any] = {"kind": Kind.NEW_POSITION, "form_id": "tests_small"}
    before = filing(cast.finn.person, State.DECIDED, cast.olu.person, reference="COI-2025-BEFORE", reporting_year=2024, **around)
    before.first_submitted_at = CLOCK - timedelta(days=365)
    filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, reference="COI-2026-TWOYEA", reporting_year=2025, **around)
    state = {"form_id": "pa-sec-1", "kind": Kind.LEAVING}
    filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, reference="COI-2026-STATES", **state)
    told = {
        "matter": "The paving of Queen Street",
        "party": "Acme Paving",
        "since": CLOCK.date(),
        "at": CLOCK,
        "seq": an_entry(CLOCK),
    }
    who = {"person_id": cast.finn.person.id, "supervisor_id": cast.sam.person.id}
    database.session.add(StepAside(reference="REC-2026-WORLD1", **who, **told))
    return {
        "finns_fact": a_question_of_fact(cast),
        "two_years": "COI-2026-TWOYEA",
        "state_form": "COI-2026-STATES",
        "finns_recusal": "REC-2026-WORLD1",
    }


def a_question_of_fact(cast) -> str:
    """A question that Olu put to Sam, Finn's supervisor."""
    asked = database.session.scalars(select(Disclosure).where(Disclosure.reference == "COI-2026-INREVI")).one()
    who = {"filer_id": cast.finn.person.id, "supervisor_id": cast.sam.person.id, "asked_by_id": cast.olu.person.id}
    told = {"text": "Does Finn order paving?", "at": CLOCK, "seq": an_entry(CLOCK), **who}
    database.session.add(SupervisorQuestion(reference="ASK-2026-WORLD1", disclosure_id=asked.id, **told))
    return "ASK-2026-WORLD1"


def duties_apart(cast) -> dict[str, str]:
    """Ren stepped out of a case, Olu will be away, a filing is open to Ada: what an address calls them."""
    left = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, reference="COI-2026-RENOUT", kind=Kind.CHANGE)
    database.session.add(Recusal(disclosure_id=left.id, reviewer_id=cast.ren.person.id, reason="a friend", seq=an_entry(CLOCK)))
    soon = CLOCK.date() + timedelta(days=7)
    plan = go_away(cast.olu.person.id, soon, soon + timedelta(days=4), WhileAway.NEXT, None, cast.olu.actor, CLOCK)
    opened = database.session.scalars(select(Disclosure).where(Disclosure.reference == "COI-2026-ESCALA")).one()
    days = {"starts_on": CLOCK.date(), "ends_on": CLOCK.date() + timedelta(days=13), "at": CLOCK, "seq": an_entry(CLOCK)}
    who = {"auditor_id": cast.ada.person.id, "asked_by_id": cast.sia.person.id, "approved_by_id": cast.sol.person.id}
    words = {"reference": "OPN-2026-WORLD1", "reason": "a sample", "request": "REQ-2026-WORLD9"}
    case = {"disclosure_id": opened.id, "filer_id": opened.filer_id}
    database.session.add(ReadGrant(**case, **words, **who, **days))
    pieces = {f"{name}s_account": cast[name].account.fs_uniquifier[:16] for name in ("olu", "sia")}
    return {**pieces, "rens_recusal": "COI-2026-RENOUT", "olus_absence": plan.reference}


def owed_forms(cast) -> dict[str, str]:
    """A campaign in which Finn, and Dee of the desk, owe a form; and a policy: what an address calls them."""
    campaign, seq = CampaignFactory(), an_entry(CLOCK)
    around = {"campaign_id": campaign.id, "part_id": campaign.parts[0].id, "kind": Kind.ANNUAL, "occasion": "campaign:2026"}
    told = {**around, "reporting_year": 2025, "told_on": CLOCK.date(), "due_on": campaign.parts[0].due_on, "seq": seq}
    for name in ("finn", "dee"):
        person = cast[name].person
        row = {"reference": f"DUE-2026-{name.upper()}", "person_id": person.id, "form_id": "tests_small", "name": person.name}
        database.session.add(Obligation(**row, **told))
    words = {"title": {"en": "Code"}, "text": {"en": "Be fair."}, "sha256": sha256("Be fair.")}
    code: dict[str, Any] = {"policy_id": "code-of-conduct", "effective_on": CLOCK.date(), "seq": seq, **words}
    version = PolicyVersion(version="1", **code)
    database.session.add(version)
    database.session.flush()
    paper = {"filename": "code.pdf", "sha256": sha256("pdf"), "content": b"%PDF-1.7"}
    database.session.add(PolicyFile(policy_version_id=version.id, seq=seq, **paper))
    database.session.add(PolicyUpload(reference="POL-2026-WORLD1", version="2", by=OPERATOR.name, at=CLOCK, **code))
    return {"finns_form": "DUE-2026-FINN", "dees_form": "DUE-2026-DEE", "put_in": "POL-2026-WORLD1"}


def a_form_draft(cast) -> str:
    """A form that Sia writes: the small one with other words."""
    content = {**SMALL_FORM, "form": {**SMALL_FORM["form"], "version": "2"}}
    made = drafts.begin(as_text(content), "small.yaml", cast.sia.actor, CLOCK)
    made.reference = "FRM-2026-WORLD1"
    return made.reference


def a_roster() -> str:
    """A roster import that changed nothing; gives its reference."""
    counts = dict.fromkeys(("rows", "added", "changed", "left", "unchanged", "refused", "active_after"), 0)
    told = {"filename": "roster.csv", "sha256": sha256("roster"), "full": False, "actor": OPERATOR.name, "at": CLOCK}
    database.session.add(RosterImport(reference="ROS-2026-WORLD1", seq=an_entry(CLOCK), **told, **counts))
    return "ROS-2026-WORLD1"


def letter_to(person: Person, kind: str) -> str:
    """A letter of a kind in the outbox; gives what an address calls it."""
    once = f"world:{kind}"
    post(kind, person, CLOCK, once, reference="COI-2026-INREVI", token="a-token")
    return sha256(once)[:32]
