"""A workbook knows which attempt is under way, why it ended without a file, and since when its file is no longer kept."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exports", sa.Column("attempt", sa.Integer(), server_default="0", nullable=False))
    op.add_column("exports", sa.Column("because", sa.String(length=30), server_default="", nullable=False))
    op.add_column("exports", sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE exports SET because = 'right_ended' WHERE state = 'cancelled'")
    op.execute("UPDATE exports SET because = 'fault' WHERE state = 'failed'")


def downgrade() -> None:
    # An older release would offer a file that is not there any more.
    op.execute("UPDATE exports SET state = 'failed', error = 'no longer kept' WHERE gone_at IS NOT NULL")
    op.drop_column("exports", "gone_at")
    op.drop_column("exports", "because")
    op.drop_column("exports", "attempt")
