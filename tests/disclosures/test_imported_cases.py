"""Cases with known answers through `filings import FILE --report OUT`: same errors, same signed answers, same flags; once."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from coi.disclosures import queries
from coi.models import AuditEntry, Disclosure, DisclosureVersion, Flag, Letter, Obligation, Settlement, Transition
from tests.city import CLOCK
from tests.disclosures.steps import published
from tests.factories import PersonFactory

# Lines as an import takes them, each with what must come of it under `expect`; the people and companies are made up.
CASES = [json.loads(line) for line in Path(__file__).with_name("imported_cases.jsonl").read_text(encoding="utf-8").splitlines()]
TABLES = (AuditEntry, Disclosure, DisclosureVersion, Flag, Letter, Obligation, Settlement, Transition)


def line(case: dict[str, Any]) -> dict[str, Any]:
    """A case without what is expected of it."""
    return {name: value for name, value in case.items() if name != "expect"}


@pytest.fixture
def people(cast, clock) -> None:
    """The City with its form, and everybody whom the cases name, after the last of them was signed."""
    clock.move_to(datetime(2026, 11, 20, 15, 0, tzinfo=CLOCK.tzinfo))
    published()
    for number, case in enumerate(CASES):
        PersonFactory(number=case["employee"], name=f"Made Up {number}", search_name=f"made up {number}")


@pytest.fixture
def imported(db, people, runner, tmp_path) -> Any:
    """`imported()`: imports the cases; gives the exit code and the report as it was written."""
    path, report = tmp_path / "filings.jsonl", tmp_path / "report.jsonl"
    path.write_text("\n".join(json.dumps(line(case), ensure_ascii=False) for case in CASES), encoding="utf-8")

    def run() -> tuple[int, str]:
        told = runner.invoke(args=["filings", "import", str(path), "--report", str(report)])
        return told.exit_code, report.read_text(encoding="utf-8")

    return run


def by_place(flags: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Flags in an order of their own: in which they are told is nobody's promise."""
    return sorted(flags, key=lambda flag: json.dumps(flag, sort_keys=True))


def test_the_report_says_of_each_line_what_the_format_says(imported):
    code, report = imported()
    rows = [json.loads(row) for row in report.splitlines()]
    assert code == 1
    assert [row["line"] for row in rows] == list(range(1, len(CASES) + 1))
    assert [list(row) for row in rows] == [["line", "accepted", "errors", "signed", "flags"]] * len(CASES)
    for row, case in zip(rows, CASES, strict=True):
        expected = case["expect"]
        assert (case["employee"], row["accepted"]) == (case["employee"], expected["accepted"])
        assert sorted(error["path"] for error in row["errors"]) == expected["errors"]
        assert all(list(error) == ["path", "message"] and error["message"] for error in row["errors"])
        assert row["signed"] == expected["signed"]
        assert by_place(row["flags"]) == by_place(expected["flags"])


def test_what_is_kept_is_what_the_report_says(db, imported):
    imported()
    kept = {one.filer.number: one for one in db.session.scalars(select(Disclosure))}
    assert sorted(kept) == [case["employee"] for case in CASES if case["expect"]["accepted"]]
    for case in CASES:
        if case["expect"]["accepted"]:
            version = queries.version_of(kept[case["employee"]])
            flags = [(one.risk.value, one.question_id, one.entry_number, one.reason) for one in version.flags]
            told = [(flag["risk"], flag["question"], flag["entry"], flag["reason"]) for flag in case["expect"]["flags"]]
            assert sorted(flags, key=str) == sorted(told, key=str)
            assert (version.filer, version.signed_name) == (case["filer"], case["signed_name"])


def test_the_same_file_again_reports_the_same_and_changes_nothing(db, imported):
    first = imported()
    before = [db.session.scalar(select(func.count()).select_from(table)) for table in TABLES]
    assert imported() == first
    assert [db.session.scalar(select(func.count()).select_from(table)) for table in TABLES] == before


def test_two_gifts_of_one_person_are_two_filings(db, people, runner, tmp_path):
    [gift] = [line(case) for case in CASES if case["kind"] == "gift"]
    other = {**gift, "answers": {**gift["answers"], "gifts": gift["answers"]["gifts"][:1]}}
    path, report = tmp_path / "gifts.jsonl", tmp_path / "report.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in (gift, other)), encoding="utf-8")
    assert runner.invoke(args=["filings", "import", str(path), "--report", str(report)]).exit_code == 0
    rows = [json.loads(row) for row in report.read_text(encoding="utf-8").splitlines()]
    assert [len(row["signed"]["gifts"]) for row in rows] == [2, 1]
    assert db.session.scalar(select(func.count()).select_from(Disclosure)) == 2
