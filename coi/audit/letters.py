"""Letters to the auditors: the City's key when somebody becomes one, and checkpoints to keep; to nobody else."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel.speaklater import LazyString

from coi.accounts.queries import holders
from coi.audit.chain import moment
from coi.audit.queries import installation
from coi.exports.seal import fingerprint
from coi.languages import day
from coi.models import Person
from coi.notices import actions as notices
from coi.profiles.current import today, zone
from coi.vocabulary import Role


def tell_key(person: Person, seq: int, now: datetime) -> None:
    """An auditor's first letter: the public key and its fingerprint (PROOF 2); `seq` is the entry that gave the role."""
    here = installation()
    if here is not None:
        told = {"key": here.key, "fingerprint": fingerprint(here.key), "origin": here.origin}
        notices.post("auditor_key", person, now, f"auditor_key:{seq}:{person.id}", **told)


def tell_new_key(old: str, seq: int, now: datetime) -> None:
    """Each auditor learns of another key, with the fingerprint of the old one that signed it."""
    here = installation()
    if here is not None:
        told = {"key": here.key, "fingerprint": fingerprint(here.key), "origin": here.origin, "old": fingerprint(old)}
        for person in holders({Role.AUDITOR}, today(now)):
            notices.post("auditor_key_changed", person, now, f"auditor_key_changed:{seq}:{person.id}", **told)


def mail_checkpoint(content: Mapping[str, Any], now: datetime, *, printed: bool = True) -> None:
    """A checkpoint to each auditor, once; those without an address get it on paper only where `printed`."""
    on = moment(content["at"]).astimezone(zone()).date()
    told = {"checkpoint": json.dumps(content, indent=1), "size": content["size"], "day": LazyString(day, on)}
    for person in holders({Role.AUDITOR}, today(now)):
        if printed or person.email:
            notices.post("checkpoint", person, now, f"checkpoint:{content['size']}:{person.id}", **told)
