"""verify.py and `audit verify --workbook` find every kind of tampering, name the row, and trust no key that was not given."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from coi.exports.queries import VERIFIER
from coi.models import Installation

TAMPERED: dict[str, Callable[[Path], None]] = {}


@pytest.fixture
def key(db) -> str:
    return db.session.scalars(select(Installation.key)).one()


def verify(*arguments: str) -> tuple[int, str]:
    """What the program says on an auditor's laptop: another process, nothing of the city's imported."""
    reply = subprocess.run([sys.executable, "-I", str(VERIFIER), *arguments], capture_output=True, text=True, check=False)
    return reply.returncode, reply.stdout + reply.stderr


def edited(path: Path, change: Callable[..., None]) -> None:
    """The workbook after somebody changed it with a spreadsheet program."""
    book = load_workbook(path)
    change(book)
    book.save(path)


def cell(sheet: str, at: str, value: object) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        edited(path, lambda book: book[sheet].__setitem__(at, value))

    return change


def test_a_workbook_is_true_with_the_key_its_fingerprint_or_a_file_of_it(make, filed, key, tmp_path):
    from coi.exports.seal import fingerprint

    book, file = make(), tmp_path / "key.txt"
    file.write_text(key + "\n")
    for told in (key, fingerprint(key), str(file)):
        status, said = verify(str(book.path), "--key", told, "--seal", str(book.seal_file))
        assert (status, "altered" in said) == (0, False), said


def test_only_a_checkpoint_of_ones_own_can_be_too_new_for_a_workbook(make, filed, key, runner, tmp_path):
    book, kept = make("--as-of", "2026-03-02T15:04:05Z"), tmp_path / "kept.json"
    runner.invoke(args=["audit", "checkpoint", "--out", str(kept)])
    told = [verify(str(book.path), "--key", key, *more) for more in ((), ("--checkpoint", str(kept)))]
    assert [(status, said.count("can't tell about the rest")) for status, said in told] == [(0, 0), (0, 1)]


def test_without_a_key_it_only_agrees_with_itself(make, filed):
    status, said = verify(str(make().path))
    assert status == 3
    assert "you must know from elsewhere" in said


def test_another_key_is_not_the_citys(make, filed):
    status, said = verify(str(make().path), "--key", "A" * 43 + "=")
    assert status == 1
    assert "another key" in said


def test_the_workbook_passes_after_openpyxl_saved_it(make, filed, key):
    book = make()
    edited(book.path, lambda _book: None)
    assert verify(str(book.path), "--key", key)[0] == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (cell("Outcomes", "D2", "Somebody Else"), "Outcomes, row 2"),
        (cell("Outcomes", "I3", "2026-01-01"), "Outcomes, row 3"),
        (cell("Population", "C2", None), "Population, row 2"),
        (cell("Not filed", "A2", "=1+1"), "Not filed, row 2"),
        (cell("Columns", "D2", "x"), "Columns, row 2"),
        (cell("Outcomes", "A1", "Ref"), "headings"),
        (cell("Outcomes", "AG2", "beside"), "row 2"),
        (cell("About", "B3", "another"), "About"),
        (cell("Summary", "B4", 99), "Summary"),
        (cell("Audit", "D3", "account:1"), "entry 2"),
        (cell("Audit", "A4", 7), "entry 3"),
        (cell("Audit", "C2", "2026-03-02 11:04:05"), "entry 1"),
        (cell("Audit", "I2", "0" * 64), "entry 1"),
        (lambda path: edited(path, lambda book: book["Outcomes"].delete_rows(3)), "Outcomes"),
        (lambda path: edited(path, lambda book: book["Audit"].delete_rows(book["Audit"].max_row)), "Audit"),
        (lambda path: edited(path, lambda book: book.remove(book["Audit"])), "Audit"),
        (lambda path: edited(path, lambda book: book.remove(book["Outcomes"])), "Outcomes"),
    ],
)
def test_what_was_altered_is_found_and_named(make, filed, key, runner, change, told):
    book = make()
    change(book.path)
    status, said = verify(str(book.path), "--key", key, "--seal", str(book.seal_file))
    assert (status, told in said) == (1, True), said
    reply = runner.invoke(args=["audit", "verify", "--workbook", str(book.path)])
    assert (reply.exit_code, told.split(",")[0] in reply.stderr) == (1, True), reply.output


def swap(book, first: int, second: int) -> None:
    sheet = book["Outcomes"]
    for column in range(1, sheet.max_column + 1):
        one, other = sheet.cell(first, column), sheet.cell(second, column)
        one.value, other.value = other.value, one.value


def test_rows_in_another_order_are_said_to_be_so(make, filed, key):
    book = make()
    edited(book.path, lambda made: swap(made, 2, 3))
    assert "another order" in verify(str(book.path), "--key", key, "--seal", str(book.seal_file))[1]
    assert "another order" in verify(str(book.path), "--key", key)[1]


def test_a_cell_rewritten_with_its_proof_is_found_by_the_root_and_named_by_the_seal_file(make, filed, key, runner):
    from coi.exports.registers.columns import OUTCOMES
    from coi.exports.verify import Workbook

    book = make()
    edited(book.path, lambda made: made["Outcomes"].__setitem__("D2", "Somebody Else"))
    read = Workbook(book.path)
    proof = read.reading("outcomes", dict(read.rows("Outcomes"))[2], [spec.type for spec in OUTCOMES])[1]
    edited(book.path, lambda made: made["Outcomes"].__setitem__("AE2", proof))
    status, said = verify(str(book.path), "--key", key)
    assert (status, "can't be known without the seal file" in said) == (1, True)
    status, said = verify(str(book.path), "--key", key, "--seal", str(book.seal_file))
    assert (status, "Outcomes, row 2" in said) == (1, True)
    assert "Outcomes, row 2" in runner.invoke(args=["audit", "verify", "--workbook", str(book.path)]).stderr


def test_a_seal_rewritten_by_hand_is_not_the_citys(make, filed, key):
    book = make()

    def change(made) -> None:
        for row in made["About"].iter_rows():
            if row[0].value == "Seal":
                row[1].value = row[1].value.replace('"kind":"standard"', '"kind":"full"')

    edited(book.path, change)
    status, said = verify(str(book.path), "--key", key)
    assert (status, "signature does not hold" in said) == (1, True)


def test_an_older_checkpoint_exposes_a_recomputed_log(make, filed, key, runner, tmp_path):
    from coi.audit.chain import GENESIS, Link, entry_hash

    kept = tmp_path / "kept.json"
    assert runner.invoke(args=["audit", "checkpoint", "--out", str(kept)]).exit_code == 0
    book = make()
    assert verify(str(book.path), "--key", key, "--checkpoint", str(kept))[0] == 0

    def recompute(made) -> None:
        prev = GENESIS
        for row in made["Audit"].iter_rows(min_row=2):
            seq, at, _local, actor, event, subject, details, *_rest = (one.value for one in row)
            actor = "account:99" if seq == 2 else actor
            made_hash = entry_hash(prev, actor=actor, at=at, details=details, event=event, seq=seq, subject=subject)
            assert Link(seq, at, actor, event, subject, details, prev, made_hash)
            row[3].value, row[7].value, row[8].value, prev = actor, prev, made_hash, made_hash

    edited(book.path, recompute)
    status, said = verify(str(book.path), "--key", key, "--checkpoint", str(kept))
    assert (status, "rewritten" in said) == (1, True)


@pytest.mark.parametrize("content", [b"", b"PK", b"<html>", b"PK\x05\x06" + b"\0" * 18], ids=["empty", "cut", "page", "zip"])
def test_what_is_no_workbook_is_unreadable(content, tmp_path, app, runner):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert verify(str(path))[0] == 2
    assert runner.invoke(args=["audit", "verify", "--workbook", str(path)]).exit_code == 2


def test_wrong_use_is_status_2(tmp_path):
    assert verify()[0] == 2
    assert verify(str(tmp_path / "missing.xlsx"))[0] == 2


def test_a_formula_put_into_the_xml_is_found(make, filed, key, tmp_path):
    book, forged = make(), tmp_path / "forged.xlsx"
    with ZipFile(book.path) as source, ZipFile(forged, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet4.xml":
                content = re.sub(rb'<c r="D2"[^>]*>.*?</c>', b'<c r="D2"><f>1+1</f><v>2</v></c>', content, count=1)
            target.writestr(name, content)
    assert "Outcomes, row 2" in verify(str(forged), "--key", key)[1]


def test_the_verifier_needs_the_standard_library_alone_and_fits_on_a_few_pages():
    text = VERIFIER.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    lines = [line.partition("#")[0].split() for line in text.splitlines() if line.startswith(("import ", "from "))]
    imported = {one.strip(",").split(".")[0] for line in lines for one in (line[1:] if line[0] == "import" else line[1:2])}
    assert imported <= set(sys.stdlib_module_names)


def test_the_seal_file_holds_the_proofs_of_every_row(make, filed):
    book = make()
    kept = json.loads(book.seal_file.read_text())
    assert {key: len(proofs) for key, proofs in kept["proofs"].items()} == {
        key: told["rows"] for key, told in kept["seal"]["sheets"].items()
    }
