"""Obligations for the filings of bench/bulk.py, and what an Outcomes row is made of beside them: rows straight into the tables.

    owed.fill(connection, rows=50_000, reviewers=[…])

Nine in ten obligations are settled by a filing, one in ten is open; of all, one in twenty has an extension, and of the open ones one in
fifty is excused. Reminders went to every open one and to every third who filed. Each filing has its priority row, its reviewer and the
moves of an ordinary case. Everything follows from a row's own number, so two runs give the same rows.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.engine import Connection

from bench.bulk import READER, STATE, _at, _lookup, draw
from coi.models import Campaign, CampaignPart

FILED = 0.9  # of all obligations


def fill(connection: Connection, rows: int, reviewers: list[int], seniors: list[int], now: datetime) -> int:
    """Writes `rows` obligations for the `rows * 9 / 10` filings that are there; gives the year of their campaign."""
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.execute(text("SET session_replication_role = replica"))
    filings, due = int(rows * FILED), date(now.year, 5, 1)
    seq = connection.scalar(text("SELECT max(seq) FROM audit_entries"))
    opened = {"year": now.year, "reporting_year": now.year - 1, "opened_at": now - timedelta(days=60), "seq": seq}
    campaign = connection.execute(Campaign.__table__.insert().values(**opened)).inserted_primary_key[0]
    part = {
        "campaign_id": campaign,
        "position": 1,
        "groups": [],
        "opens_on": due - timedelta(days=60),
        "due_on": due,
        "paused": False,
    }
    part_id = connection.execute(CampaignPart.__table__.insert().values(**part)).inserted_primary_key[0]
    _lookup(connection, "bulk_reviewers", reviewers)
    _lookup(connection, "bulk_seniors", seniors)
    _drawn(connection, rows, filings, rows)
    for statement in _statements(postgresql, filings, seq, campaign, part_id, due, now):
        connection.execute(text(statement))
    for name in ("owed", "bulk_reviewers", "bulk_seniors"):
        connection.execute(text(f"DROP TABLE {name}"))
    if postgresql:
        connection.execute(text("SET session_replication_role = origin"))
        for table in (
            "obligations",
            "settlements",
            "extensions",
            "excuses",
            "leave",
            "letters",
            "priorities",
            "assignments",
            "transitions",
        ):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"))
    return now.year


def _drawn(connection: Connection, rows: int, filings: int, people: int) -> None:
    """Everything that is drawn for each obligation; those up to `filings` are settled by the filing of the same number."""
    connection.execute(
        text(
            f"""CREATE TEMPORARY TABLE owed AS WITH RECURSIVE numbers(n) AS
            (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})
            SELECT n, {draw(3, 1000)} AS lot, {draw(9, 100)} AS asked, {draw(5, 12)} AS reader, {draw(6, 2)} AS senior,
            {draw(14, 100)} AS sort, CASE WHEN n <= {filings} THEN
            (SELECT filer_id FROM disclosures d WHERE d.id = n) ELSE (SELECT min(filer_id) FROM disclosures) + (n - {filings}) % {people} END AS person
            FROM numbers"""
        )
    )


def _statements(postgresql: bool, filings: int, seq: int, campaign: int, part: int, due: date, now: datetime) -> list[str]:
    """Everything that an obligation and an ordinary case leave in the tables, table by table."""
    seconds = int(now.timestamp()) - 86_400 * 15
    when, later = (_at(postgresql, f"{seconds} + {draw(salt, 432_000)}") for salt in (16, 17))
    off = "false" if postgresql else "0"
    pad = "lpad(n::text, 8, '0')" if postgresql else "substr('00000000' || n, -8)"
    array = "'[]'::json" if postgresql else "'[]'"
    empty = "'{}'::json" if postgresql else "'{}'"

    def day(on: date) -> str:
        return f"DATE '{on}'" if postgresql else f"'{on}'"

    last = "(SELECT coalesce(max(id), 0) FROM {})"
    return [
        f"""INSERT INTO obligations (id, reference, person_id, campaign_id, part_id, form_id, kind, occasion, reporting_year, level,
        filer, told_on, due_on, number, name, department, title, group_name, seq, excused, settled_on)
        SELECT n, 'OBL-2026-' || {pad}, person, {campaign}, {part}, 'bulk', 'annual', 'bulk-' || n, {due.year - 1}, 'full', {empty},
        {day(due - timedelta(days=60))}, {day(due)}, p.number, p.name, p.department, p.title, 'Civilian', {seq},
        n > {filings} AND sort < 2, CASE WHEN n <= {filings} THEN {day(due)} END FROM owed JOIN people p ON p.id = person ORDER BY n""",
        f"""INSERT INTO settlements (id, obligation_id, disclosure_id, counted_on, seq)
        SELECT n, n, n, {day(due - timedelta(days=5))}, {seq} FROM owed WHERE n <= {filings} ORDER BY n""",
        f"""INSERT INTO extensions (id, obligation_id, until, reason, by, seq)
        SELECT n, n, {day(due + timedelta(days=30))}, 'other', 'operator:bulk', {seq} FROM owed WHERE sort BETWEEN 10 AND 14 ORDER BY n""",
        f"""INSERT INTO excuses (id, obligation_id, reason, by, seq)
        SELECT n, n, 'other', 'operator:bulk', {seq} FROM owed WHERE n > {filings} AND sort < 2 ORDER BY n""",
        f"""INSERT INTO leave (person_id, leave_from, leave_to, hold_letters, seq)
        SELECT DISTINCT person, {day(due - timedelta(days=3))}, {day(due + timedelta(days=3))}, {off}, {seq}
        FROM owed WHERE sort = 50 AND person % 7 = 0""",
        f"""INSERT INTO letters (message_id, once, kind, person_id, to_address, language, subject, text, html, due_at, made_at, sent_at,
        dropped, attempts, last_error, seq, sent_seq)
        SELECT 'm-' || n, 'reminder/OBL-2026-' || {pad}, 'reminder', person, 'x@city.example', 'en', 'x', 'x', 'x',
        {when}, {when}, {when}, '', 1, '', {seq}, {seq} FROM owed WHERE n > {filings} OR sort % 3 = 0 ORDER BY n""",
        f"""INSERT INTO priorities (disclosure_id, version, risk, because, by, seq)
        SELECT d.id, 1, d.risk, '', 'operator:bulk', {seq} FROM disclosures d WHERE d.id <= {filings} ORDER BY d.id""",
        f"""INSERT INTO assignments (id, disclosure_id, filer_id, desk, reviewer_id, because, passed_over, at, seq, ended_seq, ended_because)
        SELECT {last.format("assignments")} + n, n, person, 'ethics', {READER}, 'everything else goes to the ethics office', {array},
        {when}, {seq}, {seq}, 'decided' FROM owed WHERE n <= {filings} AND lot < 600 ORDER BY n""",
        f"""INSERT INTO transitions (id, disclosure_id, action, origin, target, actor, at, because, seq)
        SELECT {last.format("transitions")} + n, n, CASE WHEN lot < 600 THEN 'decide' ELSE 'assign' END, 'submitted', {STATE},
        'operator:bulk', {later}, '', {seq} FROM owed WHERE n <= {filings} AND lot < 975 ORDER BY n""",
    ]
