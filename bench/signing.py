"""What one signing costs in CPU against an empty request, and how 500 filings from 100 clients at once fare.

    .venv/bin/python -m bench.signing --engine sqlite
    .venv/bin/python -m bench.signing --engine postgresql

A city of its own in a temporary folder: nothing is left behind. A signing is the whole POST of the one-page form by somebody
signed in: validation, triggers, routing, signature, audit, letters. The clients talk to gunicorn with threads over HTTP.
"""

import argparse
import queue
import statistics
import tempfile
import threading
import time
from pathlib import Path

from coi.audit.verify import faults
from coi.db import db, for_reading
from tests.disclosures.steps import NOTHING
from tests.engines import ENGINES
from tests.faults.filers import Filer, filers, is_receipt
from tests.faults.standing import Standing, standing, web

ONE_BY_ONE, CLIENTS, FILINGS = 100, 100, 500


def cpu_of(city: Standing, people: list[Filer]) -> tuple[float, float]:
    """CPU milliseconds of an empty request and of a signing, the median of each, in this process."""
    empty, signing = [], []
    for one in people:
        client = city.app.test_client()
        client.set_cookie("session", one.signed.cookie)
        data = {
            "csrf_token": one.signed.token,
            "asked": " ".join([*NOTHING, "outside_work", "anything_else"]),
            "revision": "0",
            "agreed": "yes",
            "signed_name": "Somebody",
            "key": one.key,
            **{f"{name}.": answer for name, answer in NOTHING.items()},
        }
        began = time.process_time()
        client.get("/healthz")
        empty.append(time.process_time() - began)
        began = time.process_time()
        reply = client.post(f"/forms/{one.reference}/sign", data=data)
        signing.append(time.process_time() - began)
        assert reply.status_code == 303, reply.text
    return statistics.median(empty) * 1000, statistics.median(signing) * 1000


def at_once(port: int, people: list[Filer]) -> tuple[list[float], int, float]:
    """Seconds of each filing, how many failed, seconds of all together."""
    line: queue.SimpleQueue[Filer] = queue.SimpleQueue()
    for one in people:
        line.put(one)
    spent: list[float] = []
    failed: list[str] = []

    def client() -> None:
        while True:
            try:
                one = line.get_nowait()
            except queue.Empty:
                return
            began = time.perf_counter()
            try:
                good = is_receipt(one.file(port))
            except OSError:
                good = False
            (spent.append(time.perf_counter() - began) if good else failed.append(one.reference))

    threads = [threading.Thread(target=client) for _one in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return spent, len(failed), time.perf_counter() - began


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--engine", choices=sorted(ENGINES), default="sqlite")
    asked.add_argument("--workers", type=int, default=1)
    told = asked.parse_args()
    engine = ENGINES[told.engine]()
    with tempfile.TemporaryDirectory(prefix="coi-signing-") as folder, standing(engine, "signing", Path(folder)) as city:
        empty, signing = cpu_of(city, filers(city, ONE_BY_ONE))
        print(f"{told.engine}: an empty request {empty:.2f} ms CPU, a signing {signing:.2f} ms CPU: {signing / empty:.1f} times")
        people = filers(city, FILINGS)
        with web(city, workers=told.workers) as (_process, port):
            spent, failed, whole = at_once(port, people)
        spent.sort()
        p50, p95 = spent[len(spent) // 2], spent[int(len(spent) * 0.95)]
        print(
            f"{told.engine}: {len(spent)} filings from {CLIENTS} clients in {whole:.1f} s, {failed} failed; "
            f"median {p50:.2f} s, p95 {p95:.2f} s, slowest {spent[-1]:.2f} s"
        )
        with for_reading():
            print(f"{told.engine}: the audit log {'holds' if not faults() else 'BREAKS'}")
            db.session.rollback()
    engine.close()


if __name__ == "__main__":
    main()
