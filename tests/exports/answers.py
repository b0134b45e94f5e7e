"""A filing with an answer of every visibility, and what the office wrote about it: a word each that somebody may not see."""

from typing import Any

# One word for each thing that somebody may not see; each stands once in the filing or in what the office wrote about it.
PUBLIC, RESTRICTED, CONFIDENTIAL, INTERNAL = "Zaphod Paving", "Quixotic wages", "Ysolde Relative", "Innermost rule"
HOME, OFFICE = "17 Homestead Lane", "1 Workshop Plaza"
REASONING, NOTE, ADVICE, REASON = "Thoughtful doubt", "Scribbled margin", "Privileged counsel", "Told plainly"
SEALING = "Grave inquiry"
ANSWERS = (PUBLIC, RESTRICTED, CONFIDENTIAL, INTERNAL, HOME, OFFICE)
NUMBER = "E-77"
FIELDS = (
    ("org", "Name", "text", "public", PUBLIC),
    ("pay", "Pay", "text", "restricted", RESTRICTED),
    ("kin", "Relative", "text", "confidential", CONFIDENTIAL),
    ("why", "Rule", "text", "internal", INTERNAL),
    ("flat", "Where they sleep", "address", "redact_if_home", {"text": HOME, "home": "yes"}),
    ("shop", "Where they work", "address", "redact_if_home", {"text": OFFICE, "home": "no"}),
)


def record_of_jobs() -> dict[str, Any]:
    """A signed record with one list: an entry of public, restricted, confidential and internal answers, and a relative alone."""
    fields = [{"id": one, "title": title, "type": kind, "visibility": seen} for one, title, kind, seen, _value in FIELDS]
    jobs = {"id": "jobs", "title": "Jobs", "type": "entries", "visibility": "restricted", "item": "job", "fields": fields}
    entry = {"_key": "k1", **{one: value for one, _title, _kind, _seen, value in FIELDS}}
    paths = [f"jobs[{number}].{field['id']}" for number in (0, 1) for field in fields]
    return {
        "form": {"language": "en"},
        "asked": [{"id": "s", "title": "S", "questions": [jobs]}],
        "answers": {"jobs": [entry, {"_key": "k2", "kin": f"{CONFIDENTIAL} II"}]},
        "shown": ["jobs", *paths],
        "reported": {},
    }
