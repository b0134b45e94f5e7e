"""By what the queue finds filings, and an index for each list it offers."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OPEN = "state IN ('submitted', 'in_review', 'escalated', 'returned')"
OFFICE = "state IN ('in_review', 'escalated') AND waiting_on_filer_since IS NULL"
FILER = "(state = 'returned' OR (state IN ('in_review', 'escalated') AND waiting_on_filer_since IS NOT NULL))"
NOBODY = "state IN ('submitted', 'escalated') AND reviewer_id IS NULL"
PARTS = (
    ("desk_open", OPEN, "desk"),
    ("reviewer_open", OPEN, "reviewer_id"),
    ("reviewer_on_office", OFFICE, "reviewer_id"),
    ("reviewer_on_filer", FILER, "reviewer_id"),
    ("with_nobody", NOBODY, None),
    ("decided", "state = 'decided'", None),
    ("desk_decided", "state = 'decided'", "desk"),
    ("reviewer_decided", "state = 'decided'", "reviewer_id"),
    ("withdrawn", "state = 'withdrawn'", None),
)
PLAIN = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")
AT_ONCE = 1000


def upgrade() -> None:
    marks = op.create_table(
        "queue_marks",
        sa.Column("mark", PLAIN, nullable=False),
        sa.Column("lane", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["disclosure_id"], ["disclosures.id"], name=op.f("fk_queue_marks_disclosure_id_disclosures"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mark", "lane", "rank", "due_at", "disclosure_id", name=op.f("pk_queue_marks")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_queue_marks_disclosure_id_mark", "queue_marks", ["disclosure_id", "mark"])
    _fill(marks)
    for name, where, first in PARTS:
        columns = [*([first] if first else []), "rank", "due_at", "id"]
        part = sa.text(where)
        op.create_index(f"ix_disclosures_{name}", "disclosures", columns, postgresql_where=part, sqlite_where=part)
    standing = sa.text("ended_seq IS NULL")
    op.create_index(
        "ix_recommendations_standing_by", "recommendations", ["by_id"], postgresql_where=standing, sqlite_where=standing
    )
    op.create_index("ix_decisions_by_at", "decisions", ["by_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_decisions_by_at", "decisions")
    op.drop_index("ix_recommendations_standing_by", "recommendations")
    for name, _where, _first in reversed(PARTS):
        op.drop_index(f"ix_disclosures_{name}", "disclosures")
    op.drop_table("queue_marks")


def _fill(marks: sa.Table) -> None:
    """Every signed filing gets the marks that it would have, had it been signed today."""
    connection = op.get_bind()
    every = connection.execute(
        sa.text(
            "SELECT d.id, d.state, d.rank, d.due_at, d.kind, v.id AS version, p.search_name AS name, p.department, v.filer "
            "FROM disclosures d JOIN people p ON p.id = d.filer_id "
            "JOIN disclosure_versions v ON v.disclosure_id = d.id AND v.number = d.version WHERE d.state <> 'draft' ORDER BY d.id"
        ).columns(
            id=sa.Integer(), state=sa.String(), rank=sa.Integer(), due_at=sa.DateTime(timezone=True), kind=sa.String(),
            version=sa.Integer(), name=sa.String(), department=sa.String(), filer=sa.JSON(),
        )
    ).all()
    for start in range(0, len(every), AT_ONCE):
        some = every[start : start + AT_ONCE]
        around = {"first": min(row.version for row in some), "last": max(row.version for row in some)}
        between = "WHERE version_id BETWEEN :first AND :last"
        told: dict[int, set[str]] = {}
        for version, party in connection.execute(sa.text(f"SELECT version_id, party FROM interests {between}"), around):
            told.setdefault(version, set()).update(f"party:{word}" for word in _words(party))
        for version, question in connection.execute(sa.text(f"SELECT version_id, question_id FROM flags {between}"), around):
            told.setdefault(version, set()).add(f"flag:{question}")
        rows = []
        for row in some:
            department = (row.filer or {}).get("department") or row.department
            found = {f"name:{word}" for word in _words(row.name)} | {f"department:{department}"[:120], f"kind:{row.kind}"}
            lane = {"decided": 1, "withdrawn": 2}.get(row.state, 0)
            place = {"lane": lane, "rank": row.rank, "due_at": row.due_at, "disclosure_id": row.id}
            rows += [{"mark": mark, **place} for mark in sorted(found | told.get(row.version, set()))]
        op.bulk_insert(marks, rows)


def _words(text: str) -> list[str]:
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    folded = unicodedata.normalize("NFKC", plain.casefold())[:200]
    return [word[:60] for word in "".join(mark if mark.isalnum() else " " for mark in folded).split()]
