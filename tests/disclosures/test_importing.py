"""Filings from a file: accepted whole or refused with every error; the same line twice files once; confirmed by the person."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from coi.disclosures import actions, queries
from coi.disclosures.importing import NotReadable, import_line, read
from coi.disclosures.signing import FaultsRemain, confirm_imported
from coi.errors import NotPossible
from coi.models import AuditEntry, Disclosure, DisclosureVersion, Letter, Obligation, PolicyReceipt, Transition
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.vocabulary import Kind, State
from tests.disclosures.steps import A_JOB, NOTHING, missing_doors, now, owed, published, signature
from tests.factories import OPERATOR


def a_line(number: str, **more: Any) -> dict[str, Any]:
    return {
        "employee": number,
        "form": "city-coi",
        "kind": "annual",
        "language": "en",
        "reporting_year": 2025,
        "answers": {**NOTHING, "has_future_job": "no", "has_stepped_aside": "no", "affirm": "yes"},
        "signed_name": "F. Filer",
        "signed_at": "2026-02-20",
        **more,
    }


@pytest.fixture
def line(db, cast) -> dict[str, Any]:
    """A line that is right for Finn, whatever doors the short form has."""
    disclosure = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    doors = dict.fromkeys(missing_doors(disclosure), "no")
    found = queries.evaluated(queries.draft_of(disclosure), now().date())
    answers = {door: "no" for door in doors if door in found.shown}
    actions.discard(disclosure, cast.finn.actor, now())
    db.session.commit()
    return {**a_line(cast.finn.person.number), "answers": {**answers, "affirm": "yes"}}


def put(line: Any) -> Any:
    return import_line(1, line if isinstance(line, bytes) else json.dumps(line).encode(), OPERATOR, now())


def count(db, model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_line_is_filed_by_the_actions_of_the_pages(db, cast, line):
    result = put({**line, "answers": {**line["answers"], **A_JOB}})
    assert result.errors == []
    assert (result.accepted, result.new) == (True, True)
    disclosure = db.session.scalar(select(Disclosure))
    version = queries.version_of(disclosure)
    assert (disclosure.state, disclosure.imported, version.imported) == (State.IN_REVIEW, True, True)
    assert (version.signed_name, version.signed_at.isoformat()) == ("F. Filer", "2026-02-20T05:00:00+00:00")
    assert db.session.get(Obligation, disclosure.obligation_id).settled_on is not None
    assert queries.is_unconfirmed(disclosure)
    assert count(db, Letter) == 0
    assert result.signed["outside_work"] == A_JOB["outside_work"] or "_key" not in str(result.signed)
    assert db.session.scalar(select(AuditEntry.actor).where(AuditEntry.event == "disclosure:submitted")) == OPERATOR.name


def test_the_same_line_again_changes_nothing(db, cast, line):
    first = put(line)
    entries = count(db, AuditEntry)
    again = put(dict(reversed(line.items())))
    assert (again.accepted, again.new, again.signed, again.flags) == (True, False, first.signed, first.flags)
    assert (count(db, AuditEntry), count(db, DisclosureVersion)) == (entries, 1)


def test_another_line_for_a_filed_form_is_refused(db, cast, line):
    put(line)
    refused = put({**line, "signed_name": "Somebody Else"})
    assert not refused.accepted
    assert refused.errors[0]["path"] == "employee"
    assert count(db, DisclosureVersion) == 1


def test_what_somebody_typed_here_is_not_written_over(db, cast, line):
    obligation = db.session.scalar(select(Obligation))
    disclosure = actions.start(obligation, cast.finn.actor, now())
    actions.save_draft(disclosure, {"has_gifts": "yes"}, {}, cast.finn.actor, now(), 0)
    assert put(line).errors[0]["path"] == "employee"
    assert queries.draft_of(disclosure).answers == {"has_gifts": "yes"}


def test_a_line_is_refused_with_every_error_at_its_path(db, cast, line):
    job = {"org": "", "work": "x", "dealing": ["none", "not_sure"], "my_part": "maybe", "zz": 1}
    wrong = {
        "answers": {**line["answers"], "has_outside_work": "yes", "outside_work": [job, 7], "no_such": "x", "has_gifts": True},
        "signed_name": "  ",
        "language": "fr",
        "signed_at": "tomorrow",
        "unknown": 1,
    }
    entries = count(db, AuditEntry)
    result = put({**line, **wrong})
    assert not result.accepted
    assert {error["path"] for error in result.errors} >= {
        "signed_name",
        "language",
        "signed_at",
        "unknown",
        "no_such",
        "has_gifts",
        "outside_work[0].org",
        "outside_work[0].dealing",
        "outside_work[0].my_part",
        "outside_work[0].zz",
        "outside_work[1]",
    }
    assert all(error["message"] for error in result.errors)
    assert len({error["path"] for error in result.errors}) == len(result.errors)
    assert (count(db, Disclosure), count(db, AuditEntry)) == (0, entries)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("employee", "999999"),
        ("employee", 1002),
        ("employee", "a\x00b"),
        ("employee", None),
        ("form", "no-such-form"),
        ("form", 7),
        ("form", "\ufffe"),
        ("kind", "yearly"),
        ("kind", {"is": "annual"}),
        ("reporting_year", "2025"),
        ("reporting_year", 1850),
        ("reporting_year", True),
        ("filer", ["level"]),
        ("answers", "yes"),
        ("answers", [1]),
        ("signed_at", "2030-01-01"),
        ("signed_at", 20260101),
        ("signed_name", "a\nb"),
        ("signed_name", "x" * 201),
        ("signed_name", 7),
        ("language", ["en"]),
    ],
)
def test_each_wrong_key_is_named(db, cast, line, key, value):
    result = put({**line, key: value})
    assert key in {error["path"] for error in result.errors}
    assert count(db, Disclosure) == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"not json",
        b"[1]",
        b'"text"',
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\\ud800"}',
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"answers": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}",
    ],
)
def test_what_is_no_filing_is_said_to_be_none(raw):
    with pytest.raises(NotReadable):
        read(raw)


def test_an_import_line_that_gives_the_filer_is_judged_by_that_alone(db, cast, line):
    only_policies = {"filer": {"level": "policies_only", "kind": "annual"}, "answers": {"consent": "yes"}}
    result = put({**line, **only_policies})
    assert result.errors == []
    assert queries.version_of(db.session.scalar(select(Disclosure))).filer == {"level": "policies_only", "kind": "annual"}


def test_a_gift_that_nobody_asked_for_can_be_imported(db, cast):
    published()
    meal = {"giver": "Acme", "owner": "me", "kind": "meal", "value": 75, "date": "2026-02-01", "kept": "kept", "my_part": "no"}
    result = put({**a_line(cast.finn.person.number), "kind": "gift", "answers": {"gifts": [meal], "affirm": "yes"}})
    assert result.errors == []
    disclosure = db.session.scalar(select(Disclosure))
    assert db.session.get(Obligation, disclosure.obligation_id).kind is Kind.GIFT
    assert result.signed["gifts"][0]["value"] == "75.00"
    assert [flag["risk"] for flag in result.flags] == ["medium"]
    assert result.flags[0]["entry"] == 0


def test_policies_stay_open_until_the_person_confirms(db, cast, line):
    load_from_profile(current_profile(), OPERATOR, now())
    put(line)
    disclosure = db.session.scalar(select(Disclosure))
    version = queries.version_of(disclosure)
    assert count(db, PolicyReceipt) == 0
    due = queries.policies_due(disclosure, version.filer, now().date())
    assert due
    with pytest.raises(FaultsRemain) as refusal:
        confirm_imported(disclosure, {}, signature(), cast.finn.actor, now())
    assert refusal.value.policies == due
    with pytest.raises(NotPossible):
        confirm_imported(disclosure, {}, signature(), cast.kit.actor, now())
    said = {str(one.id): {"receipt": "received"} for one in due}
    confirm_imported(disclosure, said, signature(), cast.finn.actor, now())
    assert not queries.is_unconfirmed(disclosure)
    assert count(db, PolicyReceipt) == len(due)
    assert queries.policies_due(disclosure, version.filer, now().date()) == []
    entry = db.session.get(AuditEntry, version.confirmed_seq)
    assert (entry.event, version.sha256 in entry.details) == ("disclosure:confirmed", True)
    assert confirm_imported(disclosure, said, signature(), cast.finn.actor, now()) is version
    assert count(db, PolicyReceipt) == len(due)


# The command.


def written(tmp_path: Path, *lines: Any) -> Path:
    path = tmp_path / "filings.jsonl"
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines) + b"\n\n")
    return path


def test_the_command_files_what_is_right_reports_the_rest_and_ends_with_one(db, cast, line, runner, tmp_path):
    path, report = written(tmp_path, line, b"not json", {**line, "employee": "999999"}), tmp_path / "report.jsonl"
    told = runner.invoke(args=["filings", "import", str(path), "--report", str(report)])
    assert told.exit_code == 1
    assert "1 accepted, 2 refused, of 3 lines." in told.stdout
    assert "line 2: the line: This line is not JSON" in told.stderr
    assert "line 3: employee:" in told.stderr
    rows = [json.loads(row) for row in report.read_text(encoding="utf-8").splitlines()]
    assert [(row["line"], row["accepted"]) for row in rows] == [(1, True), (2, False), (3, False)]
    assert set(rows[0]) == {"line", "accepted", "errors", "signed", "flags"}
    assert rows[0]["signed"] == line["answers"]
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.event == "filings:imported"))
    assert json.loads(entry.details) | {"sha256": ""} == {"sha256": "", "lines": 3, "accepted": 1, "refused": 2}


def test_the_same_file_again_writes_nothing(db, cast, line, runner, tmp_path):
    path = written(tmp_path, line)
    assert runner.invoke(args=["filings", "import", str(path)]).exit_code == 0
    rows = (count(db, AuditEntry), count(db, Transition))
    again = runner.invoke(args=["filings", "import", str(path)])
    assert again.exit_code == 0
    assert "1 accepted (1 of them were filed before), 0 refused" in again.stdout
    assert (count(db, AuditEntry), count(db, Transition)) == rows


def test_a_file_that_is_not_there_and_a_report_that_cannot_be_written_are_said(db, cast, line, runner, tmp_path):
    assert runner.invoke(args=["filings", "import", str(tmp_path / "none.jsonl")]).exit_code != 0
    told = runner.invoke(args=["filings", "import", str(written(tmp_path, line)), "--report", str(tmp_path / "no" / "out")])
    assert told.exit_code == 1
    assert "can't be written" in told.stderr
    assert count(db, Disclosure) == 0
