"""The data dictionary: every sheet's columns by allow-list, in order, in two languages, with what is masked; read by sheet, About and Columns."""

from typing import NamedTuple


class Spec(NamedTuple):
    """One column: key, heading in English and Spanish, type (text, whole, money, date, instant), what it means, how it is masked."""

    key: str
    en: str
    es: str
    type: str
    means: str
    masked: str = ""


OUTCOMES = (
    Spec("reference", "Reference", "Referencia", "text", "The filing's reference; before filing, the obligation's."),
    Spec("campaign", "Campaign", "Campaña", "text", "The year of the campaign; empty for filings outside one."),
    Spec("number", "Employee number", "Número de empleado", "text", "As on the roster when the obligation was made."),
    Spec("name", "Name", "Nombre", "text", "As on the roster when the obligation was made."),
    Spec("department", "Department", "Departamento", "text", "As on the roster when the obligation was made."),
    Spec("title", "Title", "Puesto", "text", "As on the roster when the obligation was made."),
    Spec("group", "Group", "Grupo", "text", "As on the roster when the obligation was made."),
    Spec("kind", "Kind", "Tipo", "text", "Why the filing is made."),
    Spec("due_on", "Due on", "Vence el", "date", "Before extension and leave."),
    Spec("extended_to", "Extended to", "Prorrogado hasta", "date", "The newest extension."),
    Spec("submitted_at", "Submitted at", "Presentado el", "instant", "The first signature, city time."),
    Spec("days_late", "Days late", "Días de atraso", "whole", "Calendar days after the due date, extension and leave counted."),
    Spec("version", "Version", "Versión", "whole", "The newest signed version."),
    Spec("state", "State", "Estado", "text", "Where the filing stands."),
    Spec("outcome", "Outcome", "Resultado", "text", "The decision that stands."),
    Spec("priority", "Review priority", "Prioridad de revisión", "text", "From the form's triggers, or as a reviewer changed it."),
    Spec("nil", "Nothing to declare", "Nada que declarar", "text", "No list has an entry, no text is answered, no flag."),
    Spec("interests", "Interests", "Intereses", "whole", "Reported entries of the newest version."),
    Spec("flags", "Flags", "Avisos", "whole", "True triggers of the newest version."),
    Spec("reviewer", "Reviewer", "Revisor", "text", "Who has or last had the case."),
    Spec("assigned_at", "Assigned at", "Asignado el", "instant", "City time."),
    Spec("decided_at", "Decided at", "Decidido el", "instant", "City time."),
    Spec("days_in_review", "Days in review", "Días en revisión", "whole", "First signature to decision, less days waiting on filer."),
    Spec("days_waiting", "Days waiting on filer", "Días en espera del declarante", "whole", "From question to answer."),
    Spec("because", "Routed because", "Asignado porque", "text", "The rule that sent it to its desk."),
    Spec("rule", "Decided by rule", "Decidido por regla", "text", "The profile's rule, where no person decided."),
    Spec("escalated", "Escalated", "Elevado", "text", "Whether a second person was asked."),
    Spec("conditions", "Open conditions", "Condiciones abiertas", "whole", "Conditions of the decision that stands."),
    Spec("reminders", "Reminders sent", "Recordatorios enviados", "whole", "Letters sent because the form was not signed."),
    Spec("excused", "Excused because", "Dispensado porque", "text", "The reason code of an excuse by two persons."),
)

POPULATION = (
    Spec("number", "Employee number", "Número de empleado", "text", "As on the roster."),
    Spec("name", "Name", "Nombre", "text", "As on the roster."),
    Spec("department", "Department", "Departamento", "text", "As on the roster."),
    Spec("title", "Title", "Puesto", "text", "As on the roster."),
    Spec("group", "Group", "Grupo", "text", "As on the roster."),
    Spec("active", "Active at the end", "Activo al final", "text", "Whether the person still worked for the City."),
    Spec("obliged", "Obliged", "Obligado", "text", "Whether a filing was asked of this person."),
    Spec("kinds", "Which", "Cuáles", "text", "The kinds of filing asked."),
    Spec("why_not", "Why not", "Por qué no", "text", "Rule, hired later, on leave, paused group, or excused."),
    Spec("excused_by", "Excused by", "Dispensado por", "text", "Who excused, as the log writes it."),
    Spec("import", "Roster import", "Importación", "text", "The import that last told about this person."),
)

INTERESTS = (
    Spec("reference", "Reference", "Referencia", "text", "The filing's reference."),
    Spec("campaign", "Campaign", "Campaña", "text", "The year of the campaign."),
    Spec("number", "Employee number", "Número de empleado", "text", "As on the roster when the obligation was made."),
    Spec("name", "Name", "Nombre", "text", "As on the roster when the obligation was made."),
    Spec("department", "Department", "Departamento", "text", "As on the roster when the obligation was made."),
    Spec("question", "Question", "Pregunta", "text", "The list or question, in the form's words."),
    Spec("entry", "Entry", "Entrada", "whole", "Its place in the list, from 1."),
    Spec("party", "Party", "Parte", "text", "The outside name.", "restricted, given · given"),
    Spec("answers", "Answers", "Respuestas", "text", "The public answers of the entry.", "restricted, given · given"),
    Spec("priority", "Review priority", "Prioridad de revisión", "text", "The highest flag on this interest."),
    Spec("outcome", "Outcome", "Resultado", "text", "What was decided about it."),
    Spec("decided_at", "Decided at", "Decidido el", "instant", "City time."),
)

DECISIONS = (
    Spec("decision", "Decision", "Decisión", "text", "The decision's reference."),
    Spec("reference", "Reference", "Referencia", "text", "The filing's reference."),
    Spec("version", "Version", "Versión", "whole", "The signed version that was decided."),
    Spec("outcome", "Outcome", "Resultado", "text", "The most severe of its interests'."),
    Spec("reason", "Reason for the filer", "Motivo para el declarante", "text", "What the filer was told."),
    Spec("conditions", "Conditions", "Condiciones", "text", "The codes of its conditions."),
    Spec("decided_by", "Decided by", "Decidido por", "text", "Who decided."),
    Spec("decided_at", "Decided at", "Decidido el", "instant", "City time."),
    Spec("recommended_by", "Recommended by", "Recomendado por", "text", "Who recommended; never who decided."),
    Spec("rule", "Decided by rule", "Decidido por regla", "text", "The profile's rule, where no person decided."),
    Spec("undone", "Undone", "Anulada", "text", "Taken back within five minutes."),
    Spec("seq", "Log entry", "Asiento", "whole", "The number of the entry in the audit log."),
)

POLICIES = (
    Spec("policy", "Policy", "Política", "text", "The policy's code."),
    Spec("title", "Title", "Título", "text", "The policy's title."),
    Spec("version", "Version", "Versión", "text", "The version that was signed."),
    Spec("number", "Employee number", "Número de empleado", "text", "As on the roster."),
    Spec("name", "Name", "Nombre", "text", "As on the roster."),
    Spec("department", "Department", "Departamento", "text", "As on the roster."),
    Spec("receipt", "Signed as", "Firmado como", "text", "Received, received with an objection, or declined."),
    Spec("objection", "Objection", "Objeción", "text", "Whether words were given.", "given"),
    Spec("language", "Language", "Idioma", "text", "The language of the text that was signed."),
    Spec("signed_at", "Signed at", "Firmado el", "instant", "City time."),
    Spec("seq", "Log entry", "Asiento", "whole", "The number of the entry in the audit log."),
)

NOT_FILED = (
    Spec("number", "Employee number", "Número de empleado", "text", "As on the roster when the obligation was made."),
    Spec("name", "Name", "Nombre", "text", "As on the roster when the obligation was made."),
    Spec("department", "Department", "Departamento", "text", "As on the roster when the obligation was made."),
    Spec("title", "Title", "Puesto", "text", "As on the roster when the obligation was made."),
    Spec("group", "Group", "Grupo", "text", "As on the roster when the obligation was made."),
    Spec("kind", "Kind", "Tipo", "text", "Why the filing is asked."),
    Spec("due_on", "Due on", "Vence el", "date", "Before extension and leave."),
    Spec("extended_to", "Extended to", "Prorrogado hasta", "date", "The newest extension."),
    Spec("days_late", "Days late", "Días de atraso", "whole", "Calendar days, extension and leave counted."),
    Spec("standing", "Standing", "Situación", "text", "Not filed, late, on leave, or excused."),
    Spec("excused", "Excused because", "Dispensado porque", "text", "The reason code of an excuse by two persons."),
    Spec("reminders", "Reminders sent", "Recordatorios enviados", "whole", "Letters sent because the form was not signed."),
)

AUDIT = (
    Spec("seq", "Seq", "Núm.", "whole", "Without gaps, from 1."),
    Spec("at", "At", "Momento", "text", "UTC; the exact text that was hashed."),
    Spec("local", "Local time", "Hora local", "instant", "City time."),
    Spec("actor", "Actor", "Actor", "text", "Who acted, as a code."),
    Spec("event", "Event", "Suceso", "text", "What happened."),
    Spec("subject", "Subject", "Asunto", "text", "To what."),
    Spec("details", "Details", "Detalles", "text", "The exact text that was hashed."),
    Spec("prev", "Previous", "Anterior", "text", "The hash of the entry before."),
    Spec("hash", "Hash", "Huella", "text", "SHA-256 over the entry before and this one."),
)

COLUMNS = (
    Spec("sheet", "Sheet", "Hoja", "text", "The sheet's key."),
    Spec("heading", "Heading", "Encabezado", "text", "The column's heading."),
    Spec("type", "Type", "Tipo", "text", "text, whole, money, date, instant."),
    Spec("means", "Meaning", "Significado", "text", "What the column holds."),
    Spec("masked", "Masked as", "Oculto como", "text", "What stands where a value is not shown."),
    Spec("code", "Code", "Código", "text", "A code that JSON Lines hold."),
    Spec("label", "Label", "Etiqueta", "text", "The words shown for the code."),
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
