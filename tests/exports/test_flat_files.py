"""Csv and JSON Lines beside the workbook: csv runs in no program, JSON Lines are exact, proofs can be made again."""

import csv
import hashlib
import io
import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from coi.audit.queries import links
from coi.exports.cells import Repairs, cell_text, frame_hash
from coi.exports.flat import field, file_of
from coi.exports.registers.columns import SHEETS
from coi.models import Decision, Export
from coi.vocabulary import Event, Outcome
from tests.city import CLOCK
from tests.exports.workbooks import on_offer
from tests.factories import an_entry

LIVE = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\nx", " =1", "  +x", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x", "|x", "%x"]
HIDDEN = ["\x00=1+1", "\ufeff=1", "\u200b@x", "\xa0=1", "\u2060=1", '=cmd|" /C calc"!A1', '=HYPERLINK("http://x.example","y")']


@pytest.mark.parametrize("text", [*LIVE, *HIDDEN], ids=ascii)
def test_what_a_program_could_run_is_neutralised_after_it_was_cleaned(text):
    ((shown,),) = csv.reader(io.StringIO(field(cell_text(text, Repairs())), newline=""))
    assert shown == "'" + cell_text(text, Repairs())


PLAIN = ["00123", "1e5", "1/2", "2026-01-02", "TRUE", "1" * 20, 'a "b", c', "a\nb", "x=1", "", "ñ", "#REF!"]


@pytest.mark.parametrize("text", PLAIN)
def test_every_other_text_is_quoted_and_read_back_as_it_is(text):
    told = field(text)
    assert (told[0], told[-1]) == ('"', '"')
    assert list(csv.reader(io.StringIO(told, newline=""))) == [[text]]


@pytest.fixture
def made(make, filed, db, cast):
    """A workbook with its sheets in both formats; one reason is a formula and longer than a cell."""
    kit = filed["kit"]
    what = {"reference": "DEC-1", "filer_id": kit.filer_id, "version_id": kit.versions[-1].id, "outcome": Outcome.NO_CONFLICT}
    long = {"reason_for_filer": "=y\r" + "é" * 40_000, "internal_reasoning": "SECRET"}
    db.session.add(Decision(disclosure_id=kit.id, by_id=cast.olu.person.id, at=CLOCK, seq=an_entry(), **what, **long))
    db.session.commit()
    return make("--formats", "xlsx,csv,jsonl")


def read(path: Path, name: str) -> str:
    with ZipFile(path) as zipped:
        return zipped.read(name).decode()


def rows_of_csv(path: Path, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(read(path, name).removeprefix("\ufeff"), newline="")))


def test_csv_has_every_sheet_with_the_cells_of_the_workbook(made):
    zipped, seal = file_of(made.path, "csv"), json.loads(made.seal_file.read_text())
    with ZipFile(zipped) as one:
        keys = [name.removesuffix(".csv") for name in one.namelist()]
    assert set(keys) == {"about", "summary", "audit", *seal["seal"]["sheets"]}
    for key, proofs in seal["proofs"].items():
        headings, *rows = rows_of_csv(zipped, f"{key}.csv")
        assert headings == [*(heading for heading, _kind in seal["seal"]["sheets"][key]["columns"]), "Row proof"]
        assert [row[-1] for row in rows] == proofs
    assert [row[0] for row in rows_of_csv(zipped, "about.csv")][-2:] == ["Seal", "Checkpoint"]
    (decision,) = rows_of_csv(zipped, "decisions.csv")[1:]
    shown = made.table("Decisions")[0]["Reason for the filer"]
    assert (decision[4], shown[-3:]) == (f"'{shown}", "[…]")
    assert re.search(r'(^|,|\n)[^",\r\n\ufeff]', re.sub(r'"(""|[^"])*"', '""', read(zipped, "decisions.csv"))) is None
    assert "SECRET" not in read(zipped, "decisions.csv")


def test_json_lines_are_exact_and_hold_codes(made, filed):
    zipped = file_of(made.path, "jsonl")
    (decision,) = [json.loads(line) for line in read(zipped, "decisions.jsonl").splitlines()]
    assert decision["reason"] == "=y\r" + "é" * 40_000
    assert (decision["outcome"], decision["undone"], decision["decided_at"]) == ("no_conflict", "no", "2026-03-02T10:04:05-05:00")
    rows = {one["reference"]: one for one in map(json.loads, read(zipped, "outcomes.jsonl").splitlines())}
    finn = rows[filed["finn"].reference]
    assert (finn["kind"], finn["state"], finn["interests"], finn["due_on"]) == ("annual", "in_review", 1, "2026-05-01")
    people = [json.loads(line) for line in read(zipped, "population.jsonl").splitlines()]
    assert {tuple(one["kinds"]) for one in people} == {("annual",)}
    log = [json.loads(line) for line in read(zipped, "audit.jsonl").splitlines()]
    assert [one["hash"] for one in log] == [row["Hash"] for row in made.table("Audit")]


def test_about_and_summary_are_lines_too_with_the_hashes_of_the_seal(made):
    zipped, seal = file_of(made.path, "jsonl"), json.loads(made.seal_file.read_text())["seal"]
    told = {
        key: [json.loads(line)["texts"] for line in read(zipped, f"{key}.jsonl").splitlines()] for key in ("about", "summary")
    }
    assert [row[0] for row in told["about"][-2:]] == ["Seal", "Checkpoint"]
    for key, rows in (("about", told["about"][:-2]), ("summary", told["summary"])):
        assert frame_hash(key, rows) == seal["frame"][key]
    with ZipFile(zipped) as lines, ZipFile(file_of(made.path, "csv")) as fields:
        assert [Path(one).stem for one in lines.namelist()] == [Path(one).stem for one in fields.namelist()]


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_line_of_a_sheet_has_a_key_twice(sheet):
    keys = [spec.key for spec in SHEETS[sheet]]
    assert (len(set(keys)), "proof" in keys) == (len(keys), False)


def test_a_line_and_its_proof_belong_together_as_the_auditors_page_says(made):
    recipe = re.search(r"```python\n(# proofs of JSON Lines.*?)```", Path("docs/auditor.md").read_text(), re.DOTALL)
    told: dict[str, object] = {}
    source = recipe[1].replace("EXP-2026-7K3F9Q.jsonl.zip", str(file_of(made.path, "jsonl")))
    exec(compile(source.replace("EXP-2026-7K3F9Q.seal.json", str(made.seal_file)), "recipe", "exec"), told)
    assert told["wrong"] == []
    assert told["looked_at"] > 50


def test_their_hashes_and_sizes_stand_in_the_log_and_on_the_row(made, db):
    entry = next(json.loads(link.details) for link in links() if link.event == Event.REGISTER_EXPORTED.code)
    export = db.session.scalars(select(Export)).one()
    for name in ("csv", "jsonl"):
        whole = file_of(made.path, name).read_bytes()
        assert entry["files"][name] == export.files[name] == {"sha256": hashlib.sha256(whole).hexdigest(), "size": len(whole)}


def test_the_files_change_nothing_in_the_workbook(make, filed):
    asked = ("--as-of", "2026-03-02T15:04:05Z")
    seals = [json.loads(make(*asked, *more).seal_file.read_text()) for more in ((), ("--formats", "csv"))]
    assert seals[0]["proofs"] == seals[1]["proofs"]
    assert seals[0]["seal"]["filters"] == seals[1]["seal"]["filters"]


def test_only_what_was_asked_for_is_offered_and_each_download_is_an_entry(sign_in, campaign, cast, db):
    ada, export = sign_in("ada"), on_offer(cast.ada.person, cast.ada.actor, CLOCK)
    reference, export.files = export.reference, {"csv": export.files["csv"]}
    db.session.commit()
    page = ada.get("/exports/").text
    assert ("Download as csv" in page, "Download as JSON Lines" in page) == (True, False)
    reply = ada.get(f"/exports/{reference}/csv")
    assert (reply.data, reply.headers["Content-Disposition"]) == (b"flat", f'attachment; filename="{reference}.csv.zip"')
    assert ada.get(f"/exports/{reference}/json-lines").status_code == 404
    assert [link.event for link in links()].count("register:downloaded") == 1


def test_they_are_asked_for_on_the_page(sign_in, campaign, db):
    sign_in("ada").post("/exports/", data={"campaign": "2026", "language": "en", "json_lines": "y", "csv": "y"})
    assert db.session.scalars(select(Export)).one().filters["formats"] == ["csv", "jsonl"]
