"""What became of the letters of a time is counted from an index alone."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_letters_fate"), "letters", ["made_at", "dropped", "sent_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_letters_fate"), "letters")
