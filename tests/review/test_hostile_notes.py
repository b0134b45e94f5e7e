"""What the office types is text (F42): markup in notes, questions and reasons is shown as it was typed to every reader."""

import re
from html import unescape

import pytest

from coi.vocabulary import State
from tests.factories import filing

MARKUP = "<script>alert(1)</script> <svg onload=alert(1)> **bold** [link](javascript:alert(1)) <b>x</b>"


@pytest.mark.parametrize(("act", "field"), [("note", "text"), ("ask", "text"), ("return", "reason"), ("clear", "reason")])
def test_f42_markup_stays_text_for_who_wrote_it_and_for_the_filer(db, cast, sign_in, act, field):
    case = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    olu, page = sign_in("olu"), {"version": "1", "state": "in_review", "outcome": "no_conflict", field: MARKUP}
    assert olu.post(f"/review/{case.reference}/{act}", data=page).status_code in (302, 303)
    seen = {"olu": olu.get(f"/review/{case.reference}"), "finn": sign_in("finn").get(f"/filings/{case.reference}")}
    assert all(reply.status_code == 200 for reply in seen.values())
    for name, reply in seen.items():
        assert not re.search(r"<script>alert|<svg onload|<b>x</b>|href=\"javascript", reply.text), name
        assert (MARKUP in unescape(reply.text)) is (name == "olu" or act != "note"), name
