"""What a case waits for where it stands, and from whom: two steps in three go this way, so that walks come far."""

import random
from collections.abc import Mapping

from tests.faults.oracle_stand import BODY, Stand, Who

Pairs = list[tuple[str, str]]


def of(who: str, acts: str) -> Pairs:
    """Each of these acts by one person; an act that stands twice is twice as likely."""
    return [(who, act) for act in acts.split()]


LIKELY: dict[str, Pairs] = {
    "draft": [*of("filer", "sign sign save"), ("kit", "sign")],
    "submitted": [
        *of("filer", "withdraw correct"),
        *of("sia", "reassign seal"),
        *of("sol", "reassign approve hand_over"),
        *of("dee", "role_give"),
        *of("nobody", "sweep sweep"),
    ],
    "in_review": [
        *of("holder", "ask return clear clear escalate escalate escalate escalate recuse step_out interim supervisor verdict"),
        *of("holder", "verdict_back priority note batch tie away advice interim_over"),
        *of("sia", "clear reassign tie seal open hand_over settle lift escalate"),
        *of("sol", "approve approve escalate"),
        *of("appealed", "clear escalate"),
        *of("dee", "role_end role_give"),
        *of("filer", "answer correct sign sign withdraw save"),
        *of("nobody", "clock sweep roster contract"),
        *of("lou", "advice_page release"),
        *of("sam", "supervisor_answer"),
    ],
    "returned": of("filer", "correct sign sign withdraw save"),
    "escalated": [
        *of("holder", "decide decide decide decide hand_back ask recuse send send away advice step_out"),
        *of("filer", "correct sign answer withdraw"),
        *of("sol", "decide tie reassign approve hand_over"),
        *of("recommender", "decide decide hand_back"),
        *of("appealed", "decide hand_back"),
        *of("sia", "seal open"),
        *of("dee", "role_end"),
        *of("nobody", "clock sweep"),
        *of("olu", "decide back"),
        *of("ren", "decide"),
        *of("lou", "release"),
    ],
    BODY: [
        *of("rec", "meeting meeting motion motion motion motion motion meeting_correct"),
        *of("cam", "declare declare decide"),
        *of("bea", "declare motion"),
        *of("sia", "decide reassign tie"),
        *of("filer", "correct sign answer"),
        *of("nobody", "sweep clock"),
    ],
    "decided": [
        *of("decider", "undo undo motion_undo reopen"),
        *of("sia", "reopen approve open rule settle settle confirm_office lift"),
        *of("sol", "reopen approve approve plan_office condition_office say_office back_office"),
        *of("filer", "plan_answer plan_answer appeal appeal appeal correct sign say say still"),
        *of("rec", "motion_undo motion_correct"),
        *of("nobody", "clock contract sweep sweep"),
        *of("sam", "confirm condition_back"),
    ],
    "withdrawn": [
        *of("filer", "correct"),
        *of("holder", "ask note"),
        *of("sia", "reassign seal"),
        *of("nobody", "sweep"),
    ],
}


# Where a walk begins: at once, or some way on; each step with the outcome it must come to.
BEGINNINGS: tuple[tuple[tuple[str, str, str], ...], ...] = (
    *[()] * 4,
    (("holder", "escalate", ""),),
    (("holder", "escalate", ""), ("holder", "decide", "not_permitted")),
    (("holder", "escalate", ""), ("holder", "decide", "managed")),
    (("holder", "escalate", ""), ("holder", "decide", "managed"), ("filer", "plan_answer", "accepted")),
    (("holder", "escalate", ""), ("holder", "decide", "not_permitted"), ("filer", "appeal", "x")),
    (("holder", "escalate", ""), ("holder", "send", ""), ("rec", "meeting", "x")),
    (("holder", "escalate", ""), ("holder", "send", ""), ("rec", "meeting", "x"), ("rec", "motion", "eliminated")),
)


def next_step(on: Stand, cast: Mapping[str, Who], rng: random.Random) -> tuple[str, str]:
    """Who does what next, drawn; `holder` has the case or stands in, `appealed` decided or recommended what is appealed."""
    who, act = rng.choice(LIKELY[BODY if on.state == "escalated" and on.desk == BODY else on.state])
    return named(who, on, cast, rng), act


def named(who: str, on: Stand, cast: Mapping[str, Who], rng: random.Random) -> str:
    """Who of the cast is meant."""
    known = {"recommender": {on.recommended_by}, "decider": {on.decided_by}, "appealed": on.appealed_from}
    wanted = {**known, "holder": {on.reviewer_id} | on.delegates}.get(who)
    if wanted is None:
        return who
    names = [name for name, one in cast.items() if one.person_id in wanted and one.person_id is not None]
    return rng.choice(names) if names else rng.choice(["sia", "sol", "olu"])
