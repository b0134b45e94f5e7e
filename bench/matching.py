"""How well names are matched, and how fast: precision, recall and F1 of each band on labelled pairs; 5,000 names against 30,000.

    python -m bench.matching FILE [--vendors FILE] [--names FILE] [--halves]

FILE has the columns name1, name2, is_match (1 or 0), origin. A band counts all pairs at that level or surer; "together" is all
three. `--vendors` (a csv with a column vendor or name) is filled up with generated names to 30,000; `--halves` tells odd and even
rows apart: thresholds that were tuned on a file are judged fairly only on rows that the tuning did not see.
"""

import argparse
import csv
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coi.rules.likeness import LEVEL_ORDER
from coi.rules.matching import Names, grade

VENDORS, ASKED = 30_000, 5_000
SEED = 65
FIRST = ("Acme", "Keystone", "Liberty", "Conestoga", "Penn", "Susquehanna", "Rodney", "Marlow", "Ashford", "Bluestone", "Cedar")
SECOND = ("Crest", "Ridge", "Valley", "Harbor", "Brook", "Field", "Stone", "Gate", "Point", "Water", "Wood", "Mill", "Hill")
TRADE = ("Paving", "Catering", "Consulting", "Supply", "Electric", "Roofing", "Software", "Health", "Legal", "Printing", "Fleet")
FORM = ("Inc.", "LLC", "Corp", "& Sons", "Group", "Company", "Partners LP", "")


@dataclass(frozen=True)
class Pair:
    """Two names, whether a person said that they mean the same, and where the pair comes from."""

    one: str
    other: str
    same: bool
    origin: str


def pairs_of(path: Path) -> list[Pair]:
    """The labelled pairs of a csv file; raises SystemExit when a column is missing."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = {"name1", "name2", "is_match", "origin"} - set(rows[0] if rows else ())
    if missing:
        raise SystemExit(f"{path}: no column {', '.join(sorted(missing))}")
    return [Pair(row["name1"], row["name2"], row["is_match"].strip() in ("1", "true", "yes"), row["origin"]) for row in rows]


@dataclass(frozen=True)
class Score:
    """How a band did: pairs rightly found, wrongly found, missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of those found, how many were right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of those to be found, how many were."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def scored(graded: Sequence[tuple[Pair, str | None]], band: str) -> Score:
    """The pairs at `band` or surer against the labels."""
    levels = LEVEL_ORDER[: LEVEL_ORDER.index(band) + 1]
    found = [(pair.same, level in levels) for pair, level in graded]
    return Score(found.count((True, True)), found.count((False, True)), found.count((True, False)))


def show(title: str, graded: Sequence[tuple[Pair, str | None]]) -> None:
    """A table of the bands; exact is exact alone, together is all three."""
    print(f"\n{title}: {len(graded)} pairs, {sum(pair.same for pair, _level in graded)} of them the same")
    print(f"  {'band':<22}{'precision':>10}{'recall':>8}{'F1':>8}{'found':>8}{'wrong':>8}")
    for band, called in zip(LEVEL_ORDER, ("exact", "likely or surer", "possible = together"), strict=True):
        told = scored(graded, band)
        found, to_find = told.right + told.wrong, told.right + told.missed
        precision = f"{told.precision:.3f}" if found else "-"
        recall, f1 = (f"{told.recall:.3f}", f"{told.f1:.3f}") if to_find else ("-", "-")
        print(f"  {called:<22}{precision:>10}{recall:>8}{f1:>8}{found:>8}{told.wrong:>8}")


def names_in(path: Path | None) -> list[str]:
    """The names of a csv file: its column vendor, else name, else the first."""
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    column = next((one for one in ("vendor", "name", "sourceName") if rows and one in rows[0]), None)
    return [row[column] if column else next(iter(row.values())) for row in rows]


def generated(dice: random.Random) -> str:
    """A made-up company; with a number now and then, as real lists have."""
    middle = f"{dice.choice(SECOND).lower()}" if dice.random() < 0.5 else f" {dice.choice(SECOND)}"
    number = f" {dice.randrange(2, 4000)}" if dice.random() < 0.4 else ""
    stem = f"{dice.choice(FIRST)}{middle} {dice.choice(TRADE)}{number}"
    tail = "".join(dice.choices("bcdfghklmnprstv", k=2)).title() + dice.choice("aeiou") + dice.choice("lnrst")
    return f"{tail} {stem} {dice.choice(FORM)}".strip()


def slipped(name: str, dice: random.Random) -> str:
    """A name as somebody types it: capitals, a letter lost, a legal form left out."""
    place = dice.randrange(len(name))
    changes: tuple[Callable[[str], str], ...] = (
        str.upper,
        str.lower,
        lambda text: text[:place] + text[place + 1 :],
        lambda text: text.replace(" LLC", "").replace(" Inc.", ""),
    )
    return dice.choice(changes)(name)


def timed(vendors: Sequence[str], asked: Sequence[str]) -> None:
    """CPU of making the index and of finding every asked name in it, on one core."""
    begun = time.process_time()
    index = Names(enumerate(vendors))
    made = time.process_time()
    found = sum(bool(index.find(name)) for name in asked)
    done = time.process_time()
    print(f"\n{len(asked):,} names against {len(vendors):,}: {done - made:.2f} s CPU on one core, {found:,} with a match;")
    print(f"  the index, made once a load: {made - begun:.2f} s more.")


def graded_all(pairs: Iterable[Pair]) -> list[tuple[Pair, str | None]]:
    """Each pair with the level that the product gives it."""
    return [(pair, grade(pair.one, pair.other)) for pair in pairs]


def main() -> None:
    """Prints everything; asserts nothing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--vendors", type=Path, help="a csv of real vendors to fill the 30,000 from")
    parser.add_argument("--names", type=Path, help="a csv of real names to ask for among the 5,000")
    parser.add_argument("--halves", action="store_true", help="also odd and even rows apart")
    told = parser.parse_args()
    graded = graded_all(pairs_of(told.file))
    show("All pairs", graded)
    for origin in sorted({pair.origin for pair, _level in graded}):
        show(f"From {origin}", [one for one in graded if one[0].origin == origin])
    if told.halves:
        show("Odd rows", graded[0::2])
        show("Even rows", graded[1::2])
    dice = random.Random(SEED)  # made-up names, no secret
    vendors = names_in(told.vendors)[:VENDORS]
    vendors += [generated(dice) for _one in range(VENDORS - len(vendors))]
    asked = names_in(told.names)[:ASKED]
    asked += [slipped(dice.choice(vendors), dice) if place % 2 else generated(dice) for place in range(ASKED - len(asked))]
    timed(vendors, asked)


if __name__ == "__main__":
    main()
