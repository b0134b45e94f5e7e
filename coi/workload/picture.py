"""The picture of open cases by age, as bars to be drawn; the table beside it says the same."""

from dataclasses import dataclass

from coi.workload.queries import AGES, Figures
from coi.workload.words import age_in_words

WIDE, STEP = 400, 40


@dataclass(frozen=True)
class Bar:
    """One band of age: its words, how many, from where on its bar stands and how long it is, in units of the picture."""

    words: str
    count: int
    top: int
    length: int


def bars(figures: Figures) -> list[Bar]:
    """A bar for each band, the longest as wide as the picture lets it be; what is not nothing is seen."""
    most = max(1, *(figures.ages[band] for band in AGES))
    counted = [(band, figures.ages[band]) for band in AGES]
    return [
        Bar(age_in_words(band), count, 8 + place * STEP, max(3, round(WIDE * count / most)) if count else 0)
        for place, (band, count) in enumerate(counted)
    ]
