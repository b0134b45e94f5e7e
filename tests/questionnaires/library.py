"""A form that this software has never seen, and the steps by which an office brings it to its people."""

import copy
import io
from typing import Any

from coi.models import Questionnaire, QuestionnaireDraft, Request
from coi.questionnaires.written import as_text

# A form of a research office: nothing in it is named like anything in the forms that ship.
RESEARCH: dict[str, Any] = {
    "form": {
        "id": "research-support",
        "version": "2026",
        "title": {"en": "Support for research", "es": "Apoyo a la investigación"},
        "visibility": "restricted",
        "retention_years": 7,
        "reporting_period": "last_12_months",
        "deadlines": [{"for": {"filer": "kind", "is": "annual"}, "due": "06-30"}],
        "filer_attributes": {"kind": ["annual", "change"], "level": ["short", "full"]},
    },
    "thresholds": {"small_sum": [{"from": 2020, "to": None, "op": "gte", "amount": 5000}]},
    "labels": {
        "annual": {"en": "Yearly", "es": "Anual"},
        "change": {"en": "Something changed", "es": "Algo cambió"},
        "short": {"en": "Short", "es": "Corto"},
        "full": {"en": "Full", "es": "Completo"},
        "cash": {"en": "Money", "es": "Dinero"},
        "goods": {"en": "Things", "es": "Cosas"},
        "people": {"en": "People", "es": "Personas"},
    },
    "sections": [
        {
            "id": "funds",
            "title": {"en": "Outside support", "es": "Apoyo externo"},
            "questions": [
                {
                    "id": "any_support",
                    "title": {
                        "en": "Did anybody outside support your research since {since}?",
                        "es": "¿Recibió apoyo desde {since}?",
                    },
                    "type": "yes_no",
                    "required": True,
                },
                {
                    "id": "supporters",
                    "title": {"en": "Who supported it?", "es": "¿Quién lo apoyó?"},
                    "type": "entries",
                    "required": True,
                    "show_if": {"q": "any_support", "is": "yes"},
                    "triggers": [
                        {"when": {"f": "worth", "threshold": "small_sum"}, "risk": "medium", "reason": "Read the agreement"}
                    ],
                    "entries": {
                        "item": {"en": "supporter", "es": "patrocinador"},
                        "fields": [
                            {"id": "who", "title": {"en": "Name", "es": "Nombre"}, "type": "text", "required": True},
                            {
                                "id": "how",
                                "title": {"en": "With what?", "es": "¿Con qué?"},
                                "type": "choice",
                                "choices": ["cash", "goods", "people"],
                                "required": True,
                            },
                            {"id": "worth", "title": {"en": "Worth", "es": "Valor"}, "type": "money"},
                        ],
                    },
                },
                {"id": "remarks", "title": {"en": "Anything else?", "es": "¿Algo más?"}, "type": "longtext"},
                {"id": "lab", "title": {"en": "Your laboratory", "es": "Su laboratorio"}, "type": "text"},
            ],
        }
    ],
}


def research(**head: Any) -> dict[str, Any]:
    """The form, its own for each test, with other words in its head."""
    made = copy.deepcopy(RESEARCH)
    made["form"].update(head)
    return made


def corrected() -> dict[str, Any]:
    """The same with other words, a question gone, one of another type, a choice gone and a new question."""
    made = research(version="2026 corrected")
    questions = made["sections"][0]["questions"]
    questions[0]["title"]["en"] = "Did anybody outside the City support your research since {since}?"
    questions[1]["entries"]["fields"][1]["choices"] = ["cash", "goods"]
    del made["labels"]["people"]
    questions[2]["type"] = "yes_no"
    questions[3] = {"id": "place", "title": {"en": "Where do you work?", "es": "¿Dónde trabaja?"}, "type": "text"}
    return made


def reworded() -> dict[str, Any]:
    """The same in other words only."""
    made = research(version="2026 b", title={"en": "Support of research", "es": "Apoyo a la investigación"})
    made["labels"]["cash"]["en"] = "Cash"
    return made


def upload(browser: Any, text: str | bytes, name: str = "form.yaml") -> Any:
    """Uploads a file as the page does."""
    data = text.encode() if isinstance(text, str) else text
    return browser.post("/questionnaires/drafts", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def draft_of(db: Any) -> QuestionnaireDraft:
    """The one draft there is."""
    made: QuestionnaireDraft = db.session.query(QuestionnaireDraft).one()
    return made


def written(browser: Any, db: Any, content: dict[str, Any]) -> QuestionnaireDraft:
    """A draft of this form, uploaded."""
    reply = upload(browser, as_text(content))
    assert reply.status_code == 303, reply.text
    return draft_of(db)


def ask(browser: Any, draft: QuestionnaireDraft, change: str = "content", **more: Any) -> Any:
    """Asks to publish it."""
    told = {"change": change, "sha256": draft.sha256, "reason": "the new year", "kinds": [], "whom": "", **more}
    return browser.post(f"/questionnaires/drafts/{draft.reference}/publish", data=told)


def approve(browser: Any, db: Any) -> Any:
    """The second person says yes."""
    asked = db.session.query(Request).filter_by(state="waiting").one()
    return browser.post(f"/accounts/requests/{asked.reference}/approve", data={"reason": "read it"})


def bring(sign_in: Any, db: Any, content: dict[str, Any], change: str = "content", **more: Any) -> Questionnaire:
    """From the file to the published version: Sia writes and asks, Sol approves."""
    draft = written(sign_in("sia"), db, content)
    reply = ask(sign_in("sia"), draft, change, **more)
    assert reply.status_code == 303, reply.text
    assert approve(sign_in("sol"), db).status_code == 302
    db.session.expire_all()
    made: Questionnaire = db.session.query(Questionnaire).order_by(Questionnaire.id.desc()).first()
    return made
