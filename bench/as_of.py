"""`python -m bench.as_of [--moments 20] [--walks 8] [--seed N] [--engine sqlite]`: a year of a small city lived at random; the
workbooks made live at random moments are asked for again "as of" these moments, and the roots compared. Prints a table."""

import random
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path

import time_machine

from coi.db import db
from tests.city import CLOCK, make_city
from tests.engines import ENGINES
from tests.exports.simulated_year import Year


def main() -> int:
    """Lives the year on one engine and says what came of it; 1 when anything differs."""
    asked = ArgumentParser(description=__doc__)
    asked.add_argument("--moments", type=int, default=20)
    asked.add_argument("--walks", type=int, default=8)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    asked.add_argument("--engine", choices=sorted(ENGINES), default="sqlite")
    told = asked.parse_args()
    engine = ENGINES[told.engine]()
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _run(engine, Path(folder), told)
    finally:
        engine.close()


def _run(engine, folder: Path, told) -> int:  # type: ignore[no-untyped-def]  # the engines of the tests
    app = make_city(engine, folder)
    with time_machine.travel(CLOCK, tick=False) as clock, app.app_context():
        db.engine.dispose()
        engine.restore("cast")
        began = time.perf_counter()
        year = Year(app, clock, folder, told.seed)
        year.live(told.walks, told.moments)
        lived = time.perf_counter() - began
        rows: Counter[str] = Counter()
        wrong = 0
        for one in year.taken:
            differs = year.again(one)
            rows.update(one.told["rows"])
            wrong += bool(differs)
            for line in differs:
                print(line)
        entries = year.taken[-1].told["size"]
        db.session.remove()
        db.engine.dispose()
    print(f"engine {told.engine}, seed {told.seed}: {told.walks} cases, {entries} entries, lived in {lived:.0f} s")
    print(f"{told.moments} moments, {len(year.taken)} workbooks (standard, full, public), asked again: {wrong} differ")
    print("rows compared:", ", ".join(f"{sheet} {count}" for sheet, count in sorted(rows.items())))
    print("beside the cases:", ", ".join(f"{name} {count}" for name, count in sorted(year.done.items())))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
