"""What a search of the log found, as a file: csv with the sentence in words, neutralised; JSON Lines with the exact texts."""

import json
from collections.abc import Sequence

from flask_babel import gettext as _

from coi.audit.queries import names_in
from coi.audit.words import actor_in_words, sentence, subject_in_words
from coi.exports.flat import field
from coi.models import AuditEntry

MOST = 100_000
KINDS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
EXACT = ("seq", "at", "actor", "event", "subject", "details", "prev", "hash")


def written(found: Sequence[AuditEntry], kind: str) -> bytes:
    """The entries in the order of the search, newest first."""
    return _csv(found) if kind == "csv" else _lines(found)


def _lines(found: Sequence[AuditEntry]) -> bytes:
    told = ({name: getattr(entry, name) for name in EXACT} for entry in found)
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in told).encode()


def _csv(found: Sequence[AuditEntry]) -> bytes:
    names = names_in(found)
    lines = [[_("Number"), _("When"), _("Who"), _("What happened"), "actor", "event", "subject", "details", "hash"]]
    for entry in found:
        words = (actor_in_words(entry.actor, names), sentence(entry, subject_in_words(entry.subject, names)))
        lines.append([str(entry.seq), entry.at, *words, entry.actor, entry.event, entry.subject, entry.details, entry.hash])
    text = "".join(",".join(field(str(one)) for one in line) + "\r\n" for line in lines)
    return b"\xef\xbb\xbf" + text.encode()
