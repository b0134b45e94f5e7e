"""What stands open of a filing gets its marks, and each part of the queue that can be asked for an index of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

OFFICE = "state IN ('in_review', 'escalated') AND waiting_on_filer_since IS NULL"
FILER = "(state = 'returned' OR (state IN ('in_review', 'escalated') AND waiting_on_filer_since IS NOT NULL))"
NOBODY = "state IN ('submitted', 'escalated') AND reviewer_id IS NULL"
PARTS = (
    ("on_office", OFFICE, None),
    ("desk_on_office", OFFICE, "desk"),
    ("on_filer", FILER, None),
    ("desk_on_filer", FILER, "desk"),
    ("desk_with_nobody", NOBODY, "desk"),
    ("escalated", "state = 'escalated'", None),
    ("desk_escalated", "state = 'escalated'", "desk"),
    ("reviewer_escalated", "state = 'escalated'", "reviewer_id"),
    ("desk_withdrawn", "state = 'withdrawn'", "desk"),
    ("reviewer_withdrawn", "state = 'withdrawn'", "reviewer_id"),
)
LANE = "CASE d.state WHEN 'decided' THEN 1 WHEN 'withdrawn' THEN 2 ELSE 0 END"
# A number is written as text alike on both engines; a filing has one standing recommendation, the newest counts.
STANDING = (
    (
        "'~recommended:' || r.by_id",
        "recommendations r",
        "r.disclosure_id = d.id AND r.id = (SELECT max(s.id) FROM recommendations s "
        "WHERE s.disclosure_id = d.id AND s.ended_seq IS NULL)",
    ),
    ("'~supervisor'", "supervisor_questions q", "q.disclosure_id = d.id AND q.closed_seq IS NULL"),
    ("'~contract'", "contract_alerts a", "a.disclosure_id = d.id AND a.ended_seq IS NULL"),
)


def upgrade() -> None:
    for name, where, first in PARTS:
        columns = [*([first] if first else []), "rank", "due_at", "id"]
        part = sa.text(where)
        op.create_index(f"ix_disclosures_{name}", "disclosures", columns, postgresql_where=part, sqlite_where=part)
    for mark, table, where in STANDING:
        op.execute(
            "INSERT INTO queue_marks (mark, lane, rank, due_at, disclosure_id) "
            f"SELECT DISTINCT {mark}, {LANE}, d.rank, d.due_at, d.id FROM {table} JOIN disclosures d ON {where} "
            "WHERE d.state <> 'draft'"
        )


def downgrade() -> None:
    op.execute("DELETE FROM queue_marks WHERE mark >= '~'")
    for name, _where, _first in reversed(PARTS):
        op.drop_index(f"ix_disclosures_{name}", "disclosures")
