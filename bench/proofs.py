"""What proving costs: a log of a million honest entries verified, and a workbook of 100,000 of them made and verified twice.

    python -m bench.proofs [--entries 1000000] [--rows 100000] [--folder /tmp/proofs] [--soffice]

Makes a city of its own in the folder (SQLite), writes honest entries into its log by the bulk generator, and runs what
auditors run: `flask audit verify`, `flask exports run`, verify.py, verify.html in Chromium; with --soffice also a
workbook that LibreOffice saved. Prints a table; a false alarm is printed as such.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, text

from bench.bulk import _entries
from coi.config import ROOT

FLASK = [sys.executable, "-m", "flask", "--app", "app"]
VERIFIER, PAGE = ROOT / "coi" / "exports" / "verify.py", ROOT / "coi" / "exports" / "verify.html"


def run(what: str, *command: str, folder: Path) -> str:
    """Runs a command, prints how long it took and how much memory, and gives what it said."""
    env = {**os.environ, "COI_DATABASE_URL": f"sqlite:///{folder / 'coi.db'}", "COI_FOLDER": str(folder), "COI_DEMO": "1"}
    began = time.monotonic()
    timed = ["/usr/bin/time", "-f", "%U %S %M", "-o", str(folder / "time")] if Path("/usr/bin/time").exists() else []
    done = subprocess.run([*timed, *command], env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    wall = time.monotonic() - began
    figures = (folder / "time").read_text().split()[-3:] if timed else ["0", "0", "0"]
    cpu, memory = float(figures[0]) + float(figures[1]), int(figures[2]) // 1024
    said = (done.stdout + done.stderr).strip().splitlines()
    print(f"{what:<58}{wall:8.1f} s{cpu:8.1f} s CPU{memory:6} MiB   status {done.returncode}: {said[-1][:90] if said else ''}")
    return done.stdout


def fill(folder: Path, entries: int) -> None:
    """Honest entries behind those that there are, a hundred thousand at a time."""
    engine = create_engine(f"sqlite:///{folder / 'coi.db'}")
    with engine.begin() as connection:
        there = connection.scalar(text("SELECT count(*) FROM audit_entries"))
        while there < entries:
            there = _entries(connection, min(100_000, entries - there), datetime.now(UTC))


def by_page(book: Path, key: str) -> None:
    """verify.html in a browser without a network."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import chromium_of

    with sync_playwright() as playwright:
        browser = chromium_of(playwright)
        page = browser.new_context(offline=True).new_page()
        page.goto(PAGE.as_uri())
        page.locator("#workbook").set_input_files(book)
        page.locator("#key").fill(key)
        began = time.monotonic()
        page.locator("#check").click()
        page.locator("#verdict").wait_for(timeout=600_000)
        wall = time.monotonic() - began
        print(f"{'verify.html in Chromium':<58}{wall:8.1f} s{'':26}{page.locator('#status').inner_text()}")
        browser.close()


def by_libreoffice(folder: Path, book: Path, key: str) -> None:
    """The workbook after LibreOffice opened and saved it."""
    saved = folder / "saved"
    command = ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(saved), str(book)]
    run("LibreOffice opens and saves the workbook", *command, folder=folder)
    run(
        "verify.py on what LibreOffice saved",
        sys.executable,
        "-I",
        str(VERIFIER),
        str(saved / book.name),
        "--key",
        key,
        folder=folder,
    )
    by_page(saved / book.name, key)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/proofs"))
    parser.add_argument("--soffice", action="store_true")
    told = parser.parse_args()
    shutil.rmtree(told.folder, ignore_errors=True)
    told.folder.mkdir(parents=True)
    run("a city of 60 people", *FLASK, "demo", "--people", "60", "--no-serve", folder=told.folder)
    small = told.folder / "small.xlsx"
    run("a small workbook", *FLASK, "exports", "run", "--out", str(small), folder=told.folder)
    key = json.loads(small.with_name("small.seal.json").read_text())["seal"]["key"]
    if told.soffice:
        by_libreoffice(told.folder, small, key)
    fill(told.folder, told.rows)
    book = told.folder / "book.xlsx"
    run(f"a workbook with {told.rows:,} entries", *FLASK, "exports", "run", "--out", str(book), folder=told.folder)
    seal = ("--seal", str(book.with_name("book.seal.json")))
    run("verify.py", sys.executable, "-I", str(VERIFIER), str(book), "--key", key, *seal, folder=told.folder)
    by_page(book, key)
    run("flask audit verify --workbook", *FLASK, "audit", "verify", "--workbook", str(book), folder=told.folder)
    fill(told.folder, told.entries)
    run(f"flask audit verify of {told.entries:,} entries", *FLASK, "audit", "verify", folder=told.folder)


if __name__ == "__main__":
    main()
