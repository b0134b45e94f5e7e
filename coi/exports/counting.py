"""What is counted while rows go by: the tables of Summary with what their charts show, and the numbers of the Population."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_babel import gettext as _

from coi.exports.registers.asof import Moment
from coi.exports.registers.columns import OUTCOMES, PLANS, POPULATION
from coi.exports.registers.masking import FILED_OR_NOT, sheets_of, words_of
from coi.exports.registers.rows import Answered, Row
from coi.exports.registers.words import ConditionState
from coi.exports.summary import BARS, COLUMNS, LINES, Block, Cell
from coi.vocabulary import Standing

AT = {spec.key: place for place, spec in enumerate(OUTCOMES)}
OF = {spec.key: place for place, spec in enumerate(PLANS)}
WHO = {spec.key: place for place, spec in enumerate(POPULATION)}
OPEN, MISSING = "open", "missing"  # beside the codes of outcomes: a filing without a decision, an obligation without a filing
UNASKED = (Standing.EXCUSED, Standing.ON_LEAVE)
MOST_BARS = 30
MOST_WEEKS = 70  # more of them are told by month
AGES = (30, 90, 365)  # the last days of an age; what is older stands by itself


@dataclass
class Summary:
    """Counts by department and by day: obligations, filed, what became of each; and open conditions by age."""

    at: Moment
    kind: str = "standard"
    departments: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    due: Counter[date] = field(default_factory=Counter)
    filed: Counter[date] = field(default_factory=Counter)
    ages: Counter[int] = field(default_factory=Counter)
    overdue: Counter[int] = field(default_factory=Counter)

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Lets the rows of Outcomes by and counts them."""
        department, outcome, version, due, filed = (
            AT[key] for key in ("department", "outcome", "version", "due_on", "submitted_at")
        )
        for row in rows:
            became = self.departments[row[department]]
            became["all"] += 1
            became["filed"] += row[version] is not None
            became[row[outcome] or (OPEN if row[version] is not None else _why(row))] += 1
            if row[due] is not None:
                self.due[row[due]] += 1
            if row[filed] is not None:
                self.filed[self.at.day(row[filed])] += 1
            yield row

    def aged(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Lets the rows of Plans by and counts the open conditions by age."""
        for row in rows:
            days = row[OF["open_days"]]
            if days is not None:
                age = next((place for place, last in enumerate(AGES) if days <= last), len(AGES))
                self.ages[age] += 1
                self.overdue[age] += row[OF["state"]] is ConditionState.OVERDUE
            yield row

    def blocks(self) -> list[Block]:
        """The tables of Summary in order, each with the chart of it."""
        found = [self._by_department(), self._over_time()]
        return [*found, self._by_age()] if "plans" in sheets_of(self.kind) else found

    def _by_department(self) -> Block:
        told = [(str(outcome), str(outcome.label)) for outcome in words_of(self.kind, "outcomes", "outcome")]
        told += [(OPEN, str(_("No decision yet"))), (MISSING, str(_("Not filed")))]
        if words_of(self.kind, "outcomes", "state") != FILED_OR_NOT:
            told += [(str(why), str(why.label)) for why in UNASKED]
        keys = ("all", "filed", *(key for key, _label in told))
        body: list[list[Cell]] = [
            [name or str(_("No department")), *(counts[key] for key in keys)]
            for name, counts in sorted(self.departments.items(), key=lambda pair: (-pair[1]["all"], pair[0]))
        ]
        total: list[Cell] = [sum(int(row[column]) for row in body) for column in range(1, len(keys) + 1)]
        shown = min(len(body), MOST_BARS)
        title = str(_("What became of it, by department"))
        return Block(
            title=title,
            note=self._when(),
            header=[str(_("Department")), str(_("Obligations")), str(_("Filed")), *(label for _key, label in told)],
            rows=[*body, [str(_("Total")), *total]],
            chart=BARS,
            chart_title=title if shown == len(body) else str(_("%(title)s: the %(number)s largest", title=title, number=shown)),
            # An outcome that nobody got would stand in the key of the chart only.
            series=tuple(place for place, number in enumerate(total, 1) if place > 2 and number),
            shown=shown,
            axes=(str(_("Department")), str(_("Obligations"))),
        )

    def _over_time(self) -> Block:
        days = sorted({*self.due, *self.filed})
        ends = list(_ends(days[0], days[-1])) if days else []
        rows: list[list[Cell]] = []
        due = filed = 0
        for first, last in ends:
            new = sum(number for day, number in self.filed.items() if first <= day <= last)
            due += sum(number for day, number in self.due.items() if first <= day <= last)
            filed += new
            known = first <= self.at.today  # of what is to come nobody can say how many filed
            rows.append([last.isoformat(), due, *((new, filed) if known else ("", ""))])
        return Block(
            title=str(_("Filed over time, against the due dates")),
            note=str(_("Due dates as they were first set: extensions, excuses and leave are not counted here.")),
            header=[str(_("Until the end of")), str(_("Due by then")), str(_("Filed in this time")), str(_("Filed by then"))],
            rows=rows,
            chart=LINES,
            chart_title=str(_("Filed over time, against the due dates")),
            series=(1, 3),
            shown=len(rows),
            axes=(str(_("Until the end of")), str(_("Obligations"))),
        )

    def _by_age(self) -> Block:
        named = [str(_("0 to 30 days")), str(_("31 to 90 days")), str(_("91 to 365 days")), str(_("over 365 days"))]
        rows: list[list[Cell]] = [[name, self.ages[age], self.overdue[age]] for age, name in enumerate(named)]
        total: list[Cell] = [str(_("Total")), self.ages.total(), self.overdue.total()]
        return Block(
            title=str(_("Open conditions by age")),
            note=str(_("Days since the plan was made. Open: neither confirmed nor over.")),
            header=[str(_("Age")), str(_("Open conditions")), str(_("Of them overdue"))],
            rows=[*rows, total],
            chart=COLUMNS if self.ages.total() else "",
            chart_title=str(_("Open conditions by age")),
            series=(1,),
            shown=len(rows),
            axes=(str(_("Age")), str(_("Open conditions"))),
        )

    def _when(self) -> str:
        return str(_("As of %(moment)s", moment=f"{self.at.at.astimezone(self.at.zone):%Y-%m-%d %H:%M:%S} {self.at.zone}"))


def _ends(first: date, last: date) -> Iterator[tuple[date, date]]:
    """First and last day of each week from Monday on, or of each month where that would be too many."""
    begin = first - timedelta(days=first.weekday())
    if (last - begin).days < 7 * MOST_WEEKS:
        while begin <= last:
            yield begin, begin + timedelta(days=6)
            begin += timedelta(days=7)
        return
    begin = first.replace(day=1)
    while begin <= last:
        after = (begin + timedelta(days=32)).replace(day=1)
        yield begin, after - timedelta(days=1)
        begin = after


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
