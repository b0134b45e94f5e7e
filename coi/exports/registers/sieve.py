"""Which obligations and filings a workbook is narrowed down to, as of entry N; reads no cache column."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from coi.db import db
from coi.exports.filters import NO_FILTERS, PRIORITIES, Filters
from coi.exports.registers.asof import Case, Due, Moment, cases, filled, owed
from coi.models import Campaign, Obligation, Settlement
from coi.vocabulary import Standing


def standing_of(due: Due, on: date) -> Standing:
    """Not filed, late, on leave or excused: what stands for who has not filed."""
    if due.excused:
        return Standing.EXCUSED
    if due.on_leave(on):
        return Standing.ON_LEAVE
    return Standing.LATE if due.days_late(on) else Standing.NOT_STARTED


@dataclass(frozen=True)
class Sieve:
    """The filters over one moment; without any, everything passes and nothing is read for it."""

    filters: Filters
    at: Moment
    campaign: Campaign | None

    @property
    def conditions(self) -> Sequence[Any]:
        """What the database can narrow by itself: the obligation's own department and group, which never change."""
        told = ((Obligation.department, self.filters.departments), (Obligation.group, self.filters.groups))
        return [column.in_(values) for column, values in told if values]

    def lets(self, due: Due, case: Case | None) -> bool:
        """Whether an obligation passes, with the filing that settled it if there is one."""
        if not self.filters:
            return True
        owed_by = due.obligation
        if not self.filters.fits(owed_by.department, owed_by.group):
            return False
        state = case.state if case is not None else standing_of(due, self.at.today)
        return self.became(state, case)

    def became(self, state: str, case: Case | None) -> bool:
        """Whether a filing in this state, with this outcome and priority, first signed on that day, is meant."""
        told = self.filters
        if told.states and state not in told.states:
            return False
        decision = case.decision if case is not None else None
        if told.outcomes and (decision is None or decision.outcome not in told.outcomes):
            return False
        if told.priorities and (case is None or case.risk not in {PRIORITIES[one] for one in told.priorities}):
            return False
        if not (told.since or told.until):
            return True
        signed = self.at.day(case.versions[0].signed_at) if case is not None else None
        return signed is not None and (told.since or date.min) <= signed <= (told.until or date.max)

    def filings(self, ids: Collection[int], *, who: bool = True) -> Collection[int]:
        """Those of these filings that pass through an obligation that they settled; `who=False` asks only what became of them."""
        if not self.filters or not (who or self.filters.by_filing):
            return ids
        found = cases(ids, self.at.n)
        if not who:
            return {one for one, case in found.items() if self.became(case.state, case)}
        settled = self._settled(set(found), self.campaign)
        elsewhere = self._settled(set(found) - set(settled), None) if self.campaign is not None else {}
        told = {**elsewhere, **settled}
        return {one for one, case in found.items() if any(self.lets(due, case) for due in told.get(one, ()))}

    def _settled(self, ids: set[int], campaign: Campaign | None) -> dict[int, list[Due]]:
        """The obligations that each filing settled by then."""
        settling = select(Settlement.obligation_id).where(Settlement.disclosure_id.in_(ids), Settlement.seq <= self.at.n)
        rows = db.session.execute(owed(self.at.n, campaign).where(Obligation.id.in_(settling))).all()
        told: dict[int, list[Due]] = defaultdict(list)
        for due in filled(rows, self.at.n):
            if due.disclosure_id in ids:
                told[due.disclosure_id].append(due)
        return told


EVERYTHING = Sieve(NO_FILTERS, Moment("", 0, None), None)
