"""The data dictionary: every sheet's columns by allow-list, in order, in two languages, with what is masked."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from coi.exports.registers.words import Change, ConditionState, DueRule, Given, Holding, PlanState, Right
from coi.vocabulary import (
    ExcuseReason,
    Kind,
    Outcome,
    Party,
    PlanAnswered,
    PlanStepKind,
    Receipt,
    Risk,
    Role,
    Standing,
    State,
    Word,
)


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
    Spec(
        "conditions",
        "Open conditions",
        "Condiciones abiertas",
        "whole",
        _l("Conditions of the decision that stands that are neither confirmed nor over."),
    ),
    Spec("reminders", "Reminders sent", "Recordatorios enviados", "whole", _l("Letters sent because the form was not signed.")),
    Spec("excused", "Excused because", "Dispensado porque", "text", _l("The reason of an excuse by two persons.")),
)

POPULATION = (
    Spec("number", "Employee number", "Número de empleado", "text", _l("As on the roster.")),
    Spec("name", "Name", "Nombre", "text", _l("As on the roster.")),
    Spec("department", "Department", "Departamento", "text", _l("As on the roster.")),
    Spec("title", "Title", "Puesto", "text", _l("As on the roster.")),
    Spec("group", "Group", "Grupo", "text", _l("As on the roster.")),
    Spec(
        "active",
        "Active at the end",
        "Activo al final",
        "text",
        _l("Whether the person worked for the City at the close of the campaign, or at the moment of the workbook."),
    ),
    Spec("obliged", "Obliged", "Obligado", "text", _l("Whether a filing was asked of this person.")),
    Spec("kinds", "Which", "Cuáles", "text", _l("The kinds of filing asked.")),
    Spec("why_not", "Why not", "Por qué no", "text", _l("Rule, hired later, on leave, paused group, or excused.")),
    Spec("excused_by", "Excused by", "Dispensado por", "text", _l("Who excused: the second of two persons.")),
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

PLANS = (
    Spec("reference", "Reference", "Referencia", "text", _l("The filing's reference.")),
    Spec("plan", "Plan", "Plan", "text", _l("The plan's reference, which is its decision's.")),
    Spec("number", "Employee number", "Número de empleado", "text", _l("As on the roster.")),
    Spec("name", "Name", "Nombre", "text", _l("The filer, as on the roster.")),
    Spec("department", "Department", "Departamento", "text", _l("As on the roster.")),
    Spec("condition", "Condition number", "Número de condición", "whole", _l("Its place in the plan, from 1.")),
    Spec("condition_reference", "Condition", "Condición", "text", _l("The condition's reference.")),
    Spec("code", "Condition code", "Código de condición", "text", _l("The code in the City's library; empty for own words.")),
    Spec("text", "Condition text", "Texto de la condición", "text", _l("What the filer was told.")),
    Spec("owner", "Kept by", "La cumple", "text", _l("Who must keep it.")),
    Spec("owner_name", "Kept by, name", "La cumple, nombre", "text", _l("As on the roster.")),
    Spec("due_rule", "Due rule", "Plazo", "text", _l("By when it must be shown, as the plan says it.")),
    Spec("due_on", "Due on", "Vence el", "date", _l("The day that follows from the rule; empty where it hangs on an event.")),
    Spec("shown_by", "Proof wanted", "Prueba pedida", "text", _l("How it is shown to be kept.")),
    Spec("confirms", "To be confirmed by", "La confirma", "text", _l("Who looks whether it is kept; never who keeps it.")),
    Spec(
        "confirmer",
        "To be confirmed by, name",
        "La confirma, nombre",
        "text",
        _l("As on the roster; empty where it is the office."),
    ),
    Spec("plan_state", "Plan stands", "Situación del plan", "text", _l("Where the whole plan stands.")),
    Spec("since", "In force since", "En vigor desde", "date", _l("From this day it binds; nothing binds by silence.")),
    Spec("answer", "Filer's answer", "Respuesta del declarante", "text", _l("The newest answer of the filer to the plan.")),
    Spec("answered_at", "Answered at", "Respondido el", "instant", _l("City time.")),
    Spec("state", "Condition stands", "Situación de la condición", "text", _l("Where this condition stands.")),
    Spec("last_step", "Last step", "Último paso", "text", _l("What last happened to this condition.")),
    Spec("last_step_at", "Last step at", "Último paso el", "instant", _l("City time.")),
    Spec(
        "said_at",
        "Said to be done at",
        "Se dijo cumplida el",
        "instant",
        _l("When its owner last said that it is kept, city time."),
    ),
    Spec("confirmed_by", "Confirmed by", "Confirmada por", "text", _l("Who last confirmed it.")),
    Spec("confirmed_at", "Confirmed at", "Confirmada el", "instant", _l("City time.")),
    Spec(
        "open_days",
        "Open for days",
        "Días abierta",
        "whole",
        _l("Calendar days since the plan was made; empty when it is confirmed or over."),
    ),
    Spec("replaced_by", "Replaced by", "Reemplazado por", "text", _l("The newer decision that took the plan's place.")),
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
    Spec("excused", "Excused because", "Dispensado porque", "text", _l("The reason of an excuse by two persons.")),
    Spec("reminders", "Reminders sent", "Recordatorios enviados", "whole", _l("Letters sent because the form was not signed.")),
)

ACCESS = (
    Spec("number", "Employee number", "Número de empleado", "text", _l("As on the roster.")),
    Spec("name", "Name", "Nombre", "text", _l("Who holds or held the right, as on the roster.")),
    Spec("department", "Department", "Departamento", "text", _l("As on the roster.")),
    Spec("right", "Right", "Derecho", "text", _l("The role, or the right to one filing. Everybody may file without any.")),
    Spec("over", "Over", "Sobre", "text", _l("The filing's reference, where the right is to one filing only.")),
    Spec("given", "How given", "Cómo se dio", "text", _l("By two persons, alone, by the operator or by the system.")),
    Spec("from", "From", "Desde", "date", _l("The first day.")),
    Spec("until", "Until", "Hasta", "date", _l("The last day, where it was given for a time.")),
    Spec("asked_by", "Asked by", "Pedido por", "text", _l("Who asked that the right be given.")),
    Spec("approved_by", "Approved by", "Aprobado por", "text", _l("Who approved it, or acted alone.")),
    Spec("given_at", "Given at", "Dado el", "instant", _l("City time.")),
    Spec("holding", "Held at the end", "Vigente al final", "text", _l("Whether the right is still held.")),
    Spec("ended_at", "Ended at", "Terminado el", "instant", _l("City time; empty where nobody ended it.")),
    Spec("end_asked_by", "End asked by", "Fin pedido por", "text", _l("Who asked that it end.")),
    Spec("end_approved_by", "End approved by", "Fin aprobado por", "text", _l("Who approved that, or ended it alone.")),
    Spec("request", "Request", "Solicitud", "text", _l("The reference of the request that two persons handled.")),
    Spec("seq", "Log entry", "Asiento", "whole", _l("The number of the entry in the audit log.")),
    Spec("ended_seq", "Log entry of the end", "Asiento del fin", "whole", _l("The number of the entry in the audit log.")),
)

CHANGES = (
    Spec("seq", "Log entry", "Asiento", "whole", _l("The number of the entry in the audit log.")),
    Spec("at", "Changed at", "Cambiado el", "instant", _l("City time.")),
    Spec("kind", "Kind of change", "Tipo de cambio", "text", _l("What was changed: forms, policies, profile, dates and so on.")),
    Spec("what", "What happened", "Qué ocurrió", "text", _l("The entry as a sentence, from its codes.")),
    Spec("by", "By", "Por", "text", _l("Who acted; for what two persons did, who approved it.")),
    Spec("about", "About", "Sobre", "text", _l("What it was about: a person by name, a thing by its reference.")),
    Spec("event", "Event", "Suceso", "text", _l("The event's code in the log.")),
    Spec("actor", "Actor", "Actor", "text", _l("Who acted, as a code.")),
    Spec("subject", "Subject", "Asunto", "text", _l("To what, as a code.")),
    Spec("details", "Details", "Detalles", "text", _l("The exact text that was hashed.")),
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

SAMPLE = (
    Spec("place", "No.", "N.º", "whole", _l("Its place in the sample, as it was drawn.")),
    Spec("reference", "Reference", "Referencia", "text", _l("The filing's reference; before filing, the obligation's.")),
    Spec("number", "Employee number", "Número de empleado", "text", _l("As on the roster when the obligation was made.")),
    Spec("name", "Name", "Nombre", "text", _l("As on the roster when the obligation was made.")),
    Spec("department", "Department", "Departamento", "text", _l("As on the roster when the obligation was made.")),
    Spec("kind", "Kind", "Tipo", "text", _l("Why the filing is made.")),
    Spec("state", "State", "Estado", "text", _l("Where the filing stands; before filing, how far the person is.")),
    Spec("outcome", "Outcome", "Resultado", "text", _l("The decision that stands.")),
    Spec("priority", "Review priority", "Prioridad de revisión", "text", _l("As of the moment of the drawing.")),
    Spec("decided_at", "Decided at", "Decidido el", "instant", _l("City time.")),
    Spec("checked_on", "Checked on", "Revisado el", "date", _l("For the auditor's notes; the City leaves it empty.")),
    Spec("found", "Found", "Hallazgo", "text", _l("For the auditor's notes; the City leaves it empty.")),
    Spec("question", "Question", "Pregunta", "text", _l("For the auditor's notes; the City leaves it empty.")),
    Spec("answer", "Answer", "Respuesta", "text", _l("For the auditor's notes; the City leaves it empty.")),
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
    "plans": PLANS,
    "policies": POLICIES,
    "not_filed": NOT_FILED,
    "access": ACCESS,
    "changes": CHANGES,
    "audit": AUDIT,
    "sample": SAMPLE,
    "columns": COLUMNS,
}

TITLES: dict[str, tuple[str, str]] = {
    "about": ("About", "Acerca de"),
    "summary": ("Summary", "Resumen"),
    "population": ("Population", "Población"),
    "outcomes": ("Outcomes", "Resultados"),
    "interests": ("Interests", "Intereses"),
    "decisions": ("Decisions", "Decisiones"),
    "plans": ("Plans", "Planes"),
    "policies": ("Policies", "Políticas"),
    "not_filed": ("Not filed", "Sin presentar"),
    "access": ("Access", "Accesos"),
    "changes": ("Changes", "Cambios"),
    "audit": ("Audit", "Auditoría"),
    "sample": ("Sample", "Muestra"),
    "columns": ("Columns", "Columnas"),
}

PROOF_HEADING = ("Row proof", "Prueba de fila")
# The log proves itself; a sample is for notes, and nothing seals it (PROOF 3).
WITHOUT_PROOF = frozenset({"audit", "sample"})

# Codes behind the words that a column shows; the Columns sheet lists both.
CODES: dict[tuple[str, str], tuple[type[Word], ...]] = {
    ("outcomes", "kind"): (Kind,),
    ("outcomes", "state"): (State, Standing),
    ("outcomes", "outcome"): (Outcome,),
    ("outcomes", "priority"): (Risk,),
    ("outcomes", "excused"): (ExcuseReason,),
    ("sample", "kind"): (Kind,),
    ("sample", "state"): (State, Standing),
    ("sample", "outcome"): (Outcome,),
    ("sample", "priority"): (Risk,),
    ("population", "kinds"): (Kind,),
    ("interests", "priority"): (Risk,),
    ("interests", "outcome"): (Outcome,),
    ("decisions", "outcome"): (Outcome,),
    ("plans", "owner"): (Party,),
    ("plans", "due_rule"): (DueRule,),
    ("plans", "confirms"): (Party,),
    ("plans", "plan_state"): (PlanState,),
    ("plans", "answer"): (PlanAnswered,),
    ("plans", "state"): (ConditionState,),
    ("plans", "last_step"): (PlanStepKind,),
    ("policies", "receipt"): (Receipt,),
    ("not_filed", "kind"): (Kind,),
    ("not_filed", "standing"): (Standing,),
    ("not_filed", "excused"): (ExcuseReason,),
    ("access", "right"): (Role, Right),
    ("access", "given"): (Given,),
    ("access", "holding"): (Holding,),
    ("changes", "kind"): (Change,),
}


def code_of(word: Word) -> str:
    """The code that stands for a word outside this house: a risk is known as its review priority."""
    return word.priority if isinstance(word, Risk) else word.value


def title_of(key: str, language: str) -> str:
    """A sheet's tab."""
    return TITLES[key][1 if language == "es" else 0]


PROOF_MEANS = _l("The first 32 hex digits of SHA-256 over this row; see About, how to verify.")
