"""The Outcomes sheet: ours over HTTP, a plain select with openpyxl, the exports of Flask-Admin and Django import-export.

    python -m bench.export --rows 50000 [--sizes 10000 100000 500000] [--folder var/bench] [--skip-others]

Ours is what a person does: sign in, ask on the page, a worker process makes the workbook with its proofs and seal, download.
Counted is the CPU of web and worker from the POST to the last byte, the clock to the first and last byte, and the worker's peak
memory. The others get one flat table of the finished rows and write it in a process of their own, without HTTP. Each size is a
database of its own, made by bench/bulk.py and bench/owed.py.
"""

import argparse
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

from app import create_app
from bench import bulk, owed
from bench.queue import city, officer
from coi.config import ROOT
from coi.db import db, transaction
from coi.exports.jobs import run_waiting
from coi.exports.registers.columns import OUTCOMES
from coi.setting_up import init_here
from coi.vocabulary import Role
from tests.factories import PASSPHRASE

SECRET = "a secret of one measurement"
VENV = ROOT / "var" / "bench-venv"
KINDS = {"whole": "INTEGER", "date": "DATE", "instant": "DATETIME"}


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=50_000)
    asked.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 500_000])
    asked.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    asked.add_argument("--times", type=int, default=3, help="the best of so many")
    asked.add_argument("--formats", nargs="*", default=[], choices=("csv", "json_lines"))
    asked.add_argument("--skip-others", action="store_true")
    asked.add_argument("--worker", action="store_true", help="be the process that makes the workbooks")
    told = asked.parse_args()
    if told.worker:
        work()
    found: dict[str, dict[str, float]] = {}
    for rows in sorted({told.rows, *told.sizes}):
        folder = made(told.folder / str(rows), rows)
        found[f"ours, {rows:,}"] = ours(folder, told.times if rows == told.rows else 1, told.formats)
        line(f"ours, {rows:,}", found[f"ours, {rows:,}"], rows)
    if not told.skip_others:
        mine = found[f"ours, {told.rows:,}"]
        flat = flat_of(told.folder / str(told.rows))
        for name in ("plain", "flask-admin", "django"):
            other = others(name, flat, told.times if name == "plain" else 1)
            line(name, other, told.rows, mine["cpu"] / other["cpu"])
    if len(told.sizes) > 1:
        peaks = {rows: found[f"ours, {rows:,}"]["peak"] for rows in (min(told.sizes), max(told.sizes))}
        print(
            "peak memory from {} to {} rows: {:+.1f} MiB".format(
                *(f"{one:,}" for one in peaks), peaks[max(peaks)] - peaks[min(peaks)]
            )
        )


def line(name: str, told: dict[str, float], rows: int, ratio: float | None = None) -> None:
    first = f"{told['first']:.1f}" if "first" in told else "-"
    clock = f"{first:>8} s to the first{told['seconds']:>8.1f} s to the last byte"
    mark = f"   ours is {ratio:.3f} of it" if ratio else ""
    cost = f"{told['cpu']:>8.2f} s CPU{told['cpu'] / rows * 1e6:>7.0f} us a row"
    print(f"{name:<16}{cost}{clock}{told['peak']:>8.0f} MiB{told['bytes'] / 1e6:>8.1f} MB{mark}", flush=True)


def made(folder: Path, rows: int) -> Path:
    """The city of this size, made once."""
    done = folder / "made"
    if done.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    app, now = city(f"sqlite:///{folder / 'coi.db'}", folder), datetime.now(UTC)
    with app.app_context():
        init_here()
        with transaction():
            reviewers = [officer(f"reviewer{number}", Role.REVIEWER) for number in range(12)]
            seniors = [officer(name, Role.SENIOR_OFFICER) for name in ("sia", "sol")]
            officer("ada", Role.AUDITOR)
        db.session.remove()
        with closing(db.engine.raw_connection()) as own:
            for pragma in ("synchronous = OFF", "cache_size = -600000", "foreign_keys = OFF", "temp_store = MEMORY"):
                own.cursor().execute(f"PRAGMA {pragma}")
        with transaction():
            bulk.fill(db.session.connection(), int(rows * owed.FILED), reviewers, seniors, now, people=rows)
            owed.fill(db.session.connection(), rows, reviewers, seniors, now)
        db.session.remove()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
        db.engine.dispose()
    done.touch()
    print(f"{rows:,} obligations made in {(datetime.now(UTC) - now).seconds} s", file=sys.stderr, flush=True)
    return folder


def work() -> None:
    """The worker's own sweep for workbooks, and no other: letters to so many made-up people are not measured here."""
    app = create_app()
    while True:
        with app.app_context():
            run_waiting(datetime.now(UTC))
        time.sleep(0.5)


class Served:
    """Web and worker of one city, and the browser of an auditor in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        environment = {**os.environ, "COI_DATABASE_URL": f"sqlite:///{folder / 'coi.db'}", "COI_FOLDER": str(folder)}
        environment |= {"COI_DEMO": "1", "COI_SECRET_KEY": SECRET, "COI_PUBLIC_URL": f"http://localhost:{self.port}"}
        web = ["-m", "gunicorn", "-k", "gthread", "--no-control-socket", "--threads", "8", "--workers", "1"]
        web += ["--bind", f"127.0.0.1:{self.port}", "--access-logfile", "/dev/null", "app:web()"]
        log = (folder / "log").open("w")
        commands = (web, ["-m", "bench.export", "--worker"])
        self.processes = [
            psutil.Popen([sys.executable, *one], cwd=ROOT, env=environment, stdout=log, stderr=log) for one in commands
        ]
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Any:
        """An answer, not read yet."""
        return self.browser.open(f"http://localhost:{self.port}{path}", timeout=600)

    def token(self, path: str) -> str:
        """What the form of a page carries."""
        told = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path).read().decode())
        return told[1] if told else ""

    def post(self, path: str, token: str, **fields: Any) -> str:
        """Sends a form."""
        data = urlencode({"csrf_token": token, **fields}, doseq=True).encode()
        with self.browser.open(f"http://localhost:{self.port}{path}", data=data, timeout=60) as reply:
            return str(reply.read().decode())

    def ready(self) -> None:
        """Until the web answers and the worker has done what was due."""
        for _second in range(60):
            try:
                self.get("/accounts/sign-in").read()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(1)
        calm, last = 0, -1.0
        while calm < 2:
            time.sleep(1)
            used = self.cpu(1)
            calm, last = (calm + 1 if used - last < 0.3 else 0), used

    def cpu(self, which: int) -> float:
        """Seconds of CPU that web (0) or worker (1) have used, their children with them."""
        one = self.processes[which]
        return sum(sum(each.cpu_times()[:2]) for each in (one, *one.children(recursive=True)))

    def peak(self, which: int) -> float:
        """The most memory that a process held, in MiB."""
        told = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self.processes[which].pid}/status").read_text())
        return int(told[1]) / 1024 if told else 0.0

    def close(self) -> None:
        """Ends both."""
        for one in self.processes:
            one.terminate()
        for one in self.processes:
            one.wait(30)


def ours(folder: Path, times: int, formats: list[str]) -> dict[str, float]:
    """The best of several by CPU."""
    shutil.rmtree(folder / "exports", ignore_errors=True)
    served = Served(folder)
    try:
        served.ready()
        token = served.token("/accounts/sign-in")
        served.post("/accounts/sign-in", token, login="ada@city.example", passphrase=PASSPHRASE)
        once(served, ["outcomes"], formats)  # everything is loaded once, as in a city that runs
        return min((once(served, ["outcomes"], formats) for _time in range(times)), key=lambda told: told["cpu"])
    finally:
        served.close()


def once(served: Served, sheets: list[str], formats: list[str]) -> dict[str, float]:
    """From the POST to the last byte."""
    day = datetime.now(UTC).date()
    token = served.token("/exports/")
    before, began = [served.cpu(0), served.cpu(1)], time.perf_counter()
    with closing(sqlite3.connect(served.folder / "coi.db")) as own:
        last = own.execute("SELECT coalesce(max(id), 0) FROM exports").fetchone()[0]
        fields = {
            "campaign": str(day.year),
            "kind": "standard",
            "language": "en",
            "sheets": sheets,
            **dict.fromkeys(formats, "y"),
        }
        served.post("/exports/", token, **fields)
        while True:
            row = own.execute("SELECT reference, state FROM exports WHERE id > ? ORDER BY id DESC", (last,)).fetchone()
            if row and row[1] in ("done", "failed", "cancelled"):
                break
            time.sleep(0.05)
        worker = served.cpu(1) - before[1]
        if row[1] != "done":
            raise SystemExit(f"{row[0]} {row[1]}")
    with served.get(f"/exports/{row[0]}/workbook") as reply:
        whole, first = reply.read(1), time.perf_counter() - began
        whole += reply.read()
    (served.folder / "last.xlsx").write_bytes(whole)
    web, seconds = served.cpu(0) - before[0], time.perf_counter() - began
    with closing(sqlite3.connect(served.folder / "coi.db")) as own:  # asked for again within a minute it would be the same job
        own.execute("UPDATE exports SET asked_at = '2020-01-01 00:00:00.000000'")
        own.commit()
    return {"cpu": web + worker, "web": web, "first": first, "seconds": seconds, "peak": served.peak(1), "bytes": len(whole)}


def flat_of(folder: Path) -> Path:
    """One table with the rows of the workbook as they stand there, dates as dates."""
    from openpyxl import load_workbook

    flat = folder / "flat.db"
    flat.unlink(missing_ok=True)
    names = [(spec.key, KINDS.get(spec.type, "TEXT")) for spec in OUTCOMES] + [("proof", "TEXT")]
    columns = ", ".join(f'"{key}" {kind}' for key, kind in names)
    with closing(sqlite3.connect(flat)) as own:
        own.execute(f"CREATE TABLE flat (id INTEGER PRIMARY KEY, {columns})")
        sheet = load_workbook(folder / "last.xlsx", read_only=True)["Outcomes"]
        rows = (
            [_kept(value, kind) for value, (_key, kind) in zip(row, names, strict=True)]
            for row in sheet.iter_rows(min_row=2, values_only=True)
        )
        own.executemany(f"INSERT INTO flat VALUES (NULL, {', '.join('?' * len(names))})", rows)
        own.commit()
    return flat


def _kept(value: Any, kind: str) -> Any:
    if not isinstance(value, datetime):
        return value
    return value.strftime("%Y-%m-%d") if kind == "DATE" else value.strftime("%Y-%m-%d %H:%M:%S.000000")


def others(name: str, flat: Path, times: int) -> dict[str, float]:
    """What one of the others takes, the best of several by CPU."""
    if not VENV.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        subprocess.run([str(VENV / "bin" / "pip"), "install", "-q", "-r", "bench/requirements-export.txt"], cwd=ROOT, check=True)
    command = [str(VENV / "bin" / "python"), "-P", str(Path(__file__).with_name("export_others.py")), name, str(flat)]
    told = [json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _time in range(times)]
    return min(told, key=lambda one: float(one["cpu"]))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


if __name__ == "__main__":
    main()
