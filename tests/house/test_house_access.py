"""Who may open what: every route, asked by every actor, must answer as access.yaml says, which no code reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select

from coi.models import (
    AuditEntry,
)
from coi.rules.permissions import Permission

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
def wrong(app, db, engine, world, built_world):
    """`wrong(case)`: one after the other, who did not get what the file says: actor, what was expected, what came."""

    def afresh() -> None:
        db.session.remove()
        db.engine.dispose()
        engine.restore("world")
        built_world.lay_files()

    def browser(actor: str) -> FlaskClient:
        client = app.test_client()
        if actor != "nobody":
            with client.session_transaction() as cookie:
                cookie["sign_in"] = built_world.sign_ins[actor]
        return client

    def run(case: Case, only: frozenset[str] = EVERYBODY) -> Iterator[tuple[str, str, str]]:
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
                yield actor, expected, got
            elif expected != SERVED and entries(db) != before:
                yield actor, expected, "a refused request left an entry"

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
    assert list(wrong(case)) == []


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
    assert next(wrong(case, frozenset({NO, HIDDEN})), None) is not None


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
