"""What the case page shows of the vendors room, put together for its templates; reads only."""

from collections.abc import Callable
from typing import Any

from coi.models import Disclosure, DisclosureVersion
from coi.rules.permissions import Permission
from coi.vendors.on_case import alerts_shown
from coi.vocabulary import VerdictCategory


def beside(
    disclosure: Disclosure, version: DisclosureVersion | None, may: Callable[[Permission], bool], *, alerts: bool
) -> dict[str, Any]:
    """The names that templates/vendors/said.html and new_contracts.html read, beside the vendors of each interest (on_case).

    `party_places` of the interests for the party's page, `new_contracts` of the filing, and what the reader may do with both;
    without `alerts` there are none, and none are asked for.
    """
    numbers = sorted(one.id for one in version.interests) if version is not None else []
    return {
        "party_places": {number: place for place, number in enumerate(numbers, start=1)},
        "new_contracts": alerts_shown(disclosure) if alerts else [],
        "judges": may(Permission.VERDICT),
        "settles": may(Permission.SETTLE_CONTRACT),
        "categories": list(VerdictCategory),
    }
