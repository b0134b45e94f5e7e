"""Reminds the records officers: two business days before a request is due, and once it is overdue; found by what is due."""

from datetime import datetime

from flask_babel.speaklater import LazyString

from coi.accounts.queries import holders
from coi.db import transaction
from coi.languages import day
from coi.models import RecordsRequest
from coi.notices import actions as notices
from coi.profiles.current import current_profile, forget, today
from coi.records import queries
from coi.rules.removals import remind_on
from coi.vocabulary import Role


def remind(now: datetime) -> int:
    """Writes what is due to be said of every open request; returns how many requests were spoken of."""
    forget()
    on, spoken = today(now), 0
    with transaction():
        for request in queries.open_requests():
            if queries.overdue(request, on):
                _say(request, "records_overdue", now)
            elif on >= remind_on(request.until, current_profile().next_business_day):
                _say(request, "records_due", now)
            else:
                continue
            spoken += 1
    return spoken


def _say(request: RecordsRequest, kind: str, now: datetime) -> None:
    for one in holders({Role.RECORDS_OFFICER}, today(now)):
        once = f"{kind}:{request.reference}:{request.until.isoformat()}:{one.id}"
        notices.post(kind, one, now, once, reference=request.reference, until=LazyString(day, request.until))
