"""What a case page and a signing look up by question and by reviewer gets an index, so that a city of many years stays as quick."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_seq IS NULL")


def upgrade() -> None:
    op.create_index("ix_flags_question", "flags", ["question_id", "id"])
    op.create_index("ix_assignments_reviewer_at", "assignments", ["reviewer_id", "at"])
    op.create_index(
        "ix_assignments_reviewer_open", "assignments", ["reviewer_id"], postgresql_where=OPEN, sqlite_where=OPEN
    )


def downgrade() -> None:
    op.drop_index("ix_assignments_reviewer_open", "assignments")
    op.drop_index("ix_assignments_reviewer_at", "assignments")
    op.drop_index("ix_flags_question", "flags")
