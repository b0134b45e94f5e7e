"""From an empty database to a verified workbook by the commands alone, each step timed with its peak memory.

python -m bench.walk PEOPLE.csv INTERESTS.csv [INTERESTS.csv …] [--filings 2000] [--engine sqlite|postgresql]

PEOPLE.csv is any roster; INTERESTS.csv any list of real outside interests with a column `name` or `sourceName`, which become the
answers of the filings: second jobs, ownership, gifts.
"""

import argparse
import csv
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHORT = ("has_outside_work", "has_contract", "has_power", "has_family_vendor", "has_gifts", "has_posts")
FULL = ("has_ownership", "has_property", "has_debt", "has_future_job", "has_other_close", "stepped_aside")


def interests(files: list[Path]) -> list[str]:
    names = []
    for file in files:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                name = (row.get("name") or row.get("sourceName") or "").strip()
                if name:
                    names.append(name[:300])
    return names


def numbers(people: Path, most: int) -> list[str]:
    with people.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        every = [row[0] for row in rows]
    return random.Random(7).sample(every, min(most, len(every)))


def filings(people: list[str], names: list[str]) -> Iterator[str]:
    draw = random.Random(700)
    for place, number in enumerate(people):
        level = "full" if place % 4 == 0 else "short"
        answers: dict[str, object] = {**dict.fromkeys(SHORT, "no"), "affirm": "yes"}
        if level == "full":
            answers |= {**dict.fromkeys(FULL, "no"), "duties": ["contracts"]}
        if draw.random() < 0.5:
            jobs = [
                {
                    "org": draw.choice(names),
                    "work": "consulting",
                    "dealing": ["not_sure"],
                    "my_part": draw.choice(("no", "no", "yes")),
                }
                for _one in range(draw.choice((1, 1, 2, 3)))
            ]
            answers |= {"has_outside_work": "yes", "outside_work": jobs}
        if level == "full" and draw.random() < 0.7:
            owned = [
                {"org": draw.choice(names), "owner": "me", "dealing": ["none"], "my_part": "no"}
                for _one in range(draw.randrange(1, 12))
            ]
            answers |= {"has_ownership": "yes", "ownership": owned}
        line = {
            "employee": number,
            "form": "city-coi",
            "kind": "annual",
            "language": draw.choice(("en", "en", "es")),
            "reporting_year": 2025,
            "filer": {"kind": "annual", "level": level, "department": "Department", "sec1_filer": "no"},
            "answers": answers,
            "signed_name": f"Employee {number}",
            "signed_at": "2026-04-20T15:00:00Z",
        }
        yield json.dumps(line, ensure_ascii=False)


def step(label: str, arguments: list[str], environment: dict[str, str]) -> None:
    began = time.perf_counter()
    command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
    child = os.posix_spawn(command[0], command, environment)
    _pid, status, used = os.wait4(child, 0)
    took = time.perf_counter() - began
    code = os.waitstatus_to_exitcode(status)
    cpu = used.ru_utime + used.ru_stime
    print(f"{label:<44} {took:8.1f} s {cpu:8.1f} s CPU {used.ru_maxrss / 1024:8.0f} MiB   exit {code}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("people", type=Path)
    asked.add_argument("interests", type=Path, nargs="+")
    asked.add_argument("--filings", type=int, default=2000)
    asked.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    told = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="coi-walk-"))
    url = f"sqlite:///{folder / 'coi.db'}"
    if told.engine == "postgresql":
        sys.path.insert(0, str(ROOT))
        from tests.engines import PostgresEngine

        url = PostgresEngine().empty("walk")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COI_")},
        "COI_DATABASE_URL": url,
        "COI_FOLDER": str(folder),
        "COI_SECRET_KEY": "a secret of this one measurement, used once only",
        "PYTHONPATH": str(ROOT),
    }
    os.chdir(ROOT)
    people = numbers(told.people, told.filings + 5)
    made = folder / "filings.jsonl"
    made.write_text("\n".join(filings(people[5:], interests(told.interests))) + "\n", encoding="utf-8")
    print(f"{told.engine}: {told.filings} filings")
    step("init", ["init"], environment)
    step("profiles load lancaster", ["profiles", "load", "lancaster"], environment)
    step("people import", ["people", "import", str(told.people), "--full"], environment)
    for number, role in zip(people, ("reviewer", "reviewer", "senior_officer", "senior_officer", "auditor"), strict=False):
        step(f"accounts create ({role})", ["accounts", "create", number, "--role", role], environment)
    step("campaigns open", ["campaigns", "open", "--year", "2026"], environment)
    step("filings import", ["filings", "import", str(made), "--report", str(folder / "report.jsonl")], environment)
    step("exports run", ["exports", "run", "--out", str(folder / "workbook.xlsx")], environment)
    step("audit verify", ["audit", "verify"], environment)
    step("audit verify --workbook", ["audit", "verify", "--workbook", str(folder / "workbook.xlsx")], environment)
    print(f"workbook: {folder / 'workbook.xlsx'}")


if __name__ == "__main__":
    main()
