"""My complete file holds what came after a decision: the own answers, steps and proofs, the appeal, contracts told (U30)."""

import io

from pypdf import PdfReader

from coi.disclosures.whole import complete_file
from coi.models import ContractAlert
from coi.plans import actions
from coi.vocabulary import PlanAnswered
from tests.attachments.files import PDF
from tests.disclosures.steps import now
from tests.plans.made import answered, draft, managed
from tests.vendors.lists_of_tests import JOSE, NEW_DEAL, load_contracts, load_vendors


def printed(person_id: int) -> str:
    content, _count = complete_file(person_id, now().date(), now())
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_my_file_holds_my_answers_steps_and_new_contracts_and_no_note_of_the_office(app, db, cast):
    load_vendors(JOSE)
    own, office = (
        draft("", own_words="Sell nothing here."),
        draft("", own_words="Ask the shop.", owner="supervisor", confirms="office"),
    )
    plan = managed(cast, own, office, rule="Code, section 9")
    answered(plan, cast, PlanAnswered.DECLINED, "I never sold to my own office.")
    answered(plan, cast, PlanAnswered.OBJECTION, "I keep it, and it is not fair.")
    mine, others = plan.conditions
    actions.say_done(mine, "The shop sells elsewhere now.", cast.finn.actor, now(), io.BytesIO(PDF), "list of sales.pdf")
    actions.send_back(mine, "Please add the list.", cast.sam.actor, now())
    actions.say_done(others, "SECRET-SUPERVISOR", cast.sam.actor, now())
    load_contracts(NEW_DEAL)
    db.session.commit()
    alert = ContractAlert.query.one()
    with app.test_request_context():
        told = printed(cast.finn.person.id)
        another = printed(cast.kit.person.id)
    for words in (
        "Code, section 9",
        "1. Sell nothing here.",
        "Declined",
        "I never sold to my own office.",
        "I keep it, and it is not fair.",
        "Signed as Finn",
        *(one.sha256 for one in plan.answers),
        "The shop sells elsewhere now.",
        "list of sales.pdf",
        "Please add the list.",
        f"the City has a new contract with a company that you named: {alert.party}.",
    ):
        assert words in told, words
        assert words not in another, words
    for secret in ("SECRET-SUPERVISOR", "for us", alert.risk.label):
        assert str(secret) not in told.split("What you said")[0], secret
