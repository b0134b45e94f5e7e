"""The profile that holds now: the newest version loaded into this database, or the shipped default before the first load."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import current_app, g, has_app_context
from sqlalchemy import select

from coi.db import db
from coi.models import ProfileVersion
from coi.profiles.loading import read_profile
from coi.profiles.schema import Profile

HERE = Path(__file__).resolve().parent


@lru_cache(maxsize=8)
def _kept(version_id: int, sha256: str) -> Profile:  # noqa: ARG001  # the hash is part of the cache's key: ids repeat in tests
    content = db.session.scalar(select(ProfileVersion.content).where(ProfileVersion.id == version_id))
    return Profile.from_json(content)


@lru_cache(maxsize=4)
def shipped(name: str) -> Profile:
    """The profile of this name as it ships with the software."""
    return read_profile(HERE / name)


def current_profile() -> Profile:
    """The newest loaded profile; kept for the length of a request."""
    if has_app_context() and "profile" in g:
        kept: Profile = g.profile
        return kept
    row = db.session.execute(select(ProfileVersion.id, ProfileVersion.sha256).order_by(ProfileVersion.id.desc()).limit(1)).first()
    profile = _kept(row.id, row.sha256) if row else shipped(current_app.config["SETTINGS"].profile)
    g.profile = profile
    return profile


@contextmanager
def profile_as_of(n: int) -> Iterator[Profile]:
    """Inside, the profile is the one that held at entry `n` of the log: its words, holidays, clocks and time zone (PROOF 6)."""
    before = g.pop("profile", None)
    wanted = select(ProfileVersion.id, ProfileVersion.sha256).where(ProfileVersion.seq <= n)
    row = db.session.execute(wanted.order_by(ProfileVersion.id.desc()).limit(1)).first()
    g.profile = _kept(row.id, row.sha256) if row else shipped(current_app.config["SETTINGS"].profile)
    try:
        yield g.profile
    finally:
        g.pop("profile", None)
        if before is not None:
            g.profile = before


def forget() -> None:
    """After a load: the next question reads the new version."""
    g.pop("profile", None)


def zone() -> ZoneInfo:
    """The city's time zone."""
    return ZoneInfo(current_profile().city.time_zone)


def today(now: datetime) -> date:
    """The city's day at `now`."""
    return now.astimezone(zone()).date()
