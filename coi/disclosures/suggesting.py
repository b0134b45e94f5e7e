"""Names offered while a filer types, as data for the page's script: the filer's own, then the city's lists; writes nothing."""

import time
from collections import deque
from threading import Lock

from flask import abort, g, jsonify, request
from flask.typing import ResponseReturnValue

from coi.disclosures import queries
from coi.disclosures.blueprint import bp
from coi.disclosures.naming import naming, own_names
from coi.gate import needs
from coi.models import Disclosure
from coi.questionnaires.queries import form_of
from coi.rules.completing import MOST, Beginnings, folded
from coi.rules.permissions import Permission
from coi.vendors.completing import Offer, completions

LONGEST = 100
# Nobody types faster; a program that reads the list letter by letter is slowed down to a person.
MOST_ASKED, SECONDS = 60, 20.0
_asked: dict[str, deque[float]] = {}
_counting = Lock()


@bp.get("/forms/<reference>/names")
@needs(Permission.FILE_OWN, on=queries.own)
def names(disclosure: Disclosure) -> ResponseReturnValue:
    """At most ten names for a field of an own draft: those typed before, then those of the field's list; none without a draft."""
    draft = queries.draft_of(disclosure)
    if _too_fast(str(g.actor.name)):
        abort(429)
    lists = naming(form_of(draft.questionnaire)) if draft is not None else {}
    field, typed = request.args.get("field", ""), request.args.get("q", "")[:LONGEST]
    if field not in lists:
        return jsonify(names=[])
    mine = own_names(disclosure.filer_id, draft)
    found = [Offer(mine[place], "") for place in Beginnings(mine).find(typed, MOST)]
    found += completions(lists[field], typed) if lists[field] else []
    offers: dict[str, Offer] = {}
    for offer in found:
        offers.setdefault(f"{folded(offer.name)} {offer.about}", offer)
    return jsonify(names=[{"name": one.name, "about": one.about} for one in list(offers.values())[:MOST]])


def _too_fast(who: str) -> bool:
    """Whether one person asked more often than fingers can, in this process."""
    now = time.monotonic()
    with _counting:
        if len(_asked) > 5000:
            _asked.clear()
        moments = _asked.setdefault(who, deque(maxlen=MOST_ASKED))
        if len(moments) == MOST_ASKED and now - moments[0] < SECONDS:
            return True
        moments.append(now)
    return False
