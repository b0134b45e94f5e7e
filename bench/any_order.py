"""Walks over cases in any order, as many as one likes; prints every walk that broke, and how often each act was done.

    .venv/bin/python -m bench.any_order --examples 500 --engine sqlite

The same walks as tests/faults/test_any_order.py, drawn from numbers: the same number makes the same steps again.
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

import time_machine

from coi.db import db
from tests.city import CLOCK, make_city
from tests.engines import ENGINES
from tests.faults.any_order import ACTORS, ACTS, Broken, City, Walk

ANEW = 50  # after so many walks the city is begun anew: the log is read whole after every walk


def steps_of(seed: int) -> list[tuple[str, str, int]]:
    """The steps of one walk."""
    rng = random.Random(seed)
    return [(rng.choice(ACTORS), rng.choice(ACTS), rng.randrange(2**20)) for _step in range(rng.randint(8, 20))]


def main() -> None:
    """Walks, and prints a table of every act: how often it was done, refused by right, refused for another reason."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0, help="the first walk's; to see one again, with --examples 1")
    parser.add_argument("--engine", choices=sorted(ENGINES), default="sqlite")
    asked = parser.parse_args()
    engine = ENGINES[asked.engine]()
    began, broken, done = time.process_time(), 0, None
    try:
        app = make_city(engine, Path(tempfile.mkdtemp()))
        for start in range(asked.seed, asked.seed + asked.examples, ANEW):
            with time_machine.travel(CLOCK, tick=False) as clock, app.app_context():
                db.engine.dispose()
                engine.restore("cast")
                city = City(app, clock)
                city.done.update(done or {})
                for seed in range(start, min(start + ANEW, asked.seed + asked.examples)):
                    try:
                        Walk(city, seed).run(steps_of(seed))
                    except Broken as fault:
                        broken += 1
                        print(f"walk {seed} broke\n{fault}\n", flush=True)
                        db.session.rollback()
                done = city.done
                db.session.remove()
                db.engine.dispose()
    finally:
        engine.close()
    print(f"{asked.examples} walks on {asked.engine}, {broken} broken, {time.process_time() - began:.0f} s CPU")
    for act in sorted({name for name, _what in done or {}}):
        print(f"{act:18}", *(f"{what} {done[act, what]:5}" for what in ("done", "refused", "not now")) if done else "")


if __name__ == "__main__":
    main()
