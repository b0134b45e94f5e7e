"""Every kind of tampering with a workbook is found by verify.py, alone and with the seal file, and named by the database."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from coi.exports.queries import VERIFIER
from coi.exports.verify import ORDER, signature_holds
from coi.models import Installation
from tests.exports.tampering import HOSTILE, TAMPERED, tampered


def verify(*arguments: str) -> tuple[int, list[str]]:
    """What the program says on an auditor's laptop."""
    reply = subprocess.run([sys.executable, "-I", str(VERIFIER), *arguments], capture_output=True, text=True, check=False)
    assert reply.stderr == ""
    return reply.returncode, reply.stdout.splitlines()


def said(lines: list[str], piece: str) -> bool:
    return any(piece in line for line in lines)


def test_each_is_found_and_named_as_far_as_it_can_be_known(make, filed, db, runner, tmp_path):
    kept = tmp_path / "kept.json"
    assert runner.invoke(args=["audit", "checkpoint", "--out", str(kept)]).exit_code == 0
    book, key = make(), db.session.scalars(select(Installation.key)).one()
    wrong = []
    for name, one in TAMPERED.items():
        path = tmp_path / "tampered.xlsx"
        shutil.copy(book.path, path)
        tampered(path, name)
        alone = verify(str(path), "--key", key)
        sealed = verify(str(path), "--key", key, "--seal", str(book.seal_file), "--checkpoint", str(kept))
        reply = runner.invoke(args=["audit", "verify", "--workbook", str(path)])
        here = (reply.exit_code, reply.stderr.splitlines())
        for who, (status, lines), piece in (
            ("alone", alone, one.alone),
            ("with the seal file", sealed, one.with_seal),
            ("the database", here, one.database),
        ):
            if status != 1 or not said(lines, piece):
                wrong.append((name, who, status, lines[:6]))
        wrong += [(name, "with the seal file", piece) for piece in one.more if not said(sealed[1], piece)]
    assert wrong == []


def test_the_honest_workbook_is_true_for_all_three(make, filed, db, runner):
    book, key = make(), db.session.scalars(select(Installation.key)).one()
    assert verify(str(book.path), "--key", key, "--seal", str(book.seal_file))[0] == 0
    assert runner.invoke(args=["audit", "verify", "--workbook", str(book.path)]).exit_code == 0


def test_a_seal_file_of_another_workbook_is_seen(make, filed, db):
    key = db.session.scalars(select(Installation.key)).one()
    one, other = make(), make("--language", "es")
    assert verify(str(one.path), "--key", key, "--seal", str(other.seal_file)) == (
        1,
        [
            "The seal on About is not the one in the seal file.",
            "Whether the whole log was written anew, only a checkpoint that you kept can tell.",
        ],
    )


def test_what_no_spreadsheet_program_writes_is_refused_in_a_sentence(make, filed, db, runner, tmp_path):
    book, key = make(), db.session.scalars(select(Installation.key)).one()
    wrong = []
    for name, change in HOSTILE.items():
        path = tmp_path / "hostile.xlsx"
        shutil.copy(book.path, path)
        change(path)
        status, lines = verify(str(path), "--key", key)
        reply = runner.invoke(args=["audit", "verify", "--workbook", str(path)])
        if status not in (1, 2) or not lines or reply.exit_code != status or reply.exception.__class__ is not SystemExit:
            wrong.append((name, status, lines[:3], reply.exit_code, repr(reply.exception)))
    assert wrong == []


@pytest.mark.parametrize("content", ["", "[]", "{}", "null", '{"seal": 1', "\x00"])
def test_a_file_that_is_no_seal_or_checkpoint_is_wrong_use(make, filed, tmp_path, content):
    book, other = make("--sheets", "columns"), tmp_path / "other.json"
    other.write_text(content)
    for option, what in (("--seal", "seal file"), ("--checkpoint", "checkpoint")):
        assert verify(str(book.path), option, str(other)) == (2, [f"other.json can't be read: it is no {what}."])


def test_a_key_that_is_none_is_wrong_use(make, filed):
    assert verify(str(make("--sheets", "columns").path), "--key", "rubbish")[0] == 2


def test_a_checkpoint_that_was_forged_or_is_of_another_installation_is_none_of_the_citys(make, filed, runner, tmp_path, db):
    kept, key = tmp_path / "kept.json", db.session.scalars(select(Installation.key)).one()
    runner.invoke(args=["audit", "checkpoint", "--out", str(kept)])
    told, book = json.loads(kept.read_text()), make()
    for change in ({"size": told["size"] - 1}, {"head": "0" * 64}, {"origin": "coi:other"}, {"signature": "A" * 86 + "=="}):
        kept.write_text(json.dumps({**told, **change}))
        status, lines = verify(str(book.path), "--key", key, "--checkpoint", str(kept))
        assert (status, lines[0]) == (1, "kept.json is not the city's: wrong signature, key or installation.")


def forged() -> list[tuple[str, str]]:
    """(key, signature) that no honest check accepts: points of small order, another s, pieces."""
    import base64

    def text(octets: bytes) -> str:
        return base64.b64encode(octets).decode()

    identity, order_four = (1).to_bytes(32, "little"), bytes(32)
    minus_one = (2**255 - 20).to_bytes(32, "little")
    beyond = (2**255 - 19 + 1).to_bytes(32, "little")
    zero, points = bytes(32), (identity, order_four, minus_one, beyond)
    return [(text(key), text(r + zero)) for key in points for r in points] + [("", ""), ("x", "y"), (text(b"1"), text(b"2"))]


def test_forged_signatures_do_not_hold(app):
    import base64

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from coi.audit.chain import public_text

    secret = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    key, mark = public_text(secret), secret.sign(b"text")
    other_s = mark[:32] + (int.from_bytes(mark[32:], "little") + ORDER).to_bytes(32, "little")
    assert signature_holds(key, base64.b64encode(mark).decode(), "text")
    assert not signature_holds(key, base64.b64encode(mark).decode(), "another")
    assert not signature_holds(key, base64.b64encode(other_s).decode(), "text")
    assert not signature_holds(key, base64.b64encode(mark[:63]).decode(), "text")
    assert [one for one in forged() if signature_holds(*one, "text")] == []
    assert Path(VERIFIER).is_file()
