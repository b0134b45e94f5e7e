"""What a figure is made of: its finding in a sentence, the bars or the line to draw, and the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_decimal, format_percent
from flask_babel import gettext as _

# Columns of a table that has room beside a picture.
BESIDE = 3


@dataclass(frozen=True)
class Cell:
    """One number of a table, in words; `number` is None where it is not shown; `url` leads to the list that it counts."""

    text: str
    number: int | None = None
    url: str | None = None


@dataclass(frozen=True)
class Row:
    """One row: what it counts, and its cells; the last row of a table may be the total."""

    label: str
    cells: Sequence[Cell]
    total: bool = False


@dataclass(frozen=True)
class Bar:
    """One bar: its label, how long it is (None: not shown, it has no length), and what is written at its end."""

    label: str
    length: float | None
    words: str


@dataclass(frozen=True)
class Line:
    """A running count by day, as far as it is shown, of how many in all, and the last days with what to write at them."""

    words: str
    points: Sequence[tuple[date, int]]
    most: int
    last_days: Sequence[tuple[date, str]]


@dataclass(frozen=True)
class Figure:
    """One figure: `name` in addresses, heading, finding, note on what is counted, head and rows of its table, its picture."""

    name: str
    title: str
    finding: str
    head: Sequence[str]
    rows: Sequence[Row]
    bars: Sequence[Bar] = ()
    line: Line | None = None
    note: str = ""
    hides: bool = False
    # What the longest bar could be, where that is known: a hundred percent.
    scale: float | None = None

    @property
    def drawable(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.rows) and (self.line is not None or any(bar.length for bar in self.bars))

    @property
    def beside(self) -> bool:
        """Whether the table is narrow enough to stand beside the picture."""
        return len(self.head) <= BESIDE

    @property
    def alternative(self) -> str:
        """What the picture says to who can't see it."""
        kind = _("Line: %(title)s.", title=self.title) if self.line is not None else _("Bars: %(title)s.", title=self.title)
        return f"{kind} {self.finding}"


def counted(number: int, url: str | None = None) -> Cell:
    """A number with the way to its list; there is no way to an empty list."""
    return Cell(words_of(number), number, url if number else None)


def words_of(number: int) -> str:
    """A count as people read it: `1,163`."""
    return str(number) if number < 1000 else str(format_decimal(number))


def not_shown() -> Cell:
    """A number that is hidden."""
    return Cell(_("not shown"))


def percent(part: int, whole: int) -> str:
    """A share in whole percent, never 100 or 0 where it is not quite so: `61%`, `61 %` in Spanish."""
    if not whole:
        return "–"
    share = round(100 * part / whole)
    share = min(share, 99) if part < whole else share
    share = max(share, 1) if part else share
    return str(format_percent(share / 100))
