"""What is counted while rows go by: the Summary by department, and the numbers of the Population for About."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _

from coi.exports.registers.asof import Moment
from coi.exports.registers.columns import OUTCOMES, POPULATION
from coi.exports.registers.masking import FILED_OR_NOT, words_of
from coi.exports.registers.rows import Answered, Row
from coi.vocabulary import Standing

AT = {spec.key: place for place, spec in enumerate(OUTCOMES)}
WHO = {spec.key: place for place, spec in enumerate(POPULATION)}
OPEN, MISSING = "open", "missing"  # beside the codes of outcomes: a filing without a decision, an obligation without a filing
UNASKED = (Standing.EXCUSED, Standing.ON_LEAVE)


@dataclass
class Summary:
    """Counts by department: obligations, filed, and what became of each."""

    at: Moment
    kind: str = "standard"
    departments: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Lets the rows of Outcomes by and counts them."""
        for row in rows:
            became = self.departments[row[AT["department"]]]
            became["all"] += 1
            became["filed"] += row[AT["version"]] is not None
            became[row[AT["outcome"]] or (OPEN if row[AT["version"]] is not None else _why(row))] += 1
            yield row

    def rows(self, title: str) -> tuple[list[list[str | int]], int]:
        """The rows of the Summary sheet, and which of them is the header; the last is the total."""
        told = [(str(outcome), str(outcome.label)) for outcome in words_of(self.kind, "outcomes", "outcome")]
        told += [(OPEN, str(_("No decision yet"))), (MISSING, str(_("Not filed")))]
        if words_of(self.kind, "outcomes", "state") != FILED_OR_NOT:
            told += [(str(why), str(why.label)) for why in UNASKED]
        header: list[str | int] = [str(_("Department")), str(_("Obligations")), str(_("Filed")), *(label for _key, label in told)]
        body: list[list[str | int]] = [
            [name or str(_("No department")), *(counts[key] for key in ("all", "filed", *(key for key, _label in told)))]
            for name, counts in sorted(self.departments.items(), key=lambda pair: (-pair[1]["all"], pair[0]))
        ]
        total: list[str | int] = [str(_("Total"))]
        for column in range(1, len(header)):
            total.append(sum(int(row[column]) for row in body))
        return [[title], [], header, *body, total], 3


def _why(row: Row) -> str:
    """Why there is no filing: excused, on leave, else missing."""
    state: str = row[AT["state"]]
    return state if state in UNASKED else MISSING


@dataclass
class People:
    """The numbers of the Population."""

    at: Moment
    all: int = 0
    active: int = 0
    obliged: int = 0

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Lets the rows of Population by and counts them."""
        for row in rows:
            self.all += 1
            self.active += row[WHO["active"]] is Answered.YES
            self.obliged += row[WHO["obliged"]] is Answered.YES
            yield row
