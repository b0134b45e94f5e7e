"""Questions of fact to a supervisor, their answers, and legal advice that its solicitor let into the case file."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# The question keeps one cache, the entry that ended it; what stands in the other two never changes.
KEPT = ("supervisor_answers", "advice_releases")
SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "supervisor_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("closed_seq", SEQ, nullable=True),
        sa.CheckConstraint(
            "supervisor_id <> filer_id", name=op.f("ck_supervisor_questions_nobody_is_asked_about_themselves")
        ),
        sa.CheckConstraint("supervisor_id <> asked_by_id", name=op.f("ck_supervisor_questions_nobody_asks_themselves")),
        sa.CheckConstraint("asked_by_id <> filer_id", name=op.f("ck_supervisor_questions_nobody_asks_about_their_own")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "filer_id"],
            ["disclosures.id", "disclosures.filer_id"],
            name=op.f("fk_supervisor_questions_disclosure_id_filer_id_disclosures"),
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["people.id"], name=op.f("fk_supervisor_questions_supervisor_id_people")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_supervisor_questions_asked_by_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_supervisor_questions_seq_audit_entries")),
        sa.ForeignKeyConstraint(
            ["closed_seq"], ["audit_entries.seq"], name=op.f("fk_supervisor_questions_closed_seq_audit_entries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_questions")),
        sa.UniqueConstraint("reference", name=op.f("uq_supervisor_questions_reference")),
    )
    for column in ("disclosure_id", "supervisor_id", "seq", "closed_seq"):
        op.create_index(op.f(f"ix_supervisor_questions_{column}"), "supervisor_questions", [column], unique=False)
    still = sa.text("closed_seq IS NULL")
    op.create_index(
        "ix_supervisor_questions_one_open",
        "supervisor_questions",
        ["disclosure_id"],
        unique=True,
        postgresql_where=still,
        sqlite_where=still,
    )
    op.create_table(
        "supervisor_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_by("supervisor_answers"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["supervisor_questions.id"], name=op.f("fk_supervisor_answers_question_id_supervisor_questions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_answers")),
        sa.UniqueConstraint("question_id", name=op.f("uq_supervisor_answers_question_id")),
    )
    op.create_table(
        "advice_releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_by("advice_releases"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_advice_releases_message_id_messages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_releases")),
        sa.UniqueConstraint("message_id", name=op.f("uq_advice_releases_message_id")),
    )
    for table in KEPT:
        op.create_index(op.f(f"ix_{table}_seq"), table, ["seq"], unique=False)
    _protect()


def _by(table: str) -> tuple[sa.Column | sa.ForeignKeyConstraint, ...]:
    """Who wrote the row, when, and under which entry."""
    return (
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f(f"fk_{table}_by_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f(f"fk_{table}_seq_audit_entries")),
    )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
            op.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if postgresql else ""))
    for table in (*reversed(KEPT), "supervisor_questions"):
        op.drop_table(table)


def _protect() -> None:
    """What stands in these tables stays as it was written."""
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT:
            for what in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION coi_append_only()"
                )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION coi_append_only()"
            )
        return
    for table in KEPT:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for what in ("update", "delete"):
            op.execute(f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} {refuse}")
        # INSERT OR REPLACE deletes without asking the delete trigger: refuse the insert itself.
        there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")
