"""Who may open what: every route, asked by every actor, must answer as access.yaml says, which no code reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select

from coi.accounts.roles import ask_grant
from coi.audit.actions import make_checkpoint
from coi.audit.chain import sha256
from coi.db import db as database
from coi.models import (
    AddressFault,
    AuditEntry,
    Obligation,
    Person,
    PolicyFile,
    PolicyUpload,
    PolicyVersion,
    RosterImport,
    StepAside,
)
from coi.notices.actions import post
from coi.notices.bounces import key, mark_failed
from coi.people.keeping import keep
from coi.questionnaires import drafts
from coi.questionnaires.loading import read_form, shipped_path
from coi.questionnaires.written import as_text
from coi.rules.permissions import Permission
from coi.vocabulary import Kind, Role, State
from tests.city import CLOCK
from tests.exports.workbooks import on_offer
from tests.factories import OPERATOR, SMALL_FORM, CampaignFactory, QuestionnaireFactory, an_entry, filing, find_cast, make_sign_in
from tests.house.papers import on_paper

SERVED, NO, HIDDEN, SIGN_IN = "yes", "no", "hidden", "sign_in"
EVERYBODY = frozenset({SERVED, NO, HIDDEN, SIGN_IN})


@dataclass(frozen=True)
class Case:
    """One endpoint, one method, one subject: what becomes of whom."""

    endpoint: str
    method: str
    at: tuple[tuple[str, str], ...]
    data: tuple[tuple[str, str], ...]
    expected: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return "-".join((self.endpoint, self.method, *(name for _, name in self.at)))


@lru_cache
def table() -> dict[str, Any]:
    """The file, with every `yes` and `no` as the text that it is (YAML 1.2)."""
    from ruamel.yaml import YAML

    told: dict[str, Any] = YAML(typ="safe", pure=True).load(Path(__file__).with_name("access.yaml"))
    return told


def cases() -> Iterator[Case]:
    """The lines of the file, one for each subject and method."""
    for endpoint, told in table()["routes"].items():
        for one in told if isinstance(told, list) else [told]:
            for method in ("GET", "POST"):
                if method in one:
                    named = {**dict.fromkeys(table()["actors"], one[method].get("others", "?")), **one[method]}
                    expected = tuple((actor, named[actor]) for actor in table()["actors"])
                    yield Case(endpoint, method, pairs(one.get("at")), pairs(one.get("data")), expected)


def pairs(told: dict[str, Any] | None) -> tuple[tuple[str, str], ...]:
    """A mapping as something that can be hashed."""
    return tuple((name, str(value)) for name, value in (told or {}).items())


CASES = list(cases())
# What addresses point to: Finn's filings, each with Olu as its reviewer.
WORLD = {
    "draft": State.DRAFT,
    "submitted": State.SUBMITTED,
    "in_review": State.IN_REVIEW,
    "returned": State.RETURNED,
    "escalated": State.ESCALATED,
    "decided": State.DECIDED,
}


@pytest.fixture
def world(db, cast) -> dict[str, str]:
    """The reference behind each name of an address."""
    return build_world(db)


def build_world(db) -> dict[str, str]:
    """One filing of Finn's in every state; the references are the same each time."""
    cast = find_cast()
    made = {name: f"COI-2026-{name.upper().replace('_', '')[:6]}" for name in WORLD}
    for name, state in WORLD.items():
        reviewer = None if state in (State.DRAFT, State.SUBMITTED) else cast.olu.person
        filing(cast.finn.person, state, reviewer, reference=made[name])
    made |= {f"letter_{kind}": letter_to(cast.finn.person, kind) for kind in ("receipt", "question", "reset")}
    made["adas_workbook"] = on_offer(cast.ada.person, cast.ada.actor, CLOCK).reference
    made["checkpoint"] = make_checkpoint("tests", OPERATOR, CLOCK)["head"]
    made |= {"upload": keep(b"number,name\n000999,New Person\n", "roster.csv", False, CLOCK), "roster": a_roster()}
    made |= owed_forms(cast)
    QuestionnaireFactory(form_id="city-coi", content=city_form(), sha256=sha256("city-coi"))
    made |= asked_and_held(cast)
    mark_failed("finn@city.example", "no such user", OPERATOR, CLOCK)
    made["finns_fault"] = key(database.session.scalars(select(AddressFault)).one())
    made["form_draft"] = a_form_draft(cast)
    made |= years_and_papers(cast)
    made |= on_paper(cast)
    db.session.commit()
    return {**made, "unknown": "COI-2026-XXXXXX"}


@lru_cache
def city_form() -> dict[str, Any]:
    """The form that the profile asks for, published without another check: read once."""
    return read_form(shipped_path("city-coi"))


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
    return {"two_years": "COI-2026-TWOYEA", "state_form": "COI-2026-STATES", "finns_recusal": "REC-2026-WORLD1"}


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


def outcome(reply) -> str:
    """What an answer is, in the words of the file."""
    if reply.status_code in (301, 302, 303, 307, 308) and reply.location.split("?")[0].endswith("/sign-in"):
        return SIGN_IN
    served = (200, 302, 303, 409, 422)
    return {403: NO, 404: HIDDEN}.get(reply.status_code, SERVED if reply.status_code in served else str(reply.status_code))


def address(app: Flask, case: Case, world: dict[str, str]) -> str:
    """The path that the case asks for."""
    values = {name: value[1:] if value.startswith("=") else world[value] for name, value in case.at}
    with app.test_request_context():
        return url_for(case.endpoint, **values)


def ask(client: FlaskClient, case: Case, path: str) -> str:
    """Sends the request of a case."""
    reply = client.open(path, method=case.method, data=dict(case.data) if case.method == "POST" else None)
    return outcome(reply)


def entries(db) -> int:
    """How long the audit log is."""
    count: int = db.session.scalar(select(func.count()).select_from(AuditEntry))
    return count


def views(app: Flask) -> dict[str, Any]:
    """Every view with its endpoint."""
    return dict(app.view_functions)


@pytest.fixture
def wrong(app, db, engine, world):
    """`wrong(case)`: what each actor got who did not get what the file says."""

    def afresh() -> None:
        db.session.remove()
        db.engine.dispose()
        engine.restore("cast")
        build_world(db)

    def browser(actor: str) -> FlaskClient:
        client = app.test_client()
        if actor != "nobody":
            token = make_sign_in(find_cast()[actor].account, CLOCK)
            with client.session_transaction() as cookie:
                cookie["sign_in"] = token
        return client

    def run(case: Case, only: frozenset[str] = EVERYBODY) -> dict[str, tuple[str, str]]:
        found = {}
        path = address(app, case, world)
        # The refused come first: they change nothing, which is tested too. Who is served may change what the next one finds.
        for actor, expected in sorted(case.expected, key=lambda pair: pair[1] == SERVED):
            if expected not in only:
                continue
            if case.method == "POST" and expected == SERVED:
                afresh()
            client, before = browser(actor), entries(db)
            got = ask(client, case, path)
            if got != expected:
                found[actor] = (expected, got)
            elif expected != SERVED and entries(db) != before:
                found[actor] = (expected, "a refused request left an entry")
        return found

    return run


def test_every_view_names_its_permission(app):
    assert [name for name, view in views(app).items() if not isinstance(getattr(view, "permission", None), Permission)] == []


def test_every_route_is_in_the_table(app):
    asked = {
        (rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods or () if method in ("GET", "POST")
    }
    told = {(case.endpoint, case.method) for case in CASES}
    assert {"without a line": sorted(asked - told), "without a route": sorted(told - asked)} == {
        "without a line": [],
        "without a route": [],
    }


def test_every_line_says_something_of_everybody():
    known = {SERVED, NO, HIDDEN, SIGN_IN}
    assert [(str(case), actor) for case in CASES for actor, expected in case.expected if expected not in known] == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_route_answers_as_the_table_says(wrong, case):
    assert wrong(case) == {}


# What is not there is hidden from everybody, with or without a permission; so is a letter whose link is a secret.
FOR_NOBODY = {"unknown", "letter_reset"}
GUARDED = [
    case
    for case in CASES
    if {NO, HIDDEN} & {what for _, what in case.expected} and not FOR_NOBODY & {name for _, name in case.at}
]


@pytest.mark.parametrize("case", GUARDED, ids=str)
def test_a_route_whose_permission_is_gone_is_caught(wrong, case, monkeypatch):
    monkeypatch.setattr("coi.gate.allows", lambda *_arguments: True)
    assert wrong(case, frozenset({NO, HIDDEN})) != {}


def test_no_address_holds_a_number_of_a_row(app):
    assert [rule.rule for rule in app.url_map.iter_rules() if "int:" in rule.rule or "<id>" in rule.rule] == []


def test_every_address_is_kebab_case(app):
    plain = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint != "assets.serve"]
    fixed = ["".join(part for part in rule.split("/") if "<" not in part) for rule in plain]
    assert [rule for rule, part in zip(plain, fixed, strict=True) if part != part.lower() or "_" in part] == []


def test_every_route_refuses_other_methods(app, client, world):
    answers = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in {case.endpoint for case in CASES}:
            case = next(case for case in CASES if case.endpoint == rule.endpoint)
            answers[rule.endpoint] = client.open(address(app, case, world), method="DELETE").status_code
    assert {name: code for name, code in answers.items() if code != 405} == {}


def test_every_post_needs_the_token_of_its_form(app, sign_in, world, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = sign_in("sia")
    posts = [case for case in CASES if case.method == "POST"]
    answers = {case.endpoint: client.post(address(app, case, world)).status_code for case in posts}
    assert {name: code for name, code in answers.items() if code != 400} == {}
