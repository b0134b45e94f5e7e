"""What somebody stepped out of is found by who it was, since every list leaves those cases out."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_recusals_reviewer_id", "recusals", ["reviewer_id"])


def downgrade() -> None:
    op.drop_index("ix_recusals_reviewer_id", "recusals")
