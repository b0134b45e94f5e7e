"""The data dictionary: every sheet's columns by allow-list, in order, in two languages, with what is masked."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from coi.vocabulary import Kind, Outcome, Receipt, Risk, Standing, State, Word


class Spec(NamedTuple):
    """One column: key, heading in English and Spanish, type (PROOF 4), what it means; how it is masked: registers/masking.py."""

    key: str
    en: str
    es: str
    type: str
    means: Any

    def heading(self, language: str) -> str:
        """The heading in the workbook's language."""
        return self.es if language == "es" else self.en


OUTCOMES = (
    Spec("reference", "Reference", "Referencia", "text", _l("The filing's reference; before filing, the obligation's.")),
    Spec("campaign", "Campaign", "Campaña", "text", _l("The year of the campaign; empty for filings outside one.")),
    Spec("number", "Employee number", "Número de empleado", "text", _l("As on the roster when the obligation was made.")),
    Spec("name", "Name", "Nombre", "text", _l("As on the roster when the obligation was made.")),
    Spec("department", "Department", "Departamento", "text", _l("As on the roster when the obligation was made.")),
    Spec("title", "Title", "Puesto", "text", _l("As on the roster when the obligation was made.")),
    Spec("group", "Group", "Grupo", "text", _l("As on the roster when the obligation was made.")),
    Spec("kind", "Kind", "Tipo", "text", _l("Why the filing is made.")),
    Spec("due_on", "Due on", "Vence el", "date", _l("Before extension and leave.")),
    Spec("extended_to", "Extended to", "Prorrogado hasta", "date", _l("The newest extension.")),
    Spec("submitted_at", "Submitted at", "Presentado el", "instant", _l("The first signature, city time.")),
    Spec(
        "days_late", "Days late", "Días de atraso", "whole", _l("Calendar days after the due date, extension and leave counted.")
    ),
    Spec("version", "Version", "Versión", "whole", _l("The newest signed version.")),
    Spec("state", "State", "Estado", "text", _l("Where the filing stands; before filing, how far the person is.")),
    Spec("outcome", "Outcome", "Resultado", "text", _l("The decision that stands.")),
    Spec(
        "priority",
        "Review priority",
        "Prioridad de revisión",
        "text",
        _l("From the form's triggers, or as a reviewer changed it."),
    ),
    Spec("nil", "Nothing to declare", "Nada que declarar", "text", _l("No list has an entry, no text is answered, no flag.")),
    Spec("interests", "Interests", "Intereses", "whole", _l("Reported entries of the newest version.")),
    Spec("flags", "Flags", "Avisos", "whole", _l("True triggers of the newest version.")),
    Spec("reviewer", "Reviewer", "Revisor", "text", _l("Who has or last had the case.")),
    Spec("assigned_at", "Assigned at", "Asignado el", "instant", _l("City time.")),
    Spec("decided_at", "Decided at", "Decidido el", "instant", _l("City time.")),
    Spec(
        "days_in_review",
        "Days in review",
        "Días en revisión",
        "whole",
        _l("First signature to decision, less days waiting on filer."),
    ),
    Spec("days_waiting", "Days waiting on filer", "Días en espera del declarante", "whole", _l("From question to answer.")),
    Spec("because", "Routed because", "Asignado porque", "text", _l("The rule that sent it to its desk.")),
    Spec("rule", "Decided by rule", "Decidido por regla", "text", _l("The profile's rule, where no person decided.")),
    Spec("escalated", "Escalated", "Elevado", "text", _l("Whether a second person was asked.")),
    Spec("conditions", "Open conditions", "Condiciones abiertas", "whole", _l("Conditions of the decision that stands.")),
    Spec("reminders", "Reminders sent", "Recordatorios enviados", "whole", _l("Letters sent because the form was not signed.")),
    Spec("excused", "Excused because", "Dispensado porque", "text", _l("The reason code of an excuse by two persons.")),
)

POPULATION = (
    Spec("number", "Employee number", "Número de empleado", "text", _l("As on the roster.")),
    Spec("name", "Name", "Nombre", "text", _l("As on the roster.")),
    Spec("department", "Department", "Departamento", "text", _l("As on the roster.")),
    Spec("title", "Title", "Puesto", "text", _l("As on the roster.")),
    Spec("group", "Group", "Grupo", "text", _l("As on the roster.")),
    Spec("active", "Active at the end", "Activo al final", "text", _l("Whether the person still worked for the City.")),
    Spec("obliged", "Obliged", "Obligado", "text", _l("Whether a filing was asked of this person.")),
    Spec("kinds", "Which", "Cuáles", "text", _l("The kinds of filing asked.")),
    Spec("why_not", "Why not", "Por qué no", "text", _l("Rule, hired later, on leave, paused group, or excused.")),
    Spec("excused_by", "Excused by", "Dispensado por", "text", _l("Who excused, as the log writes it.")),
    Spec("import", "Roster import", "Importación", "text", _l("The import that last told about this person.")),
    Spec(
        "form",
        "Form signed",
        "Formulario firmado",
        "text",
        _l("Form, version and its name of each newest signature, and whether that version changed words or content."),
    ),
)

INTERESTS = (
    Spec("reference", "Reference", "Referencia", "text", _l("The filing's reference.")),
    Spec("campaign", "Campaign", "Campaña", "text", _l("The year of the campaign.")),
    Spec("number", "Employee number", "Número de empleado", "text", _l("As on the roster when the obligation was made.")),
    Spec("name", "Name", "Nombre", "text", _l("As on the roster when the obligation was made.")),
    Spec("department", "Department", "Departamento", "text", _l("As on the roster when the obligation was made.")),
    Spec("question", "Question", "Pregunta", "text", _l("The list or question, in the form's words.")),
    Spec("entry", "Entry", "Entrada", "whole", _l("Its place in the list, from 1.")),
    Spec("party", "Party", "Parte", "text", _l("The outside name.")),
    Spec("answers", "Answers", "Respuestas", "text", _l("The answers of the entry, but for the name.")),
    Spec("priority", "Review priority", "Prioridad de revisión", "text", _l("The highest flag on this interest.")),
    Spec("outcome", "Outcome", "Resultado", "text", _l("What was decided about it.")),
    Spec("decided_at", "Decided at", "Decidido el", "instant", _l("City time.")),
)

DECISIONS = (
    Spec("decision", "Decision", "Decisión", "text", _l("The decision's reference.")),
    Spec("reference", "Reference", "Referencia", "text", _l("The filing's reference.")),
    Spec("version", "Version", "Versión", "whole", _l("The signed version that was decided.")),
    Spec("outcome", "Outcome", "Resultado", "text", _l("The most severe of its interests'.")),
    Spec("reason", "Reason for the filer", "Motivo para el declarante", "text", _l("What the filer was told.")),
    Spec("conditions", "Conditions", "Condiciones", "text", _l("The codes of its conditions.")),
    Spec("reasoning", "Internal reasoning", "Razonamiento interno", "text", _l("What the office wrote for itself about it.")),
    Spec("notes", "Internal notes", "Notas internas", "whole", _l("How many notes of the office; no legal advice.")),
    Spec("decided_by", "Decided by", "Decidido por", "text", _l("Who decided.")),
    Spec("decided_at", "Decided at", "Decidido el", "instant", _l("City time.")),
    Spec("recommended_by", "Recommended by", "Recomendado por", "text", _l("Who recommended; never who decided.")),
    Spec("rule", "Decided by rule", "Decidido por regla", "text", _l("The profile's rule, where no person decided.")),
    Spec("undone", "Undone", "Anulada", "text", _l("Taken back within five minutes.")),
    Spec("seq", "Log entry", "Asiento", "whole", _l("The number of the entry in the audit log.")),
)

POLICIES = (
    Spec("policy", "Policy", "Política", "text", _l("The policy's code.")),
    Spec("title", "Title", "Título", "text", _l("The policy's title.")),
    Spec("version", "Version", "Versión", "text", _l("The version that was signed.")),
    Spec("number", "Employee number", "Número de empleado", "text", _l("As on the roster.")),
    Spec("name", "Name", "Nombre", "text", _l("As on the roster.")),
    Spec("department", "Department", "Departamento", "text", _l("As on the roster.")),
    Spec("receipt", "Signed as", "Firmado como", "text", _l("Received, received with an objection, or declined.")),
    Spec("objection", "Objection", "Objeción", "text", _l("Whether words were given.")),
    Spec("language", "Language", "Idioma", "text", _l("The language of the text that was signed.")),
    Spec("signed_at", "Signed at", "Firmado el", "instant", _l("City time.")),
    Spec("seq", "Log entry", "Asiento", "whole", _l("The number of the entry in the audit log.")),
)

NOT_FILED = (
    Spec("number", "Employee number", "Número de empleado", "text", _l("As on the roster when the obligation was made.")),
    Spec("name", "Name", "Nombre", "text", _l("As on the roster when the obligation was made.")),
    Spec("department", "Department", "Departamento", "text", _l("As on the roster when the obligation was made.")),
    Spec("title", "Title", "Puesto", "text", _l("As on the roster when the obligation was made.")),
    Spec("group", "Group", "Grupo", "text", _l("As on the roster when the obligation was made.")),
    Spec("kind", "Kind", "Tipo", "text", _l("Why the filing is asked.")),
    Spec("due_on", "Due on", "Vence el", "date", _l("Before extension and leave.")),
    Spec("extended_to", "Extended to", "Prorrogado hasta", "date", _l("The newest extension.")),
    Spec("days_late", "Days late", "Días de atraso", "whole", _l("Calendar days, extension and leave counted.")),
    Spec("standing", "Standing", "Situación", "text", _l("Not filed, late, on leave, or excused.")),
    Spec("excused", "Excused because", "Dispensado porque", "text", _l("The reason code of an excuse by two persons.")),
    Spec("reminders", "Reminders sent", "Recordatorios enviados", "whole", _l("Letters sent because the form was not signed.")),
)

AUDIT = (
    Spec("seq", "Seq", "Núm.", "whole", _l("Without gaps, from 1.")),
    Spec("at", "At", "Momento", "text", _l("UTC; the exact text that was hashed.")),
    Spec("local", "Local time", "Hora local", "instant", _l("City time.")),
    Spec("actor", "Actor", "Actor", "text", _l("Who acted, as a code.")),
    Spec("event", "Event", "Suceso", "text", _l("What happened.")),
    Spec("subject", "Subject", "Asunto", "text", _l("To what.")),
    Spec("details", "Details", "Detalles", "text", _l("The exact text that was hashed.")),
    Spec("prev", "Previous", "Anterior", "text", _l("The hash of the entry before.")),
    Spec("hash", "Hash", "Huella", "text", _l("SHA-256 over the entry before and this one.")),
)

COLUMNS = (
    Spec("sheet", "Sheet", "Hoja", "text", _l("The sheet's key.")),
    Spec("heading", "Heading", "Encabezado", "text", _l("The column's heading.")),
    Spec("type", "Type", "Tipo", "text", _l("text, whole, money, date, instant.")),
    Spec("means", "Meaning", "Significado", "text", _l("What the column holds.")),
    Spec("masked", "Masked as", "Oculto como", "text", _l("What stands where a value is not shown.")),
    Spec("code", "Code", "Código", "text", _l("A code that JSON Lines hold.")),
    Spec("label", "Label", "Etiqueta", "text", _l("The words shown for the code.")),
)

SHEETS: dict[str, tuple[Spec, ...]] = {
    "population": POPULATION,
    "outcomes": OUTCOMES,
    "interests": INTERESTS,
    "decisions": DECISIONS,
    "policies": POLICIES,
    "not_filed": NOT_FILED,
    "audit": AUDIT,
    "columns": COLUMNS,
}

TITLES: dict[str, tuple[str, str]] = {
    "about": ("About", "Acerca de"),
    "summary": ("Summary", "Resumen"),
    "population": ("Population", "Población"),
    "outcomes": ("Outcomes", "Resultados"),
    "interests": ("Interests", "Intereses"),
    "decisions": ("Decisions", "Decisiones"),
    "policies": ("Policies", "Políticas"),
    "not_filed": ("Not filed", "Sin presentar"),
    "audit": ("Audit", "Auditoría"),
    "columns": ("Columns", "Columnas"),
}

PROOF_HEADING = ("Row proof", "Prueba de fila")
WITHOUT_PROOF = frozenset({"audit"})

# Codes behind the words that a column shows; the Columns sheet lists both.
CODES: dict[tuple[str, str], tuple[type[Word], ...]] = {
    ("outcomes", "kind"): (Kind,),
    ("outcomes", "state"): (State, Standing),
    ("outcomes", "outcome"): (Outcome,),
    ("outcomes", "priority"): (Risk,),
    ("population", "kinds"): (Kind,),
    ("interests", "priority"): (Risk,),
    ("interests", "outcome"): (Outcome,),
    ("decisions", "outcome"): (Outcome,),
    ("policies", "receipt"): (Receipt,),
    ("not_filed", "kind"): (Kind,),
    ("not_filed", "standing"): (Standing,),
}


def code_of(word: Word) -> str:
    """The code that stands for a word outside this house: a risk is known as its review priority."""
    return word.priority if isinstance(word, Risk) else word.value


def title_of(key: str, language: str) -> str:
    """A sheet's tab."""
    return TITLES[key][1 if language == "es" else 0]


PROOF_MEANS = _l("The first 32 hex digits of SHA-256 over this row; see About, how to verify.")
