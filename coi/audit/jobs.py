"""The audit room's part of the worker's sweep: one checkpoint a day, mailed to the auditors."""

from datetime import datetime

from sqlalchemy import select

from coi.audit.actions import make_checkpoint
from coi.audit.letters import mail_checkpoint
from coi.db import db, transaction
from coi.models import Checkpoint
from coi.profiles.current import zone
from coi.rules.permissions import SYSTEM


def daily_checkpoint(now: datetime) -> int:
    """One checkpoint for each day of the city on which the worker ran; found by "none yet today"."""
    with transaction():
        newest = db.session.scalar(
            select(Checkpoint.at).where(Checkpoint.because == "daily").order_by(Checkpoint.id.desc()).limit(1)
        )
        day = now.astimezone(zone()).date()
        if newest is not None and datetime.fromisoformat(newest).astimezone(zone()).date() >= day:
            return 0
        mail_checkpoint(make_checkpoint("daily", SYSTEM, now), now, printed=False)
    return 1
