"""Fills a database with filings by the hundred thousand: rows straight into the tables, each under a valid audit entry.

    bulk.fill(connection, filings=1_000_000, reviewers=[…], seniors=[…])

The shares are those of a spring with much left to do: 60 % decided, the rest open; forty departments, a filer for ten filings, every
second filing with an outside party, two in five with a task. Everything follows from a filing's own number, so two runs give the same
rows. One entry stands for a thousand filings, as after an import, and the chain holds. Marks of the queue are made as signing makes
them. What no list reads is short (the record of a signature is `{}`) or left out (obligations).
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.engine import Connection

from coi.audit.chain import GENESIS, canonical_json, entry_hash, sha256, stamp
from coi.models import AuditEntry, Person, Questionnaire

A_THOUSAND = 1000
PRIME = 2_147_483_647
FIRST = [
    "Ana",
    "Ben",
    "Cora",
    "Dev",
    "Eli",
    "Fay",
    "Gus",
    "Hana",
    "Ivo",
    "Jo",
    "Kai",
    "Lea",
    "Max",
    "Nia",
    "Otto",
    "Pia",
    "Quin",
    "Rosa",
    "Sam",
    "Tia",
    "Uma",
    "Vic",
    "Wes",
    "Xena",
    "Yan",
    "Zoe",
]
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "we",
    "xi",
    "yo",
    "zu",
]
QUESTIONS = [f"question_{number}" for number in range(20)]
WORDS = 3000


def fill(
    connection: Connection, filings: int, reviewers: Sequence[int], seniors: Sequence[int], now: datetime, people: int = 0
) -> None:
    """Writes `filings` filings of `people` (a tenth as many, if not told); `reviewers` and `seniors` are ids of people with accounts."""
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.execute(text("SET session_replication_role = replica"))  # every row is known to fit; nothing is looked up
    first = 1 + (connection.scalar(text("SELECT coalesce(max(id), 0) FROM people")) or 0)
    last_seq = _entries(connection, 1 + filings // A_THOUSAND, now)
    base = last_seq - filings // A_THOUSAND
    many = people or max(filings // 10, 50)
    _people(connection, first, many)
    form = _form(connection, last_seq, now)
    words = [_word(number) for number in range(WORDS)]
    _lookup(connection, "bulk_words", words)
    _lookup(connection, "bulk_questions", QUESTIONS)
    _lookup(connection, "bulk_reviewers", reviewers)
    _lookup(connection, "bulk_seniors", seniors)
    _filings(connection, filings, first, many, base, now)
    for statement in _statements(postgresql, form, base, now):
        connection.execute(text(statement))
    for name in ("bulk", "bulk_words", "bulk_questions", "bulk_reviewers", "bulk_seniors"):
        connection.execute(text(f"DROP TABLE {name}"))
    if postgresql:
        connection.execute(text("SET session_replication_role = origin"))
        for table in (
            "people",
            "disclosures",
            "disclosure_versions",
            "flags",
            "interests",
            "assignments",
            "decisions",
            "recommendations",
            "supervisor_questions",
            "transitions",
        ):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"))


def _entries(connection: Connection, many: int, now: datetime) -> int:
    """Appends `many` entries to the chain, as an import writes them; gives the number of the last."""
    last = connection.execute(text("SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1")).first()
    seq, prev = (last.seq, last.hash) if last else (0, GENESIS)
    told = {"sha256": sha256("bulk"), "full": False, "rows": 1, "added": 1, "changed": 0, "left": 0, "refused": 0}
    details, rows = canonical_json(told), []
    for _number in range(many):
        seq += 1
        entry = {
            "actor": "operator:bulk",
            "at": stamp(now),
            "details": details,
            "event": "people:imported",
            "subject": "roster:bulk",
        }
        made = entry_hash(prev, seq=seq, **entry)
        rows.append({"seq": seq, "prev": prev, "hash": made, **entry})
        prev = made
    connection.execute(insert(AuditEntry), rows)
    return seq


def _word(number: int) -> str:
    """A made-up word for each number; the same for ever."""
    told, rest = "", number * 7919 + 41
    while rest:
        told, rest = told + SYLLABLES[rest % 20], rest // 20
    return told


def _people(connection: Connection, first: int, many: int) -> None:
    rows = []
    for number in range(many):
        given, family = FIRST[number % len(FIRST)], _word(number * 13 % (WORDS // 2)).title()
        rows.append(
            {
                "id": first + number,
                "number": f"B{number:07}",
                "name": f"{given} {family}",
                "search_name": f"{given} {family}".casefold(),
                "title": "Clerk",
                "department": f"Department {number % 40:02}",
                "group": "",
                "language": "en",
                "active": True,
            }
        )
        if len(rows) == 10_000:
            connection.execute(insert(Person), rows)
            rows = []
    if rows:
        connection.execute(insert(Person), rows)


def _form(connection: Connection, seq: int, now: datetime) -> int:
    """The id of the form that everybody signed."""
    found = connection.scalar(text("SELECT min(id) FROM questionnaires"))
    if found is not None:
        return int(found)
    head = {
        "id": "bulk",
        "version": "1",
        "title": {"en": "Bulk"},
        "retention_years": 5,
        "reporting_period": "previous_calendar_year",
    }
    content = {"form": head, "sections": []}
    made = {"form_id": "bulk", "number": 1, "version": "1", "content": content, "sha256": sha256(json.dumps(content))}
    done = connection.execute(insert(Questionnaire).values(**made, published_at=now, seq=seq))
    return int(done.inserted_primary_key[0])


def _lookup(connection: Connection, name: str, values: Sequence[Any]) -> None:
    kind = "TEXT" if isinstance(values[0], str) else "INTEGER"
    connection.execute(text(f"CREATE TEMPORARY TABLE {name} (place INTEGER PRIMARY KEY, value {kind})"))
    rows = [{"place": place, "value": value} for place, value in enumerate(values)]
    connection.execute(text(f"INSERT INTO {name} VALUES (:place, :value)"), rows)


def draw(salt: int, below: int) -> str:
    """SQL for a number from 0 to `below` that follows from `n`: alike for nobody, the same in every run."""
    return f"(((CAST(n AS BIGINT) * n % {PRIME}) * {salt * 2 + 48_271} + CAST(n AS BIGINT) * {salt * 7_919 + 69_621}) % {PRIME} % {below})"


def _at(postgresql: bool, seconds: str) -> str:
    """SQL for a moment, given as seconds since 1970, as each engine keeps it."""
    return f"to_timestamp({seconds})" if postgresql else f"strftime('%Y-%m-%d %H:%M:%S.000000', {seconds}, 'unixepoch')"


def _filings(connection: Connection, filings: int, first: int, many: int, base: int, now: datetime) -> None:
    """A table with everything that is drawn for each filing."""
    seconds = int(now.timestamp())
    risk = f"CASE WHEN {draw(1, 100)} < 60 THEN 4 WHEN {draw(1, 100)} < 82 THEN 3 WHEN {draw(1, 100)} < 94 THEN 2 WHEN {draw(1, 100)} < 99 THEN 1 ELSE 0 END"
    connection.execute(
        text(
            f"""CREATE TEMPORARY TABLE bulk AS WITH RECURSIVE numbers(n) AS
            (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {filings})
            SELECT n, {first} + {draw(2, many)} AS filer, {risk} AS rank, {draw(3, 1000)} AS lot, {draw(4, 100)} AS sort,
            {draw(5, 12)} AS reader, {draw(6, 2)} AS senior, {seconds} + ({draw(7, 60)} - 15) * 86400 + {draw(8, 86400)} AS due,
            {draw(9, 100)} AS asked, {draw(10, 20)} AS question, {draw(11, 100)} AS declared, {draw(12, WORDS)} AS one,
            {draw(13, 300)} AS two, {base} + (n - 1) / {A_THOUSAND} + 1 AS seq FROM numbers"""
        )
    )


STATE = (
    "CASE WHEN lot < 600 THEN 'decided' WHEN lot < 890 THEN 'in_review' WHEN lot < 935 THEN 'escalated' "
    "WHEN lot < 975 THEN 'returned' WHEN lot < 996 THEN 'submitted' ELSE 'withdrawn' END"
)
RISK = "CASE rank WHEN 0 THEN 'critical' WHEN 1 THEN 'high' WHEN 2 THEN 'medium' WHEN 3 THEN 'low' ELSE 'none' END"
KIND = (
    "CASE WHEN sort < 88 THEN 'annual' WHEN sort < 93 THEN 'new_hire' WHEN sort < 95 THEN 'new_position' "
    "WHEN sort < 97 THEN 'change' WHEN sort < 99 THEN 'gift' ELSE 'leaving' END"
)
# Of what was escalated every tenth finds nobody free; what was only signed waits for somebody at its desk.
READER = (
    "CASE WHEN lot BETWEEN 975 AND 995 OR (lot BETWEEN 890 AND 934 AND asked < 10) THEN NULL "
    "WHEN lot BETWEEN 890 AND 934 THEN (SELECT value FROM bulk_seniors WHERE place = senior) "
    "ELSE (SELECT value FROM bulk_reviewers WHERE place = reader) END"
)
WAITS = "lot BETWEEN 935 AND 974 OR (lot BETWEEN 600 AND 889 AND asked < 8)"
SUPERVISOR = "lot BETWEEN 600 AND 889 AND asked > 94"
LANE = "CASE WHEN lot < 600 THEN 1 WHEN lot < 996 THEN 0 ELSE 2 END"
DESK = "CASE WHEN lot BETWEEN 890 AND 934 THEN 'chief' ELSE 'ethics' END"


def _statements(postgresql: bool, form: int, base: int, now: datetime) -> list[str]:
    """Everything that a filing leaves in the tables, table by table."""
    due, when = _at(postgresql, "due"), _at(postgresql, f"{int(now.timestamp()) - 86_400 * 20} + {draw(15, 432_000)}")
    none = _at(postgresql, "NULL")
    off, on = ("false", "true") if postgresql else ("0", "1")
    reference = "'COI-2026-' || substr('00000000' || n, -8)" if not postgresql else "'COI-2026-' || lpad(n::text, 8, '0')"
    empty = "'{}'::json" if postgresql else "'{}'"
    array = "'[]'::json" if postgresql else "'[]'"
    department = "json_build_object('department', p.department)" if postgresql else "json_object('department', p.department)"
    marks = [
        "SELECT 'name:' || lower(substr(p.name, 1, {cut})) AS mark",
        "SELECT 'name:' || lower(substr(p.name, {cut} + 2)) AS mark",
        "SELECT 'department:' || p.department AS mark",
    ]
    cut = "(strpos(p.name, ' ') - 1)" if postgresql else "(instr(p.name, ' ') - 1)"
    place = f"{LANE} AS lane, rank, {due} AS due_at, n AS disclosure_id FROM bulk"
    of_people = [f"{one.format(cut=cut)}, {place} JOIN people p ON p.id = filer" for one in marks]
    each = [
        *of_people,
        f"SELECT 'kind:' || {KIND}, {place}",
        f"SELECT 'flag:' || q.value, {place} JOIN bulk_questions q ON q.place = question WHERE rank < 4",
        f"SELECT 'party:' || a.value, {place} JOIN bulk_words a ON a.place = one WHERE declared < 45",
        f"SELECT 'party:' || a.value, {place} JOIN bulk_words a ON a.place = two WHERE declared < 45",
        f"SELECT 'party:comcast', {place} WHERE declared BETWEEN 45 AND 49",
        f"SELECT 'party:llc', {place} WHERE declared < 45",
        f"SELECT '~recommended:' || v.value, {place} JOIN bulk_reviewers v ON v.place = reader WHERE lot BETWEEN 890 AND 934",
        f"SELECT '~supervisor', {place} WHERE {SUPERVISOR}",
        f"SELECT 'reference:' || lower(substr({reference}, 10)), {place}",
    ]
    return [
        f"""INSERT INTO disclosures (id, reference, filer_id, form_id, kind, reporting_year, state, outcome, risk, rank, nil, version,
        reviewer_id, desk, due_at, waiting_on_filer_since, first_submitted_at, decided_at, imported, created_at)
        SELECT n, {reference}, filer, 'bulk', {KIND}, 2025, {STATE}, CASE WHEN lot < 600 THEN 'no_conflict' END, {RISK}, rank,
        CASE WHEN declared < 50 OR rank < 4 THEN {off} ELSE {on} END, 1, {READER}, {DESK}, {due},
        CASE WHEN {WAITS} THEN {when} ELSE {none} END, {when}, CASE WHEN lot < 600 THEN {when} ELSE {none} END, {off}, {when}
        FROM bulk ORDER BY n""",
        f"""INSERT INTO disclosure_versions (id, disclosure_id, number, questionnaire_id, record, sha256, answers, filer, language,
        signed_at, signed_name, because, nil, not_checked, imported, idempotency_key, seq)
        SELECT n, n, 1, {form}, '{{}}', '{sha256("{}")}', {empty}, {department}, 'en', {when}, 'x', '',
        CASE WHEN declared < 50 OR rank < 4 THEN {off} ELSE {on} END, {array}, {off}, 'bulk-' || n, seq
        FROM bulk JOIN people p ON p.id = filer ORDER BY n""",
        f"""INSERT INTO flags (id, version_id, risk, reason, question_id, entry_key, matched, route, seq)
        SELECT n, n, {RISK}, 'Look at what the filer does for the City about this company.', q.value, '', {array}, '', seq
        FROM bulk JOIN bulk_questions q ON q.place = question WHERE rank < 4 ORDER BY n""",
        f"""INSERT INTO interests (id, version_id, question_id, entry_key, party, risk, seq, party_search, party_normal)
        SELECT n, n, q.value, '', coalesce(a.value || ' ' || b.value || ' LLC', 'Comcast'), {RISK}, seq,
        coalesce(a.value || ' ' || b.value || ' llc', 'comcast'), coalesce(a.value || ' ' || b.value, 'comcast')
        FROM bulk JOIN bulk_questions q ON q.place = question LEFT JOIN bulk_words a ON a.place = one AND declared < 45
        LEFT JOIN bulk_words b ON b.place = two WHERE declared < 50 ORDER BY n""",
        f"""INSERT INTO assignments (id, disclosure_id, filer_id, desk, reviewer_id, because, passed_over, at, seq, ended_because)
        SELECT n, n, filer, {DESK}, {READER}, 'everything else goes to the ethics office', {array}, {when}, seq, ''
        FROM bulk WHERE lot BETWEEN 600 AND 995 ORDER BY n""",
        f"""INSERT INTO recommendations (id, disclosure_id, filer_id, version_id, outcome, reasoning, conditions, by_id, at, seq)
        SELECT n, n, filer, n, 'referred', 'x', {array}, (SELECT value FROM bulk_reviewers WHERE place = reader), {when}, seq
        FROM bulk WHERE lot BETWEEN 890 AND 934 ORDER BY n""",
        f"""INSERT INTO supervisor_questions (id, reference, disclosure_id, filer_id, supervisor_id, asked_by_id, text, at, seq)
        SELECT n, 'Q-2026-' || n, n, filer, (SELECT value FROM bulk_seniors WHERE place = senior),
        (SELECT value FROM bulk_reviewers WHERE place = reader), 'x', {when}, seq FROM bulk WHERE {SUPERVISOR} ORDER BY n""",
        f"""INSERT INTO decisions (id, reference, disclosure_id, filer_id, version_id, outcome, reason_for_filer, internal_reasoning,
        conditions, by_id, second_hand, rule, was, at, seq)
        SELECT n, 'DEC-2026-' || n, n, filer, n, 'no_conflict', 'x', '', {array},
        (SELECT value FROM bulk_reviewers WHERE place = reader), {off}, '', 'in_review', {when}, seq
        FROM bulk WHERE lot < 600 ORDER BY n""",
        f"""INSERT INTO transitions (id, disclosure_id, action, origin, target, actor, at, because, seq)
        SELECT n, n, 'submit', 'draft', {STATE}, 'operator:bulk', {when}, '', seq FROM bulk ORDER BY n""",
        "INSERT INTO queue_marks (mark, lane, rank, due_at, disclosure_id) " + " UNION ".join(each) + " ORDER BY 1, 2, 3, 4, 5",
    ]
